/*
 * Writes a document tree as XHTML that is also valid HTML served as text/html: well-formed, and only void elements
 * close themselves. One walk with an entry and an exit for each kind of node; its depth is kept in the tree, not on the
 * stack.
 */
#include "render/internal.h"

#include <stdio.h>

static const char *const box_names[] = {
    [DIRECTIVE_NOTE] = "note",
    [DIRECTIVE_TIP] = "tip",
    [DIRECTIVE_WARNING] = "warning",
    [DIRECTIVE_CASE] = "case",
};

void walk_put_word(Walk *walk, const char *key) {
    renderer_put_word(walk->renderer, walk->out, walk->options->language, key);
}

void walk_put_id(Walk *walk, Text id) {
    buffer_put_html(walk->out, walk->options->id_prefix);
    buffer_put_html(walk->out, id);
}

static void put_words_with_numbers(Walk *walk, const char *key, int64_t first, int64_t second) {
    int64_t numbers[] = {first, second};
    renderer_put_word_numbers(walk->renderer, walk->out, walk->options->language, key, numbers, 2);
}

/* Ids of this file's own hold an underscore, which no author's id can. */
static void put_reference_id(Walk *walk, const Node *note, int reference) {
    buffer_put_html(walk->out, walk->options->id_prefix);
    buffer_format(walk->out, "fnref_%d", note->footnote.number);
    if (reference > 1)
        buffer_format(walk->out, "_%d", reference);
}

static void write_reference(Walk *walk, const Node *node) {
    Buffer *out = walk->out;
    if (walk->links_as_text)
        return;
    buffer_put_literal(out, "<sup><a id=\"");
    put_reference_id(walk, node, node->footnote.reference);
    buffer_put_literal(out, "\" href=\"#");
    buffer_put_html(out, walk->options->id_prefix);
    buffer_format(out, "fn_%d\"", node->footnote.number);
    /* Chromium tags a link as one where it has no other role. */
    if (walk->options->mode != RENDER_PRINT)
        buffer_put_literal(out, " role=\"doc-noteref\"");
    buffer_put_literal(out, " aria-label=\"");
    put_words_with_numbers(walk, "footnote.reference", node->footnote.number, 0);
    buffer_put_literal(out, "\">");
    words_put_integer(walk->renderer->words, out, walk->options->language, node->footnote.number);
    buffer_put_literal(out, "</a></sup>");
}

/* On paper the number leads back, to the first reference: an arrow after the note would be one more sign to read. */
static void write_note_number(Walk *walk, const Node *note) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<a class=\"note-number\" href=\"#");
    put_reference_id(walk, note, 1);
    buffer_put_literal(out, "\" aria-label=\"");
    put_words_with_numbers(walk, "footnote.back", note->footnote.number, 1);
    buffer_put_literal(out, "\">");
    words_put_integer(walk->renderer->words, out, walk->options->language, note->footnote.number);
    buffer_put_literal(out, "</a> ");
}

static void write_back_links(Walk *walk, const Node *note) {
    Buffer *out = walk->out;
    if (walk->options->mode == RENDER_PRINT)
        return;
    bool right_to_left = language_info(walk->options->language)->right_to_left;
    for (int reference = 1; reference <= note->footnote.reference; reference++) {
        buffer_put_literal(out, " <a class=\"back\" href=\"#");
        put_reference_id(walk, note, reference);
        buffer_put_literal(out, "\" role=\"doc-backlink\" aria-label=\"");
        put_words_with_numbers(walk, reference > 1 ? "footnote.back-again" : "footnote.back", note->footnote.number,
                               reference);
        /* With the selector that keeps it a letter rather than a picture. */
        buffer_put_text(out, right_to_left ? TEXT("\">\u21AA\uFE0E</a>") : TEXT("\">\u21A9\uFE0E</a>"));
    }
}

static bool is_bare_paragraph(const Node *node) {
    const Node *item = node->parent;
    return item && item->kind == NODE_ITEM && item->parent && item->parent->kind == NODE_LIST &&
           item->parent->list.tight;
}

static int heading_level(const Walk *walk, const Node *node) {
    int level = node->heading.level + walk->options->heading_offset;
    return level < 1 ? 1 : level > 6 ? 6 : level;
}

static void enter_heading(Walk *walk, const Node *node) {
    buffer_format(walk->out, "<h%d id=\"", heading_level(walk, node));
    walk_put_id(walk, node->heading.id);
    buffer_put_literal(walk->out, "\">");
    HeadingList *list = walk->headings;
    if (!list)
        return;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 32;
        const Node **grown = arena_new(&walk->renderer->scratch, const Node *, capacity);
        for (size_t i = 0; i < list->count; i++)
            grown[i] = list->headings[i];
        list->headings = grown;
        list->capacity = capacity;
    }
    list->headings[list->count++] = node;
}

