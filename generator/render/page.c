/*
 * What a page of the website sees. Parts that neighbouring pages share (the site, the menu, the list of languages, the
 * section's navigation) are Lua tables that are made once and kept; a page adds some ten values of its own.
 *
 *   root        ../../ : from this page to the folder of all languages; every `path` begins there
 *   site        title, organization, base (address), mount (its path), style, icon, home (path)
 *   language    code, tag, dir, name          source: code of the source language
 *   languages   {code, tag, dir, name}        where this page exists; its path there is code/place
 *   menu        {title, path, id}
 *   page        title, summary, kind, id, top, path, place, symbol, date, number (in its section), count (of children),
 *               body, paper (path of the file for printing), paper_is_pdf
 *   trail       {title, path}: from the home page to the page's parent
 *   section     title, path, id, count, items {title, path, id}, is_partial; false where there are no neighbours
 *   previous, next   title, path; or false
 *   course      minutes, pass_percent, modules, screens; or false
 *   contents    {title, id, level}
 *   children    {title, summary, path, kind, id, symbol, date}; a course's are its modules, with children of their own
 */
#include "render/internal.h"

#include <stdio.h>
#include <string.h>

/*
 * A section's navigation shows a stretch of at most STRETCH + 2 * MARGIN siblings; neighbouring pages share the
 * stretch.
 */
enum { STRETCH = 20, MARGIN = 5 };

typedef struct Kept {
    const void *subject;
    uint32_t number;
    int reference; /* in Lua's registry; 0: nothing yet */
} Kept;

struct PageCache {
    struct {
        int site, language, menu;
        Kept languages, section, trail;
    } of[LANGUAGE_LIMIT];
};

static const char *const layout_names[UNIT_KIND_COUNT] = {
    [UNIT_HOME] = "website/home.html",     [UNIT_SECTION] = "website/section.html",
    [UNIT_PAGE] = "website/page.html",     [UNIT_FRAMEWORK] = "website/framework.html",
    [UNIT_GUIDE] = "website/guide.html",   [UNIT_CHAPTER] = "website/chapter.html",
    [UNIT_REPORT] = "website/report.html", [UNIT_COURSE] = "website/course.html",
    [UNIT_MODULE] = "website/page.html",   [UNIT_SCREEN] = "website/page.html",
};

void page_cache_open(Renderer *renderer) {
    renderer->page_cache = arena_new(&renderer->arena, PageCache, 1);
}

static const Page *page_in(const Unit *unit, Language language) {
    return unit ? unit->pages[language] : NULL;
}

/* What a course consists of has no pages on the website. */
static bool has_address(const Unit *unit) {
    return unit->kind != UNIT_MODULE && unit->kind != UNIT_SCREEN;
}

/* ---- Small pieces of tables; each sets a field of the table on top of the stack ---- */

static void set_path(Renderer *renderer, const char *key, const Unit *unit, Language language) {
    Buffer *plain = &renderer->plain;
    buffer_clear(plain);
    page_put_path(plain, unit, language);
    layout_set_text(renderer->lua, key, buffer_text(plain));
}

static void set_number(lua_State *lua, const char *key, int64_t number) {
    lua_pushinteger(lua, number);
    lua_setfield(lua, -2, key);
}

static void set_flag(lua_State *lua, const char *key, bool flag) {
    lua_pushboolean(lua, flag);
    lua_setfield(lua, -2, key);
}

/* {title, path, id} */
static void push_reference(Renderer *renderer, const Page *page, int more) {
    lua_State *lua = renderer->lua;
    lua_createtable(lua, 0, 3 + more);
    layout_set_text(lua, "title", page->title);
    set_path(renderer, "path", page->unit, page->language);
    set_number(lua, "id", page->unit->index);
}

static void set_reference(Renderer *renderer, const char *key, const Page *page) {
    if (page && has_address(page->unit))
        push_reference(renderer, page, 0);
    else
        lua_pushboolean(renderer->lua, false);
    lua_setfield(renderer->lua, -2, key);
}

/* Keeps the value on top of the stack, which stays there. */
static int keep(lua_State *lua) {
    lua_pushvalue(lua, -1);
    return luaL_ref(lua, LUA_REGISTRYINDEX);
}

