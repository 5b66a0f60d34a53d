/*
 * One page: cmark's tree into ours. cmark's memory is gone afterwards; every text is copied once into the page's arena.
 * Recursion is bounded by NESTING_LIMIT, for this room and for all that walk the tree later.
 */
#include "parse/parts.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <stdlib.h>
#include <string.h>

static void convert_children(Parse *parse, cmark_node *from, Node *to, int depth);

static cmark_syntax_extension *table_extension;

void parse_start(void) {
    cmark_gfm_core_extensions_ensure_registered();
    table_extension = cmark_find_syntax_extension("table");
    directive_block_register();
}

/* ---- Small things ---- */

Node *parse_new_node(Parse *parse, NodeKind kind, Place place) {
    Node *node = arena_new(parse->arena, Node, 1);
    node->kind = kind;
    node->place = place;
    parse->document->node_count++;
    return node;
}

static bool is_forbidden(const unsigned char *at, const unsigned char *end) {
    if (*at < 0x20)
        return *at != '\t' && *at != '\n';
    return *at == 0xEF && end - at >= 3 && at[1] == 0xBF && at[2] >= 0xBE; /* U+FFFE, U+FFFF */
}

/* Character references such as &#1; put into a text what no XML may hold; it becomes U+FFFD, as cmark does with &#0;. */
Text parse_keep_text(Parse *parse, const char *bytes, size_t size) {
    const unsigned char *from = (const unsigned char *)bytes, *end = from + size;
    size_t forbidden = 0;
    for (const unsigned char *at = from; at < end; at++)
        forbidden += is_forbidden(at, end);
    if (forbidden == 0)
        return text_copy(parse->arena, (Text){bytes, size});
    char *data = arena_allocate(parse->arena, size + 2 * forbidden + 1, 1);
    size_t kept = 0;
    for (const unsigned char *at = from; at < end; at++) {
        if (!is_forbidden(at, end)) {
            data[kept++] = (char)*at;
            continue;
        }
        memcpy(data + kept, "\xEF\xBF\xBD", 3);
        kept += 3;
        at += *at == 0xEF ? 2 : 0;
    }
    return (Text){data, kept};
}

static Text keep_string(Parse *parse, const char *string) {
    return string && *string ? parse_keep_text(parse, string, strlen(string)) : TEXT("");
}

static Place place_of(const Parse *parse, cmark_node *node, Place otherwise) {
    int line = cmark_node_get_start_line(node);
    if (line < 1)
        return otherwise;
    int column = cmark_node_get_start_column(node);
    return (Place){parse->input->line + (uint32_t)line - 1, column > 0 ? (uint32_t)column : 0};
}

/* Where to look for what cmark gives no place: breaks, and texts that it puts in for footnotes that are missing. */
static Place last_place(const Node *to) {
    const Node *last = to->last_child;
    if (!last)
        return to->place;
    bool is_break = last->kind == NODE_SOFT_BREAK || last->kind == NODE_HARD_BREAK;
    return is_break ? (Place){last->place.line + 1, 0} : last->place;
}

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

static void check_ids(Parse *parse) {
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
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_ID_DUPLICATE, parse->input->path, id->place, id->id.data, where.data);
    }
}

/* The words of a line of the file; the lines are counted when this is first asked for. */
static Text source_line(Parse *parse, uint32_t line) {
    Text body = parse->input->body;
    if (!parse->line_starts) {
        size_t count = 1;
        for (size_t at = 0; (at = text_find(body, '\n', at)) < body.size; at++)
            count++;
        parse->line_starts = arena_new(parse->scratch, size_t, count + 1);
        for (size_t at = 0, i = 1; i < count; i++)
            parse->line_starts[i] = at = text_find(body, '\n', at) + 1;
        parse->line_starts[count] = body.size;
        parse->line_count = count;
    }
    size_t index = line - parse->input->line;
    if (line < parse->input->line || index >= parse->line_count)
        return TEXT("");
    return text_slice(body, parse->line_starts[index], parse->line_starts[index + 1]);
}

/* ---- Footnotes ---- */

/* What cannot stand in a footnote's label. */
#define LABEL_END "[] \t\n"

