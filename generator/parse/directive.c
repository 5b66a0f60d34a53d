/* Directives: the one table of them, reading an opening line, and checking it against its row. */
#include "parse/parts.h"

#include <string.h>

typedef enum ValueKind { VALUE_NUMBER, VALUE_WORD, VALUE_CSV } ValueKind;

typedef struct AttributeRule {
    const char *key;
    ValueKind kind;
    int least, most;      /* VALUE_NUMBER */
    const char *words[4]; /* VALUE_WORD; ends with NULL */
    const char *form;     /* for the diagnostic: should be … */
    bool is_required;
} AttributeRule;

typedef enum Standing {
    STANDS_ANYWHERE,
    STANDS_IN_SCREEN,  /* at the top level of a screen's text */
    STANDS_IN_SCENARIO /* directly in a scenario */
} Standing;

typedef struct DirectiveRule {
    const char *name;
    DirectiveKind kind;
    Standing standing;
    bool needs_id;
    AttributeRule attributes[3]; /* ends with a NULL key */
    void (*finish)(Parse *parse, Node *directive);
} DirectiveRule;

static const DirectiveRule rules[] = {
    {.name = "note", .kind = DIRECTIVE_NOTE},
    {.name = "tip", .kind = DIRECTIVE_TIP},
    {.name = "warning", .kind = DIRECTIVE_WARNING},
    {.name = "case", .kind = DIRECTIVE_CASE},
    {.name = "table",
     .kind = DIRECTIVE_TABLE,
     .attributes =
         {{.key = "src", .kind = VALUE_CSV, .form = "the name of a .csv file beside the page", .is_required = true}}},
    {.name = "question",
     .kind = DIRECTIVE_QUESTION,
     .standing = STANDS_IN_SCREEN,
     .needs_id = true,
     .attributes =
         {{.key = "points", .kind = VALUE_NUMBER, .least = 1, .most = 100, .form = "a whole number from 1 to 100"},
          {.key = "kind",
           .kind = VALUE_WORD,
           .words = {"single", "multiple", "true-false"},
           .form = "single, multiple or true-false"}},
     .finish = exercise_read_question},
    {.name = "scenario",
     .kind = DIRECTIVE_SCENARIO,
     .standing = STANDS_IN_SCREEN,
     .needs_id = true,
     .attributes =
         {{.key = "points", .kind = VALUE_NUMBER, .least = 1, .most = 100, .form = "a whole number from 1 to 100"}},
     .finish = exercise_read_scenario},
    {.name = "step",
     .kind = DIRECTIVE_STEP,
     .standing = STANDS_IN_SCENARIO,
     .needs_id = true,
     .attributes =
         {{.key = "points", .kind = VALUE_NUMBER, .least = 0, .most = 100, .form = "a whole number from 0 to 100"},
          {.key = "end", .kind = VALUE_WORD, .words = {"good", "fair", "poor"}, .form = "good, fair or poor"}}},
};

enum { RULE_COUNT = sizeof rules / sizeof *rules };

/* ---- Reading the line ---- */

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

static Place line_place(const Line *line, size_t at) {
    return (Place){line->place.line, line->place.column + (uint32_t)at};
}

static char line_peek(const Line *line) {
    return line->at < line->text.size ? line->text.data[line->at] : '\0';
}

static void line_skip_spaces(Line *line) {
    while (line_peek(line) == ' ' || line_peek(line) == '\t')
        line->at++;
}

static bool is_key_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_';
}

/* The first fault of a line is told; those behind it mostly follow from it. */
static void line_complain(Line *line, size_t at, const char *fault) {
    if (!line->has_error)
        diagnostics_add(line->parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_SYNTAX, line->parse->input->path,
                        line_place(line, at), fault);
    line->has_error = true;
}

