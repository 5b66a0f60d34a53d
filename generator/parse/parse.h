/*
 * parse: turns the Markdown of one page into a Document, every node with its place in the source. It never fails: what
 * is wrong becomes a diagnostic and the tree goes on. Markdown is read by cmark-gfm with its table extension and with
 * an extension of our own, the generic directive (parse/directive_block.c). May include model and base. Safe to call
 * from several threads: no inline extension is used, so cmark-gfm's process-wide table of special characters never
 * changes, and each thread has an allocator of its own.
 *
 * To add a directive: an enumerator DIRECTIVE_… in model.h, a row in parse/directive.c (name, attributes, where it may
 * stand), its rendering in render/document.c (a box also its word box.<name> in locales/<code>/messages.yaml, its colour in
 * layouts/shared/text.css and layouts/print/style.css), a paragraph in content/README.md and golden cases.
 * To add a question kind: an enumerator EXERCISE_… in model.h, its name and its part of the skeleton in model/exercise.c, its
 * word in parse/directive.c, its reading in parse/exercise_question.c, what must be the same in every language in resolve/parity.c,
 * its right answer in resolve/score.c, its rule in rules/default/, its form in render/question.c and in the player, its size in
 * package/state.c, its row in the dialects' interactions, a paragraph in content/README.md, golden cases and a browser test.
 */
#ifndef PROBITY_PARSE_H
#define PROBITY_PARSE_H

#include "model/model.h"

typedef struct ParseInput {
    Text body;     /* normalized UTF-8 without the front matter */
    uint32_t line; /* of its first line in the file */
    Text path;     /* for diagnostics */
    UnitKind kind; /* questions and case studies stand in screens alone */
} ParseInput;

/* Once, before threads are started. */
void parse_start(void);
/* Never NULL. Lives in `arena`; nothing in `scratch` is needed after the return, and the caller resets it when it
 * likes. */
Document *parse_document(Arena *arena, Arena *scratch, const ParseInput *input, Diagnostics *diagnostics);
/* The tree for people and tests: a line per node, indented, each with its place. */
void parse_dump(Buffer *out, const Document *document);

#endif
