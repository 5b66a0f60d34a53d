/*
 * One page: cmark's tree into ours. cmark's memory is gone afterwards; every text is copied once into the page's arena.
 * Recursion is bounded by NESTING_LIMIT, for this room and for all that walk the tree later.
 */
#include "parse/parts.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <string.h>

static void convert_children(Parse *parse, cmark_node *from, Node *to, int depth);

static cmark_syntax_extension *table_extension;

void parse_start(void) {
    cmark_gfm_core_extensions_ensure_registered();
    table_extension = cmark_find_syntax_extension("table");
    directive_block_register();
}

Node *parse_new_node(Parse *parse, NodeKind kind, Place place) {
    Node *node = arena_new(parse->arena, Node, 1);
    node->kind = kind;
    node->place = place;
    parse->document->node_count++;
    return node;
}

static Text keep_string(Parse *parse, const char *string) {
    return string && *string ? parse_keep_text(parse, string, strlen(string)) : TEXT("");
}

Place parse_place_of(const Parse *parse, cmark_node *node, Place otherwise) {
    int line = cmark_node_get_start_line(node);
    if (line < 1)
        return otherwise;
    int column = cmark_node_get_start_column(node);
    return (Place){parse->input->line + (uint32_t)line - 1, column > 0 ? (uint32_t)column : 0};
}

Place parse_last_place(const Node *to) {
    const Node *last = to->last_child;
    if (!last)
        return to->place;
    bool is_break = last->kind == NODE_SOFT_BREAK || last->kind == NODE_HARD_BREAK;
    return is_break ? (Place){last->place.line + 1, 0} : last->place;
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
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_CELLS, parse->input->path, table->place,
                            CELL_LIMIT);
            return;
        }
        Node *row_node = parse_new_node(parse, NODE_TABLE_ROW, parse_place_of(parse, row, table->place));
        row_node->row.is_head = cmark_gfm_extensions_get_table_row_is_header(row);
        node_append(table, row_node);
        int column = 0;
        for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
            Node *cell_node = parse_new_node(parse, NODE_TABLE_CELL, parse_place_of(parse, cell, row_node->place));
            cell_node->cell.alignment = alignment_of(alignments, column++, columns);
            node_append(row_node, cell_node);
            convert_children(parse, cell, cell_node, depth + 2);
        }
    }
}

/*
 * A task item begins with [ ] or [x]. It is read here and not by cmark-gfm's extension, which takes an [x] anywhere in
 * the line for the mark, knows no tasks in quotations, and would be one more extension to trust.
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
    Place place = parse_place_of(parse, from, parse_last_place(to));
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
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_OPEN, parse->input->path, place,
                        node->directive.name.data);
    directive_finish(parse, node);
}

static void convert_node(Parse *parse, cmark_node *from, Node *to, int depth) {
    const DirectiveBlock *block = directive_block_find(from);
    if (block) {
        convert_directive(parse, from, block, to, depth);
        return;
    }
    Node *node = parse_new_node(parse, kind_of(from), parse_place_of(parse, from, parse_last_place(to)));
    node_append(to, node);
    switch (node->kind) {
    case NODE_CODE_BLOCK:
        footnote_add_known(parse, from);
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
        Node *note = footnote_number(parse, cmark_node_parent_footnote_def(from));
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
        heading_finish(parse, from, node);
    else if (node->kind == NODE_LINK || node->kind == NODE_IMAGE)
        finish_link(parse, from, node);
}

static void convert_children(Parse *parse, cmark_node *from, Node *to, int depth) {
    cmark_node *child = cmark_node_first_child(from);
    if (child && depth > NESTING_LIMIT) {
        if (!parse->has_depth)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_NESTING, parse->input->path, to->place,
                            NESTING_LIMIT);
        parse->has_depth = true;
        return;
    }
    while (child) {
        if (words_are_run(child)) {
            child = words_convert(parse, child, to);
            continue;
        }
        int type = (int)cmark_node_get_type(child);
        if (type == CMARK_NODE_HTML_BLOCK) {
            footnote_add_known(parse, child);
            words_check_html(parse, cmark_node_get_literal(child), parse_place_of(parse, child, to->place));
        } else if (type != CMARK_NODE_FOOTNOTE_DEFINITION) {
            convert_node(parse, child, to, depth);
        }
        child = cmark_node_next(child);
    }
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

/* False: a line is too long for cmark to be given it. */
static bool check_lines(Parse *parse) {
    Text body = parse->input->body;
    bool well = true;
    uint32_t line = parse->input->line;
    for (size_t at = 0; at < body.size; line++) {
        size_t end = text_find(body, '\n', at);
        if (end - at > LINE_LIMIT_BYTES) {
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_LINE_SIZE, parse->input->path, (Place){line, 0},
                            end - at, (size_t)LINE_LIMIT_BYTES);
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
                   .exercise_end = &document->exercises,
                   .bank_end = &document->banks};
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
    footnote_check_unused(&parse);
    parse_check_ids(&parse);
    return document;
}
