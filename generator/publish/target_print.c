/* Two targets: the paged XHTML of each guide, and the PDF that headless Chromium makes of it. */
#include "publish/print.h"
#include "resolve/resolve.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unicode/uversion.h>

/* Without numbers, with them while chapters are fitted in three steps, with those of the last step, and one to spare. */
enum { PASS_LIMIT = 7, ENGINE_TIME_LIMIT_S = 120 };

/* Chinese is set in TrueType slices that the program brings; the distribution's font would be embedded as drawings (Type 3). */
static const char *const font_styles[] = {"fonts/noto-serif-sc/400.css", "fonts/noto-serif-sc/700.css",
                                          "fonts/noto-sans-sc/400.css", "fonts/noto-sans-sc/700.css"};
enum { FONT_STYLE_COUNT = sizeof font_styles / sizeof *font_styles };

static bool is_chinese(Language language) {
    return text_equal(text_from(language_info(language)->code), TEXT("zh"));
}

static size_t find_font_styles(Arena *arena, Language language, Text *styles) {
    size_t count = 0;
    for (size_t i = 0; i < FONT_STYLE_COUNT && is_chinese(language); i++) {
        Text path = file_shared(arena, font_styles[i]);
        if (path.size)
            styles[count++] = text_format(arena, "file://%.*s", TEXT_ARG(path));
    }
    return count;
}

static bool make_xhtml(const Job *job, Worker *worker, Buffer *out) {
    Book book;
    return book_make(&book, job->subject, job->language, worker) &&
           book_put_page(out, &book, &(BookSetting){0}, worker);
}

/* Pass after pass, until the page numbers that were written are those of the pages. */
static bool set_on_pages(Buffer *pdf, Buffer *xhtml, Book *book, Text source, Worker *worker) {
    Text styles[FONT_STYLE_COUNT];
    BookSetting setting = {.is_for_engine = true, .font_styles = styles};
    setting.font_style_count = find_font_styles(worker->scratch, book->language, styles);
    char *content = realpath(worker->site->content_folder.data, NULL);
    EngineInput input = {.media_folder = text_copy(worker->scratch, text_from(content)),
                         .time_limit_s = ENGINE_TIME_LIMIT_S};
    free(content);
    bool well = true, is_changed = true;
    for (int pass = 0; well && is_changed; pass++) {
        if (pass == PASS_LIMIT) {
            diagnostics_add(worker->diagnostics, DIAGNOSTIC_PRINT_UNSTABLE, source, (Place){0, 0}, PASS_LIMIT);
            well = false;
            break;
        }
        buffer_clear(xhtml);
        buffer_clear(pdf);
        well = book_put_page(xhtml, book, &setting, worker);
        input.page = buffer_text(xhtml);
        well = well && print_engine_run(pdf, &input, source, worker->diagnostics) &&
               pdf_read_pages(buffer_text(pdf), book->places, book->place_count, &book->page_count, &is_changed, source,
                              worker->diagnostics);
        is_changed = (well && book_fit(book)) || is_changed;
    }
    return well;
}

static bool make_pdf(const Job *job, Worker *worker, Buffer *out) {
    const Unit *unit = job->subject;
    const Page *page = unit->pages[job->language];
    const LanguageInfo *language = language_info(job->language);
    Book book;
    if (!book_make(&book, unit, job->language, worker))
        return false;
    Buffer pdf = {0}, xhtml = {0};
    bool well = set_on_pages(&pdf, &xhtml, &book, page->source, worker);
    PdfWords words = {.title = page->title,
                      .author = worker->site->settings.organization[job->language],
                      .subject = page->summary,
                      .keywords = unit->symbol,
                      .language_tag = text_from(language->tag),
                      .date = unit->date,
                      .right_to_left = language->right_to_left,
                      .places = book.places,
                      .place_count = book.place_count};
    words.headings = book_list_headings(buffer_text(&xhtml), worker->scratch, &words.heading_count);
    if (well)
        pdf_settle_ids(&pdf, worker->scratch);
    well = well && pdf_finish(out, buffer_text(&pdf), &words, page->source, worker->diagnostics);
    buffer_free(&xhtml);
    buffer_free(&pdf);
    return well;
}

/* ---- What a book reads ---- */

static Digest stamp_digest(Digest digest, const char *path) {
    struct stat facts;
    if (stat(path, &facts) != 0)
        return digest_number(digest, 0);
    return digest_number(digest_number(digest, (uint64_t)facts.st_size), (uint64_t)facts.st_mtim.tv_sec);
}

