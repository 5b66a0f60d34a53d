/* A guide or report as one page of XHTML: its chapters, its contents list, and where its text names pages. */
#include "publish/print.h"
#include "resolve/resolve.h"

#include <string.h>

/* The number of what is linked to; the same place is one place. */
static size_t find_place(Book *book, Arena *arena, Text anchor) {
    for (size_t i = 0; i < book->place_count; i++)
        if (text_equal(book->places[i].anchor, anchor))
            return i;
    if (book->place_count == book->place_capacity) {
        book->place_capacity = book->place_capacity ? book->place_capacity * 2 : 64;
        BookPlace *more = arena_new(arena, BookPlace, book->place_capacity);
        if (book->place_count)
            memcpy(more, book->places, book->place_count * sizeof *more);
        book->places = more;
    }
    book->places[book->place_count] = (BookPlace){.anchor = text_copy(arena, anchor)};
    return book->place_count++;
}

static size_t count_headings(const Document *document) {
    size_t count = 0;
    for (const Node *node = document->root; node; node = node_following(document->root, node))
        count += node->kind == NODE_HEADING && node->heading.level == 2;
    return count;
}

static void add_entry(Book *book, Text title, size_t place, int level, int number) {
    book->places[place].is_listed = true;
    book->places[place].title = title;
    book->entries[book->entry_count++] = (BookEntry){.title = title, .place = place, .level = level, .chapter = number};
}

static void add_entries(Book *book, const BookChapter *chapter, const Document *document, Arena *arena) {
    BookEntry *more = arena_new(arena, BookEntry, book->entry_count + 1 + count_headings(document));
    if (book->entry_count)
        memcpy(more, book->entries, book->entry_count * sizeof *more);
    book->entries = more;
    /* The title of a book of one chapter is on its cover and at its head already. */
    if (book->unit->first_child)
        add_entry(book, chapter->title, chapter->place, 1, chapter->number);
    Buffer words = {0};
    for (const Node *node = document->root; node; node = node_following(document->root, node)) {
        if (node->kind != NODE_HEADING || node->heading.level != 2)
            continue;
        buffer_clear(&words);
        book_put_anchor(&words, book->unit, chapter->unit, node->heading.id);
        size_t place = find_place(book, arena, buffer_text(&words));
        buffer_clear(&words);
        node_put_plain_text(&words, node);
        add_entry(book, text_copy(arena, buffer_text(&words)), place, 2, 0);
    }
    buffer_free(&words);
}

static size_t name_place(Book *book, Text anchor, const char *key, int64_t number, Worker *worker) {
    size_t place = find_place(book, worker->scratch, anchor);
    Text words = render_message(worker->renderer, book->language, key, &number, 1);
    book->places[place].title = text_copy(worker->scratch, words);
    return place;
}

static void add_notes(Book *book, BookChapter *chapter, const Document *document, Worker *worker) {
    for (const Node *note = document->footnotes ? document->footnotes->first_child : NULL; note; note = note->next) {
        int number = note->footnote.number;
        Text anchor = text_format(worker->scratch, "%.*s_fn_%d", TEXT_ARG(chapter->anchor), number);
        Text reference = text_format(worker->scratch, "%.*s_fnref_%d", TEXT_ARG(chapter->anchor), number);
        size_t place = name_place(book, anchor, "footnote.reference", number, worker);
        name_place(book, reference, "footnote.back", number, worker);
        if (note == document->footnotes->first_child)
            chapter->first_note = place;
    }
}

static bool pieces_match(Text body, size_t at, Text wanted) {
    return text_starts(text_slice(body, at, body.size), wanted);
}

