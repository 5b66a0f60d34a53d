/*
 * Questions and case studies: taken out of their directive's children are the lists of choices and the steps; what
 * stays is the stem or the introduction. Checked here is what concerns one exercise in one language; where a case study
 * leads is resolve's.
 */
#include "parse/parts.h"

#include <stdlib.h>
#include <string.h>

enum { CHOICE_LIMIT = 26 };

/* Takes the children for which `is_taken` holds out of `node`; returns them as a chain of their own, without a parent.
 */
static Node *take_children(Node *node, bool (*is_taken)(const Node *child)) {
    Node *child = node->first_child, *taken = NULL, **end = &taken;
    node->first_child = node->last_child = NULL;
    while (child) {
        Node *next = child->next;
        child->next = NULL;
        if (is_taken(child)) {
            child->parent = NULL;
            *end = child;
            end = &child->next;
        } else {
            node_append(node, child);
        }
        child = next;
    }
    return taken;
}

/* Takes out the last of them alone. */
static Node *take_last(Node *node, bool (*is_taken)(const Node *child)) {
    Node *last = NULL, *before = NULL, *previous = NULL;
    for (Node *child = node->first_child; child; previous = child, child = child->next) {
        if (is_taken(child)) {
            last = child;
            before = previous;
        }
    }
    if (!last)
        return NULL;
    if (before)
        before->next = last->next;
    else
        node->first_child = last->next;
    if (node->last_child == last)
        node->last_child = before;
    last->next = last->parent = NULL;
    return last;
}

static bool is_quote(const Node *node) {
    return node->kind == NODE_QUOTE;
}

static bool is_step(const Node *node) {
    return node->kind == NODE_DIRECTIVE && node->directive.kind == DIRECTIVE_STEP;
}

static bool is_list(const Node *node) {
    return node->kind == NODE_LIST;
}

static bool is_task_list(const Node *node) {
    if (node->kind != NODE_LIST)
        return false;
    for (const Node *item = node->first_child; item; item = item->next)
        if (item->item.is_task)
            return true;
    return false;
}

static bool says_nothing(const Node *node) {
    for (const Node *n = node; n; n = node_following(node, n))
        if (((n->kind == NODE_TEXT || n->kind == NODE_CODE || n->kind == NODE_CODE_BLOCK) && n->text.size > 0) ||
            n->kind == NODE_IMAGE || n->kind == NODE_TABLE || (n->kind == NODE_DIRECTIVE && n != node))
            return false;
    return true;
}

/* The quotations under a choice are its feedback: one, or NULL. */
static Node *take_feedback(Node *item) {
    Node *first = take_children(item, is_quote);
    if (!first)
        return NULL;
    Node *more = first->next;
    first->next = NULL;
    while (more) {
        Node *next_quote = more->next;
        for (Node *child = more->first_child; child;) {
            Node *next = child->next;
            node_append(first, child);
            child = next;
        }
        more = next_quote;
    }
    return first;
}

/* ---- What a slip of the pen would hide ---- */

static size_t prefix_size(Text text, const char *const *prefixes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_starts(text, text_from(prefixes[i])))
            return strlen(prefixes[i]);
    return 0;
}

/* A mark with a bullet that is none (no space after it, or a dash that a word processor wrote), or with no bullet. */
static bool looks_like_choice(Text line) {
    static const char *const bullets[] = {"-", "*", "+", "\u2013", "\u2014", "\u2022"};
    static const char *const spaces[] = {" ", "\t", "\u00A0"};
    static const char *const marks[] = {"[ ]", "[x]", "[X]", "[\u00A0]"};
    Text rest = text_slice(line, prefix_size(line, bullets, sizeof bullets / sizeof *bullets), line.size);
    for (size_t size; (size = prefix_size(rest, spaces, sizeof spaces / sizeof *spaces)) > 0;)
        rest = text_slice(rest, size, rest.size);
    return prefix_size(rest, marks, sizeof marks / sizeof *marks) > 0;
}

