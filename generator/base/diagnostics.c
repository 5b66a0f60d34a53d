/* Collects complaints from several threads, sorts them, prints them with their line. */
#include "base/base.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this many of one kind a run tells nothing new; the count still rises. */
enum { KEPT_LIMIT = 10000 };

struct Diagnostics {
    pthread_mutex_t lock;
    Arena arena;
    Diagnostic *items;
    size_t count, capacity, counts[3];
    bool sorted;
};

static const struct {
    const char *slug;
    Severity severity;
    const char *sentence, *remedy;
} table[DIAGNOSTIC_COUNT] = {
#define DIAGNOSTIC(code, slug, severity, sentence, remedy)                                                             \
    [DIAGNOSTIC_##code] = {slug, SEVERITY_##severity, sentence, remedy},
#include "base/diagnostics.def"
#undef DIAGNOSTIC
};

Diagnostics *diagnostics_open(void) {
    Diagnostics *diagnostics = calloc(1, sizeof *diagnostics);
    if (!diagnostics)
        memory_exhausted();
    pthread_mutex_init(&diagnostics->lock, NULL);
    return diagnostics;
}

void diagnostics_close(Diagnostics *diagnostics) {
    if (!diagnostics)
        return;
    pthread_mutex_destroy(&diagnostics->lock);
    arena_free(&diagnostics->arena);
    free(diagnostics->items);
    free(diagnostics);
}

static Text format_sentence(Arena *arena, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats are the rows of diagnostics.def */
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        return (Text){"", 0};
    char *data = arena_allocate(arena, (size_t)size + 1, 1);
    vsnprintf(data, (size_t)size + 1, format, arguments);
#pragma GCC diagnostic pop
    return (Text){data, (size_t)size};
}

void diagnostics_add(Diagnostics *diagnostics, DiagnosticCode code, Text path, Place place, ...) {
    va_list arguments;
    va_start(arguments, place);
    pthread_mutex_lock(&diagnostics->lock);
    diagnostics->counts[table[code].severity]++;
    if (diagnostics->count < KEPT_LIMIT) {
        if (diagnostics->count == diagnostics->capacity) {
            diagnostics->capacity = diagnostics->capacity ? diagnostics->capacity * 2 : 64;
            diagnostics->items = realloc(diagnostics->items, diagnostics->capacity * sizeof *diagnostics->items);
            if (!diagnostics->items)
                memory_exhausted();
        }
        diagnostics->items[diagnostics->count++] = (Diagnostic){
            .code = code,
            .severity = table[code].severity,
            .path = text_copy(&diagnostics->arena, path),
            .place = place,
            .message = format_sentence(&diagnostics->arena, table[code].sentence, arguments),
            .remedy = text_from(table[code].remedy),
        };
        diagnostics->sorted = false;
    }
    pthread_mutex_unlock(&diagnostics->lock);
    va_end(arguments);
}

size_t diagnostics_count(const Diagnostics *diagnostics, Severity at_least) {
    size_t count = 0;
    for (int severity = (int)at_least; severity <= SEVERITY_ERROR; severity++)
        count += diagnostics->counts[severity];
    return count;
}

bool diagnostics_has_error_in(Diagnostics *diagnostics, Text path) {
    bool found = false;
    pthread_mutex_lock(&diagnostics->lock);
    for (size_t i = 0; i < diagnostics->count && !found && diagnostics->counts[SEVERITY_ERROR]; i++)
        found = diagnostics->items[i].severity == SEVERITY_ERROR && text_equal(diagnostics->items[i].path, path);
    pthread_mutex_unlock(&diagnostics->lock);
    return found;
}

static int compare(const void *left_item, const void *right_item) {
    const Diagnostic *left = left_item, *right = right_item;
    int order = text_compare(left->path, right->path);
    if (order == 0 && left->place.line != right->place.line)
        order = left->place.line < right->place.line ? -1 : 1;
    if (order == 0 && left->place.column != right->place.column)
        order = left->place.column < right->place.column ? -1 : 1;
    if (order == 0)
        order = strcmp(table[left->code].slug, table[right->code].slug);
    return order ? order : text_compare(left->message, right->message);
}

const Diagnostic *diagnostics_list(Diagnostics *diagnostics, size_t *count) {
    pthread_mutex_lock(&diagnostics->lock);
    if (!diagnostics->sorted && diagnostics->count) {
        qsort(diagnostics->items, diagnostics->count, sizeof *diagnostics->items, compare);
        size_t kept = 1;
        for (size_t i = 1; i < diagnostics->count; i++)
            if (compare(&diagnostics->items[i], &diagnostics->items[kept - 1]) != 0)
                diagnostics->items[kept++] = diagnostics->items[i];
            else
                diagnostics->counts[diagnostics->items[i].severity]--;
        diagnostics->count = kept;
        diagnostics->sorted = true;
    }
    *count = diagnostics->count;
    pthread_mutex_unlock(&diagnostics->lock);
    return diagnostics->items;
}

const char *diagnostic_slug(DiagnosticCode code) {
    return table[code].slug;
}

static const char *severity_name(Severity severity) {
    static const char *const names[] = {"note", "warning", "error"};
    return names[severity];
}

/* Control characters of an input do not reach a terminal. */
static void put_printable(Buffer *out, Text text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        buffer_put_char(out, c < 0x20 || c == 0x7F ? ' ' : (char)c);
    }
}