static bool push_kept(lua_State *lua, Kept *kept, const void *subject, uint32_t number) {
    if (!kept->reference || kept->subject != subject || kept->number != number)
        return false;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, kept->reference);
    return true;
}

static void keep_as(lua_State *lua, Kept *kept, const void *subject, uint32_t number) {
    if (kept->reference)
        luaL_unref(lua, LUA_REGISTRYINDEX, kept->reference);
    *kept = (Kept){subject, number, keep(lua)};
}

/* ---- What all pages of a language share ---- */

static void push_language(lua_State *lua, Language language) {
    const LanguageInfo *info = language_info(language);
    lua_createtable(lua, 0, 4);
    layout_set_text(lua, "code", text_from(info->code));
    layout_set_text(lua, "tag", text_from(info->tag));
    layout_set_text(lua, "dir", info->right_to_left ? TEXT("rtl") : TEXT("ltr"));
    layout_set_text(lua, "name", text_from(info->name));
}

/* https://example.org/ethics/ is mounted at /ethics/ */
static Text base_path(Text base) {
    size_t colon = text_find(base, ':', 0);
    return text_slice(base, text_find(base, '/', colon < base.size ? colon + 3 : 0), base.size);
}

static void push_site(Renderer *renderer, Language language) {
    lua_State *lua = renderer->lua;
    const Settings *settings = &renderer->site->settings;
    lua_createtable(lua, 0, 6);
    layout_set_text(lua, "title", settings->title[language]);
    layout_set_text(lua, "organization", settings->organization[language]);
    layout_set_text(lua, "base", settings->base_url);
    layout_set_text(lua, "style", renderer->layouts->style_output);
    layout_set_text(lua, "icon", renderer->layouts->icon_output);
    layout_set_text(lua, "mount", base_path(settings->base_url));
    lua_pushfstring(lua, "%s/", language_info(language)->code);
    lua_setfield(lua, -2, "home");
}

static void push_menu(Renderer *renderer, Language language) {
    lua_State *lua = renderer->lua;
    const Settings *settings = &renderer->site->settings;
    lua_Integer count = 0;
    lua_newtable(lua);
    for (size_t i = 0; i < settings->menu_count; i++) {
        const Page *page = page_in(site_find_unit(renderer->site, settings->menu[i]), language);
        if (!page)
            continue;
        push_reference(renderer, page, 0);
        lua_rawseti(lua, -2, ++count);
    }
}

void page_set_common(Renderer *renderer, Language language) {
    lua_State *lua = renderer->lua;
    PageCache *cache = renderer->page_cache;
    if (!cache->of[language].site) {
        push_site(renderer, language);
        cache->of[language].site = keep(lua);
        lua_pop(lua, 1);
        push_language(lua, language);
        cache->of[language].language = keep(lua);
        lua_pop(lua, 1);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, cache->of[language].site);
    lua_setfield(lua, -2, "site");
    lua_rawgeti(lua, LUA_REGISTRYINDEX, cache->of[language].language);
    lua_setfield(lua, -2, "language");
}

static void set_menu(Renderer *renderer, Language language) {
    lua_State *lua = renderer->lua;
    int *menu = &renderer->page_cache->of[language].menu;
    if (*menu) {
        lua_rawgeti(lua, LUA_REGISTRYINDEX, *menu);
    } else {
        push_menu(renderer, language);
        *menu = keep(lua);
    }
    lua_setfield(lua, -2, "menu");
}

static uint32_t languages_of(const Site *site, const Unit *unit) {
    uint32_t languages = 0;
    for (size_t i = 0; i < site->settings.language_count; i++)
        if (unit->pages[site->settings.languages[i]])
            languages |= 1u << site->settings.languages[i];
    return languages;
}

static void set_languages(Renderer *renderer, const Settings *settings, uint32_t languages, Language language) {
    lua_State *lua = renderer->lua;
    Kept *kept = &renderer->page_cache->of[language].languages;
    if (!push_kept(lua, kept, settings, languages)) {
        lua_Integer count = 0;
        lua_newtable(lua);
        for (size_t i = 0; i < settings->language_count; i++) {
            if (!(languages & 1u << settings->languages[i]))
                continue;
            push_language(lua, settings->languages[i]);
            lua_rawseti(lua, -2, ++count);
        }
        keep_as(lua, kept, settings, languages);
    }
    lua_setfield(lua, -2, "languages");
}

