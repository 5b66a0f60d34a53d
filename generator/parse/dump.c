/* The tree in a form that people and tests can read. */
#include "parse/parts.h"

static const char *const kind_names[] = {
    [NODE_DOCUMENT] = "document",
    [NODE_PARAGRAPH] = "paragraph",
    [NODE_HEADING] = "heading",
    [NODE_QUOTE] = "quote",
    [NODE_LIST] = "list",
    [NODE_ITEM] = "item",
    [NODE_CODE_BLOCK] = "code-block",
    [NODE_RULE] = "rule",
    [NODE_TABLE] = "table",
    [NODE_TABLE_ROW] = "row",
    [NODE_TABLE_CELL] = "cell",
    [NODE_DIRECTIVE] = "directive",
    [NODE_FOOTNOTE] = "footnote",
    [NODE_TEXT] = "text",
    [NODE_CODE] = "code",
    [NODE_SOFT_BREAK] = "soft-break",
    [NODE_HARD_BREAK] = "hard-break",
    [NODE_EMPHASIS] = "emphasis",
    [NODE_STRONG] = "strong",
    [NODE_LINK] = "link",
    [NODE_IMAGE] = "image",
    [NODE_FOOTNOTE_REFERENCE] = "footnote-reference",
    [NODE_BLANK] = "blank",
};

static void put_indent(Buffer *out, int depth) {
    for (int i = 0; i < depth; i++)
        buffer_put_literal(out, "  ");
}

static void put_place(Buffer *out, Place place) {
    buffer_format(out, " %u:%u", place.line, place.column);
}

static void put_string(Buffer *out, const char *key, Text text) {
    if (text.size == 0)
        return;
    buffer_format(out, " %s=", key);
    buffer_put_json(out, text);
}

static void put_details(Buffer *out, const Node *node) {
    static const char *const alignments[] = {"", " start", " center", " end"};
    switch (node->kind) {
    case NODE_TEXT:
    case NODE_CODE:
    case NODE_CODE_BLOCK:
        buffer_put_char(out, ' ');
        buffer_put_json(out, node->text);
        break;
    case NODE_HEADING:
        buffer_format(out, " level=%d id=%s%s", node->heading.level, node->heading.id.data,
                      node->heading.id_is_given ? " given" : "");
        break;
    case NODE_LIST:
        buffer_format(out, node->list.ordered ? " ordered start=%d" : " bullets", node->list.start);
        buffer_format(out, "%s", node->list.tight ? " tight" : " loose");
        break;
    case NODE_ITEM:
        buffer_format(out, "%s", !node->item.is_task ? "" : node->item.is_checked ? " [x]" : " [ ]");
        break;
    case NODE_TABLE_ROW:
        buffer_format(out, "%s", node->row.is_head ? " head" : "");
        break;
    case NODE_TABLE_CELL:
        buffer_format(out, "%s", alignments[node->cell.alignment]);
        break;
    case NODE_LINK:
    case NODE_IMAGE:
        put_string(out, "address", node->link.address);
        put_string(out, "title", node->link.title);
        break;
    case NODE_FOOTNOTE:
    case NODE_FOOTNOTE_REFERENCE:
        buffer_format(out, " %d/%d", node->footnote.number, node->footnote.reference);
        break;
    case NODE_BLANK:
        buffer_format(out, " %d key=%s characters=%d", node->blank.number, node->blank.key.data,
                      node->blank.characters);
        break;
    case NODE_DIRECTIVE:
        buffer_put_char(out, ' ');
        buffer_put_text(out, node->directive.name);
        if (node->directive.kind == DIRECTIVE_UNKNOWN)
            buffer_put_literal(out, " unknown");
        put_string(out, "id", node->directive.id);
        put_string(out, "label", node->directive.label);
        for (size_t i = 0; i < node->directive.attribute_count; i++)
            put_string(out, node->directive.attributes[i].key.data, node->directive.attributes[i].value);
        break;
    default:
        break;
    }
}

static void put_tree(Buffer *out, const Node *node, int depth) {
    put_indent(out, depth);
    buffer_format(out, "%s", kind_names[node->kind]);
    put_place(out, node->place);
    put_details(out, node);
    buffer_put_char(out, '\n');
    for (const Node *child = node->first_child; child; child = child->next)
        put_tree(out, child, depth + 1);
}