/* [label], with balanced brackets and \] for a bracket alone. */
static Text read_label(Line *line) {
    size_t opening = line->at++;
    char *label = arena_allocate(line->parse->scratch, line->text.size, 1);
    size_t size = 0;
    for (int depth = 1; line->at < line->text.size; line->at++) {
        char byte = line->text.data[line->at];
        char next = line->at + 1 < line->text.size ? line->text.data[line->at + 1] : '\0';
        if (byte == '\\' && (next == '[' || next == ']' || next == '\\')) {
            byte = next;
            line->at++;
        } else if (byte == '[') {
            depth++;
        } else if (byte == ']' && --depth == 0) {
            line->at++;
            Text trimmed = text_trim((Text){label, size});
            return parse_keep_text(line->parse, trimmed.data, trimmed.size);
        }
        label[size++] = byte;
    }
    line_complain(line, opening, "the bracket [ is not closed");
    return TEXT("");
}

static void add_attribute(Line *line, Text key, Text value, size_t at) {
    for (size_t i = 0; i < line->attribute_count; i++) {
        if (text_equal(line->attributes[i].key, key)) {
            line_complain(line, at, "the same attribute stands twice");
            return;
        }
    }
    /* No row of the table has more; the rest would be unknown, and comparing each with each must stay cheap. */
    if (line->attribute_count == 16) {
        line_complain(line, at, "there are too many attributes");
        return;
    }
    if (!line->attributes)
        line->attributes = arena_new(line->parse->arena, Attribute, 16);
    line->attributes[line->attribute_count++] =
        (Attribute){text_copy(line->parse->arena, key), value, line_place(line, at)};
}

static Text read_value(Line *line) {
    char quote = line_peek(line);
    size_t from = line->at;
    if (quote != '"' && quote != '\'') {
        while (line->at < line->text.size && !memchr(" \t}\"'", line_peek(line), 5))
            line->at++;
        if (line->at == from)
            line_complain(line, from, "a value is missing after =");
    } else {
        from = ++line->at;
        line->at = text_find(line->text, quote, from);
        if (line->at == line->text.size)
            line_complain(line, from - 1, "a quotation mark is not closed");
    }
    Text value = text_slice(line->text, from, line->at);
    if (line->at < line->text.size && (quote == '"' || quote == '\''))
        line->at++;
    return parse_keep_text(line->parse, value.data, value.size);
}

/* {#id .class key=value other="two words"} */
static void read_attributes(Line *line) {
    size_t opening = line->at++;
    while (!line->has_error) {
        line_skip_spaces(line);
        size_t from = line->at;
        char byte = line_peek(line);
        if (byte == '}') {
            line->at++;
            return;
        }
        if (byte == '\0') {
            line_complain(line, opening, "the brace { is not closed");
            return;
        }
        bool is_short = byte == '#' || byte == '.';
        line->at += is_short;
        size_t word = line->at;
        while (line->at < line->text.size &&
               (byte == '#' ? !memchr(" \t}", line_peek(line), 3) : is_key_byte(line_peek(line))))
            line->at++;
        Text name = text_slice(line->text, word, line->at);
        if (name.size == 0) {
            line_complain(line, from, "a name was expected here");
        } else if (byte == '#') {
            if (line->id.size)
                line_complain(line, from, "there are two ids");
            line->id = text_copy(line->parse->arena, name);
            line->id_place = line_place(line, from);
        } else if (byte == '.') {
            add_attribute(line, TEXT("class"), text_copy(line->parse->arena, name), from);
        } else if (line_peek(line) != '=') {
            line_complain(line, from, "an attribute has no value");
        } else {
            line->at++;
            Text value = read_value(line);
            add_attribute(line, name, value, from);
        }
    }
}

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

/* "; did you mean …?", or nothing. */
static Text make_hint(Parse *parse, Text word, const char *const *candidates, size_t count) {
    Text nearest = text_nearest(word, candidates, count);
    return nearest.size ? text_format(parse->scratch, "; did you mean \"%s\"?", nearest.data) : TEXT("");
}

static void complain_unknown(Parse *parse, Text name, Place place) {
    const char *names[RULE_COUNT];
    for (size_t i = 0; i < RULE_COUNT; i++)
        names[i] = rules[i].name;
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_UNKNOWN, parse->input->path, place, name.data,
                    make_hint(parse, name, names, RULE_COUNT).data);
}

