/* Two targets: the paged XHTML of each guide, and the PDF that headless Chromium makes of it. */
#include "publish/print.h"

#include <sys/stat.h>

enum { PASS_LIMIT = 4 };

static bool make_xhtml(const Job *job, Worker *worker, Buffer *out) {
    Book book;
    return book_make(&book, job->subject, job->language, worker) && book_put_page(out, &book, worker, NULL, 0);
}

/* Chinese is set in TrueType slices that the program brings; the distribution's font would be embedded as drawings (Type 3). */
static size_t find_font_styles(Arena *arena, Language language, Text *styles) {
    static const char *const files[] = {"fonts/noto-serif-sc/400.css", "fonts/noto-serif-sc/700.css", "fonts/noto-sans-sc/700.css"};
    size_t count = 0;
    if (!text_equal(text_from(language_info(language)->code), TEXT("zh")))
        return 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        Text path = file_shared(arena, files[i]);
        if (path.size)
            styles[count++] = text_format(arena, "file://%.*s", TEXT_ARG(path));
    }
    return count;
}

static bool make_pdf(const Job *job, Worker *worker, Buffer *out) {
    const Unit *unit = job->subject;
    const Page *page = unit->pages[job->language];
    const Site *site = worker->site;
    Book book;
    if (!book_make(&book, unit, job->language, worker))
        return false;
    Text styles[3];
    size_t style_count = find_font_styles(worker->scratch, job->language, styles);
    Buffer xhtml = {0}, pdf = {0};
    bool well = true, changed = true;
    for (int pass = 0; well && changed; pass++) {
        if (pass == PASS_LIMIT) {
            diagnostics_add(worker->diagnostics, DIAGNOSTIC_PRINT_UNSTABLE, page->source, (Place){0, 0}, PASS_LIMIT);
            well = false;
            break;
        }
        buffer_clear(&xhtml);
        buffer_clear(&pdf);
        well = book_put_page(&xhtml, &book, worker, styles, style_count) &&
               print_engine_run(&pdf, buffer_text(&xhtml), page->source, worker->diagnostics) &&
               pdf_read_pages(buffer_text(&pdf), book.entries, book.entry_count, &changed, page->source, worker->diagnostics);
    }
    const LanguageInfo *language = language_info(job->language);
    PdfWords words = {.title = page->title,
                      .author = site->settings.organization[job->language],
                      .subject = page->summary,
                      .language_tag = text_from(language->tag),
                      .date = unit->date,
                      .right_to_left = language->right_to_left};
    well = well && pdf_finish(out, buffer_text(&pdf), &words, page->source, worker->diagnostics);
    buffer_free(&xhtml);
    buffer_free(&pdf);
    return well;
}

/* Everything a book reads: its pages and their files, titles of pages it links to, words, layouts, the engine. */
static Digest book_digest(const Site *site, const Layouts *layouts, const Unit *unit, Language language) {
    Digest digest = digest_join(site->tool_digest, layouts_digest(layouts));
    digest = digest_join(digest, site->messages[language].digest);
    digest = digest_join(digest, site->settings.digest);
    for (const Unit *part = unit; part; part = part == unit ? unit->first_child : part->next) {
        digest = digest_text(digest, part->path);
        if (part->pages[language])
            digest = digest_join(digest, part->pages[language]->digest);
        digest = digest_join(digest, unit_files_digest(part));
    }
    return digest_text(digest_text(digest, unit->date), unit->symbol);
}

static void add_job(const Target *target, const Site *site, const Layouts *layouts, const Unit *unit, Language language, bool is_pdf,
                    Plan *plan) {
    Digest digest = book_digest(site, layouts, unit, language);
    struct stat engine;
    if (is_pdf && stat(print_engine_find(), &engine) == 0)
        digest = date_digest(digest_number(digest_number(digest, (uint64_t)engine.st_size), (uint64_t)engine.st_mtim.tv_sec));
    plan_add(plan, (Job){.target = target,
                         .output = text_format(plan_arena(plan), "guides/%.*s-%s.%s", TEXT_ARG(unit->name), language_info(language)->code,
                                               is_pdf ? "pdf" : "xhtml"),
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

static void plan_print(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options, Plan *plan) {
    (void)options;
    plan_books(target, site, layouts, false, plan);
}

static void plan_pdf(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options, Plan *plan) {
    if (options->dry)
        return; /* what can be wrong in a book shows in its XHTML; the engine is slow */
    /* A check reads every book as XHTML; it sets none on pages, unless it is asked to. */
    if (options->dry && options->target_count == 0)
        return;
    if (print_engine_find())
        plan_books(target, site, layouts, true, plan);
    else
        plan_complain(plan, DIAGNOSTIC_PRINT_NO_ENGINE);
}

const Target target_print = {.name = "print", .help = "paged XHTML of each guide", .plan = plan_print};
const Target target_pdf = {.name = "pdf", .help = "each guide as PDF", .plan = plan_pdf};
