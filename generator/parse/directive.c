/* Directives: the one table of them, reading an opening line, and checking it against its row. */
#include "parse/parts.h"

#include <string.h>

typedef enum Standing {
    STANDS_ANYWHERE,
    STANDS_IN_SCREEN,   /* at the top level of a screen's text */
    STANDS_IN_BANK,     /* there, or directly in a bank */
    STANDS_IN_QUESTION, /* directly in a question */
    STANDS_IN_SCENARIO  /* directly in a scenario */
} Standing;

typedef struct DirectiveRule {
    const char *name;
    DirectiveKind kind;
    Standing standing;
    bool needs_id;
    AttributeRule attributes[14]; /* ends with a NULL key */
    void (*finish)(Parse *parse, Node *directive);
} DirectiveRule;

/* clang-format off */
#define POINTS {.key = "points", .kind = VALUE_NUMBER, .most = 100, .form = "a whole number from 0 to 100"}
#define OBJECTIVE {.key = "objective", .kind = VALUE_ID, .form = "the id of an objective of course.yaml"}

static const DirectiveRule rules[] = {
    {.name = "note", .kind = DIRECTIVE_NOTE},
    {.name = "tip", .kind = DIRECTIVE_TIP},
    {.name = "warning", .kind = DIRECTIVE_WARNING},
    {.name = "case", .kind = DIRECTIVE_CASE},
    {.name = "table",
     .kind = DIRECTIVE_TABLE,
     .attributes = {
         {.key = "src", .kind = VALUE_CSV, .form = "the name of a .csv file beside the page", .is_required = true}}},
    {.name = "video",
     .kind = DIRECTIVE_VIDEO,
     .attributes = {
         {.key = "src", .kind = VALUE_TEXT, .form = "the name of a video beside the page", .is_required = true},
         {.key = "poster", .kind = VALUE_TEXT, .form = "the name of a picture beside the page", .is_required = true},
         {.key = "width", .kind = VALUE_NUMBER, .least = 16, .most = 7680, .form = "a whole number of pixels from 16 to 7680",
          .is_required = true},
         {.key = "height", .kind = VALUE_NUMBER, .least = 16, .most = 7680,
          .form = "a whole number of pixels from 16 to 7680", .is_required = true}}},
    {.name = "audio",
     .kind = DIRECTIVE_AUDIO,
     .attributes = {
         {.key = "src", .kind = VALUE_TEXT, .form = "the name of a recording beside the page", .is_required = true}}},
    {.name = "question",
     .kind = DIRECTIVE_QUESTION,
     .standing = STANDS_IN_BANK,
     .needs_id = true,
     /* Which of them a kind has: parse/exercise_question.c. */
     .attributes = {
         {.key = "kind", .kind = VALUE_WORD,
          .words = {"single", "multiple", "true-false", "likert", "ordering", "matching", "fill-in", "numeric", "hotspot",
                    "reflection", "attestation"},
          .form = "single, multiple, true-false, likert, ordering, matching, fill-in, numeric, hotspot, reflection or "
                  "attestation"},
         POINTS,
         {.key = "attempts", .kind = VALUE_NUMBER, .most = 9, .form = "a whole number from 0 to 9"},
         {.key = "shuffle", .kind = VALUE_WORD, .words = {"yes", "no"}, .form = "yes or no"},
         OBJECTIVE,
         {.key = "case", .kind = VALUE_WORD, .words = {"yes", "no"}, .form = "yes or no"},
         {.key = "answer", .kind = VALUE_DECIMAL, .least = -NUMBER_LIMIT,
          .form = "a number such as 12.5, of at most 1000000000, with at most six digits after the point"},
         {.key = "tolerance", .kind = VALUE_DECIMAL, .form = "a number such as 0.5, not below 0"},
         {.key = "unit", .kind = VALUE_TEXT, .form = "a word such as days"},
         {.key = "image", .kind = VALUE_TEXT, .form = "the name of a picture beside the page"},
         {.key = "alt", .kind = VALUE_TEXT, .form = "words that say what the picture shows"},
         {.key = "size", .kind = VALUE_NUMBER, .least = 60, .most = 3000, .form = "a whole number from 60 to 3000"}},
     .finish = exercise_read_question},
    {.name = "hint", .kind = DIRECTIVE_HINT, .standing = STANDS_IN_QUESTION},
    {.name = "feedback",
     .kind = DIRECTIVE_FEEDBACK,
     .standing = STANDS_IN_QUESTION,
     .attributes = {
         {.key = "for", .kind = VALUE_WORD, .words = {"right", "partly", "wrong", "any"},
          .form = "right, partly, wrong or any"}}},
    {.name = "bank",
     .kind = DIRECTIVE_BANK,
     .standing = STANDS_IN_SCREEN,
     .needs_id = true,
     .attributes = {
         {.key = "draw", .kind = VALUE_NUMBER, .least = 1, .most = 100, .form = "a whole number from 1 to 100",
          .is_required = true}},
     .finish = exercise_read_bank},
    {.name = "scenario",
     .kind = DIRECTIVE_SCENARIO,
     .standing = STANDS_IN_SCREEN,
     .needs_id = true,
     .attributes = {POINTS, OBJECTIVE},
     .finish = exercise_read_scenario},
    {.name = "step",
     .kind = DIRECTIVE_STEP,
     .standing = STANDS_IN_SCENARIO,
     .needs_id = true,
     .attributes = {
         POINTS,
         {.key = "end", .kind = VALUE_WORD, .words = {"good", "fair", "poor"}, .form = "good, fair or poor"}}},
};
/* clang-format on */