/* ---- What pages of a section share ---- */

static const Unit *section_of(const Unit *unit) {
    return unit->parent && unit->parent->parent ? unit->parent : NULL;
}

static const Unit *top_of(const Unit *unit) {
    while (unit->parent && unit->parent->parent)
        unit = unit->parent;
    return unit;
}

static bool is_in_stretch(uint32_t position, uint32_t stretch) {
    return position + MARGIN >= stretch * STRETCH && position < (stretch + 1) * STRETCH + MARGIN;
}

static const Unit *stretch_start(const Unit *unit, uint32_t stretch) {
    while (unit->previous && is_in_stretch(unit->previous->position, stretch))
        unit = unit->previous;
    return unit;
}

static void set_section(Renderer *renderer, const Unit *unit, Language language) {
    lua_State *lua = renderer->lua;
    const Unit *section = section_of(unit);
    const Page *page = page_in(section, language);
    if (!page || section->child_count < 2) {
        set_flag(lua, "section", false);
        return;
    }
    Kept *kept = &renderer->page_cache->of[language].section;
    uint32_t stretch = unit->position / STRETCH;
    if (!push_kept(lua, kept, section, stretch)) {
        push_reference(renderer, page, 4);
        set_number(lua, "count", section->child_count);
        lua_createtable(lua, STRETCH + 2 * MARGIN, 0);
        lua_Integer count = 0;
        const Unit *sibling = stretch_start(unit, stretch);
        for (; sibling && is_in_stretch(sibling->position, stretch); sibling = sibling->next) {
            if (!page_in(sibling, language) || !has_address(sibling))
                continue;
            push_reference(renderer, sibling->pages[language], 0);
            lua_rawseti(lua, -2, ++count);
        }
        lua_setfield(lua, -2, "items");
        set_flag(lua, "is_partial", count < (lua_Integer)section->child_count);
        keep_as(lua, kept, section, stretch);
    }
    lua_setfield(lua, -2, "section");
}

static void set_trail(Renderer *renderer, const Unit *unit, Language language) {
    lua_State *lua = renderer->lua;
    Kept *kept = &renderer->page_cache->of[language].trail;
    if (!push_kept(lua, kept, unit->parent, 0)) {
        lua_newtable(lua);
        int length = 0;
        for (const Unit *ancestor = unit->parent; ancestor; ancestor = ancestor->parent)
            length += page_in(ancestor, language) != NULL;
        int at = length;
        for (const Unit *ancestor = unit->parent; ancestor; ancestor = ancestor->parent) {
            if (!page_in(ancestor, language))
                continue;
            push_reference(renderer, ancestor->pages[language], 0);
            lua_rawseti(lua, -2, at--);
        }
        keep_as(lua, kept, unit->parent, 0);
    }
    lua_setfield(lua, -2, "trail");
}

/* ---- The page's own ---- */

/*
 * {title, path, id, summary, kind, symbol, date}; nothing where the page does not exist. Into the list on top of the
 * stack.
 */
static bool append_child(Renderer *renderer, const Unit *child, Language language, lua_Integer *count) {
    lua_State *lua = renderer->lua;
    const Page *page = page_in(child, language);
    if (!page)
        return false;
    push_reference(renderer, page, 5);
    layout_set_text(lua, "summary", page->summary);
    layout_set_text(lua, "kind", text_from(unit_kind_name(child->kind)));
    layout_set_text(lua, "symbol", child->symbol);
    layout_set_text(lua, "date", child->date);
    lua_pushvalue(lua, -1);
    lua_rawseti(lua, -3, ++*count);
    return true;
}

static void set_children(Renderer *renderer, const Unit *unit, Language language) {
    lua_State *lua = renderer->lua;
    lua_Integer count = 0;
    lua_newtable(lua);
    for (const Unit *child = unit->first_child; child; child = child->next)
        if (append_child(renderer, child, language, &count))
            lua_pop(lua, 1);
    lua_setfield(lua, -2, "children");
}

