/*
 * A package's page in a language: every screen as a section of one page, to be read from top to bottom where no script runs.
 * The player shows one at a time. A section's data-place is what the learner's state and the platform's bookmark call
 * it.
 */
#include "package/package.h"

typedef struct PageParts {
    Worker *worker;
    const Course *course;
    Language language;
    View *view;
    Arena *arena;
} PageParts;

static Text anchor_of(const PageParts *parts, const Unit *unit, Text anchor) {
    Buffer text = {0};
    book_put_anchor(&text, parts->course->unit, unit, anchor);
    Text copy = text_copy(parts->arena, buffer_text(&text));
    buffer_free(&text);
    return copy;
}

/* A unit's text with ids of its own; an empty text where it says nothing. */
static Text render_body(const PageParts *parts, const Unit *unit, const Document *document) {
    if (!document || (!document->root->first_child && !document->footnotes))
        return TEXT("");
    RenderOptions options = {
        .mode = RENDER_COURSE,
        .language = parts->language,
        .id_prefix = text_join(parts->arena, anchor_of(parts, unit, TEXT("")), TEXT("_")),
        .heading_offset = 1, /* the course's title is level 1, the screen's level 2 */
    };
    Buffer body = {0};
    render_document(parts->worker->renderer, &body, document, &options);
    Text copy = text_copy(parts->arena, buffer_text(&body));
    buffer_free(&body);
    return copy;
}

/* Sets the same in a section of the page and in its entry of the list of contents. */
static void set_place(const PageParts *parts, View *view, const Unit *unit, Text id) {
    view_set_text(view, "id", id);
    view_set_text(view, "anchor", anchor_of(parts, unit, TEXT("")));
    view_set_text(view, "title", unit->pages[parts->language]->title);
}

static void add_place(const PageParts *parts, View *entry, const Unit *unit, Text id, Text module_title, Text body) {
    View *place = view_append_view(parts->view, "places");
    set_place(parts, place, unit, id);
    view_set_text(place, "module", module_title);
    view_set_html(place, "body", body);
    set_place(parts, entry, unit, id);
}

static void add_module(const PageParts *parts, const Module *module) {
    const Page *page = module->unit->pages[parts->language];
    View *entry = view_append_view(parts->view, "modules");
    Text introduction = render_body(parts, module->unit, module->documents[parts->language]);
    view_begin_list(entry, "places");
    view_set_flag(entry, "has_place", introduction.size > 0);
    if (introduction.size)
        add_place(parts, entry, module->unit, module->unit->name, TEXT(""), introduction);
    else
        set_place(parts, entry, module->unit, module->unit->name);
    for (size_t s = 0; s < module->screen_count; s++) {
        const Unit *unit = module->screens[s].unit;
        Text id = text_format(parts->arena, "%.*s/%.*s", TEXT_ARG(module->unit->name), TEXT_ARG(unit->name));
        add_place(parts, view_append_view(entry, "places"), unit, id, page->title,
                  render_body(parts, unit, module->screens[s].documents[parts->language]));
    }
}

/* The package's languages as links, each in its own words; none where there is one alone. */
static void add_languages(View *view, Arena *arena, const PackagePage *page) {
    view_begin_list(view, "languages");
    for (size_t i = 0; i < page->language_count && page->language_count > 1; i++) {
        const LanguageInfo *info = language_info(page->languages[i]);
        View *entry = view_append_view(view, "languages");
        view_set_text(entry, "href", package_page_name(arena, page->languages[i]));
        view_set_text(entry, "tag", text_from(info->tag));
        view_set_text(entry, "code", text_from(info->code));
        view_set_text(entry, "dir", text_from(info->right_to_left ? "rtl" : "ltr"));
        view_set_text(entry, "name", text_from(info->name));
        view_set_text(entry, "title", page->course->unit->pages[page->languages[i]]->title);
        view_set_flag(entry, "is_current", page->languages[i] == page->language);
    }
}

bool package_write_languages(Buffer *out, Worker *worker, const PackagePage *page) {
    View *view = view_new(worker->scratch);
    view_set_text(view, "platform", text_from(page->standard->dialect));
    view_set_text(view, "course", page->course->unit->name);
    view_set_text(view, "title", page->course->unit->pages[page->language]->title);
    add_languages(view, worker->scratch, page);
    return render_layout(worker->renderer, out, "course/languages.html", page->language, view);
}

bool package_write_page(Buffer *out, Worker *worker, const PackagePage *package_page) {
    const Course *course = package_page->course;
    Language language = package_page->language;
    PageParts parts = {worker, course, language, view_new(worker->scratch), worker->scratch};
    const Page *page = course->unit->pages[language];
    view_set_text(parts.view, "platform", text_from(package_page->standard->dialect));
    view_set_text(parts.view, "data",
                  package_page->language_count > 1 ? package_data_name(worker->scratch, language) : TEXT("course.js"));
    view_set_text(parts.view, "title", page->title);
    view_set_text(parts.view, "summary", page->summary);
    add_languages(parts.view, worker->scratch, package_page);
    view_begin_list(parts.view, "places");
    view_begin_list(parts.view, "modules");
    /* Ids of content have no underscore: these two places can have no other's name. */
    View *about = view_set_view(parts.view, "about");
    add_place(&parts, about, course->unit, TEXT("_about"), TEXT(""),
              render_body(&parts, course->unit, course->documents[language]));
    for (size_t m = 0; m < course->module_count; m++)
        add_module(&parts, &course->modules[m]);
    return render_layout(worker->renderer, out, "course/index.html", language, parts.view);
}