/* Lines that only look like unused footnotes: code, HTML, footnotes that are used. */
static void add_known_lines(Parse *parse, uint32_t first, uint32_t last) {
    if (parse->known_count == parse->known_capacity) {
        parse->known_capacity = parse->known_capacity ? parse->known_capacity * 2 : 16;
        LineRange *known = arena_new(parse->scratch, LineRange, parse->known_capacity);
        if (parse->known_count)
            memcpy(known, parse->known, parse->known_count * sizeof *known);
        parse->known = known;
    }
    parse->known[parse->known_count++] = (LineRange){first, last < first ? first : last};
}

static void add_known_block(Parse *parse, cmark_node *block) {
    uint32_t before = parse->input->line - 1;
    add_known_lines(parse, before + (uint32_t)cmark_node_get_start_line(block),
                    before + (uint32_t)cmark_node_get_end_line(block));
}

static Node *footnote_node(Parse *parse, cmark_node *definition) {
    Node *note = cmark_node_get_user_data(definition);
    if (note)
        return note;
    note = parse_new_node(parse, NODE_FOOTNOTE, place_of(parse, definition, (Place){parse->input->line, 0}));
    add_known_lines(parse, note->place.line, note->place.line);
    /* cmark gives the column where the text begins. */
    note->place.column = 1;
    cmark_node_set_user_data(definition, note);
    if (parse->footnote_count == parse->footnote_capacity) {
        parse->footnote_capacity = parse->footnote_capacity ? parse->footnote_capacity * 2 : 16;
        cmark_node **notes = arena_new(parse->scratch, cmark_node *, parse->footnote_capacity);
        if (parse->footnote_count)
            memcpy(notes, parse->footnotes, parse->footnote_count * sizeof *notes);
        parse->footnotes = notes;
    }
    parse->footnotes[parse->footnote_count++] = definition;
    note->footnote.number = (int)parse->footnote_count;
    return note;
}

/* Footnotes can refer to further ones, so that the list grows while it is read. */
static void convert_footnotes(Parse *parse) {
    for (size_t i = 0; i < parse->footnote_count; i++) {
        if (i == 0)
            parse->document->footnotes = parse_new_node(parse, NODE_DOCUMENT, (Place){parse->input->line, 1});
        Node *note = cmark_node_get_user_data(parse->footnotes[i]);
        node_append(parse->document->footnotes, note);
        convert_children(parse, parse->footnotes[i], note, 2);
    }
}

/* The label of a line that defines a footnote; empty where it does not. */
static Text read_label(Text line) {
    if (!text_starts(line, TEXT("[^")))
        return TEXT("");
    size_t end = 2;
    while (end < line.size && !memchr(LABEL_END, line.data[end], sizeof LABEL_END - 1))
        end++;
    return text_starts(text_slice(line, end, line.size), TEXT("]:")) ? text_slice(line, 2, end) : TEXT("");
}

static int compare_lines(const void *left_item, const void *right_item) {
    const LineRange *left = left_item, *right = right_item;
    return (left->first > right->first) - (left->first < right->first);
}

/*
 * cmark drops the definitions that nothing refers to without a word. They are found again in the source: a line that begins with
 * [^label]: and is neither code nor the place of a footnote that is used.
 */
static void check_unused_footnotes(Parse *parse) {
    Text body = parse->input->body;
    uint32_t line = parse->input->line;
    size_t known = 0;
    if (parse->known_count)
        qsort(parse->known, parse->known_count, sizeof *parse->known, compare_lines);
    for (size_t at = 0; at < body.size; line++) {
        size_t end = text_find(body, '\n', at), from = at;
        while (from < end && from - at < 3 && body.data[from] == ' ')
            from++;
        Text label = read_label(text_slice(body, from, end));
        if (label.size > 0) {
            while (known < parse->known_count && parse->known[known].last < line)
                known++;
            if (known == parse->known_count || parse->known[known].first > line) {
                label = text_copy(parse->scratch, label);
                diagnostics_add(parse->diagnostics, DIAGNOSTIC_FOOTNOTE_UNUSED, parse->input->path,
                                (Place){line, (uint32_t)(from - at) + 1}, label.data, label.data);
            }
        }
        at = end + 1;
    }
}

/*
 * cmark leaves a reference without its footnote as the text [^label]; an escaped \[^label] gives the same text. The source tells
 * them apart. Texts come in order, so that the search goes on where the last one on the same line ended.
 */