static bool read_line(Text path, uint32_t number, Buffer *line) {
    char *name = strndup(path.data, path.size);
    FILE *file = name ? fopen(name, "rb") : NULL;
    free(name);
    if (!file)
        return false;
    uint32_t at = 1;
    int byte;
    while ((byte = fgetc(file)) != EOF && at <= number) {
        if (at == number && byte != '\n' && byte != '\r')
            buffer_put_char(line, (char)byte);
        if (byte == '\n')
            at++;
        if (line->size > 4000)
            break;
    }
    fclose(file);
    return text_find_invalid(buffer_text(line)) == line->size;
}

/* A window of the line around the column, cut between characters. */
static void put_source_line(Buffer *out, const Diagnostic *diagnostic, const char *colour_on, const char *colour_off) {
    Buffer line = {0};
    if (diagnostic->place.line && diagnostic->path.size && read_line(diagnostic->path, diagnostic->place.line, &line) &&
        line.size) {
        size_t column = diagnostic->place.column ? diagnostic->place.column - 1 : 0;
        if (column > line.size)
            column = line.size;
        size_t from = column > 70 ? column - 60 : 0, to = from + 110 < line.size ? from + 110 : line.size;
        while (from > 0 && ((unsigned char)line.data[from] & 0xC0) == 0x80)
            from--;
        while (to < line.size && ((unsigned char)line.data[to] & 0xC0) == 0x80)
            to++;
        buffer_put_literal(out, "    ");
        put_printable(out, text_slice(buffer_text(&line), from, to));
        buffer_put_literal(out, "\n    ");
        for (size_t i = from; diagnostic->place.column && i < column; i++)
            if (((unsigned char)line.data[i] & 0xC0) != 0x80)
                buffer_put_char(out, ' ');
        if (diagnostic->place.column)
            buffer_format(out, "%s^%s\n", colour_on, colour_off);
        else
            out->size -= 4;
    }
    buffer_free(&line);
}

void diagnostic_print(Buffer *out, const Diagnostic *diagnostic, bool colour) {
    static const char *const colours[] = {"\033[36m", "\033[33m", "\033[31m"};
    const char *on = colour ? colours[diagnostic->severity] : "", *off = colour ? "\033[0m" : "";
    const char *bold = colour ? "\033[1m" : "";
    buffer_put(out, bold, strlen(bold));
    if (diagnostic->path.size) {
        put_printable(out, diagnostic->path);
        if (diagnostic->place.line)
            buffer_format(out, ":%u", diagnostic->place.line);
        if (diagnostic->place.line && diagnostic->place.column)
            buffer_format(out, ":%u", diagnostic->place.column);
    } else {
        buffer_put_literal(out, "probity");
    }
    buffer_format(out, ": %s%s%s%s: ", off, on, severity_name(diagnostic->severity), off);
    put_printable(out, diagnostic->message);
    buffer_format(out, " [%s]\n", table[diagnostic->code].slug);
    put_source_line(out, diagnostic, on, off);
    buffer_put_literal(out, "    ");
    put_printable(out, diagnostic->remedy);
    buffer_put_char(out, '\n');
}

void diagnostic_print_json(Buffer *out, const Diagnostic *diagnostic) {
    buffer_put_literal(out, "{\"path\":");
    buffer_put_json(out, diagnostic->path);
    buffer_format(out,
                  ",\"line\":%u,\"column\":%u,\"severity\":\"%s\",\"slug\":\"%s\",\"message\":", diagnostic->place.line,
                  diagnostic->place.column, severity_name(diagnostic->severity), table[diagnostic->code].slug);
    buffer_put_json(out, diagnostic->message);
    buffer_put_literal(out, ",\"remedy\":");
    buffer_put_json(out, diagnostic->remedy);
    buffer_put_char(out, '}');
}
