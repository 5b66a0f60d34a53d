/* Tables: the frame that all share, and the figures of a :::table. */
#include "render/internal.h"

#include <string.h>

void table_write_start(Walk *walk, Text name) {
    Buffer *out = walk->out;
    walk->table_count++;
    if (walk->options->mode == RENDER_PRINT) {
        buffer_put_literal(out, "<div class=\"table\"><table>\n");
        return;
    }
    if (name.size) {
        buffer_put_literal(out, "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
        buffer_put_html(out, name);
    } else {
        /* A number is no name by which a landmark could be told from others. */
        buffer_put_literal(out, "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
        int64_t number = walk->table_count;
        renderer_put_word_numbers(walk->renderer, out, walk->options->language, "table.label", &number, 1);
    }
    buffer_put_literal(out, "\"><table>\n");
}

void table_write_end(Walk *walk) {
    buffer_put_literal(walk->out, "</table></div>\n");
}

static Text cell_at(const DataTable *table, size_t row, size_t column) {
    return table->cells[row * table->column_count + column];
}

/* Years are numbers that nobody groups or lines up: every cell has four digits and begins with 19 or 20. */
static bool is_year_column(const DataTable *table, size_t column) {
    for (size_t row = 0; row < table->row_count; row++) {
        Text cell = cell_at(table, row, column);
        if (cell.size != 4 || (memcmp(cell.data, "19", 2) != 0 && memcmp(cell.data, "20", 2) != 0))
            return false;
    }
    return table->row_count > 0;
}

static void write_cell(Walk *walk, const DataTable *table, size_t row, size_t column, bool is_amount) {
    Buffer *out = walk->out;
    Text cell = cell_at(table, row, column);
    if (column == 0)
        buffer_put_literal(out, "<th scope=\"row\"");
    else
        buffer_put_literal(out, "<td");
    buffer_put_text(out, is_amount ? TEXT(" class=\"number\">") : TEXT(">"));
    if (table->is_number[column] && cell.size)
        renderer_put_number(walk->renderer, out, walk->options->language, cell, is_amount);
    else
        buffer_put_html(out, cell);
    buffer_put_text(out, column == 0 ? TEXT("</th>") : TEXT("</td>"));
}

static void write_figures(Walk *walk, const DataTable *table, const bool *is_amount) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<thead>\n<tr>");
    for (size_t column = 0; column < table->column_count; column++) {
        buffer_put_text(out,
                        is_amount[column] ? TEXT("<th scope=\"col\" class=\"number\">") : TEXT("<th scope=\"col\">"));
        buffer_put_html(out, table->headings[column]);
        buffer_put_literal(out, "</th>");
    }
    buffer_put_literal(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t row = 0; row < table->row_count; row++) {
        buffer_put_literal(out, "<tr>");
        for (size_t column = 0; column < table->column_count; column++)
            write_cell(walk, table, row, column, is_amount[column]);
        buffer_put_literal(out, "</tr>\n");
    }
    buffer_put_literal(out, "</tbody>\n");
}

void table_write_data(Walk *walk, const Node *directive) {
    const DataTable *table = directive->directive.table;
    if (!table) /* load has said why */
        return;
    Buffer *out = walk->out;
    const Node *caption = directive->first_child;
    while (caption && caption->kind != NODE_PARAGRAPH)
        caption = caption->next;

    Buffer *name = &walk->renderer->plain;
    buffer_clear(name);
    if (caption)
        node_put_plain_text(name, caption);
    else
        buffer_put_text(name, table->caption);
    if (directive->directive.id.size) {
        buffer_put_literal(out, "<div id=\"");
        walk_put_id(walk, directive->directive.id);
        buffer_put_literal(out, "\">\n");
    }
    table_write_start(walk, buffer_text(name));
    if (caption || table->caption.size) {
        buffer_put_literal(out, "<caption>");
        if (caption)
            walk_nodes(walk, caption->first_child, NULL);
        else
            buffer_put_html(out, table->caption);
        buffer_put_literal(out, "</caption>\n");
    }
    bool *is_amount = arena_new(&walk->renderer->scratch, bool, table->column_count + 1);
    for (size_t column = 0; column < table->column_count; column++)
        is_amount[column] = table->is_number[column] && !is_year_column(table, column);
    write_figures(walk, table, is_amount);
    table_write_end(walk);
    if (directive->directive.id.size)
        buffer_put_literal(out, "</div>\n");

    /* The list chose the columns; other text after the caption is a remark under the table. */
    for (const Node *child = caption ? caption->next : directive->first_child; child; child = child->next)
        if (child->kind == NODE_PARAGRAPH)
            walk_nodes(walk, child, child->next);
}