static void check_missing_footnotes(Parse *parse, const char *text, Place place) {
    for (const char *at = text; (at = strstr(at, "[^")) != NULL; at += 2) {
        size_t label_size = strcspn(at + 2, LABEL_END);
        if (label_size == 0 || at[2 + label_size] != ']')
            continue;
        Text reference = {at, label_size + 3};
        Text line = source_line(parse, place.line);
        if (parse->searched_line != place.line) {
            parse->searched_line = place.line;
            parse->searched_to = 0;
        }
        size_t from = parse->searched_to;
        while ((from = text_find(line, '[', from)) < line.size &&
               !text_starts(text_slice(line, from, line.size), reference))
            from++;
        parse->searched_to = from < line.size ? from + reference.size : line.size;
        if (from < line.size && from > 0 && line.data[from - 1] == '\\')
            continue;
        Text label = text_copy(parse->scratch, (Text){at + 2, label_size});
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_FOOTNOTE_MISSING, parse->input->path,
                        from < line.size ? (Place){place.line, (uint32_t)from + 1} : place, label.data);
    }
}

/* ---- Raw HTML: none but comments, which are dropped ---- */

static void check_html(Parse *parse, const char *html, Place place) {
    Text rest = text_trim(text_from(html));
    while (text_starts(rest, TEXT("<!--"))) {
        const char *end = strstr(rest.data + 2, "-->");
        if (!end)
            break; /* it swallows the rest of the page */
        rest = text_trim(text_slice(rest, (size_t)(end - rest.data) + 3, rest.size));
    }
    /* One complaint for <b>…</b>. */
    if (rest.size == 0 || (text_starts(rest, TEXT("</")) && parse->has_html))
        return;
    parse->has_html = true;
    size_t size = text_find(rest, '\n', 0), shown = size < 60 ? size : 60;
    while (shown < size && ((unsigned char)rest.data[shown] & 0xC0) == 0x80)
        shown--;
    Text snippet = text_copy(parse->scratch, text_slice(rest, 0, shown));
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HTML, parse->input->path, place, snippet.data);
}

/* ---- Text ---- */

/* Scripts that write no spaces between words, and their punctuation. */
static bool is_spaceless(uint32_t c) {
    return (c >= 0x2E80 && c <= 0x312F) || (c >= 0x31A0 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF01 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* Quotation marks, dash and ellipsis that Chinese shares with other scripts: what stands on the other side decides. */
static bool is_shared_punctuation(uint32_t c) {
    return c == 0x2014 || (c >= 0x2018 && c <= 0x201D) || c == 0x2026;
}

static uint32_t code_point(const unsigned char *at) {
    if (at[0] < 0x80)
        return at[0];
    if (at[0] < 0xE0)
        return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    if (at[0] < 0xF0)
        return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
}

/* The last character before a break, or the first after it; 0 where it is not simply found. */
static uint32_t edge_character(cmark_node *node, bool last) {
    for (int depth = 0; node && depth < 8; depth++) {
        while (node && cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_REFERENCE)
            node = last ? cmark_node_previous(node) : cmark_node_next(node);
        switch (node ? (int)cmark_node_get_type(node) : 0) {
        case CMARK_NODE_TEXT: {
            const char *text = cmark_node_get_literal(node);
            if (!text || !*text)
                return 0;
            size_t at = last ? strlen(text) - 1 : 0;
            while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
                at--;
            return code_point((const unsigned char *)text + at);
        }
        case CMARK_NODE_EMPH:
        case CMARK_NODE_STRONG:
        case CMARK_NODE_LINK:
            node = last ? cmark_node_last_child(node) : cmark_node_first_child(node);
            break;
        default:
            return 0;
        }
    }
    return 0;
}

static bool joins_without_space(cmark_node *soft_break) {
    uint32_t before = edge_character(cmark_node_previous(soft_break), true);
    uint32_t after = edge_character(cmark_node_next(soft_break), false);
    return (is_spaceless(before) && (is_spaceless(after) || is_shared_punctuation(after))) ||
           (is_shared_punctuation(before) && is_spaceless(after));
}

static bool is_text_run(cmark_node *node) {
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
        return true;
    case CMARK_NODE_SOFTBREAK:
        return joins_without_space(node);
    default:
        return false;
    }
}

/* Neighbouring texts, with what is dropped between them, as one node. Returns the first that is not of the run. */
static cmark_node *convert_text(Parse *parse, cmark_node *first, Node *to) {
    size_t size = 0, pieces = 0;
    const char *only = NULL;
    Place place = last_place(to);
    cmark_node *end = first;
    for (; end && is_text_run(end); end = cmark_node_next(end)) {
        if (cmark_node_get_type(end) == CMARK_NODE_HTML_INLINE)
            check_html(parse, cmark_node_get_literal(end), place_of(parse, end, place));
        if (cmark_node_get_type(end) != CMARK_NODE_TEXT)
            continue;
        const char *piece = cmark_node_get_literal(end);
        Place piece_place = place_of(parse, end, place);
        check_missing_footnotes(parse, piece, piece_place);
        if (pieces++ == 0) {
            only = piece;
            place = piece_place;
        }
        size += strlen(piece);
    }
    if (size == 0)
        return end;
    Node *node = parse_new_node(parse, NODE_TEXT, place);
    node_append(to, node);
    if (pieces == 1) {
        node->text = parse_keep_text(parse, only, size);
        return end;
    }
    char *joined = arena_allocate(parse->scratch, size, 1), *at = joined;
    for (cmark_node *piece = first; piece != end; piece = cmark_node_next(piece)) {
        if (cmark_node_get_type(piece) != CMARK_NODE_TEXT)
            continue;
        const char *text = cmark_node_get_literal(piece);
        size_t piece_size = strlen(text);
        memcpy(at, text, piece_size);
        at += piece_size;
    }
    node->text = parse_keep_text(parse, joined, size);
    return end;
}

/* ---- Headings ---- */

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

/* Its ordinal path among the headings: s2-1 is the first heading of level 3 under the second of level 2, in every language. */
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

static void finish_heading(Parse *parse, cmark_node *from, Node *heading) {
    int level = cmark_node_get_heading_level(from);
    if (level < 2) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HEADING_TITLE, parse->input->path, heading->place);
        level = 2;
    } else if (level > parse->heading_level + 1) {
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HEADING_LEVEL, parse->input->path, heading->place, level,
                        parse->heading_level);
    }
    parse->heading_level = level;
    heading->heading.level = level;
    parse->heading_counts[level]++;
    for (int i = level + 1; i <= 6; i++)
        parse->heading_counts[i] = 0;
    parse->document->heading_count++;
    read_heading_id(parse, heading);
    if (!heading->heading.id_is_given)
        heading->heading.id = structural_id(parse, level);
    parse_add_id(parse, heading->heading.id, heading->place);
}

