/* Captions in WebVTT: a browser drops what it cannot read without a word, so that nobody would notice before somebody who needs them. */
#include "load/parts.h"

#include <string.h>

typedef struct Captions {
    Text text, path;
    Diagnostics *diagnostics;
    size_t at; /* of the line that is read */
    uint32_t line;
    size_t cue_count;
    int64_t last_ms; /* where the last cue begins */
    bool is_well;
} Captions;

static void complain(Captions *captions, size_t column, const char *fault) {
    diagnostics_add(captions->diagnostics, DIAGNOSTIC_CAPTIONS_SYNTAX, captions->path,
                    (Place){captions->line, (uint32_t)column + 1}, fault);
    captions->is_well = false;
}

static bool is_at_end(const Captions *captions) {
    return captions->at >= captions->text.size;
}

static Text this_line(const Captions *captions) {
    return text_slice(captions->text, captions->at, text_find(captions->text, '\n', captions->at));
}

static void next_line(Captions *captions) {
    captions->at = text_find(captions->text, '\n', captions->at) + 1;
    captions->line++;
}

static void skip_block(Captions *captions) {
    while (!is_at_end(captions) && this_line(captions).size)
        next_line(captions);
}

/* The word alone, or with something behind it. */
static bool begins_with(Text line, const char *word) {
    size_t size = strlen(word);
    return text_starts(line, text_from(word)) &&
           (line.size == size || line.data[size] == ' ' || line.data[size] == '\t');
}

static bool has_arrow(Text line) {
    for (size_t i = 0; i + 3 <= line.size; i++)
        if (memcmp(line.data + i, "-->", 3) == 0)
            return true;
    return false;
}

static bool read_digits(Text line, size_t *at, size_t count, int64_t *value) {
    *value = 0;
    size_t from = *at;
    while (*at < line.size && *at - from < count && line.data[*at] >= '0' && line.data[*at] <= '9')
        *value = *value * 10 + (line.data[(*at)++] - '0');
    return *at - from == count;
}

static bool read_sign(Text line, size_t *at, char sign) {
    return *at < line.size && line.data[*at] == sign && ++*at;
}

/* [hh:]mm:ss.ttt; hours have two digits or more. */
static bool read_time(Text line, size_t *at, int64_t *ms) {
    int64_t hours = 0, minutes, seconds, thousandths;
    size_t colon = text_find(line, ':', *at), second = text_find(line, ':', colon + 1);
    size_t point = text_find(line, '.', *at);
    if (second < point) {
        if (colon - *at < 2 || colon - *at > 4 || !read_digits(line, at, colon - *at, &hours) ||
            !read_sign(line, at, ':'))
            return false;
    }
    if (!read_digits(line, at, 2, &minutes) || !read_sign(line, at, ':') || !read_digits(line, at, 2, &seconds) ||
        !read_sign(line, at, '.') || !read_digits(line, at, 3, &thousandths) || minutes > 59 || seconds > 59)
        return false;
    *ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths;
    return true;
}

static void skip_spaces(Text line, size_t *at) {
    while (*at < line.size && (line.data[*at] == ' ' || line.data[*at] == '\t'))
        ++*at;
}

static void read_times(Captions *captions, Text line) {
    int64_t from, to;
    size_t at = 0;
    skip_spaces(line, &at);
    size_t start = at;
    if (!read_time(line, &at, &from)) {
        complain(captions, start, "this is no time; write 00:01.000 or 01:00:01.000");
        return;
    }
    skip_spaces(line, &at);
    if (!text_starts(text_slice(line, at, line.size), TEXT("-->"))) {
        complain(captions, at, "an arrow --> is missing between the times");
        return;
    }
    at += 3;
    skip_spaces(line, &at);
    size_t end = at;
    if (!read_time(line, &at, &to) || (at < line.size && line.data[at] != ' ' && line.data[at] != '\t'))
        complain(captions, end, "this is no time; write 00:01.000 or 01:00:01.000");
    else if (to <= from)
        complain(captions, end, "it ends before it begins");
    else if (from < captions->last_ms)
        complain(captions, start, "it begins before the one above it");
    captions->last_ms = from > captions->last_ms ? from : captions->last_ms;
}

static void read_cue(Captions *captions) {
    if (!has_arrow(this_line(captions))) {
        next_line(captions); /* a name of the cue */
        if (is_at_end(captions) || !has_arrow(this_line(captions))) {
            captions->line--;
            complain(captions, 0, "no times stand above this");
            captions->line++;
            skip_block(captions);
            return;
        }
    }
    read_times(captions, this_line(captions));
    captions->cue_count++;
    next_line(captions);
    if (is_at_end(captions) || !text_trim(this_line(captions)).size) {
        captions->line--;
        complain(captions, 0, "nothing is said below these times");
        captions->line++;
    }
    for (; !is_at_end(captions) && this_line(captions).size; next_line(captions)) {
        if (!has_arrow(this_line(captions)))
            continue;
        complain(captions, 0, "an empty line is missing above these times");
        skip_block(captions);
        return;
    }
}

bool captions_check(Text text, Text path, Diagnostics *diagnostics) {
    Captions captions = {.text = text, .path = path, .diagnostics = diagnostics, .line = 1, .is_well = true};
    if (!begins_with(this_line(&captions), "WEBVTT")) {
        complain(&captions, 0, "the first line is not WEBVTT");
        return false;
    }
    skip_block(&captions);
    while (!is_at_end(&captions)) {
        Text line = this_line(&captions);
        if (!line.size)
            next_line(&captions);
        else if (begins_with(line, "NOTE") || begins_with(line, "STYLE") || begins_with(line, "REGION"))
            skip_block(&captions);
        else
            read_cue(&captions);
    }
    if (captions.is_well && captions.cue_count == 0) {
        captions.line = 1;
        complain(&captions, 0, "nothing is said in them");
    }
    return captions.is_well;
}