/* Cuts the text after every link that leads to another place of the book, where on paper its page is named. */
static void cut_pieces(Book *book, BookChapter *chapter, Text body, Arena *arena) {
    const Text start = TEXT("<a href=\"#"), end = TEXT("</a>");
    size_t count = 1;
    for (size_t at = 0; (at = text_find(body, '<', at)) < body.size; at++)
        count += pieces_match(body, at, start);
    chapter->pieces = arena_new(arena, BookPiece, count);
    size_t from = 0;
    for (size_t at = 0; (at = text_find(body, '<', at)) < body.size; at++) {
        if (!pieces_match(body, at, start))
            continue;
        size_t quote = text_find(body, '"', at + start.size);
        Text anchor = text_slice(body, at + start.size, quote);
        while (at < body.size && !pieces_match(body, at, end))
            at = text_find(body, '<', at + 1);
        size_t to = at < body.size ? at + end.size : body.size;
        chapter->pieces[chapter->piece_count++] =
            (BookPiece){text_slice(body, from, to), find_place(book, arena, anchor)};
        from = to;
    }
    chapter->pieces[chapter->piece_count++] = (BookPiece){text_slice(body, from, body.size), NO_PLACE};
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
    Text anchor = text_copy(arena, buffer_text(&words));
    *chapter =
        (BookChapter){.unit = unit, .anchor = anchor, .title = page->title, .number = number, .first_note = NO_PLACE};
    chapter->place = find_place(book, arena, anchor);
    add_entries(book, chapter, document, arena);
    add_notes(book, chapter, document, worker);
    RenderOptions rendering = {
        .mode = RENDER_PRINT, .language = book->language, .id_prefix = text_format(arena, "%.*s_", TEXT_ARG(anchor))};
    buffer_clear(&words);
    render_document(worker->renderer, &words, document, &rendering);
    cut_pieces(book, chapter, text_copy(arena, buffer_text(&words)), arena);
    buffer_free(&words);
    return true;
}

/* Whatever lies below a guide is a part of it; chapters proper have numbers. */
static bool add_units(Book *book, const Unit *unit, bool is_numbered, Worker *worker) {
    int number = 1;
    for (const Unit *child = unit->first_child; child; child = child->next)
        if (!add_chapter(book, child, is_numbered ? number++ : 0, worker) || !add_units(book, child, false, worker))
            return false;
    return true;
}

static size_t count_units(const Unit *unit) {
    size_t count = 1;
    for (const Unit *child = unit->first_child; child; child = child->next)
        count += count_units(child);
    return count;
}

bool book_make(Book *book, const Unit *unit, Language language, Worker *worker) {
    *book = (Book){.unit = unit, .language = language};
    book->chapters = arena_new(worker->scratch, BookChapter, count_units(unit));
    return add_chapter(book, unit, 0, worker) && add_units(book, unit, true, worker);
}

/* ---- Headings ---- */

/* The sign that an escape of buffer_put_html stands for, or NUL; `size` becomes its length. */
static char unescape(Text text, size_t *size) {
    static const struct {
        const char *escape;
        char sign;
    } escapes[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (text_starts(text, text_from(escapes[i].escape))) {
            *size = strlen(escapes[i].escape);
            return escapes[i].sign;
        }
    }
    return '\0';
}

/* Words between tags, with single spaces. */
static Text plain_words(Text xhtml, Arena *arena) {
    Buffer words = {0};
    for (size_t at = 0; at < xhtml.size; at++) {
        char sign = xhtml.data[at];
        size_t size = 1;
        if (sign == '<') {
            at = text_find(xhtml, '>', at);
            continue;
        }
        if (sign == '&' && (sign = unescape(text_slice(xhtml, at, xhtml.size), &size)))
            at += size - 1;
        else
            sign = xhtml.data[at];
        bool is_space = sign == ' ' || sign == '\n';
        if (!is_space || (words.size && words.data[words.size - 1] != ' '))
            buffer_put_char(&words, is_space ? ' ' : sign);
    }
    Text plain = text_copy(arena, text_trim(buffer_text(&words)));
    buffer_free(&words);
    return plain;
}

