/*
 * publish/print: guides on paper. A book is one self-contained page of XHTML with paged styles; its PDF is made from it by headless
 * Chromium in passes: page numbers are read back from one and written as text into the next until they stand still. For this room alone.
 *
 * Chromium has no target-counter, leaders or named strings; what they would do is written literally. layouts/print/ has the
 * layout and its styles.
 */
#ifndef PROBITY_PUBLISH_PRINT_H
#define PROBITY_PUBLISH_PRINT_H

#include "publish/publish.h"

/* An entry of the contents list: a chapter or one of its headings. */
typedef struct BookEntry {
    Text anchor, title;
    int level; /* 1: a chapter */
    int chapter; /* from 1; 0: the book's own introduction */
    int page;    /* 0: not known yet */
} BookEntry;

typedef struct BookChapter {
    const Unit *unit;
    Text anchor, title, body; /* body: XHTML */
} BookChapter;

typedef struct Book {
    const Unit *unit;
    Language language;
    BookChapter *chapters;
    size_t chapter_count;
    BookEntry *entries;
    size_t entry_count;
} Book;

/* Reads and renders every page of the guide or report. Lives in the worker's scratch arena. */
bool book_make(Book *book, const Unit *unit, Language language, Worker *worker);
/* The whole page. `font_styles`: address of a style sheet with fonts, for the engine alone; empty for what is published. */
bool book_put_page(Buffer *out, const Book *book, Worker *worker, const Text *font_styles, size_t font_style_count);

/* The path of an engine, or NULL. Kept for the life of the program. */
const char *print_engine_find(void);
/* One pass, in a folder of its own that is removed. */
bool print_engine_run(Buffer *pdf, Text page, Text source, Diagnostics *diagnostics);

/* Fills the page of every entry; false where one has no place in the PDF or the PDF cannot be read. */
bool pdf_read_pages(Text pdf, BookEntry *entries, size_t count, bool *changed, Text source, Diagnostics *diagnostics);

typedef struct PdfWords {
    Text title, author, subject, language_tag, date; /* date: 2025-03-31 or empty */
    bool right_to_left;
} PdfWords;

/* Metadata, reading direction, fixed dates and identity; the same bytes for the same input. */
bool pdf_finish(Buffer *out, Text pdf, const PdfWords *words, Text source, Diagnostics *diagnostics);

#endif