/* Choices that became part of a stem, of another choice or of its feedback. Whether there are none. */
static bool check_lost_choices(Parse *parse, const Node *root) {
    bool has_none = true, starts_line = false;
    for (const Node *n = root; n; n = node_following(root, n)) {
        bool is_lost = false;
        Place place = n->place;
        switch (n->kind) {
        case NODE_PARAGRAPH:
        case NODE_SOFT_BREAK:
        case NODE_HARD_BREAK:
            starts_line = true;
            break;
        case NODE_EMPHASIS:
        case NODE_STRONG:
            break; /* the asterisk of *[x] may have begun it */
        case NODE_TEXT:
            is_lost = starts_line && looks_like_choice(n->text);
            place.column = 1; /* cmark counts as if the line were indented like the one before it */
            starts_line = false;
            break;
        case NODE_ITEM:
            is_lost = n != root && n->item.is_task;
            starts_line = false;
            break;
        default:
            starts_line = false;
        }
        if (is_lost)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_CHOICE_LOST, parse->input->path, place);
        has_none = has_none && !is_lost;
    }
    return has_none;
}

static void report_stray(Parse *parse, const Node *block) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_STRAY, parse->input->path, block->place);
}

/* Once the choices have begun nothing else may stand: feedback that is not indented would become part of the stem. */
static void check_question_strays(Parse *parse, const Node *directive) {
    bool has_begun = false;
    for (const Node *child = directive->first_child; child; child = child->next) {
        if (is_task_list(child))
            has_begun = true;
        else if (has_begun)
            report_stray(parse, child);
    }
}

static size_t count_chain(const Node *node) {
    size_t count = 0;
    for (; node; node = node->next)
        count++;
    return count;
}

/* The items of a chain of lists as choices without their meaning; at most CHOICE_LIMIT. The number that was written is
 * returned. */
static size_t make_choices(Parse *parse, const Node *lists, Choice **choices, size_t *kept) {
    size_t count = 0;
    for (const Node *list = lists; list; list = list->next)
        count += count_chain(list->first_child);
    *kept = count < CHOICE_LIMIT ? count : CHOICE_LIMIT;
    *choices = arena_new(parse->arena, Choice, *kept);
    size_t made = 0;
    for (const Node *list = lists; list; list = list->next) {
        for (Node *item = list->first_child, *next; item && made < *kept; item = next) {
            next = item->next;
            item->next = NULL;
            item->parent = NULL;
            Choice *choice = &(*choices)[made++];
            *choice =
                (Choice){.id = {(char)('a' + made - 1), '\0'}, .place = item->place, .move = TEXT(""), .words = item};
            choice->feedback = take_feedback(item);
        }
    }
    return count;
}

static int read_points(const Node *directive, int otherwise) {
    Text points = directive_attribute(directive, "points");
    return points.size ? atoi(points.data) : otherwise;
}

static Exercise *add_exercise(Parse *parse, Node *directive) {
    Exercise *exercise = arena_new(parse->arena, Exercise, 1);
    exercise->id = directive->directive.id;
    exercise->place = directive->place;
    exercise->points = read_points(directive, 1);
    exercise->node = directive;
    directive->directive.exercise = exercise;
    *parse->exercise_end = exercise;
    parse->exercise_end = &exercise->next;
    return exercise;
}

/* ---- Questions ---- */

static void check_counts(Parse *parse, const Exercise *question, size_t written, size_t right, Text kind) {
    Diagnostics *diagnostics = parse->diagnostics;
    Text path = parse->input->path;
    if (question->kind == EXERCISE_TRUE_FALSE ? written != 2 : written < 2 || written > CHOICE_LIMIT)
        diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_CHOICES, path, question->place, written,
                        question->kind == EXERCISE_TRUE_FALSE ? "two" : "from 2 to 26");
    if (right == 0 && written > 0)
        diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_NO_ANSWER, path, question->place);
    if (right > 1 && question->kind != EXERCISE_MULTIPLE)
        diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_ANSWERS, path, question->place, right,
                        text_format(parse->scratch, "kind=%s", kind.data).data);
}