enum { RULE_COUNT = sizeof rules / sizeof *rules };

/* ---- Checking ---- */

static const DirectiveRule *find_rule(Text name) {
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (text_equal(name, text_from(rules[i].name)))
            return &rules[i];
    return NULL;
}

static const DirectiveRule *find_rule_of_kind(DirectiveKind kind) {
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rules[i].kind == kind)
            return &rules[i];
    return NULL;
}

static void complain_unknown(Parse *parse, Text name, Place place) {
    const char *names[RULE_COUNT];
    for (size_t i = 0; i < RULE_COUNT; i++)
        names[i] = rules[i].name;
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_UNKNOWN, parse->input->path, place, name.data,
                    attributes_hint(parse, name, names, RULE_COUNT).data);
}

static void check_id(Parse *parse, const DirectiveRule *rule, Node *node, Place place, bool has_error) {
    Text id = node->directive.id;
    if (id.size == 0) {
        if (rule && rule->needs_id && !has_error)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_MISSING, parse->input->path, node->place,
                            rule->name, "an id, as in {#an-id}");
    } else if (!text_is_id(id)) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_ID_SYNTAX, parse->input->path, place, id.data);
        node->directive.id = TEXT("");
    } else {
        parse_add_id(parse, id, place);
    }
}

/* By name: a directive that stands wrongly itself is complaint enough. */
static bool stands_in(const Node *parent, const char *name) {
    return parent->kind == NODE_DIRECTIVE && text_equal(parent->directive.name, text_from(name));
}

/* Where it cannot stand, in the words of the diagnostic; empty where it can. */
static Text find_wrong_place(Parse *parse, Standing standing, const Node *parent) {
    switch (standing) {
    case STANDS_ANYWHERE:
        return TEXT("");
    case STANDS_IN_SCENARIO:
        return stands_in(parent, "scenario") ? TEXT("") : TEXT("outside a scenario");
    case STANDS_IN_QUESTION:
        return stands_in(parent, "question") ? TEXT("") : TEXT("outside a question");
    case STANDS_IN_BANK:
        if (stands_in(parent, "bank"))
            return TEXT("");
        break;
    case STANDS_IN_SCREEN:
        break;
    }
    if (parse->input->kind != UNIT_SCREEN)
        return TEXT("outside a course screen");
    if (parent->kind == NODE_DIRECTIVE)
        return text_format(parse->scratch, "inside \"%s\"", parent->directive.name.data);
    return parent->kind == NODE_DOCUMENT ? TEXT("") : TEXT("inside a list, a quotation or a footnote");
}

Node *directive_read(Parse *parse, const DirectiveBlock *block, Place place, const Node *parent) {
    Line line = {.parse = parse, .text = block->line, .place = place, .at = (size_t)block->colon_count, .id = TEXT("")};
    Node *node = parse_new_node(parse, NODE_DIRECTIVE, place);
    line_skip_spaces(&line);
    size_t from = line.at;
    while (line.at < line.text.size && !memchr(" \t[{", line_peek(&line), 4))
        line.at++;
    node->directive.name = parse_keep_text(parse, line.text.data + from, line.at - from);
    node->directive.label = TEXT("");
    const DirectiveRule *rule = find_rule(node->directive.name);
    node->directive.kind = rule ? rule->kind : DIRECTIVE_UNKNOWN;
    if (!rule)
        complain_unknown(parse, node->directive.name, line_place(&line, from));

    line_skip_spaces(&line);
    if (line_peek(&line) == '[')
        node->directive.label = line_read_label(&line);
    line_skip_spaces(&line);
    if (line_peek(&line) == '{' && !line.has_error)
        line_read_attributes(&line);
    line_skip_spaces(&line);
    if (line.at < line.text.size)
        line_complain(&line, line.at, "there is more text on the line than a name, [a title] and {attributes}");
    node->directive.id = line.id;
    node->directive.attributes = line.attributes;
    node->directive.attribute_count = line.has_error ? 0 : line.attribute_count;

    check_id(parse, rule, node, line.id_place, line.has_error);
    if (!rule)
        return node;
    size_t written = line.attribute_count;
    if (!line.has_error)
        node->directive.attribute_count =
            attributes_check(parse, rule->name, node->place, rule->attributes, node->directive.attributes, written);
    node->directive.has_dropped = node->directive.attribute_count < written;
    Text wrong = find_wrong_place(parse, rule->standing, parent);
    if (wrong.size) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_PLACE, parse->input->path, place, rule->name,
                        wrong.data);
        node->directive.kind = DIRECTIVE_UNKNOWN;
    }
    return node;
}

void directive_finish(Parse *parse, Node *directive) {
    const DirectiveRule *rule = find_rule_of_kind(directive->directive.kind);
    if (rule && rule->finish)
        rule->finish(parse, directive);
}
