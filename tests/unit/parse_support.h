/* Parsing a text for the tests of the parse room, and writing down all that came of it. */
#ifndef PROBITY_TESTS_PARSE_SUPPORT_H
#define PROBITY_TESTS_PARSE_SUPPORT_H

#include "parse/parse.h"

/* The tree, then a line "! line:column sentence [slug]" per diagnostic. The caller frees it. */
static inline Buffer parse_to_text(Text source, UnitKind kind) {
    Diagnostics *diagnostics = diagnostics_open();
    Arena arena = {0}, scratch = {0};
    ParseInput input = {.body = source, .line = 1, .path = TEXT("page.md"), .kind = kind};
    Document *document = parse_document(&arena, &scratch, &input, diagnostics);
    arena_free(&scratch);
    Buffer out = {0};
    parse_dump(&out, document);
    size_t count;
    const Diagnostic *list = diagnostics_list(diagnostics, &count);
    for (size_t i = 0; i < count; i++)
        buffer_format(&out, "! %u:%u %s [%s]\n", list[i].place.line, list[i].place.column, list[i].message.data,
                      diagnostic_slug(list[i].code));
    arena_free(&arena);
    diagnostics_close(diagnostics);
    return out;
}

#endif