/* Modules and screens in the order in which the course lists them. */
static void set_modules(Renderer *renderer, const Course *course, Language language) {
    lua_State *lua = renderer->lua;
    lua_Integer modules = 0;
    lua_newtable(lua);
    for (size_t i = 0; i < course->module_count; i++) {
        const Module *module = &course->modules[i];
        if (!append_child(renderer, module->unit, language, &modules))
            continue;
        lua_Integer screens = 0;
        lua_newtable(lua);
        for (size_t j = 0; j < module->screen_count; j++)
            if (append_child(renderer, module->screens[j].unit, language, &screens))
                lua_pop(lua, 1);
        lua_setfield(lua, -2, "children");
        lua_pop(lua, 1);
    }
    lua_setfield(lua, -2, "children");
}

/* A guide leads to its first chapter; other pages lead to their neighbours in the section. */
static const Page *next_page(const Unit *unit, Language language) {
    if (unit->kind == UNIT_GUIDE)
        return page_in(unit->first_child, language);
    return section_of(unit) ? page_in(unit->next, language) : NULL;
}

static const Page *previous_page(const Unit *unit, Language language) {
    if (unit->kind == UNIT_CHAPTER && !unit->previous)
        return page_in(unit->parent, language);
    return section_of(unit) && unit->kind != UNIT_GUIDE ? page_in(unit->previous, language) : NULL;
}

typedef struct PageSubject {
    const Page *page;
    const HeadingList *headings;
} PageSubject;

static void set_contents(Renderer *renderer, const HeadingList *headings) {
    lua_State *lua = renderer->lua;
    lua_Integer count = 0;
    lua_newtable(lua);
    for (size_t i = 0; i < headings->count; i++) {
        const Node *heading = headings->headings[i];
        if (heading->heading.level > 3)
            continue;
        lua_createtable(lua, 0, 3);
        layout_set_text(lua, "id", heading->heading.id);
        buffer_clear(&renderer->plain);
        node_put_plain_text(&renderer->plain, heading);
        layout_set_text(lua, "title", buffer_text(&renderer->plain));
        set_number(lua, "level", heading->heading.level);
        lua_rawseti(lua, -2, ++count);
    }
    lua_setfield(lua, -2, "contents");
}

/* The file for printing: guides/speaking-up-en.pdf */
static void set_paper(Renderer *renderer, const Page *page) {
    Text extension = renderer->site->paper;
    Buffer *plain = &renderer->plain;
    buffer_clear(plain);
    if (page->unit->print && extension.size) {
        const char *code = language_info(page->language)->code;
        buffer_format(plain, "guides/%.*s-%s.%.*s", TEXT_ARG(page->unit->name), code, TEXT_ARG(extension));
    }
    layout_set_text(renderer->lua, "paper", buffer_text(plain));
    set_flag(renderer->lua, "paper_is_pdf", text_equal(extension, TEXT("pdf")));
}

static void set_page(Renderer *renderer, const Page *page) {
    lua_State *lua = renderer->lua;
    const Unit *unit = page->unit;
    lua_createtable(lua, 0, 12);
    layout_set_text(lua, "title", page->title);
    layout_set_text(lua, "summary", page->summary);
    layout_set_text(lua, "kind", text_from(unit_kind_name(unit->kind)));
    layout_set_text(lua, "symbol", unit->symbol);
    layout_set_text(lua, "date", unit->date);
    set_number(lua, "id", unit->index);
    set_number(lua, "top", top_of(unit)->index);
    set_number(lua, "number", (int64_t)unit->position + 1);
    set_number(lua, "count", unit->child_count);
    set_path(renderer, "path", unit, page->language);
    size_t code_size = strlen(language_info(page->language)->code) + 1;
    layout_set_text(lua, "place", text_slice(buffer_text(&renderer->plain), code_size, renderer->plain.size));
    layout_push_html(lua, buffer_text(&renderer->body));
    lua_setfield(lua, -2, "body");
    set_paper(renderer, page);
    lua_setfield(lua, -2, "page");
}

static void set_course(lua_State *lua, const Course *course) {
    if (!course) {
        set_flag(lua, "course", false);
        return;
    }
    size_t screens = 0;
    for (size_t i = 0; i < course->module_count; i++)
        screens += course->modules[i].screen_count;
    lua_createtable(lua, 0, 4);
    set_number(lua, "minutes", course->minutes);
    set_number(lua, "pass_percent", course->pass_permille / 10);
    set_number(lua, "modules", (int64_t)course->module_count);
    set_number(lua, "screens", (int64_t)screens);
    lua_setfield(lua, -2, "course");
}