static void enter_list(Walk *walk, const Node *node) {
    if (!node->list.ordered)
        buffer_put_literal(walk->out, "<ul>\n");
    else if (node->list.start == 1)
        buffer_put_literal(walk->out, "<ol>\n");
    else
        buffer_format(walk->out, "<ol start=\"%d\">\n", node->list.start);
}

static void enter_item(Walk *walk, const Node *node) {
    if (!node->item.is_task) {
        buffer_put_literal(walk->out, "<li>");
        return;
    }
    buffer_put_literal(walk->out, "<li class=\"task\"><span role=\"img\" aria-label=\"");
    walk_put_word(walk, node->item.is_checked ? "task.done" : "task.open");
    buffer_put_text(walk->out,
                    node->item.is_checked ? TEXT("\">\u2611\uFE0E</span> ") : TEXT("\">\u2610\uFE0E</span> "));
}

static bool is_first_body_row(const Node *row) {
    const Node *first = row->parent->first_child;
    return !row->row.is_head && (first == row || (first->row.is_head && first->next == row));
}

static void enter_row(Walk *walk, const Node *row) {
    if (row->row.is_head)
        buffer_put_literal(walk->out, "<thead>\n");
    else if (is_first_body_row(row))
        buffer_put_literal(walk->out, "<tbody>\n");
    buffer_put_literal(walk->out, "<tr>");
}

static void exit_row(Walk *walk, const Node *row) {
    buffer_put_literal(walk->out, "</tr>\n");
    if (row->row.is_head)
        buffer_put_literal(walk->out, "</thead>\n");
    else if (!row->next)
        buffer_put_literal(walk->out, "</tbody>\n");
}

static void enter_cell(Walk *walk, const Node *cell) {
    static const char *const classes[] = {
        [ALIGNMENT_NONE] = "",
        [ALIGNMENT_START] = " class=\"align-start\"",
        [ALIGNMENT_CENTER] = " class=\"align-center\"",
        [ALIGNMENT_END] = " class=\"align-end\"",
    };
    buffer_put_text(walk->out, cell->parent->row.is_head ? TEXT("<th scope=\"col\"") : TEXT("<td"));
    buffer_put_text(walk->out, text_from(classes[cell->cell.alignment]));
    buffer_put_char(walk->out, '>');
}

static void put_title(Walk *walk, const Node *node) {
    if (!node->link.title.size)
        return;
    buffer_put_literal(walk->out, " title=\"");
    buffer_put_html(walk->out, node->link.title);
    buffer_put_char(walk->out, '"');
}

static bool link_is_written(const Walk *walk, const Node *node) {
    return !walk->links_as_text && node->link.url.size && url_is_safe(node->link.url);
}

static void enter_link(Walk *walk, const Node *node) {
    if (!link_is_written(walk, node))
        return;
    Text url = node->link.url;
    bool is_fragment = url.data[0] == '#';
    /* Where several documents share a file, resolve has put the prefix of the one that is meant before the anchor. */
    buffer_put_literal(walk->out, "<a href=\"");
    buffer_put_url(walk->out, url);
    buffer_put_char(walk->out, '"');
    put_title(walk, node);
    /* A course stays open: what it links to appears beside it. */
    if (walk->options->mode == RENDER_COURSE && !is_fragment)
        buffer_put_literal(walk->out, " rel=\"external noopener\" target=\"_blank\"");
    else if (url_is_external(url) && !text_starts(url, TEXT("mailto:")) && !text_starts(url, TEXT("tel:")))
        buffer_put_literal(walk->out, " rel=\"external\"");
    buffer_put_char(walk->out, '>');
}

static void write_image(Walk *walk, const Node *node) {
    Buffer *out = walk->out;
    if (!node->link.url.size || !url_is_safe(node->link.url))
        return;
    buffer_put_literal(out, "<img src=\"");
    buffer_put_url(out, node->link.url);
    buffer_put_literal(out, "\" alt=\"");
    buffer_clear(&walk->renderer->plain);
    node_put_plain_text(&walk->renderer->plain, node);
    buffer_put_html(out, buffer_text(&walk->renderer->plain));
    buffer_put_char(out, '"');
    put_title(walk, node);
    if (node->link.width_px > 0 && node->link.height_px > 0)
        buffer_format(out, " width=\"%d\" height=\"%d\"", node->link.width_px, node->link.height_px);
    if (walk->options->mode != RENDER_PRINT)
        buffer_put_literal(out, " loading=\"lazy\"");
    buffer_put_literal(out, " />");
}

