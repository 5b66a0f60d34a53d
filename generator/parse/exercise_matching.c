/* Matching: a table of two columns, each row a pair. */
#include "parse/parts.h"

enum { LEFT_LEAST = 2, LEFT_LIMIT = 12, TARGET_LIMIT = 16 };

bool matching_is_table(const Node *node) {
    return node->kind == NODE_TABLE;
}

/* A cell's words as those of a choice: a paragraph in an item. */
static Node *make_words(Parse *parse, Node *cell) {
    Node *item = parse_new_node(parse, NODE_ITEM, cell->place);
    Node *paragraph = parse_new_node(parse, NODE_PARAGRAPH, cell->place);
    node_append(item, paragraph);
    for (Node *word = cell->first_child, *next; word; word = next) {
        next = word->next;
        node_append(paragraph, word);
    }
    return item;
}

static Text plain_text(Parse *parse, const Node *words) {
    Buffer plain = {0};
    node_put_plain_text(&plain, words);
    Text copy = text_copy(parse->scratch, text_trim(buffer_text(&plain)));
    buffer_free(&plain);
    return copy;
}

/* The target with these words; a new one where there is none yet. NULL: there are too many. `known`: the words of each. */
static const Choice *find_target(Parse *parse, Exercise *question, Node *words, Text *known, size_t *written) {
    Text plain = plain_text(parse, words);
    for (size_t i = 0; i < question->target_count; i++)
        if (text_equal(known[i], plain))
            return &question->targets[i];
    if (++*written > TARGET_LIMIT)
        return NULL;
    known[question->target_count] = plain;
    Choice *target = &question->targets[question->target_count];
    *target = (Choice){
        .id = {(char)('a' + question->target_count++)}, .place = words->place, .move = TEXT(""), .words = words};
    return target;
}

static void report_count(Parse *parse, const Exercise *question, Place place, size_t count, const char *what,
                         const char *wanted) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_ITEMS, parse->input->path, place, count, what,
                    exercise_kind_name(question->kind), wanted);
}

static void read_rows(Parse *parse, Exercise *question, const Node *table) {
    size_t items = 0, targets = 0;
    Text known[TARGET_LIMIT];
    for (const Node *row = table->first_child; row; row = row->next) {
        Node *left = row->first_child, *right = left->next, *words = make_words(parse, left);
        bool has_left = !exercise_says_nothing(words);
        Node *target_words = make_words(parse, right);
        if (row->row.is_head) {
            question->heads[0] = words;
            question->heads[1] = target_words;
            if (!has_left || exercise_says_nothing(target_words))
                diagnostics_add(parse->diagnostics, DIAGNOSTIC_MATCHING_HEADS, parse->input->path, row->place);
            continue;
        }
        if (exercise_says_nothing(target_words)) {
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MATCHING_TARGET, parse->input->path, row->place);
            continue;
        }
        const Choice *target = find_target(parse, question, target_words, known, &targets);
        if (!has_left || ++items > LEFT_LIMIT || !target)
            continue;
        Choice *item = &question->choices[question->choice_count];
        *item = (Choice){.id = {(char)('a' + question->choice_count++)},
                         .place = row->place,
                         .target = {target->id[0]},
                         .move = TEXT(""),
                         .words = words};
    }
    if (items < LEFT_LEAST || items > LEFT_LIMIT)
        report_count(parse, question, table->place, items, "rows with something to match", "from 2 to 12");
    if (targets < LEFT_LEAST || targets > TARGET_LIMIT)
        report_count(parse, question, table->place, targets, "different things to match with", "from 2 to 16");
}

void matching_read(Parse *parse, Exercise *question) {
    const Node *table = exercise_take_last(question->node, matching_is_table);
    question->choices = arena_new(parse->arena, Choice, LEFT_LIMIT);
    question->targets = arena_new(parse->arena, Choice, TARGET_LIMIT);
    if (!table) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_PART, parse->input->path, question->place, "matching",
                        "a table of two columns");
        return;
    }
    size_t columns = table->first_child ? exercise_count_chain(table->first_child->first_child) : 0;
    if (columns != 2)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MATCHING_COLUMNS, parse->input->path, table->place, columns);
    else
        read_rows(parse, question, table);
}