/* ---- Tables and lists ---- */

static Alignment alignment_of(const uint8_t *alignments, int column, int columns) {
    switch (alignments && column < columns ? alignments[column] : 0) {
    case 'l':
        return ALIGNMENT_START;
    case 'c':
        return ALIGNMENT_CENTER;
    case 'r':
        return ALIGNMENT_END;
    default:
        return ALIGNMENT_NONE;
    }
}

static void convert_table(Parse *parse, cmark_node *from, Node *table, int depth) {
    const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(from);
    int columns = cmark_gfm_extensions_get_table_columns(from);
    int cells = 0;
    for (cmark_node *row = cmark_node_first_child(from); row; row = cmark_node_next(row)) {
        cells += columns;
        if (cells > CELL_LIMIT) {
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_CELLS, parse->input->path, table->place, CELL_LIMIT);
            return;
        }
        Node *row_node = parse_new_node(parse, NODE_TABLE_ROW, place_of(parse, row, table->place));
        row_node->row.is_head = cmark_gfm_extensions_get_table_row_is_header(row);
        node_append(table, row_node);
        int column = 0;
        for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
            Node *cell_node = parse_new_node(parse, NODE_TABLE_CELL, place_of(parse, cell, row_node->place));
            cell_node->cell.alignment = alignment_of(alignments, column++, columns);
            node_append(row_node, cell_node);
            convert_children(parse, cell, cell_node, depth + 2);
        }
    }
}

/*
 * A task item begins with [ ] or [x]. It is read here and not by cmark-gfm's extension, which takes an [x] anywhere in the line for
 * the mark, knows no tasks in quotations, and would be one more extension to trust.
 */
