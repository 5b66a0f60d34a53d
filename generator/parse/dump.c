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

static void put_choices(Buffer *out, const Choice *choices, size_t count, int depth) {
    for (size_t i = 0; i < count; i++) {
        put_indent(out, depth);
        buffer_format(out, "choice %s", choices[i].id);
        put_place(out, choices[i].place);
        buffer_format(out, "%s", choices[i].is_right ? " right" : "");
        put_string(out, "move", choices[i].move);
        buffer_put_char(out, '\n');
        put_tree(out, choices[i].words, depth + 1);
        if (choices[i].feedback)
            put_tree(out, choices[i].feedback, depth + 1);
    }
}

void parse_dump(Buffer *out, const Document *document) {
    put_tree(out, document->root, 0);
    if (document->footnotes)
        put_tree(out, document->footnotes, 0);
    for (const Exercise *exercise = document->exercises; exercise; exercise = exercise->next) {
        buffer_format(out, "exercise %s", exercise_kind_name(exercise->kind));
        put_place(out, exercise->place);
        put_string(out, "id", exercise->id);
        buffer_format(out, " points=%d\n", exercise->points);
        put_choices(out, exercise->choices, exercise->choice_count, 1);
        for (size_t i = 0; i < exercise->step_count; i++) {
            const Step *step = &exercise->steps[i];
            buffer_put_literal(out, "  step");
            put_place(out, step->place);
            put_string(out, "id", step->id);
            buffer_format(out, " points=%d", step->points);
            put_string(out, "end", step->end);
            buffer_put_char(out, '\n');
            put_tree(out, step->node, 2);
            put_choices(out, step->choices, step->choice_count, 2);
        }
    }
}
