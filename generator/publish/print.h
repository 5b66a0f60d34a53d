/*
 * publish/print: guides on paper. A book is one self-contained page of XHTML with paged styles; its PDF is made from it by headless
 * Chromium in passes: page numbers are read back from one and written as text into the next until they stand still. For this room alone.
 *
 * Chromium has no place-counter, leaders or named strings; what they would do is written literally. Nor has it notes at the foot of a
 * page: they stand at the end of their chapter. layouts/print/ has the layout and its styles.
 */
#ifndef PROBITY_PUBLISH_PRINT_H
#define PROBITY_PUBLISH_PRINT_H

#include "publish/publish.h"

#include <qpdf/qpdf-c.h>

/* A place in the book that its text names by its page. */
typedef struct BookPlace {
    Text anchor;
    Text title;     /* may be empty */
    int page;       /* from 1; 0: not known */
    double top_pt;  /* above the page's lower edge */
    bool is_listed; /* in the contents: it must have a page */
} BookPlace;

/* An entry of the contents list: a chapter or one of its headings. */
typedef struct BookEntry {
    Text title;
    size_t place;
    int level;   /* 1: a chapter */
    int chapter; /* its number; 0: none */
} BookEntry;

/* Text of a chapter, and the place whose page is named after it. */
typedef struct BookPiece {
    Text xhtml;
    size_t place; /* NO_PLACE: none */
} BookPiece;

#define NO_PLACE ((size_t)-1)

/* How close a chapter is set, so that its notes do not stand on a page of their own. */
typedef enum BookFit { FIT_NORMAL, FIT_CLOSER, FIT_CLOSEST, FIT_IN_VAIN } BookFit;

typedef struct BookChapter {
    const Unit *unit;
    Text anchor, title;
    int number; /* 0: none */
    BookPiece *pieces;
    size_t piece_count;
    size_t place;      /* where it begins */
    size_t first_note; /* NO_PLACE where it has no notes */
    BookFit fit;
} BookChapter;

typedef struct Book {
    const Unit *unit;
    Language language;
    BookChapter *chapters;
    size_t chapter_count;
    BookEntry *entries;
    size_t entry_count;
    BookPlace *places;
    size_t place_count, place_capacity;
    int page_count; /* of the last pass */
} Book;

/* Reads and renders every page of the guide or report. Lives in the worker's scratch arena. */
bool book_make(Book *book, const Unit *unit, Language language, Worker *worker);
/* What is published as XHTML has no page numbers; what an engine is to set has them, and fonts of this program's own. */
typedef struct BookSetting {
    bool is_for_engine;
    const Text *font_styles; /* addresses of style sheets */
    size_t font_style_count;
} BookSetting;
bool book_put_page(Buffer *out, const Book *book, const BookSetting *setting, Worker *worker);
/* The words of every heading of the page as it was written, in order. */
Text *book_list_headings(Text xhtml, Arena *arena, size_t *count);
/* After a pass: whether something about the pages calls for another one. */
bool book_fit(Book *book);

/* The path of an engine, or NULL. Kept for the life of the program. */
const char *print_engine_find(void);

typedef struct EngineInput {
    Text page;         /* XHTML */
    Text media_folder; /* absolute: what the page reaches as ../media/ ; may be empty */
    int time_limit_s;
} EngineInput;

/*
 * One pass, in a folder of its own that is removed. False without a diagnostic only where the build is being ended. From any thread; no more
 * than a few engines run at once, the others wait.
 */
bool print_engine_run(Buffer *pdf, const EngineInput *input, Text source, Diagnostics *diagnostics);

/* NULL where it cannot be read. The caller cleans up. */
qpdf_data pdf_open(Text pdf, Text source, Diagnostics *diagnostics);
/* Fills page and top of the places. `changed`: some page is another than before. False where a listed one has no place. */
bool pdf_read_pages(Text pdf, BookPlace *places, size_t count, int *page_count, bool *changed, Text source,
                    Diagnostics *diagnostics);

typedef struct PdfWords {
    Text title, author, subject, keywords, language_tag, date; /* date: 2025-03-31 or empty */
    bool right_to_left;
    const BookPlace *places; /* what links lead to */
    size_t place_count;
    const Text *headings; /* of the outline, in the order of the page */
    size_t heading_count;
} PdfWords;

/* Gives the names of structure elements numbers that do not depend on the engine's run. */
void pdf_settle_ids(Buffer *pdf, Arena *arena);
/* What the engine has left undone; the same bytes for the same input. */
bool pdf_finish(Buffer *out, Text pdf, const PdfWords *words, Text source, Diagnostics *diagnostics);

#endif
