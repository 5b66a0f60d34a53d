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
    Bank **bank_end;
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

/* ---- What stands in braces (parse/attributes.c) ---- */

enum {
    ATTRIBUTE_LIMIT = 16,
    NUMBER_LIMIT = 1000000000 /* of a VALUE_DECIMAL; six digits more are kept behind the point */
};

typedef enum ValueKind { VALUE_NUMBER, VALUE_DECIMAL, VALUE_WORD, VALUE_ID, VALUE_TEXT, VALUE_CSV } ValueKind;

typedef struct AttributeRule {
    const char *key;
    ValueKind kind;
    int least, most;       /* VALUE_NUMBER; VALUE_DECIMAL has a least alone */
    const char *words[12]; /* VALUE_WORD; ends with NULL */
    const char *form;      /* for the diagnostic: should be … */
    bool is_required;
} AttributeRule;

/* A line that is being read: what a directive's opening line says, or braces behind a choice. */
typedef struct Line {
    Parse *parse;
    Text text;
    size_t at;
    Place place; /* of its first byte */
    Attribute *attributes;
    size_t attribute_count;
    Text id;
    Place id_place;
    bool has_error;
} Line;

Place line_place(const Line *line, size_t at);
char line_peek(const Line *line); /* '\0' at the end */
void line_skip_spaces(Line *line);
/* The first fault of a line is told; those behind it mostly follow from it. */
void line_complain(Line *line, size_t at, const char *fault);
/* [label], with balanced brackets and \] for a bracket alone. */
Text line_read_label(Line *line);
/* {#id .class key=value other="two words"} */
void line_read_attributes(Line *line);

/* Tells what is wrong, moves what is right to the front and returns how many those are. `rules` ends with a NULL key. */
size_t attributes_check(Parse *parse, const char *owner, Place owner_place, const AttributeRule *rules,
                        Attribute *attributes, size_t count);
void attributes_report_missing(Parse *parse, const char *owner, Place place, const char *key, const char *form);
/* In millionths; false where the text is no number, or a larger or finer one than is kept. */
bool attributes_decimal(Text value, int64_t *micro);
/* "; did you mean …?", or nothing. */
Text attributes_hint(Parse *parse, Text word, const char *const *candidates, size_t count);

/* ---- Directives (parse/directive.c) ---- */

/* The node of an opening line that stands in `parent`; its children are still to come. */
Node *directive_read(Parse *parse, const DirectiveBlock *block, Place place, const Node *parent);
/* Calls what a directive of this kind needs once its children are there. */
void directive_finish(Parse *parse, Node *directive);

/* ---- Exercises. What is of one kind of them alone has a file of its own. ---- */

enum { CHOICE_LIMIT = 26 };

void exercise_read_question(Parse *parse, Node *directive); /* exercise_question.c */
void exercise_read_bank(Parse *parse, Node *directive);
void exercise_read_scenario(Parse *parse, Node *directive); /* exercise_scenario.c */

/* exercise.c: what questions and case studies share */
Exercise *exercise_add(Parse *parse, Node *directive);
/* Once all is read: `exercise->trees`. */
void exercise_gather_trees(Parse *parse, Exercise *exercise);
/* Takes the children for which `is_taken` holds out of `node`; returns them as a chain of their own, without a parent. */
Node *exercise_take(Node *node, bool (*is_taken)(const Node *child));
/* Takes out the last of them alone. */
Node *exercise_take_last(Node *node, bool (*is_taken)(const Node *child));
size_t exercise_count_chain(const Node *node);
/* The items of a chain of lists as choices without their meaning; at most CHOICE_LIMIT. How many were written is returned. */
size_t exercise_make_choices(Parse *parse, const Node *lists, Choice **choices, size_t *kept);
bool exercise_says_nothing(const Node *node);
/* Choices that became part of a stem, of another choice or of its feedback. Whether there are none. */
bool exercise_check_lost_choices(Parse *parse, const Node *root);
void exercise_report_stray(Parse *parse, const Node *block);
bool exercise_is_list(const Node *node);
bool exercise_is_quote(const Node *node);
/* Whether a list has an item that begins with [ ] or [x]. */
bool exercise_is_task_list(const Node *node);

/*
 * exercise_braces.c: attributes behind the words of a choice. They are taken out of the text that ends with them. NULL where there are
 * none; `count` and `place` are theirs.
 */
Attribute *braces_take(Parse *parse, Node *paragraph, const char *owner, const AttributeRule *rules, size_t *count,
                       Place *place);
/* {area="x y width height"} behind the choices of a hotspot. */
void braces_read_areas(Parse *parse, Exercise *question);
/* {set="…" if="…" points=…} behind a choice of a step. */
void braces_read_effects(Parse *parse, Choice *choice, Node *paragraph);

/* exercise_matching.c, exercise_blanks.c */
bool matching_is_table(const Node *node);
void matching_read(Parse *parse, Exercise *question);
void blanks_read(Parse *parse, Exercise *question);
/* In a question that has none. */
void blanks_check_none(Parse *parse, const Exercise *question);

#endif
