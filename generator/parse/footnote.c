/* Footnotes: numbered by first reference; those that are missing or unused, of which cmark says nothing, are found in
 * the source. */
#include "parse/parts.h"

#include <stdlib.h>
#include <string.h>

/* The words of a line of the file; the lines are counted when this is first asked for. */
static Text source_line(Parse *parse, uint32_t line) {
    Text body = parse->input->body;
    if (!parse->line_starts) {
        size_t count = 1;
        for (size_t at = 0; (at = text_find(body, '\n', at)) < body.size; at++)
            count++;
        parse->line_starts = arena_new(parse->scratch, size_t, count + 1);
        for (size_t at = 0, i = 1; i < count; i++)
            parse->line_starts[i] = at = text_find(body, '\n', at) + 1;
        parse->line_starts[count] = body.size;
        parse->line_count = count;
    }
    size_t index = line - parse->input->line;
    if (line < parse->input->line || index >= parse->line_count)
        return TEXT("");
    return text_slice(body, parse->line_starts[index], parse->line_starts[index + 1]);
}

/* What cannot stand in a footnote's label. */
#define LABEL_END "[] \t\n"

/* Lines that only look like unused footnotes: code, HTML, footnotes that are used. */
static void add_known_lines(Parse *parse, uint32_t first, uint32_t last) {
    if (parse->known_count == parse->known_capacity) {
        parse->known_capacity = parse->known_capacity ? parse->known_capacity * 2 : 16;
        LineRange *known = arena_new(parse->scratch, LineRange, parse->known_capacity);
        if (parse->known_count)
            memcpy(known, parse->known, parse->known_count * sizeof *known);
        parse->known = known;
    }
    parse->known[parse->known_count++] = (LineRange){first, last < first ? first : last};
}

void footnote_add_known(Parse *parse, cmark_node *block) {
    uint32_t before = parse->input->line - 1;
    add_known_lines(parse, before + (uint32_t)cmark_node_get_start_line(block),
                    before + (uint32_t)cmark_node_get_end_line(block));
}

Node *footnote_number(Parse *parse, cmark_node *definition) {
    Node *note = cmark_node_get_user_data(definition);
    if (note)
        return note;
    note = parse_new_node(parse, NODE_FOOTNOTE, parse_place_of(parse, definition, (Place){parse->input->line, 0}));
    add_known_lines(parse, note->place.line, note->place.line);
    /* cmark gives the column where the text begins. */
    note->place.column = 1;
    cmark_node_set_user_data(definition, note);
    if (parse->footnote_count == parse->footnote_capacity) {
        parse->footnote_capacity = parse->footnote_capacity ? parse->footnote_capacity * 2 : 16;
        cmark_node **notes = arena_new(parse->scratch, cmark_node *, parse->footnote_capacity);
        if (parse->footnote_count)
            memcpy(notes, parse->footnotes, parse->footnote_count * sizeof *notes);
        parse->footnotes = notes;
    }
    parse->footnotes[parse->footnote_count++] = definition;
    note->footnote.number = (int)parse->footnote_count;
    return note;
}

/* The label of a line that defines a footnote; empty where it does not. */
static Text read_label(Text line) {
    if (!text_starts(line, TEXT("[^")))
        return TEXT("");
    size_t end = 2;
    while (end < line.size && !memchr(LABEL_END, line.data[end], sizeof LABEL_END - 1))
        end++;
    return text_starts(text_slice(line, end, line.size), TEXT("]:")) ? text_slice(line, 2, end) : TEXT("");
}

static int compare_lines(const void *left_item, const void *right_item) {
    const LineRange *left = left_item, *right = right_item;
    return (left->first > right->first) - (left->first < right->first);
}

/*
 * cmark drops the definitions that nothing refers to without a word. They are found again in the source: a line that
 * begins with
 * [^label]: and is neither code nor the place of a footnote that is used.
 */
void footnote_check_unused(Parse *parse) {
    Text body = parse->input->body;
    uint32_t line = parse->input->line;
    size_t known = 0;
    if (parse->known_count)
        qsort(parse->known, parse->known_count, sizeof *parse->known, compare_lines);
    for (size_t at = 0; at < body.size; line++) {
        size_t end = text_find(body, '\n', at), from = at;
        while (from < end && from - at < 3 && body.data[from] == ' ')
            from++;
        Text label = read_label(text_slice(body, from, end));
        if (label.size > 0) {
            while (known < parse->known_count && parse->known[known].last < line)
                known++;
            if (known == parse->known_count || parse->known[known].first > line) {
                label = text_copy(parse->scratch, label);
                diagnostics_add(parse->diagnostics, DIAGNOSTIC_FOOTNOTE_UNUSED, parse->input->path,
                                (Place){line, (uint32_t)(from - at) + 1}, label.data, label.data);
            }
        }
        at = end + 1;
    }
}

/*
 * cmark leaves a reference without its footnote as the text [^label]; an escaped \[^label] gives the same text. The
 * source tells them apart. Texts come in order, so that the search goes on where the last one on the same line ended.
 */
void footnote_check_missing(Parse *parse, const char *text, Place place) {
    for (const char *at = text; (at = strchr(at, '[')) != NULL; at++) {
        size_t label_size = at[1] == '^' ? strcspn(at + 2, LABEL_END) : 0;
        if (label_size == 0 || at[2 + label_size] != ']')
            continue;
        Text reference = {at, label_size + 3};
        Text line = source_line(parse, place.line);
        if (parse->searched_line != place.line) {
            parse->searched_line = place.line;
            parse->searched_to = 0;
        }
        size_t from = parse->searched_to;
        while ((from = text_find(line, '[', from)) < line.size &&
               !text_starts(text_slice(line, from, line.size), reference))
            from++;
        parse->searched_to = from < line.size ? from + reference.size : line.size;
        if (from < line.size && from > 0 && line.data[from - 1] == '\\')
            continue;
        Text label = text_copy(parse->scratch, (Text){at + 2, label_size});
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_FOOTNOTE_MISSING, parse->input->path,
                        from < line.size ? (Place){place.line, (uint32_t)from + 1} : place, label.data);
    }
}
