/* parse/parts: what the files of this room share. For this room alone. */
#ifndef PROBITY_PARSE_PARTS_H
#define PROBITY_PARSE_PARTS_H

#include "parse/parse.h"

#define CMARK_NO_SHORT_NAMES /* NODE_… are the names of the model */
#include <cmark-gfm.h>
#include <setjmp.h>

enum {
    LINE_LIMIT_BYTES = 64 * 1024,
    NESTING_LIMIT = 100,
    CELL_LIMIT = 20000,
    MEMORY_LIMIT_MB = 256, /* ordinary text of 16 MB, the most that a file may have, needs less */
};

/* ---- Memory for cmark (parse/memory.c) ---- */

/*
 * An allocator over `scratch` for the calling thread, until the next call. When cmark has taken more than
 * MEMORY_LIMIT_MB it leaves by longjmp to `escape`: cmark holds nothing but this memory, so that nothing leaks.
 */
cmark_mem *cmark_memory_start(Arena *scratch, jmp_buf *escape);
/* Zeroed, from the same memory; for the block extension. */
void *cmark_memory_allocate(size_t size_bytes);

/* ---- The directive as a block of cmark's (parse/directive_block.c) ---- */

typedef enum DirectiveBlockKind {
    BLOCK_CONTAINER,   /* :::name … ::: */
    BLOCK_LEAF,        /* ::name */
    BLOCK_FENCE,       /* the ::: that closed a container; of no use after parsing */
    BLOCK_STRAY_FENCE, /* a ::: that nothing was open for */
    BLOCK_TOO_DEEP     /* an opener beyond NESTING_LIMIT */
} DirectiveBlockKind;

typedef struct DirectiveBlock {
    DirectiveBlockKind kind;
    int colon_count, depth;
    bool is_closed;
    Text line; /* from the first colon to the end of the line */
} DirectiveBlock;

/* Once, before threads are started. */
void directive_block_register(void);
void directive_block_attach(cmark_parser *parser);
/* NULL for every other block. */
const DirectiveBlock *directive_block_find(cmark_node *node);

/* ---- The conversion of one page (parse/document.c) ---- */

typedef struct GivenId {
    Text id;
    Place place;
    uint32_t position; /* among the ids of the page, in document order */
} GivenId;

typedef struct LineRange {
    uint32_t first, last;
} LineRange;

typedef struct Parse {
    Arena *arena, *scratch;
    const ParseInput *input;
    Diagnostics *diagnostics;
    Document *document;
    int heading_counts[7], heading_level; /* of the last heading */
    GivenId *ids;
    size_t id_count, id_capacity;
    Exercise **exercise_end;
    cmark_node **footnotes; /* definitions, in order of first reference */
    size_t footnote_count, footnote_capacity;
    size_t *line_starts; /* made when first needed */
    size_t line_count;
    LineRange *known; /* lines that only look like unused footnotes */
    size_t known_count, known_capacity;
    uint32_t searched_line; /* for missing footnotes: where, and how far */
    size_t searched_to;
    bool has_html, has_depth; /* complained already */
} Parse;

Node *parse_new_node(Parse *parse, NodeKind kind, Place place);
/* In the file. cmark leaves some nodes without a place; they get `otherwise`. */
Place parse_place_of(const Parse *parse, cmark_node *node, Place otherwise);
/* Where a child that comes next in `to` most probably stands. */
Place parse_last_place(const Node *to);

/* ---- Headings and ids (parse/heading.c) ---- */

/* Once the heading's children are there. */
void heading_finish(Parse *parse, cmark_node *from, Node *heading);
void parse_add_id(Parse *parse, Text id, Place place);
void parse_check_ids(Parse *parse);

/* ---- Texts (parse/words.c) ---- */

/* A copy in the page's arena, without the control characters that XML cannot carry. */
Text parse_keep_text(Parse *parse, const char *bytes, size_t size);
/* Whether the inline is a text or vanishes between texts. */
bool words_are_run(cmark_node *node);
/* Neighbouring texts, with what is dropped between them, as one node. Returns the first that is not of the run. */
cmark_node *words_convert(Parse *parse, cmark_node *first, Node *to);
/* There is no raw HTML but comments, which are dropped. */
void words_check_html(Parse *parse, const char *html, Place place);

/* ---- Footnotes (parse/footnote.c) ---- */

/* The node of a definition, which gets its number when this is first called. */
Node *footnote_number(Parse *parse, cmark_node *definition);
/* Code or HTML, in which no footnote is looked for. */
void footnote_add_known(Parse *parse, cmark_node *block);
void footnote_check_missing(Parse *parse, const char *text, Place place);
void footnote_check_unused(Parse *parse);

/* ---- Directives (parse/directive.c) ---- */

/* The node of an opening line that stands in `parent`; its children are still to come. */
Node *directive_read(Parse *parse, const DirectiveBlock *block, Place place, const Node *parent);
/* Calls what a directive of this kind needs once its children are there. */
void directive_finish(Parse *parse, Node *directive);

/* ---- Questions and case studies (parse/exercise.c) ---- */

void exercise_read_question(Parse *parse, Node *directive);
void exercise_read_scenario(Parse *parse, Node *directive);

#endif
