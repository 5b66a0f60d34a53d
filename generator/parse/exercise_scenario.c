/* Case studies: their steps, and the choices of each, which are links to steps. */
#include "parse/parts.h"

#include <stdlib.h>

static bool is_step(const Node *node) {
    return node->kind == NODE_DIRECTIVE && node->directive.kind == DIRECTIVE_STEP;
}

static bool begins_braces(const Node *node) {
    if (node->kind != NODE_TEXT)
        return false;
    Text text = text_trim(node->text);
    return text.size && text.data[0] == '{';
}

/* The link that is all a choice's paragraph says, but for attributes in braces, or NULL. */
static Node *find_move(const Node *item) {
    const Node *paragraph = item->first_child;
    if (!paragraph || paragraph->kind != NODE_PARAGRAPH)
        return NULL;
    Node *link = paragraph->first_child;
    if (!link || link->kind != NODE_LINK || link->link.address.size < 2 || link->link.address.data[0] != '#' ||
        (link->next && !begins_braces(link->next)))
        return NULL;
    return link;
}

static bool is_move_list(const Node *node) {
    if (node->kind != NODE_LIST)
        return false;
    for (const Node *item = node->first_child; item; item = item->next)
        if (find_move(item))
            return true;
    return false;
}

/* The link goes, its words stay. */
static void read_move(Parse *parse, Choice *choice) {
    Node *link = find_move(choice->words);
    if (!link) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_SCENARIO_CHOICE, parse->input->path, choice->place);
        return;
    }
    choice->move = text_slice(link->link.address, 1, link->link.address.size);
    Node *paragraph = link->parent;
    braces_read_effects(parse, choice, paragraph);
    paragraph->first_child = link->first_child;
    paragraph->last_child = link->last_child;
    for (Node *word = link->first_child; word; word = word->next)
        word->parent = paragraph;
    if (exercise_says_nothing(choice->words))
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_CHOICE_EMPTY, parse->input->path, choice->place);
}

/* As in a question, but lists of links before the last one are lists like any other, and so is what follows them. A
 * quotation right after one is the feedback that was not indented. */
static void check_step_strays(Parse *parse, const Node *step) {
    const Node *last = NULL, *previous = NULL;
    for (const Node *child = step->first_child; child; child = child->next)
        last = is_move_list(child) ? child : last;
    bool has_begun = false;
    for (const Node *child = step->first_child; child; previous = child, child = child->next) {
        if (has_begun || (exercise_is_quote(child) && previous && is_move_list(previous)))
            exercise_report_stray(parse, child);
        has_begun = has_begun || child == last;
    }
}

static void read_step(Parse *parse, Node *node, Step *step) {
    *step = (Step){.id = node->directive.id,
                   .place = node->place,
                   .points = atoi(directive_attribute(node, "points").data),
                   .end = directive_attribute(node, "end"),
                   .node = node};
    check_step_strays(parse, node);
    const Node *list = exercise_take_last(node, is_move_list);
    size_t written = exercise_make_choices(parse, list, &step->choices, &step->choice_count);
    if (written > CHOICE_LIMIT)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_CHOICES, parse->input->path, step->place, written,
                        "at most 26");
    for (size_t i = 0; i < step->choice_count; i++)
        read_move(parse, &step->choices[i]);
}

void exercise_read_scenario(Parse *parse, Node *directive) {
    Exercise *scenario = exercise_add(parse, directive);
    scenario->kind = EXERCISE_SCENARIO;
    Node *step = exercise_take(directive, is_step);
    scenario->step_count = exercise_count_chain(step);
    scenario->steps = arena_new(parse->arena, Step, scenario->step_count);
    for (size_t i = 0; i < scenario->step_count; i++) {
        Node *next = step->next;
        step->next = NULL;
        read_step(parse, step, &scenario->steps[i]);
        step = next;
    }
    if (scenario->step_count == 0)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_SCENARIO_EMPTY, parse->input->path, directive->place);
    exercise_gather_trees(parse, scenario);
}
