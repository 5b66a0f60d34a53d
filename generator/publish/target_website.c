/* The website: a page for each unit and language, the files that pages use, and what visitors and search engines ask for at the root. */
#include "publish/publish.h"

/* Screens and modules are played in their course; the others have an address. */
static bool has_page(const Unit *unit) {
    return unit->kind != UNIT_MODULE && unit->kind != UNIT_SCREEN;
}

/* ---- Pages ---- */

static bool make_page(const Job *job, Worker *worker, Buffer *out) {
    Document *document = worker_read_page(worker, job->page, &(ResolveOptions){0}, worker->scratch, true);
    return document && render_page(worker->renderer, out, job->page, document);
}

/*
 * Whether a link leads to a page or to a file is seen from its path alone, but for files whose name has no dot: where there is one, it
 * is part of what every page has read.
 */
static Digest dotless_files_digest(const Site *site) {
    Digest digest = {0, 0};
    for (size_t u = 0; u < site->unit_count; u++) {
        const Unit *unit = site->units[u];
        for (size_t f = 0; f < unit->file_count; f++)
            if (text_find(unit->files[f].name, '.', 0) == unit->files[f].name.size)
                digest = digest_text(digest_text(digest, unit->path), unit->files[f].name);
    }
    return digest;
}

static void plan_pages(const Target *target, const Site *site, const Layouts *layouts, Plan *plan) {
    Digest shared = digest_join(site->tool_digest, layouts_digest(layouts));
    shared = digest_join(digest_join(shared, site->settings.digest), dotless_files_digest(site));
    Buffer path = {0};
    for (size_t l = 0; l < site->settings.language_count; l++) {
        Language language = site->settings.languages[l];
        Digest in_language = digest_join(shared, site->messages[language].digest);
        const Digest *around = render_page_digests(plan_arena(plan), site, language);
        for (size_t u = 0; u < site->unit_count; u++) {
            Unit *unit = site->units[u];
            Page *page = unit->pages[language];
            if (!page || !has_page(unit))
                continue;
            Digest inputs = digest_join(digest_join(in_language, page->digest), around[u]);
            if (unit->file_count)
                inputs = digest_join(inputs, unit_files_digest(unit));
            if (unit->course)
                inputs = digest_join(inputs, course_digest(site, unit->course, language));
            buffer_clear(&path);
            page_put_path(&path, unit, language);
            buffer_put_literal(&path, "index.html");
            plan_add(plan, (Job){
                               .target = target,
                               .output = text_copy(plan_arena(plan), buffer_text(&path)),
                               .inputs = inputs,
                               .run = make_page,
                               .subject = page,
                               .language = language,
                               .page = page,
                               .path = page->source,
                           });
        }
    }
    buffer_free(&path);
}

/* ---- Files ---- */

static bool make_asset(const Job *job, Worker *worker, Buffer *out) {
    (void)worker;
    const LayoutAsset *asset = job->subject;
    buffer_put_text(out, asset->bytes);
    return true;
}

static void plan_files(const Target *target, const Site *site, const Layouts *layouts, Plan *plan) {
    Arena *arena = plan_arena(plan);
    size_t count;
    const LayoutAsset *assets = layouts_assets(layouts, &count);
    for (size_t i = 0; i < count; i++)
        plan_add(plan, (Job){
                           .target = target,
                           .output = assets[i].output,
                           .inputs = digest_text((Digest){0, 0}, assets[i].bytes),
                           .run = make_asset,
                           .language = -1,
                           .subject = &assets[i],
                       });
    Buffer path = {0};
    for (size_t u = 0; u < site->unit_count; u++) {
        const Unit *unit = site->units[u];
        for (size_t f = 0; f < unit->file_count; f++) {
            const UnitFile *file = &unit->files[f];
            buffer_clear(&path);
            load_put_unit_path(&path, site, unit);
            buffer_put_text(&path, file->name);
            Text source = text_copy(arena, buffer_text(&path));
            plan_add(plan, (Job){
                               .target = target,
                               .output = text_format(arena, "media/%.*s%s%.*s", TEXT_ARG(unit->path),
                                                     unit->path.size ? "/" : "", TEXT_ARG(file->name)),
                               .inputs = file->digest,
                               .subject = unit,
                               .source = source,
                               .language = -1,
                               .path = source,
                           });
        }
    }
    buffer_free(&path);
}

/* ---- The root ---- */

static bool make_root_page(const Job *job, Worker *worker, Buffer *out) {
    return render_root_page(worker->renderer, out, job->subject);
}

