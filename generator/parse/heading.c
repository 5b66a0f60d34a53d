/* Headings and their ids, and that no id stands twice in a page. */
#include "parse/parts.h"

#include <stdlib.h>
#include <string.h>

void parse_add_id(Parse *parse, Text id, Place place) {
    if (parse->id_count == parse->id_capacity) {
        parse->id_capacity = parse->id_capacity ? parse->id_capacity * 2 : 32;
        GivenId *ids = arena_new(parse->scratch, GivenId, parse->id_capacity);
        if (parse->id_count)
            memcpy(ids, parse->ids, parse->id_count * sizeof *ids);
        parse->ids = ids;
    }
    parse->ids[parse->id_count] = (GivenId){id, place, (uint32_t)parse->id_count};
    parse->id_count++;
}

static int compare_ids(const void *left_item, const void *right_item) {
    const GivenId *left = left_item, *right = right_item;
    int order = text_compare(left->id, right->id);
    return order ? order : (left->position > right->position) - (left->position < right->position);
}

void parse_check_ids(Parse *parse) {
    if (parse->id_count < 2)
        return;
    qsort(parse->ids, parse->id_count, sizeof *parse->ids, compare_ids);
    const GivenId *first = parse->ids;
    for (size_t i = 1; i < parse->id_count; i++) {
        const GivenId *id = &parse->ids[i];
        if (!text_equal(first->id, id->id)) {
            first = id;
            continue;
        }
        Text where = text_format(parse->scratch, "line %u", first->place.line);
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_ID_DUPLICATE, parse->input->path, id->place, id->id.data,
                        where.data);
    }
}

/* Takes {#id} off the end of the heading. */
static void read_heading_id(Parse *parse, Node *heading) {
    Node *last = heading->last_child;
    if (!last || last->kind != NODE_TEXT || !text_ends(last->text, TEXT("}")))
        return;
    size_t from = last->text.size;
    while (from > 0 && last->text.data[from - 1] != '{')
        from--;
    if (from == 0 || last->text.data[from] != '#')
        return;
    Text id = text_copy(parse->arena, text_slice(last->text, from + 1, last->text.size - 1));
    Place place = {last->place.line, last->place.column + (uint32_t)from};
    if (!text_is_id(id)) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_ID_SYNTAX, parse->input->path, place, id.data);
    } else {
        heading->heading.id = id;
        heading->heading.id_is_given = true;
    }
    while (from > 1 && (last->text.data[from - 2] == ' ' || last->text.data[from - 2] == '\t'))
        from--;
    last->text = text_copy(parse->arena, text_slice(last->text, 0, from - 1));
    if (last->text.size > 0)
        return;
    heading->last_child = NULL;
    Node **link = &heading->first_child;
    for (; *link != last; link = &(*link)->next)
        heading->last_child = *link;
    *link = NULL;
}

/* Its ordinal path among the headings: s2-1 is the first heading of level 3 under the second of level 2, in every
 * language. */
static Text structural_id(Parse *parse, int level) {
    char id[80] = "s";
    size_t size = 1;
    for (int i = 2; i <= level; i++) {
        Text number = text_format(parse->scratch, i == 2 ? "%d" : "-%d", parse->heading_counts[i]);
        memcpy(id + size, number.data, number.size);
        size += number.size;
    }
    return text_copy(parse->arena, (Text){id, size});
}

void heading_finish(Parse *parse, cmark_node *from, Node *heading) {
    int level = cmark_node_get_heading_level(from);
    if (level < 2) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HEADING_TITLE, parse->input->path, heading->place);
        level = 2;
    } else if (level > parse->heading_level + 1) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HEADING_LEVEL, parse->input->path, heading->place,
                        level, parse->heading_level);
    }
    parse->heading_level = level;
    heading->heading.level = level;
    parse->heading_counts[level]++;
    for (int i = level + 1; i <= 6; i++)
        parse->heading_counts[i] = 0;
    parse->document->heading_count++;
    read_heading_id(parse, heading);
    if (!heading->first_child)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HEADING_EMPTY, parse->input->path, heading->place);
    if (!heading->heading.id_is_given)
        heading->heading.id = structural_id(parse, level);
    parse_add_id(parse, heading->heading.id, heading->place);
}