/* Whether all that were meant as choices are choices. */
static bool check_choices(Parse *parse, const Exercise *question) {
    Diagnostics *diagnostics = parse->diagnostics;
    Text path = parse->input->path;
    bool is_whole = check_lost_choices(parse, question->node);
    for (size_t i = 0; i < question->choice_count; i++) {
        const Choice *choice = &question->choices[i];
        if (!choice->words->item.is_task)
            diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_MARK, path, choice->place);
        else if (!check_lost_choices(parse, choice->words))
            is_whole = false;
        if (choice->feedback && !check_lost_choices(parse, choice->feedback))
            is_whole = false;
        if (says_nothing(choice->words))
            diagnostics_add(diagnostics, DIAGNOSTIC_CHOICE_EMPTY, path, choice->place);
    }
    return is_whole;
}

void exercise_read_question(Parse *parse, Node *directive) {
    Exercise *question = add_exercise(parse, directive);
    check_question_strays(parse, directive);
    /* A change of the bullet or a comment between choices makes several lists of one. */
    const Node *lists = take_children(directive, is_task_list);
    if (!lists && directive->last_child && directive->last_child->kind == NODE_LIST)
        lists = take_last(directive, is_list); /* the marks were forgotten */
    size_t written = make_choices(parse, lists, &question->choices, &question->choice_count);
    size_t right = 0;
    for (size_t i = 0; i < question->choice_count; i++) {
        question->choices[i].is_right = question->choices[i].words->item.is_checked;
        right += question->choices[i].is_right;
    }
    Text kind = directive_attribute(directive, "kind");
    if (text_equal(kind, TEXT("true-false")))
        question->kind = EXERCISE_TRUE_FALSE;
    else if (text_equal(kind, TEXT("multiple")) || (kind.size == 0 && right > 1))
        question->kind = EXERCISE_MULTIPLE;
    else
        question->kind = EXERCISE_SINGLE;
    if (says_nothing(directive))
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_STEM, parse->input->path, directive->place);
    if (check_choices(parse, question))
        check_counts(parse, question, written, right, kind);
}

/* ---- Case studies ---- */

/* The link that is all a choice's paragraph says, or NULL. */
static Node *find_move(const Node *item) {
    const Node *paragraph = item->first_child;
    if (!paragraph || paragraph->kind != NODE_PARAGRAPH)
        return NULL;
    Node *link = paragraph->first_child;
    if (!link || link->kind != NODE_LINK || link->next || link->link.address.size < 2 ||
        link->link.address.data[0] != '#')
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
    paragraph->first_child = link->first_child;
    paragraph->last_child = link->last_child;
    for (Node *word = link->first_child; word; word = word->next)
        word->parent = paragraph;
    if (says_nothing(choice->words))
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
        if (has_begun || (is_quote(child) && previous && is_move_list(previous)))
            report_stray(parse, child);
        has_begun = has_begun || child == last;
    }
}

static void read_step(Parse *parse, Node *node, Step *step) {
    *step = (Step){.id = node->directive.id,
                   .place = node->place,
                   .points = read_points(node, 0),
                   .end = directive_attribute(node, "end"),
                   .node = node};
    check_step_strays(parse, node);
    const Node *list = take_last(node, is_move_list);
    size_t written = make_choices(parse, list, &step->choices, &step->choice_count);
    if (written > CHOICE_LIMIT)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_CHOICES, parse->input->path, step->place, written,
                        "at most 26");
    for (size_t i = 0; i < step->choice_count; i++)
        read_move(parse, &step->choices[i]);
}

void exercise_read_scenario(Parse *parse, Node *directive) {
    Exercise *scenario = add_exercise(parse, directive);
    scenario->kind = EXERCISE_SCENARIO;
    Node *step = take_children(directive, is_step);
    scenario->step_count = count_chain(step);
    scenario->steps = arena_new(parse->arena, Step, scenario->step_count);
    for (size_t i = 0; i < scenario->step_count; i++) {
        Node *next = step->next;
        step->next = NULL;
        read_step(parse, step, &scenario->steps[i]);
        step = next;
    }
    if (scenario->step_count == 0)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_SCENARIO_EMPTY, parse->input->path, directive->place);
}