Text *book_list_headings(Text xhtml, Arena *arena, size_t *count) {
    size_t capacity = 64;
    Text *headings = arena_new(arena, Text, capacity);
    *count = 0;
    for (size_t at = 0; (at = text_find(xhtml, '<', at)) < xhtml.size; at++) {
        const char *tag = xhtml.data + at; /* a NUL follows the text */
        if (tag[1] != 'h' || tag[2] < '1' || tag[2] > '6' || (tag[3] != ' ' && tag[3] != '>'))
            continue;
        size_t start = text_find(xhtml, '>', at) + 1, end = start;
        while (end < xhtml.size && !pieces_match(xhtml, end, TEXT("</h")))
            end = text_find(xhtml, '<', end + 1);
        if (*count == capacity) {
            Text *more = arena_new(arena, Text, capacity * 2);
            memcpy(more, headings, capacity * sizeof *more);
            headings = more;
            capacity *= 2;
        }
        headings[(*count)++] = plain_words(text_slice(xhtml, start, end), arena);
    }
    return headings;
}

/* ---- Fitting ---- */

/* Notes come last: where they begin on another page than the last, or at its head, that page holds nothing else. */
static bool has_page_of_notes(const Book *book, size_t index) {
    enum { HEAD_OF_PAGE_PT = 690 };
    const BookChapter *chapter = &book->chapters[index];
    bool is_last = index + 1 == book->chapter_count;
    int last = is_last ? book->page_count : book->places[book->chapters[index + 1].place].page - 1;
    const BookPlace *note = &book->places[chapter->first_note];
    return note->page < last || (note->top_pt > HEAD_OF_PAGE_PT && note->page > book->places[chapter->place].page);
}

/* Step by step, and back to what is best to read where no step helps. A chapter that is set close stays so, even where it need no more. */
bool book_fit(Book *book) {
    bool is_changed = false;
    for (size_t i = 0; i < book->chapter_count; i++) {
        BookChapter *chapter = &book->chapters[i];
        if (chapter->first_note == NO_PLACE || chapter->fit == FIT_IN_VAIN || !has_page_of_notes(book, i))
            continue;
        chapter->fit++;
        is_changed = true;
    }
    return is_changed;
}

/* ---- The page ---- */

/*
 * Running heads: a named page for each chapter with its title in the margin; the book's title faces it, or in a book of one chapter its
 * symbol. Recto is :right, and :left where one reads from the right.
 */
static void put_page_rules(Buffer *out, const Book *book, const Site *site) {
    bool right_to_left = language_info(book->language)->right_to_left;
    const char *recto = right_to_left ? "left" : "right", *verso = right_to_left ? "right" : "left";
    Text facing = book->chapter_count > 1   ? book->chapters[0].title
                  : book->unit->symbol.size ? book->unit->symbol
                                            : site->settings.organization[book->language];
    for (size_t i = 0; i < book->chapter_count; i++) {
        buffer_put_literal(out, "[id=");
        buffer_put_css(out, book->chapters[i].anchor);
        buffer_format(out, "]{page:p%zu}\n@page p%zu:%s{@top-%s{content:", i, i, recto, recto);
        buffer_put_css(out, book->chapters[i].title);
        buffer_format(out, "}}\n@page p%zu:%s{@top-%s{content:", i, verso, verso);
        buffer_put_css(out, facing);
        buffer_put_literal(out, "}}\n");
    }
}

static Text page_number(const Book *book, size_t place, const BookSetting *setting, Worker *worker) {
    int page = book->places[place].page;
    if (!setting->is_for_engine)
        return TEXT("");
    if (!page)
        return TEXT("00"); /* of about the width that it will have */
    Buffer words = {0};
    Text digits = text_format(worker->scratch, "%d", page);
    render_number(worker->renderer, &words, book->language, digits);
    Text number = text_copy(worker->scratch, buffer_text(&words));
    buffer_free(&words);
    return number;
}

static Text chapter_body(const Book *book, const BookChapter *chapter, const BookSetting *setting, Worker *worker) {
    Buffer body = {0};
    for (size_t i = 0; i < chapter->piece_count; i++) {
        const BookPiece *piece = &chapter->pieces[i];
        buffer_put_text(&body, piece->xhtml);
        /* A link to what is not there has no page; that is told elsewhere. */
        bool is_known = piece->place != NO_PLACE && (book->places[piece->place].page || !book->page_count);
        if (!setting->is_for_engine || !is_known)
            continue;
        int64_t page = book->places[piece->place].page;
        buffer_put_literal(&body, "<span class=\"page-reference\">");
        buffer_put_html(&body, render_message(worker->renderer, book->language, "print.page", &page, 1));
        buffer_put_literal(&body, "</span>");
    }
    Text copy = text_copy(worker->scratch, buffer_text(&body));
    buffer_free(&body);
    return copy;
}

