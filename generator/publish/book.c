/* A guide or report as one page of XHTML. */
#include "publish/print.h"
#include "resolve/resolve.h"

#include <stdio.h>
#include <string.h>

static size_t count_headings(const Document *document) {
    size_t count = 0;
    for (const Node *node = document->root; node; node = node_following(document->root, node))
        count += node->kind == NODE_HEADING && node->heading.level == 2;
    return count;
}

static void add_entries(Book *book, const Unit *unit, const Document *document, int chapter, Worker *worker) {
    Arena *arena = worker->scratch;
    BookEntry *more = arena_new(arena, BookEntry, book->entry_count + 1 + count_headings(document));
    if (book->entry_count)
        memcpy(more, book->entries, book->entry_count * sizeof *more);
    book->entries = more;
    Buffer words = {0};
    book_put_anchor(&words, book->unit, unit, TEXT(""));
    more[book->entry_count++] = (BookEntry){
        .anchor = text_copy(arena, buffer_text(&words)), .title = unit->pages[book->language]->title, .level = 1, .chapter = chapter};
    for (const Node *node = document->root; node; node = node_following(document->root, node)) {
        if (node->kind != NODE_HEADING || node->heading.level != 2)
            continue;
        buffer_clear(&words);
        book_put_anchor(&words, book->unit, unit, node->heading.id);
        Text anchor = text_copy(arena, buffer_text(&words));
        buffer_clear(&words);
        node_put_plain_text(&words, node);
        more[book->entry_count++] =
            (BookEntry){.anchor = anchor, .title = text_copy(arena, buffer_text(&words)), .level = 2, .chapter = chapter};
    }
    buffer_free(&words);
}

static bool add_chapter(Book *book, const Unit *unit, int number, Worker *worker) {
    Arena *arena = worker->scratch;
    Page *page = unit->pages[book->language];
    ResolveOptions options = {.book = book->unit, .media_prefix = TEXT("../")};
    if (!page)
        return true; /* not in this language; what that means is decided elsewhere */
    Document *document = worker_read_page(worker, page, &options, arena, false);
    if (!document)
        return false;
    Buffer words = {0};
    book_put_anchor(&words, book->unit, unit, TEXT(""));
    BookChapter *chapter = &book->chapters[book->chapter_count++];
    *chapter = (BookChapter){.unit = unit, .anchor = text_copy(arena, buffer_text(&words)), .title = page->title};
    buffer_put_char(&words, '_');
    RenderOptions rendering = {
        .mode = RENDER_PRINT, .language = book->language, .id_prefix = text_copy(arena, buffer_text(&words)), .heading_offset = 0};
    buffer_clear(&words);
    render_document(worker->renderer, &words, document, &rendering);
    chapter->body = text_copy(arena, buffer_text(&words));
    buffer_free(&words);
    add_entries(book, unit, document, number, worker);
    return true;
}

bool book_make(Book *book, const Unit *unit, Language language, Worker *worker) {
    *book = (Book){.unit = unit, .language = language};
    book->chapters = arena_new(worker->scratch, BookChapter, unit->child_count + 1);
    bool well = add_chapter(book, unit, 0, worker);
    int number = 1;
    for (const Unit *child = unit->first_child; well && child; child = child->next)
        well = add_chapter(book, child, number++, worker);
    return well;
}

/* Running heads: a named page for each chapter with its title in the margin. Recto is :right, and :left where one reads from the right. */
static void put_page_rules(Buffer *out, const Book *book) {
    bool right_to_left = language_info(book->language)->right_to_left;
    const char *recto = right_to_left ? "left" : "right", *verso = right_to_left ? "right" : "left";
    for (size_t i = 0; i < book->chapter_count; i++) {
        buffer_format(out, "#%s{page:p%zu}\n@page p%zu:%s{@top-%s{content:", book->chapters[i].anchor.data, i, i, recto, recto);
        buffer_put_css(out, book->chapters[i].title);
        buffer_format(out, "}}\n@page p%zu:%s{@top-%s{content:", i, verso, verso);
        buffer_put_css(out, book->chapters[0].title);
        buffer_put_literal(out, "}}\n");
    }
}

bool book_put_page(Buffer *out, const Book *book, Worker *worker, const Text *font_styles, size_t font_style_count) {
    const Site *site = worker->site;
    Arena *arena = worker->scratch;
    const Page *page = book->unit->pages[book->language];
    Text styles;
    Text path = text_format(arena, "%.*s/print/style.css", TEXT_ARG(site->layouts_folder));
    if (!file_read_text(arena, path.data, &styles, worker->diagnostics))
        return false;
    Buffer rules = {0}, words = {0};
    for (size_t i = 0; i < font_style_count; i++) {
        buffer_put_literal(&rules, "@import ");
        buffer_put_css(&rules, font_styles[i]);
        buffer_put_literal(&rules, ";\n");
    }
    buffer_put_text(&rules, styles);
    put_page_rules(&rules, book);

    View *view = view_new(arena);
    view_set_text(view, "title", page->title);
    view_set_text(view, "summary", page->summary);
    view_set_text(view, "organization", site->settings.organization[book->language]);
    view_set_text(view, "site_title", site->settings.title[book->language]);
    view_set_text(view, "symbol", book->unit->symbol);
    view_set_text(view, "language_tag", text_from(language_info(book->language)->tag));
    view_set_text(view, "direction", language_info(book->language)->right_to_left ? TEXT("rtl") : TEXT("ltr"));
    view_set_text(view, "language_name", text_from(language_info(book->language)->name));
    render_date(worker->renderer, &words, book->language, book->unit->date);
    view_set_text(view, "issued", text_copy(arena, buffer_text(&words)));
    view_set_flag(view, "has_chapters", book->chapter_count > 1);
    /* A style element is raw text in HTML: buffer_put_css has kept every < of a title out of it, and style.css is ours. */
    view_set_html(view, "styles", text_copy(arena, buffer_text(&rules)));
    for (size_t i = 0; i < book->entry_count; i++) {
        const BookEntry *entry = &book->entries[i];
        View *item = view_append_view(view, "contents");
        view_set_text(item, "anchor", entry->anchor);
        view_set_text(item, "title", entry->title);
        view_set_flag(item, "is_chapter", entry->level == 1);
        view_set_number(item, "number", entry->level == 1 ? entry->chapter : 0);
        view_set_flag(item, "has_number", entry->level == 1 && entry->chapter > 0);
        char number[16];
        snprintf(number, sizeof number, "%d", entry->page);
        buffer_clear(&words);
        render_number(worker->renderer, &words, book->language, text_from(number));
        view_set_text(item, "page", entry->page ? text_copy(arena, buffer_text(&words)) : TEXT("00"));
    }
    for (size_t i = 0; i < book->chapter_count; i++) {
        View *item = view_append_view(view, "chapters");
        view_set_text(item, "anchor", book->chapters[i].anchor);
        view_set_text(item, "title", book->chapters[i].title);
        view_set_number(item, "number", (int64_t)i);
        view_set_flag(item, "has_number", i > 0);
        view_set_html(item, "body", book->chapters[i].body);
    }
    bool well = render_layout(worker->renderer, out, "print/book.html", book->language, view);
    buffer_free(&rules);
    buffer_free(&words);
    return well;
}