static bool make_robots(const Job *job, Worker *worker, Buffer *out) {
    (void)job;
    buffer_format(out, "User-agent: *\nAllow: /\n\nSitemap: %.*ssitemap.xml\n",
                  TEXT_ARG(worker->site->settings.base_url));
    return true;
}

static void put_address(Buffer *out, const Site *site, Text path) {
    Buffer url = {0};
    buffer_put_text(&url, site->settings.base_url);
    buffer_put_text(&url, path);
    buffer_put_url(out, buffer_text(&url));
    buffer_free(&url);
}

static void put_page_address(Buffer *out, const Site *site, const Unit *unit, Language language) {
    Buffer path = {0};
    page_put_path(&path, unit, language);
    put_address(out, site, buffer_text(&path));
    buffer_free(&path);
}

/* One list for each language: a list may hold 50,000 addresses, and each of ours names its page in all languages. */
static bool make_sitemap_index(const Job *job, Worker *worker, Buffer *out) {
    (void)job;
    const Site *site = worker->site;
    buffer_put_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 0; i < site->settings.language_count; i++) {
        Text name = text_format(worker->scratch, "sitemap-%s.xml", language_info(site->settings.languages[i])->code);
        buffer_put_literal(out, "<sitemap><loc>");
        put_address(out, site, name);
        buffer_put_literal(out, "</loc></sitemap>\n");
    }
    buffer_put_literal(out, "</sitemapindex>\n");
    return true;
}

static bool make_sitemap(const Job *job, Worker *worker, Buffer *out) {
    const Site *site = worker->site;
    const Settings *settings = &site->settings;
    buffer_put_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                            "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for (size_t u = 0; u < site->unit_count; u++) {
        const Unit *unit = site->units[u];
        if (!unit->pages[job->language] || !has_page(unit))
            continue;
        buffer_put_literal(out, "<url><loc>");
        put_page_address(out, site, unit, job->language);
        buffer_put_literal(out, "</loc>");
        for (size_t i = 0; i < settings->language_count; i++) {
            Language other = settings->languages[i];
            if (!unit->pages[other])
                continue;
            buffer_format(out, "<xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"", language_info(other)->tag);
            put_page_address(out, site, unit, other);
            buffer_put_literal(out, "\"/>");
        }
        buffer_put_literal(out, "</url>\n");
    }
    buffer_put_literal(out, "</urlset>\n");
    return true;
}

/* Which pages there are, in which languages. */
static Digest pages_digest(const Site *site, Digest digest) {
    for (size_t u = 0; u < site->unit_count; u++) {
        uint64_t languages = 0;
        for (int language = 0; language < LANGUAGE_LIMIT; language++)
            languages |= (uint64_t)(site->units[u]->pages[language] != NULL) << language;
        digest = digest_number(digest_text(digest, site->units[u]->path), languages << 1 | has_page(site->units[u]));
    }
    return digest;
}

static void plan_root(const Target *target, const Site *site, const Layouts *layouts, Plan *plan) {
    Digest settings = digest_join(site->tool_digest, site->settings.digest);
    Digest root = digest_join(settings, layouts_digest(layouts));
    for (size_t i = 0; i < site->settings.language_count; i++)
        root = digest_join(root, site->messages[site->settings.languages[i]].digest);
    plan_add(plan, (Job){.target = target,
                         .output = TEXT("index.html"),
                         .inputs = root,
                         .run = make_root_page,
                         .language = -1,
                         .subject = "root.html"});
    plan_add(plan, (Job){.target = target,
                         .output = TEXT("404.html"),
                         .inputs = root,
                         .run = make_root_page,
                         .language = -1,
                         .subject = "404.html"});
    plan_add(
        plan,
        (Job){.target = target, .output = TEXT("robots.txt"), .inputs = settings, .run = make_robots, .language = -1});
    plan_add(plan, (Job){.target = target,
                         .output = TEXT("sitemap.xml"),
                         .inputs = settings,
                         .run = make_sitemap_index,
                         .language = -1});
    Digest pages = pages_digest(site, settings);
    for (size_t i = 0; i < site->settings.language_count; i++) {
        Language language = site->settings.languages[i];
        plan_add(plan, (Job){
                           .target = target,
                           .output = text_format(plan_arena(plan), "sitemap-%s.xml", language_info(language)->code),
                           .inputs = pages,
                           .run = make_sitemap,
                           .language = language,
                       });
    }
}

static void plan_website(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                         Plan *plan) {
    (void)options;
    plan_pages(target, site, layouts, plan);
    plan_files(target, site, layouts, plan);
    plan_root(target, site, layouts, plan);
}

const Target target_website = {
    .name = "website",
    .help = "the pages of the website, in every language",
    .plan = plan_website,
};