/* The engine, and the fonts that the program brings. Fonts of the machine are the administrator's. */
static Digest engine_digest(Arena *arena, Digest digest, Language language) {
    digest = stamp_digest(digest, print_engine_find());
    for (size_t i = 0; i < FONT_STYLE_COUNT && is_chinese(language); i++) {
        Text path = file_shared(arena, font_styles[i]);
        digest = stamp_digest(digest_text(digest, path.size ? text_from(font_styles[i]) : TEXT("")), path.data);
    }
    return digest;
}

static bool is_part_of(const Unit *unit, const Unit *book) {
    for (; unit; unit = unit->parent)
        if (unit == book)
            return true;
    return false;
}

/* Pictures of other units, as far as the page's links are known. */
static Digest linked_files_digest(const Site *site, Digest digest, const Unit *book, const Page *page) {
    PageFact link;
    for (size_t at = 0; page->has_facts && facts_next_link(page->facts, &at, &link);) {
        const Unit *unit;
        const UnitFile *file = resolve_find_file(site, link.text, &unit);
        if (file && !is_part_of(unit, book))
            digest = digest_join(digest_text(digest, link.text), file->digest);
    }
    return digest;
}

static Digest parts_digest(const Site *site, Digest digest, const Unit *book, const Unit *part, Language language) {
    const Page *page = part->pages[language];
    digest = digest_number(digest_text(digest, part->path), page != NULL);
    digest = digest_join(digest, unit_files_digest(part));
    if (page)
        digest = linked_files_digest(site, digest_join(digest, page->digest), book, page);
    for (const Unit *child = part->first_child; child; child = child->next)
        digest = parts_digest(site, digest, book, child, language);
    return digest;
}

/* Links out of the book are made of the base address and their own words: no other page is read. */
static Digest book_digest(const Site *site, const Layouts *layouts, const Unit *unit, Language language) {
    UVersionInfo version;
    u_getVersion(version);
    const Settings *settings = &site->settings;
    Digest digest = digest_join(site->tool_digest, layouts_folder_digest(layouts, TEXT("print/")));
    digest = digest_join(digest, digest_bytes(version, sizeof version));
    digest = digest_join(digest, site->messages[language].digest);
    digest = digest_text(digest_text(digest, settings->base_url), settings->organization[language]);
    digest = digest_text(digest, settings->title[language]);
    digest = digest_number(digest_text(digest_text(digest, unit->date), unit->symbol), (uint64_t)unit->kind);
    return parts_digest(site, digest, unit, unit, language);
}

static void add_job(const Target *target, const Site *site, const Layouts *layouts, const Unit *unit, Language language,
                    bool is_pdf, Plan *plan) {
    Digest digest = book_digest(site, layouts, unit, language);
    if (is_pdf)
        digest = engine_digest(plan_arena(plan), date_digest(digest), language);
    plan_add(plan, (Job){.target = target,
                         .output = text_format(plan_arena(plan), "guides/%.*s-%s.%s", TEXT_ARG(unit->name),
                                               language_info(language)->code, is_pdf ? "pdf" : "xhtml"),
                         .inputs = digest,
                         .run = is_pdf ? make_pdf : make_xhtml,
                         .subject = unit,
                         .language = language,
                         .path = unit->pages[language]->source});
}

static void plan_books(const Target *target, const Site *site, const Layouts *layouts, bool is_pdf, Plan *plan) {
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        if (!unit->print)
            continue;
        for (size_t l = 0; l < site->settings.language_count; l++) {
            Language language = site->settings.languages[l];
            if (unit->pages[language])
                add_job(target, site, layouts, unit, language, is_pdf, plan);
        }
    }
}

static void plan_print(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                       Plan *plan) {
    (void)options;
    plan_books(target, site, layouts, false, plan);
}

static void plan_pdf(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                     Plan *plan) {
    if (options->dry)
        return; /* what can be wrong in a book shows in its XHTML; the engine is slow */
    if (print_engine_find())
        plan_books(target, site, layouts, true, plan);
    else
        plan_complain(plan, DIAGNOSTIC_PRINT_NO_ENGINE);
}

const Target target_print = {.name = "print", .help = "paged XHTML of each guide", .plan = plan_print};
const Target target_pdf = {.name = "pdf", .help = "each guide as PDF", .plan = plan_pdf};
