/* Attributes behind a choice's words: the area of a hotspot, what a choice of a case study sets, asks and earns. */
#include "parse/parts.h"

#include <stdlib.h>
#include <string.h>

/* The first of the texts and line breaks that end a paragraph. */
static Node *find_last_run(const Node *paragraph) {
    Node *first = NULL;
    for (Node *n = paragraph->first_child; n; n = n->next) {
        bool is_of_run = n->kind == NODE_TEXT || n->kind == NODE_SOFT_BREAK;
        first = !is_of_run ? NULL : first ? first : n;
    }
    return first;
}

static size_t find_last_brace(Text text) {
    size_t at = text.size;
    while (at > 0 && text.data[at - 1] != '{')
        at--;
    return at > 0 ? at - 1 : text.size;
}

/* What follows the brace goes, and the spaces and the line break before it. */
static void cut(Node *paragraph, Node *text, size_t at) {
    text->text = text_slice(text->text, 0, at);
    while (text->text.size > 0 && strchr(" \t", text->text.data[text->text.size - 1]))
        text->text.size--;
    Node *last = NULL;
    for (Node *n = paragraph->first_child; n; n = n == text ? NULL : n->next)
        if (n->kind != NODE_SOFT_BREAK && (n->kind != NODE_TEXT || n->text.size > 0))
            last = n;
    if (last)
        last->next = NULL;
    else
        paragraph->first_child = NULL;
    paragraph->last_child = last;
}

Attribute *braces_take(Parse *parse, Node *paragraph, const char *owner, const AttributeRule *rules, size_t *count,
                       Place *place) {
    Node *with_brace = NULL;
    *count = 0;
    for (Node *n = find_last_run(paragraph); n; n = n->next)
        if (n->kind == NODE_TEXT && find_last_brace(n->text) < n->text.size)
            with_brace = n;
    if (!with_brace)
        return NULL;
    size_t at = find_last_brace(with_brace->text);
    Buffer joined = {0};
    buffer_put_text(&joined, text_slice(with_brace->text, at, with_brace->text.size));
    for (const Node *n = with_brace->next; n; n = n->next) {
        if (n->kind == NODE_SOFT_BREAK)
            buffer_put_char(&joined, ' ');
        else
            buffer_put_text(&joined, n->text);
    }
    Line line = {.parse = parse,
                 .text = text_copy(parse->scratch, text_trim(buffer_text(&joined))),
                 .place = {with_brace->place.line, with_brace->place.column + (uint32_t)at}};
    buffer_free(&joined);
    *place = line.place;
    cut(paragraph, with_brace, at);
    line_read_attributes(&line);
    if (line.at < line.text.size)
        line_complain(&line, line.at, "there is more text behind the braces");
    if (line.id.size)
        line_complain(&line, 1, "a choice has no id");
    if (line.has_error)
        return NULL;
    *count = attributes_check(parse, owner, line.place, rules, line.attributes, line.attribute_count);
    return line.attributes;
}

/* ---- Areas of a picture ---- */

static const AttributeRule area_rules[] = {
    {.key = "area", .kind = VALUE_TEXT, .form = "four numbers: x y width height"}, {.key = NULL}};

/* Four whole numbers; false where they are none. */
static bool read_numbers(Text text, int *numbers) {
    size_t at = 0;
    for (int i = 0; i < 4; i++) {
        while (at < text.size && text.data[at] == ' ')
            at++;
        size_t from = at;
        for (numbers[i] = 0; at < text.size && text.data[at] >= '0' && text.data[at] <= '9' && at - from < 4; at++)
            numbers[i] = numbers[i] * 10 + (text.data[at] - '0');
        if (at == from)
            return false;
    }
    return text_trim(text_slice(text, at, text.size)).size == 0;
}

static void read_area(Parse *parse, Choice *choice, const Attribute *attribute) {
    int numbers[4];
    const char *fault = NULL;
    if (!read_numbers(attribute->value, numbers))
        fault = "four whole numbers are needed";
    else if (numbers[2] == 0 || numbers[3] == 0)
        fault = "its width or height is 0";
    else if (numbers[0] + numbers[2] > 100 || numbers[1] + numbers[3] > 100)
        fault = "it reaches beyond the picture, which is 100 wide and 100 high";
    if (fault)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_HOTSPOT_AREA, parse->input->path, attribute->place, fault);
    else
        choice->area = (Area){numbers[0], numbers[1], numbers[2], numbers[3]};
}

void braces_read_areas(Parse *parse, Exercise *question) {
    for (size_t i = 0; i < question->choice_count; i++) {
        Choice *choice = &question->choices[i];
        Node *paragraph = choice->words->first_child;
        size_t count = 0;
        const Attribute *attributes = NULL;
        if (paragraph && paragraph->kind == NODE_PARAGRAPH)
            attributes = braces_take(parse, paragraph, "a choice", area_rules, &count, &choice->attributes_place);
        if (count > 0)
            read_area(parse, choice, &attributes[0]);
        else if (!choice->attributes_place.line)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_HOTSPOT_AREA, parse->input->path, choice->place,
                            "there is none");
    }
}