static void enter_box(Walk *walk, const Node *node) {
    const char *name = box_names[node->directive.kind];
    Buffer *out = walk->out;
    buffer_format(out, "<div class=\"box box-%s\" role=\"note\"", name);
    if (node->directive.id.size) {
        buffer_put_literal(out, " id=\"");
        walk_put_id(walk, node->directive.id);
        buffer_put_char(out, '"');
    }
    buffer_put_literal(out, ">\n<p class=\"box-head\"><span class=\"box-kind\">");
    char key[32];
    snprintf(key, sizeof key, "box.%s", name);
    walk_put_word(walk, key);
    buffer_put_literal(out, "</span>");
    if (node->directive.label.size) {
        buffer_put_literal(out, " <strong>");
        buffer_put_html(out, node->directive.label);
        buffer_put_literal(out, "</strong>");
    }
    buffer_put_literal(out, "</p>\n");
}

/* False: the children are written already. */
static bool enter_directive(Walk *walk, const Node *node) {
    switch (node->directive.kind) {
    case DIRECTIVE_NOTE:
    case DIRECTIVE_TIP:
    case DIRECTIVE_WARNING:
    case DIRECTIVE_CASE:
        enter_box(walk, node);
        return true;
    case DIRECTIVE_TABLE:
        table_write_data(walk, node);
        return false;
    case DIRECTIVE_VIDEO:
    case DIRECTIVE_AUDIO:
        media_write_start(walk, node);
        return true;
    case DIRECTIVE_QUESTION:
    case DIRECTIVE_SCENARIO:
        if (!node->directive.exercise || walk->exercise)
            return true;
        exercise_write(walk, node->directive.exercise);
        return false;
    case DIRECTIVE_BANK:
        bank_write_start(walk, node->directive.bank);
        return true;
    case DIRECTIVE_HINT:
    case DIRECTIVE_FEEDBACK:
    case DIRECTIVE_STEP:
    case DIRECTIVE_UNKNOWN:
        return true;
    }
    return true;
}

static bool is_division(const Node *node) {
    return node->directive.kind == DIRECTIVE_BANK || node->directive.kind == DIRECTIVE_NOTE ||
           node->directive.kind == DIRECTIVE_TIP || node->directive.kind == DIRECTIVE_WARNING ||
           node->directive.kind == DIRECTIVE_CASE;
}

static void write_code_block(Walk *walk, const Node *node) {
    buffer_put_literal(walk->out, "<pre dir=\"ltr\"><code>");
    buffer_put_html(walk->out, node->text);
    buffer_put_literal(walk->out, "</code></pre>\n");
}

/* Whether the children are to be walked. */
static bool enter(Walk *walk, const Node *node) {
    Buffer *out = walk->out;
    switch (node->kind) {
    case NODE_DOCUMENT:
        break;
    case NODE_PARAGRAPH:
        if (!is_bare_paragraph(node))
            buffer_put_literal(out, "<p>");
        break;
    case NODE_HEADING:
        enter_heading(walk, node);
        break;
    case NODE_QUOTE:
        buffer_put_literal(out, "<blockquote>\n");
        break;
    case NODE_LIST:
        enter_list(walk, node);
        break;
    case NODE_ITEM:
        enter_item(walk, node);
        break;
    case NODE_CODE_BLOCK:
        write_code_block(walk, node);
        return false;
    case NODE_RULE:
        buffer_put_literal(out, "<hr />\n");
        return false;
    case NODE_TABLE:
        table_write_start(walk, (Text){"", 0});
        break;
    case NODE_TABLE_ROW:
        enter_row(walk, node);
        break;
    case NODE_TABLE_CELL:
        enter_cell(walk, node);
        break;
    case NODE_DIRECTIVE:
        return enter_directive(walk, node);
    case NODE_FOOTNOTE:
        buffer_put_literal(out, "<li id=\"");
        buffer_put_html(out, walk->options->id_prefix);
        buffer_format(out, "fn_%d\">", node->footnote.number);
        if (walk->options->mode == RENDER_PRINT)
            write_note_number(walk, node);
        break;
    case NODE_TEXT:
        buffer_put_html(out, node->text);
        return false;
    case NODE_CODE:
        buffer_put_literal(out, "<code>");
        buffer_put_html(out, node->text);
        buffer_put_literal(out, "</code>");
        return false;
    case NODE_SOFT_BREAK:
        buffer_put_char(out, '\n');
        return false;
    case NODE_HARD_BREAK:
        buffer_put_literal(out, "<br />\n");
        return false;
    case NODE_EMPHASIS:
        buffer_put_literal(out, "<em>");
        break;
    case NODE_STRONG:
        buffer_put_literal(out, "<strong>");
        break;
    case NODE_LINK:
        enter_link(walk, node);
        break;
    case NODE_IMAGE:
        write_image(walk, node);
        return false;
    case NODE_FOOTNOTE_REFERENCE:
        write_reference(walk, node);
        return false;
    case NODE_BLANK:
        blank_write(walk, node);
        return false;
    }
    return true;
}