static void read_task_mark(Node *item) {
    Node *paragraph = item->first_child;
    Node *text = paragraph && paragraph->kind == NODE_PARAGRAPH ? paragraph->first_child : NULL;
    if (!text || text->kind != NODE_TEXT || text->text.size < 3)
        return;
    const char *mark = text->text.data;
    bool is_checked = mark[1] == 'x' || mark[1] == 'X';
    if (mark[0] != '[' || !(is_checked || mark[1] == ' ') || mark[2] != ']')
        return;
    if (text->text.size > 3 && mark[3] != ' ' && mark[3] != '\t')
        return;
    item->item.is_task = true;
    item->item.is_checked = is_checked;
    size_t from = 3;
    while (from < text->text.size && (mark[from] == ' ' || mark[from] == '\t'))
        from++;
    text->text = text_slice(text->text, from, text->text.size);
    text->place.column += (uint32_t)from;
    if (text->text.size > 0)
        return;
    Node *rest = text->next && text->next->kind == NODE_SOFT_BREAK ? text->next->next : text->next;
    paragraph->first_child = rest;
    if (!rest)
        paragraph->last_child = NULL;
}

/* ---- The walk ---- */

static NodeKind kind_of(cmark_node *node) {
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return NODE_QUOTE;
    case CMARK_NODE_LIST:
        return NODE_LIST;
    case CMARK_NODE_ITEM:
        return NODE_ITEM;
    case CMARK_NODE_CODE_BLOCK:
        return NODE_CODE_BLOCK;
    case CMARK_NODE_HEADING:
        return NODE_HEADING;
    case CMARK_NODE_THEMATIC_BREAK:
        return NODE_RULE;
    case CMARK_NODE_SOFTBREAK:
        return NODE_SOFT_BREAK;
    case CMARK_NODE_LINEBREAK:
        return NODE_HARD_BREAK;
    case CMARK_NODE_CODE:
        return NODE_CODE;
    case CMARK_NODE_EMPH:
        return NODE_EMPHASIS;
    case CMARK_NODE_STRONG:
        return NODE_STRONG;
    case CMARK_NODE_LINK:
        return NODE_LINK;
    case CMARK_NODE_IMAGE:
        return NODE_IMAGE;
    case CMARK_NODE_FOOTNOTE_REFERENCE:
        return NODE_FOOTNOTE_REFERENCE;
    default:
        /* The table's own types are not in cmark's public headers; rows and cells are met in convert_table alone. */
        return cmark_node_get_syntax_extension(node) == table_extension ? NODE_TABLE : NODE_PARAGRAPH;
    }
}

static void finish_link(Parse *parse, cmark_node *from, Node *link) {
    link->link.address = keep_string(parse, cmark_node_get_url(from));
    link->link.title = keep_string(parse, cmark_node_get_title(from));
    /* cmark gives the line of the closing bracket; the words begin where the link does. */
    const Node *words = link->first_child;
    uint32_t mark_bytes = link->kind == NODE_IMAGE ? 2 : 1;
    if (words && words->place.column > mark_bytes)
        link->place = (Place){words->place.line, words->place.column - mark_bytes};
    if (link->kind == NODE_IMAGE && !words)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_IMAGE_ALT, parse->input->path, link->place);
}

static void convert_directive(Parse *parse, cmark_node *from, const DirectiveBlock *block, Node *to, int depth) {
    Place place = place_of(parse, from, last_place(to));
    switch (block->kind) {
    case BLOCK_FENCE:
        return;
    case BLOCK_STRAY_FENCE:
        /* Beyond the limit openers are not counted, and their fences prove nothing. */
        if (!parse->has_depth)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_CLOSE, parse->input->path, place);
        return;
    case BLOCK_TOO_DEEP:
        if (!parse->has_depth)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_NESTING, parse->input->path, place, NESTING_LIMIT);
        parse->has_depth = true;
        return;
    case BLOCK_CONTAINER:
    case BLOCK_LEAF:
        break;
    }
    Node *node = directive_read(parse, block, place, to);
    node_append(to, node);
    convert_children(parse, from, node, depth + 1);
    if (!block->is_closed && !parse->has_depth)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_OPEN, parse->input->path, place, node->directive.name.data);
    directive_finish(parse, node);
}