/* ---- Variables of a case study ---- */

static const char too_many[] = "a choice has at most 16 of them";

static const AttributeRule effect_rules[] = {
    {.key = "set", .kind = VALUE_TEXT, .form = "changes of variables: trust+1 told=2"},
    {.key = "if", .kind = VALUE_TEXT, .form = "tests of variables: trust>=1 told=2"},
    {.key = "points", .kind = VALUE_NUMBER, .most = 100, .form = "a whole number from 0 to 100"},
    {.key = NULL}};

/* name, operator and number of trust>=-1; what is wrong with it, or NULL. */
static const char *read_term(Parse *parse, Text term, const char *const *operators, Text *name, const char **operator_,
                             int *value) {
    size_t digits = term.size;
    while (digits > 0 && term.data[digits - 1] >= '0' && term.data[digits - 1] <= '9')
        digits--;
    if (digits == term.size || term.size - digits > 2)
        return "it does not end with a number from -99 to 99";
    *value = atoi(text_copy(parse->scratch, text_slice(term, digits, term.size)).data);
    /* A minus is the number's sign where an operator stands before it, else the operator. */
    size_t end = digits;
    if (end > 1 && term.data[end - 1] == '-' && strchr("=<>", term.data[end - 2])) {
        *value = -*value;
        end--;
    }
    *operator_ = NULL;
    for (; *operators && !*operator_; operators++)
        if (text_ends(text_slice(term, 0, end), text_from(*operators)))
            *operator_ = *operators;
    if (!*operator_)
        return "an operator is missing before the number";
    *name = text_copy(parse->arena, text_slice(term, 0, end - strlen(*operator_)));
    bool is_name = text_is_id(*name) && name->data[0] >= 'a' && name->data[name->size - 1] != '-';
    return is_name ? NULL : "a name has letters a-z, digits and hyphens, and begins with a letter";
}

/* The next term of a list, between spaces; false at the end. */
static bool next_term(Text list, size_t *at, Text *term) {
    while (*at < list.size && list.data[*at] == ' ')
        ++*at;
    size_t from = *at;
    *at = text_find(list, ' ', from);
    *term = text_slice(list, from, *at);
    return term->size > 0;
}

static void report_term(Parse *parse, const Attribute *attribute, Text term, const char *fault) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_SCENARIO_VARIABLE, parse->input->path, attribute->place,
                    text_copy(parse->scratch, term).data, fault);
}

static void read_changes(Parse *parse, Choice *choice, const Attribute *attribute) {
    static const char *const operators[] = {"=", "+", "-", NULL};
    size_t at = 0;
    choice->changes = arena_new(parse->arena, VariableChange, TERM_LIMIT);
    for (Text term; next_term(attribute->value, &at, &term);) {
        VariableChange change = {0};
        const char *operator_, *fault = read_term(parse, term, operators, &change.name, &operator_, &change.value);
        if (fault || choice->change_count == TERM_LIMIT) {
            report_term(parse, attribute, term, fault ? fault : too_many);
            continue;
        }
        change.operation = *operator_;
        choice->changes[choice->change_count++] = change;
    }
}

static void read_tests(Parse *parse, Choice *choice, const Attribute *attribute) {
    /* The longer before those that they end with. */
    static const char *const operators[] = {">=", "<=", "!=", ">", "<", "=", NULL};
    size_t at = 0;
    choice->tests = arena_new(parse->arena, VariableTest, TERM_LIMIT);
    for (Text term; next_term(attribute->value, &at, &term);) {
        VariableTest test = {0};
        const char *operator_, *fault = read_term(parse, term, operators, &test.name, &operator_, &test.value);
        if (fault || choice->test_count == TERM_LIMIT) {
            report_term(parse, attribute, term, fault ? fault : too_many);
            continue;
        }
        memcpy(test.comparison, operator_, strlen(operator_));
        choice->tests[choice->test_count++] = test;
    }
}

void braces_read_effects(Parse *parse, Choice *choice, Node *paragraph) {
    size_t count;
    const Attribute *attributes =
        braces_take(parse, paragraph, "a choice", effect_rules, &count, &choice->attributes_place);
    for (size_t i = 0; i < count; i++) {
        if (text_equal(attributes[i].key, TEXT("set")))
            read_changes(parse, choice, &attributes[i]);
        else if (text_equal(attributes[i].key, TEXT("if")))
            read_tests(parse, choice, &attributes[i]);
        else
            choice->points = atoi(attributes[i].value.data);
    }
}