static void put_effects(Buffer *out, const Choice *choice) {
    for (size_t i = 0; i < choice->change_count; i++)
        buffer_format(out, " set %s%c%d", choice->changes[i].name.data, choice->changes[i].operation,
                      choice->changes[i].value);
    for (size_t i = 0; i < choice->test_count; i++)
        buffer_format(out, " if %s%s%d", choice->tests[i].name.data, choice->tests[i].comparison,
                      choice->tests[i].value);
    if (choice->points)
        buffer_format(out, " points=%d", choice->points);
}

static void put_choices(Buffer *out, const char *name, const Choice *choices, size_t count, int depth) {
    for (size_t i = 0; i < count; i++) {
        const Choice *choice = &choices[i];
        put_indent(out, depth);
        buffer_format(out, "%s %s", name, choice->id);
        put_place(out, choice->place);
        buffer_format(out, "%s", choice->is_right ? " right" : "");
        if (choice->target[0])
            buffer_format(out, " target=%s", choice->target);
        if (choice->area.width)
            buffer_format(out, " area=%d,%d,%d,%d", choice->area.x, choice->area.y, choice->area.width,
                          choice->area.height);
        put_string(out, "move", choice->move);
        put_effects(out, choice);
        buffer_put_char(out, '\n');
        put_tree(out, choice->words, depth + 1);
        if (choice->feedback)
            put_tree(out, choice->feedback, depth + 1);
    }
}

static void put_question(Buffer *out, const Exercise *question) {
    if (question->attempts)
        buffer_format(out, " attempts=%d", question->attempts);
    if (question->shuffle)
        buffer_put_literal(out, " shuffle");
    put_string(out, "objective", question->objective);
    if (question->bank)
        put_string(out, "bank", question->bank->id);
    if (question->kind == EXERCISE_NUMERIC)
        buffer_format(out, " answer=%lld tolerance=%lld", (long long)question->answer_micro,
                      (long long)question->tolerance_micro);
    put_string(out, "unit", question->unit);
    if (question->case_counts)
        buffer_put_literal(out, " case");
    if (question->size_bytes)
        buffer_format(out, " size=%d", question->size_bytes);
}

static void put_parts(Buffer *out, const Exercise *exercise) {
    if (exercise->image)
        put_tree(out, exercise->image, 1);
    put_choices(out, "choice", exercise->choices, exercise->choice_count, 1);
    for (int i = 0; i < 2; i++)
        if (exercise->heads[i])
            put_tree(out, exercise->heads[i], 1);
    put_choices(out, "target", exercise->targets, exercise->target_count, 1);
    for (size_t i = 0; i < exercise->blank_count; i++) {
        buffer_put_literal(out, "  blank");
        put_place(out, exercise->blanks[i].place);
        put_string(out, "key", exercise->blanks[i].key);
        for (size_t a = 0; a < exercise->blanks[i].accepted_count; a++)
            put_string(out, "accepts", exercise->blanks[i].accepted[a]);
        buffer_put_char(out, '\n');
    }
    for (size_t i = 0; i < exercise->hint_count; i++)
        put_tree(out, exercise->hints[i], 1);
    for (int i = 0; i < FEEDBACK_KIND_COUNT; i++)
        if (exercise->feedback[i])
            put_tree(out, exercise->feedback[i], 1);
}

static void put_step(Buffer *out, const Step *step) {
    buffer_put_literal(out, "  step");
    put_place(out, step->place);
    put_string(out, "id", step->id);
    buffer_format(out, " points=%d", step->points);
    put_string(out, "end", step->end);
    buffer_put_char(out, '\n');
    put_tree(out, step->node, 2);
    put_choices(out, "choice", step->choices, step->choice_count, 2);
}

void parse_dump(Buffer *out, const Document *document) {
    put_tree(out, document->root, 0);
    if (document->footnotes)
        put_tree(out, document->footnotes, 0);
    for (const Exercise *exercise = document->exercises; exercise; exercise = exercise->next) {
        buffer_format(out, "exercise %s", exercise_kind_name(exercise->kind));
        put_place(out, exercise->place);
        put_string(out, "id", exercise->id);
        buffer_format(out, " points=%d", exercise->points);
        put_question(out, exercise);
        buffer_put_char(out, '\n');
        put_parts(out, exercise);
        for (size_t i = 0; i < exercise->step_count; i++)
            put_step(out, &exercise->steps[i]);
    }
    for (const Bank *bank = document->banks; bank; bank = bank->next) {
        buffer_put_literal(out, "bank");
        put_place(out, bank->place);
        put_string(out, "id", bank->id);
        buffer_format(out, " draw=%d of %zu\n", bank->draw, bank->question_count);
    }
}
