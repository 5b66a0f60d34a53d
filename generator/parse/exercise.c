/*
 * What questions and case studies share. Taken out of their directive's children are the answers and the steps; what
 * stays is the stem or the introduction. Checked in these files is what concerns one exercise in one language; where a
 * case study leads is resolve's.
 */
#include "parse/parts.h"

#include <stdlib.h>
#include <string.h>

Node *exercise_take(Node *node, bool (*is_taken)(const Node *child)) {
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

Node *exercise_take_last(Node *node, bool (*is_taken)(const Node *child)) {
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

bool exercise_is_quote(const Node *node) {
    return node->kind == NODE_QUOTE;
}

bool exercise_is_list(const Node *node) {
    return node->kind == NODE_LIST;
}

bool exercise_is_task_list(const Node *node) {
    if (node->kind != NODE_LIST)
        return false;
    for (const Node *item = node->first_child; item; item = item->next)
        if (item->item.is_task)
            return true;
    return false;
}

bool exercise_says_nothing(const Node *node) {
    for (const Node *n = node; n; n = node_following(node, n))
        if (((n->kind == NODE_TEXT || n->kind == NODE_CODE || n->kind == NODE_CODE_BLOCK) && n->text.size > 0) ||
            n->kind == NODE_IMAGE || n->kind == NODE_TABLE || (n->kind == NODE_DIRECTIVE && n != node))
            return false;
    return true;
}

/* The quotations under a choice are its feedback: one, or NULL. */
static Node *take_feedback(Node *item) {
    Node *first = exercise_take(item, exercise_is_quote);
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

bool exercise_check_lost_choices(Parse *parse, const Node *root) {
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

void exercise_report_stray(Parse *parse, const Node *block) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_STRAY, parse->input->path, block->place);
}

size_t exercise_count_chain(const Node *node) {
    size_t count = 0;
    for (; node; node = node->next)
        count++;
    return count;
}

size_t exercise_make_choices(Parse *parse, const Node *lists, Choice **choices, size_t *kept) {
    size_t count = 0;
    for (const Node *list = lists; list; list = list->next)
        count += exercise_count_chain(list->first_child);
    *kept = count < CHOICE_LIMIT ? count : CHOICE_LIMIT;
    *choices = arena_new(parse->arena, Choice, *kept + 1);
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

Exercise *exercise_add(Parse *parse, Node *directive) {
    Exercise *exercise = arena_new(parse->arena, Exercise, 1);
    Text points = directive_attribute(directive, "points");
    exercise->id = directive->directive.id;
    exercise->place = directive->place;
    exercise->points = points.size ? atoi(points.data) : 1;
    exercise->objective = directive_attribute(directive, "objective");
    exercise->unit = TEXT("");
    exercise->node = directive;
    directive->directive.exercise = exercise;
    *parse->exercise_end = exercise;
    parse->exercise_end = &exercise->next;
    return exercise;
}

static void gather(Exercise *exercise, Node *tree) {
    if (tree)
        exercise->trees[exercise->tree_count++] = tree;
}

static void gather_choices(Exercise *exercise, const Choice *choices, size_t count) {
    for (size_t i = 0; i < count; i++) {
        gather(exercise, choices[i].words);
        gather(exercise, choices[i].feedback);
    }
}

void exercise_gather_trees(Parse *parse, Exercise *exercise) {
    size_t most =
        3 + FEEDBACK_KIND_COUNT + exercise->hint_count + 2 * (exercise->choice_count + exercise->target_count);
    for (size_t s = 0; s < exercise->step_count; s++)
        most += 1 + 2 * exercise->steps[s].choice_count;
    exercise->trees = arena_new(parse->arena, Node *, most);
    gather(exercise, exercise->image);
    gather_choices(exercise, exercise->choices, exercise->choice_count);
    gather(exercise, exercise->heads[0]);
    gather(exercise, exercise->heads[1]);
    gather_choices(exercise, exercise->targets, exercise->target_count);
    for (size_t i = 0; i < exercise->hint_count; i++)
        gather(exercise, exercise->hints[i]);
    for (int i = 0; i < FEEDBACK_KIND_COUNT; i++)
        gather(exercise, exercise->feedback[i]);
    for (size_t s = 0; s < exercise->step_count; s++) {
        gather(exercise, exercise->steps[s].node);
        gather_choices(exercise, exercise->steps[s].choices, exercise->steps[s].choice_count);
    }
}