static void put_styles(Buffer *out, const Book *book, const BookSetting *setting, Worker *worker) {
    for (size_t i = 0; i < setting->font_style_count; i++) {
        buffer_put_literal(out, "@import ");
        buffer_put_css(out, setting->font_styles[i]);
        buffer_put_literal(out, ";\n");
    }
    buffer_put_text(out, layouts_file(worker->layouts, "print/style.css"));
    put_page_rules(out, book, worker->site);
}

static void set_cover(View *view, const Book *book, Worker *worker) {
    const Site *site = worker->site;
    const Page *page = book->unit->pages[book->language];
    const LanguageInfo *language = language_info(book->language);
    Buffer words = {0};
    view_set_text(view, "title", page->title);
    view_set_text(view, "summary", page->summary);
    view_set_flag(view, "is_report", book->unit->kind == UNIT_REPORT);
    view_set_flag(view, "is_guide", book->unit->kind == UNIT_GUIDE);
    view_set_text(view, "organization", site->settings.organization[book->language]);
    view_set_text(view, "site_title", site->settings.title[book->language]);
    view_set_text(view, "symbol", book->unit->symbol);
    view_set_text(view, "language_tag", text_from(language->tag));
    view_set_text(view, "direction", language->right_to_left ? TEXT("rtl") : TEXT("ltr"));
    view_set_text(view, "language_name", text_from(language->name));
    render_date(worker->renderer, &words, book->language, book->unit->date);
    view_set_text(view, "issued", text_copy(worker->scratch, buffer_text(&words)));
    buffer_clear(&words);
    buffer_put_text(&words, site->settings.base_url);
    page_put_path(&words, book->unit, book->language);
    view_set_text(view, "address", text_copy(worker->scratch, buffer_text(&words)));
    buffer_free(&words);
}

static void set_contents(View *view, const Book *book, const BookSetting *setting, Worker *worker) {
    bool has_chapters = book->unit->first_child != NULL;
    view_begin_list(view, "contents");
    for (size_t i = 0; i < book->entry_count; i++) {
        const BookEntry *entry = &book->entries[i];
        View *item = view_append_view(view, "contents");
        view_set_text(item, "anchor", book->places[entry->place].anchor);
        view_set_text(item, "title", entry->title);
        view_set_flag(item, "is_chapter", entry->level == 1 || !has_chapters);
        view_set_number(item, "number", entry->chapter);
        view_set_flag(item, "has_number", entry->chapter > 0);
        view_set_text(item, "page", page_number(book, entry->place, setting, worker));
    }
}

bool book_put_page(Buffer *out, const Book *book, const BookSetting *setting, Worker *worker) {
    Arena *arena = worker->scratch;
    View *view = view_new(arena);
    Buffer rules = {0};
    put_styles(&rules, book, setting, worker);
    /* A style element is raw text in HTML: buffer_put_css has kept every < of a title out of it, and style.css is ours. */
    view_set_html(view, "styles", text_copy(arena, buffer_text(&rules)));
    buffer_free(&rules);
    set_cover(view, book, worker);
    set_contents(view, book, setting, worker);
    for (size_t i = 0; i < book->chapter_count; i++) {
        const BookChapter *chapter = &book->chapters[i];
        View *item = view_append_view(view, "chapters");
        view_set_text(item, "anchor", chapter->anchor);
        view_set_text(item, "title", chapter->title);
        view_set_number(item, "number", chapter->number);
        view_set_flag(item, "has_number", chapter->number > 0);
        view_set_flag(item, "is_close", chapter->fit == FIT_CLOSER);
        view_set_flag(item, "is_closest", chapter->fit == FIT_CLOSEST);
        view_set_html(item, "body", chapter_body(book, chapter, setting, worker));
    }
    return render_layout(worker->renderer, out, "print/book.html", book->language, view);
}