static bool value_is_right(const AttributeRule *rule, Text value) {
    switch (rule->kind) {
    case VALUE_NUMBER: {
        int number = 0;
        for (size_t i = 0; i < value.size && number <= rule->most; i++) {
            if (value.data[i] < '0' || value.data[i] > '9')
                return false;
            number = number * 10 + (value.data[i] - '0');
        }
        return value.size > 0 && number >= rule->least && number <= rule->most;
    }
    case VALUE_WORD:
        for (size_t i = 0; i < sizeof rule->words / sizeof *rule->words && rule->words[i]; i++)
            if (text_equal(value, text_from(rule->words[i])))
                return true;
        return false;
    case VALUE_CSV:
        return value.size > 4 && text_ends(value, TEXT(".csv"));
    }
    return false;
}

/* What is wrong is dropped, so that those who come later find right values or none. */
static void check_attributes(Parse *parse, const DirectiveRule *rule, Node *node) {
    size_t limit = sizeof rule->attributes / sizeof *rule->attributes, kept = 0;
    const char *keys[sizeof rule->attributes / sizeof *rule->attributes];
    size_t key_count = 0;
    bool seen[sizeof rule->attributes / sizeof *rule->attributes] = {false};
    while (key_count < limit && rule->attributes[key_count].key) {
        keys[key_count] = rule->attributes[key_count].key;
        key_count++;
    }
    for (size_t i = 0; i < node->directive.attribute_count; i++) {
        const Attribute *attribute = &node->directive.attributes[i];
        size_t found = 0;
        while (found < key_count && !text_equal(attribute->key, text_from(keys[found])))
            found++;
        if (found == key_count) {
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_UNKNOWN, parse->input->path, attribute->place,
                            rule->name, attribute->key.data, make_hint(parse, attribute->key, keys, key_count).data);
            continue;
        }
        seen[found] = true;
        if (!value_is_right(&rule->attributes[found], attribute->value))
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_VALUE, parse->input->path, attribute->place,
                            keys[found], rule->attributes[found].form);
        else
            node->directive.attributes[kept++] = *attribute;
    }
    node->directive.attribute_count = kept;
    for (size_t i = 0; i < key_count; i++) {
        if (!rule->attributes[i].is_required || seen[i])
            continue;
        Text wanted = text_format(parse->scratch, "%s=, %s", keys[i], rule->attributes[i].form);
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_MISSING, parse->input->path, node->place, rule->name,
                        wanted.data);
    }
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

/* Where it cannot stand, in the words of the diagnostic; empty where it can. */
static Text find_wrong_place(Parse *parse, Standing standing, const Node *parent) {
    bool is_in_directive = parent->kind == NODE_DIRECTIVE;
    switch (standing) {
    case STANDS_ANYWHERE:
        return TEXT("");
    case STANDS_IN_SCENARIO:
        /* By name: a scenario that stands wrongly itself is complaint enough. */
        return is_in_directive && text_equal(parent->directive.name, TEXT("scenario")) ? TEXT("")
                                                                                       : TEXT("outside a scenario");
    case STANDS_IN_SCREEN:
        break;
    }
    if (parse->input->kind != UNIT_SCREEN)
        return TEXT("outside a course screen");
    if (is_in_directive)
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
        node->directive.label = read_label(&line);
    line_skip_spaces(&line);
    if (line_peek(&line) == '{' && !line.has_error)
        read_attributes(&line);
    line_skip_spaces(&line);
    if (line.at < line.text.size)
        line_complain(&line, line.at, "there is more text on the line than a name, [a title] and {attributes}");
    node->directive.id = line.id;
    node->directive.attributes = line.attributes;
    node->directive.attribute_count = line.has_error ? 0 : line.attribute_count;

    check_id(parse, rule, node, line.id_place, line.has_error);
    if (!rule)
        return node;
    if (!line.has_error)
        check_attributes(parse, rule, node);
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