static void set_root(lua_State *lua, const Unit *unit) {
    int depth = unit->path.size ? 2 : 1;
    for (size_t i = 0; i < unit->path.size; i++)
        depth += unit->path.data[i] == '/';
    lua_pushlstring(lua, "../../../../../../../../../../../../../../../../", (size_t)(depth > 16 ? 16 : depth) * 3);
    lua_setfield(lua, -2, "root");
}

static void push_page_view(Renderer *renderer, const void *subject) {
    const PageSubject *given = subject;
    const Page *page = given->page;
    const Unit *unit = page->unit;
    lua_State *lua = renderer->lua;
    Language language = page->language;
    const Settings *settings = &renderer->site->settings;
    lua_createtable(lua, 0, 16);
    page_set_common(renderer, language);
    set_menu(renderer, language);
    set_root(lua, unit);
    layout_set_text(lua, "source", text_from(language_info(settings->source_language)->code));
    set_languages(renderer, settings, languages_of(renderer->site, unit), language);
    set_page(renderer, page);
    set_trail(renderer, unit, language);
    set_section(renderer, unit, language);
    set_course(lua, unit->course);
    set_contents(renderer, given->headings);
    set_reference(renderer, "previous", previous_page(unit, language));
    set_reference(renderer, "next", next_page(unit, language));
    if (unit->course)
        set_modules(renderer, unit->course, language);
    else
        set_children(renderer, unit, language);
}

bool render_page(Renderer *renderer, Buffer *out, const Page *page, const Document *document) {
    RenderOptions options = {.mode = RENDER_WEBSITE, .language = page->language};
    HeadingList headings = {0};
    arena_reset(&renderer->scratch);
    buffer_clear(&renderer->body);
    if (document)
        document_write(renderer, &renderer->body, document, &options, &headings);
    PageSubject subject = {page, &headings};
    return layout_run(renderer, out, layout_names[page->unit->kind], page->language, push_page_view, &subject);
}

/* ---- What all this reads of the site ---- */

/*
 * A page reads the titles of some forty others. Each title is digested once; what a page reads is then digests in a row, and the
 * digest of that row.
 */
typedef struct Gathering {
    Language language;
    Digest *titles;    /* of every unit's page: path and title */
    Digest *stretches; /* of every unit that has a stretch of siblings: their titles */
    Buffer row;        /* of the page at hand */
} Gathering;

static void gather(Gathering *gathering, Digest digest) {
    buffer_put(&gathering->row, (const char *)&digest, sizeof digest);
}

static void gather_number(Gathering *gathering, uint64_t number) {
    gather(gathering, (Digest){0, number});
}

static void gather_title(Gathering *gathering, const Page *page) {
    gather(gathering, page ? gathering->titles[page->unit->index] : (Digest){0, 0});
}

static void gather_child(Gathering *gathering, const Unit *child) {
    const Page *page = page_in(child, gathering->language);
    gather_title(gathering, page);
    if (!page)
        return;
    gather_number(gathering, (uint64_t)child->kind);
    if (page->summary.size || child->symbol.size || child->date.size)
        gather(gathering,
               digest_text(digest_text(digest_text((Digest){0, 0}, page->summary), child->symbol), child->date));
}

static void gather_course(Gathering *gathering, const Course *course) {
    gather_number(gathering, (uint64_t)course->minutes << 32 | (uint64_t)course->pass_permille);
    for (size_t i = 0; i < course->module_count; i++) {
        const Module *module = &course->modules[i];
        gather_child(gathering, module->unit);
        gather_number(gathering, module->screen_count);
        for (size_t j = 0; j < module->screen_count; j++)
            gather_child(gathering, module->screens[j].unit);
    }
}

/* Pages of one stretch show the same titles: they are gathered once. */
static void gather_stretches(Gathering *gathering, const Unit *first) {
    for (uint32_t stretch = 0; first; stretch++) {
        const Unit *unit = first, *next = NULL;
        buffer_clear(&gathering->row);
        for (; unit && is_in_stretch(unit->position, stretch); unit = unit->next) {
            gather_title(gathering, page_in(unit, gathering->language));
            if (!next && is_in_stretch(unit->position, stretch + 1))
                next = unit;
        }
        Digest digest = digest_bytes(gathering->row.data, gathering->row.size);
        for (unit = first; unit && unit->position / STRETCH <= stretch; unit = unit->next)
            if (unit->position / STRETCH == stretch)
                gathering->stretches[unit->index] = digest;
        first = next;
    }
}