static void convert_node(Parse *parse, cmark_node *from, Node *to, int depth) {
    const DirectiveBlock *block = directive_block_find(from);
    if (block) {
        convert_directive(parse, from, block, to, depth);
        return;
    }
    Node *node = parse_new_node(parse, kind_of(from), place_of(parse, from, last_place(to)));
    node_append(to, node);
    switch (node->kind) {
    case NODE_CODE_BLOCK:
        add_known_block(parse, from);
        node->text = keep_string(parse, cmark_node_get_literal(from));
        return;
    case NODE_CODE:
        node->text = keep_string(parse, cmark_node_get_literal(from));
        return;
    case NODE_RULE:
    case NODE_SOFT_BREAK:
    case NODE_HARD_BREAK:
        return;
    case NODE_FOOTNOTE_REFERENCE: {
        Node *note = footnote_node(parse, cmark_node_parent_footnote_def(from));
        node->footnote.number = note->footnote.number;
        node->footnote.reference = ++note->footnote.reference;
        return;
    }
    case NODE_TABLE:
        convert_table(parse, from, node, depth);
        return;
    case NODE_LIST:
        node->list.ordered = cmark_node_get_list_type(from) == CMARK_ORDERED_LIST;
        node->list.tight = cmark_node_get_list_tight(from);
        node->list.start = cmark_node_get_list_start(from);
        break;
    default:
        break;
    }
    convert_children(parse, from, node, depth + 1);
    if (node->kind == NODE_ITEM)
        read_task_mark(node);
    else if (node->kind == NODE_HEADING)
        finish_heading(parse, from, node);
    else if (node->kind == NODE_LINK || node->kind == NODE_IMAGE)
        finish_link(parse, from, node);
}

static void convert_children(Parse *parse, cmark_node *from, Node *to, int depth) {
    cmark_node *child = cmark_node_first_child(from);
    if (child && depth > NESTING_LIMIT) {
        if (!parse->has_depth)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_NESTING, parse->input->path, to->place, NESTING_LIMIT);
        parse->has_depth = true;
        return;
    }
    while (child) {
        if (is_text_run(child)) {
            child = convert_text(parse, child, to);
            continue;
        }
        int type = (int)cmark_node_get_type(child);
        if (type == CMARK_NODE_HTML_BLOCK) {
            add_known_block(parse, child);
            check_html(parse, cmark_node_get_literal(child), place_of(parse, child, to->place));
        } else if (type != CMARK_NODE_FOOTNOTE_DEFINITION) {
            convert_node(parse, child, to, depth);
        }
        child = cmark_node_next(child);
    }
}

/* False: a line is too long for cmark to be given it. */
static bool check_lines(Parse *parse) {
    Text body = parse->input->body;
    bool well = true;
    uint32_t line = parse->input->line;
    for (size_t at = 0; at < body.size; line++) {
        size_t end = text_find(body, '\n', at);
        if (end - at > LINE_LIMIT_BYTES) {
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_LINE_SIZE, parse->input->path, (Place){line, 0}, end - at,
                            (size_t)LINE_LIMIT_BYTES);
            well = false;
        }
        at = end + 1;
    }
    return well;
}

/* NULL: cmark would take more memory than a page may. */
static cmark_node *run_cmark(Arena *scratch, Text body) {
    jmp_buf escape;
    if (setjmp(escape))
        return NULL;
    cmark_parser *parser =
        cmark_parser_new_with_mem(CMARK_OPT_FOOTNOTES | CMARK_OPT_SOURCEPOS, cmark_memory_start(scratch, &escape));
    directive_block_attach(parser); /* before the table, to which a row without bars would be a row */
    cmark_parser_attach_syntax_extension(parser, table_extension);
    cmark_parser_feed(parser, body.data, body.size);
    return cmark_parser_finish(parser);
}

Document *parse_document(Arena *arena, Arena *scratch, const ParseInput *input, Diagnostics *diagnostics) {
    Document *document = arena_new(arena, Document, 1);
    Parse parse = {.arena = arena,
                   .scratch = scratch,
                   .input = input,
                   .diagnostics = diagnostics,
                   .document = document,
                   .heading_level = 1,
                   .exercise_end = &document->exercises};
    document->path = text_copy(arena, input->path);
    document->root = parse_new_node(&parse, NODE_DOCUMENT, (Place){input->line, 1});
    if (!check_lines(&parse))
        return document;
    cmark_node *root = run_cmark(scratch, input->body);
    if (!root) {
        diagnostics_add(diagnostics, DIAGNOSTIC_MARKDOWN_MEMORY, input->path, (Place){0, 0}, MEMORY_LIMIT_MB);
        return document;
    }
    convert_children(&parse, root, document->root, 1);
    convert_footnotes(&parse);
    check_unused_footnotes(&parse);
    check_ids(&parse);
    return document;
}