static void leave(Walk *walk, const Node *node) {
    Buffer *out = walk->out;
    switch (node->kind) {
    case NODE_PARAGRAPH:
        if (node->parent && node->parent->kind == NODE_FOOTNOTE && !node->next)
            write_back_links(walk, node->parent);
        if (!is_bare_paragraph(node))
            buffer_put_literal(out, "</p>\n");
        break;
    case NODE_HEADING:
        buffer_format(out, "</h%d>\n", heading_level(walk, node));
        break;
    case NODE_QUOTE:
        buffer_put_literal(out, "</blockquote>\n");
        break;
    case NODE_LIST:
        buffer_put_text(out, node->list.ordered ? TEXT("</ol>\n") : TEXT("</ul>\n"));
        break;
    case NODE_ITEM:
        buffer_put_literal(out, "</li>\n");
        break;
    case NODE_TABLE:
        table_write_end(walk);
        break;
    case NODE_TABLE_ROW:
        exit_row(walk, node);
        break;
    case NODE_TABLE_CELL:
        buffer_put_text(out, node->parent->row.is_head ? TEXT("</th>") : TEXT("</td>"));
        break;
    case NODE_DIRECTIVE:
        if (is_division(node))
            buffer_put_literal(out, "</div>\n");
        else if (node->directive.media)
            media_write_end(walk);
        break;
    case NODE_FOOTNOTE:
        if (!node->last_child || node->last_child->kind != NODE_PARAGRAPH)
            write_back_links(walk, node);
        buffer_put_literal(out, "</li>\n");
        break;
    case NODE_EMPHASIS:
        buffer_put_literal(out, "</em>");
        break;
    case NODE_STRONG:
        buffer_put_literal(out, "</strong>");
        break;
    case NODE_LINK:
        if (link_is_written(walk, node))
            buffer_put_literal(out, "</a>");
        break;
    default:
        break;
    }
}

void walk_nodes(Walk *walk, const Node *first, const Node *end) {
    const Node *top = first ? first->parent : NULL;
    const Node *node = first;
    while (node && node != end) {
        if (enter(walk, node) && node->first_child) {
            node = node->first_child;
            continue;
        }
        leave(walk, node);
        while (!node->next && node->parent != top) {
            node = node->parent;
            leave(walk, node);
        }
        node = node->next;
    }
}

static void write_footnotes(Walk *walk, const Document *document) {
    Buffer *out = walk->out;
    int level = 2 + walk->options->heading_offset;
    level = level > 6 ? 6 : level;
    buffer_put_literal(out, "<section class=\"footnotes\" role=\"doc-endnotes\" aria-labelledby=\"");
    if (walk->options->mode == RENDER_COURSE) {
        /* All screens of a course stand in one file: whose notes these are. */
        walk_put_id(walk, TEXT("_title"));
        buffer_put_literal(out, " ");
    }
    walk_put_id(walk, TEXT("fn_title"));
    buffer_format(out, "\">\n<h%d id=\"", level);
    walk_put_id(walk, TEXT("fn_title"));
    buffer_put_literal(out, "\">");
    walk_put_word(walk, "footnote.title");
    buffer_format(out, "</h%d>\n<ol>\n", level);
    walk_nodes(walk, document->footnotes->first_child, NULL);
    buffer_put_literal(out, "</ol>\n</section>\n");
}

void document_write(Renderer *renderer, Buffer *out, const Document *document, const RenderOptions *options,
                    HeadingList *headings) {
    Walk walk = {.renderer = renderer, .out = out, .options = options, .headings = headings};
    walk_nodes(&walk, document->root->first_child, NULL);
    if (document->footnotes && document->footnotes->first_child)
        write_footnotes(&walk, document);
}

void render_document(Renderer *renderer, Buffer *out, const Document *document, const RenderOptions *options) {
    document_write(renderer, out, document, options, NULL);
}

void render_nodes(Renderer *renderer, Buffer *out, const Node *first, const RenderOptions *options) {
    Walk walk = {.renderer = renderer, .out = out, .options = options};
    walk_nodes(&walk, first, NULL);
}