static void gather_page(Gathering *gathering, const Site *site, const Unit *unit) {
    Language language = gathering->language;
    gather_number(gathering, (uint64_t)language << 32 | languages_of(site, unit));
    gather_number(gathering, (uint64_t)unit->kind << 1 | unit->print);
    if (unit->print)
        gather(gathering, digest_text((Digest){0, 0}, site->paper));
    gather_number(gathering, (uint64_t)unit->position << 32 | unit->child_count);
    if (unit->symbol.size || unit->date.size)
        gather(gathering, digest_text(digest_text((Digest){0, 0}, unit->symbol), unit->date));
    for (const Unit *ancestor = unit->parent; ancestor; ancestor = ancestor->parent)
        gather_title(gathering, page_in(ancestor, language));
    if (section_of(unit)) {
        gather_number(gathering, section_of(unit)->child_count);
        gather(gathering, gathering->stretches[unit->index]);
    }
    gather_title(gathering, previous_page(unit, language));
    gather_title(gathering, next_page(unit, language));
    for (const Unit *child = unit->first_child; child; child = child->next)
        gather_child(gathering, child);
    if (unit->course)
        gather_course(gathering, unit->course);
}

Digest *render_page_digests(Arena *arena, const Site *site, Language language) {
    Arena scratch = {0};
    Gathering gathering = {.language = language,
                           .titles = arena_new(&scratch, Digest, site->unit_count),
                           .stretches = arena_new(&scratch, Digest, site->unit_count)};
    for (size_t i = 0; i < site->unit_count; i++) {
        const Page *page = page_in(site->units[i], language);
        if (page)
            gathering.titles[i] = digest_text(digest_bytes(page->unit->path.data, page->unit->path.size), page->title);
    }
    for (size_t i = 0; i < site->settings.menu_count; i++) {
        const Unit *unit = site_find_unit(site, site->settings.menu[i]);
        gather_title(&gathering, unit ? page_in(unit, language) : NULL);
    }
    Digest menu = digest_bytes(gathering.row.data, gathering.row.size);
    for (size_t i = 0; i < site->unit_count; i++)
        if (section_of(site->units[i]) && !site->units[i]->previous)
            gather_stretches(&gathering, site->units[i]);
    Digest *digests = arena_new(arena, Digest, site->unit_count);
    for (size_t i = 0; i < site->unit_count; i++) {
        if (!page_in(site->units[i], language))
            continue;
        buffer_clear(&gathering.row);
        gather(&gathering, menu);
        gather_page(&gathering, site, site->units[i]);
        digests[i] = digest_bytes(gathering.row.data, gathering.row.size);
    }
    buffer_free(&gathering.row);
    arena_free(&scratch);
    return digests;
}

/* ---- The page that chooses a language; the page for addresses that lead nowhere ---- */

static void push_root_view(Renderer *renderer, const void *subject) {
    (void)subject;
    const Settings *settings = &renderer->site->settings;
    lua_State *lua = renderer->lua;
    lua_createtable(lua, 0, 6);
    page_set_common(renderer, settings->source_language);
    lua_newtable(lua);
    for (size_t i = 0; i < settings->language_count; i++) {
        Language language = settings->languages[i];
        push_language(lua, language);
        layout_set_text(lua, "title", settings->title[language]);
        layout_set_text(lua, "organization", settings->organization[language]);
        buffer_clear(&renderer->plain);
        words_put(renderer->words, &renderer->plain, language, TEXT("not-found.title"), NULL, 0);
        layout_set_text(lua, "not_found", buffer_text(&renderer->plain));
        buffer_clear(&renderer->plain);
        words_put(renderer->words, &renderer->plain, language, TEXT("not-found.text"), NULL, 0);
        layout_set_text(lua, "not_found_text", buffer_text(&renderer->plain));
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "languages");
}

bool render_root_page(Renderer *renderer, Buffer *out, const char *layout) {
    char name[64];
    snprintf(name, sizeof name, "website/%s", layout);
    return layout_run(renderer, out, name, renderer->site->settings.source_language, push_root_view, NULL);
}
