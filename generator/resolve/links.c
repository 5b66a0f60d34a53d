/* Where links lead, and whether there is something there. */
#include "resolve/resolve.h"

#include <string.h>

typedef struct Resolving {
    const Site *site;
    Page *page;
    const ResolveOptions *options;
    Arena *arena, *facts_arena;
    Diagnostics *diagnostics;
    Buffer facts;
} Resolving;

/*
 * The path below the content folder that an address means, or an empty text with `well` false where it leaves the folder. Addresses may end
 * with a slash or with the name of a page's file, so that links also work where Markdown is looked at as it is.
 */
static Text normalize(Arena *arena, Text from, Text address, bool *well) {
    char *path = arena_allocate(arena, from.size + address.size + 2, 1);
    size_t size = 0;
    *well = true;
    if (!text_starts(address, TEXT("/")) && from.size) {
        memcpy(path, from.data, from.size);
        size = from.size;
    }
    for (size_t at = 0; at < address.size;) {
        size_t end = text_find(address, '/', at);
        Text part = text_slice(address, at, end);
        at = end + 1;
        if (!part.size || text_equal(part, TEXT(".")))
            continue;
        if (text_equal(part, TEXT(".."))) {
            if (size == 0) {
                *well = false;
                return TEXT("");
            }
            while (size > 0 && path[size - 1] != '/')
                size--;
            size -= size > 0;
            continue;
        }
        bool is_last = end >= address.size;
        if (is_last && text_ends(part, TEXT(".md")) && language_find(text_slice(part, 0, part.size - 3)) >= 0)
            continue;
        if (size)
            path[size++] = '/';
        memcpy(path + size, part.data, part.size);
        size += part.size;
    }
    path[size] = '\0';
    return (Text){path, size};
}

typedef struct Destination {
    const Unit *unit;
    const UnitFile *file; /* of the unit, or NULL: the unit's page */
} Destination;

/* A unit, or a file in the folder of one. */
static Destination find_destination(const Site *site, Text path) {
    Destination destination = {site_find_unit(site, path), NULL};
    for (size_t cut = path.size; !destination.unit && cut > 0;) {
        while (cut > 0 && path.data[--cut] != '/')
            ;
        const Unit *unit = site_find_unit(site, text_slice(path, 0, cut));
        if (!unit)
            continue;
        Text name = text_slice(path, cut + (cut > 0), path.size);
        for (size_t i = 0; i < unit->file_count; i++)
            if (text_equal(unit->files[i].name, name))
                return (Destination){unit, &unit->files[i]};
        break;
    }
    return destination;
}

const UnitFile *resolve_find_file(const Site *site, Text path, const Unit **unit) {
    Destination destination = find_destination(site, path);
    *unit = destination.unit;
    return destination.file;
}

static bool is_in_book(const Unit *book, const Unit *unit) {
    for (; unit; unit = unit->parent)
        if (unit == book)
            return true;
    return false;
}

static bool is_in_course(const Unit *unit) {
    return unit->kind == UNIT_MODULE || unit->kind == UNIT_SCREEN;
}

/* What the author may have meant: the nearest path, else a page of the same name elsewhere. */
static Text hint_path(const Site *site, Arena *arena, Text path) {
    enum { CANDIDATE_LIMIT = 5000 };
    const char **candidates = arena_new(arena, const char *, site->unit_count);
    size_t count = 0, name_at = path.size;
    for (size_t i = 1; i < site->unit_count && count < CANDIDATE_LIMIT; i++)
        if (!is_in_course(site->units[i]))
            candidates[count++] = site->units[i]->path.data;
    Text best = text_nearest(path, candidates, count);
    while (name_at > 0 && path.data[name_at - 1] != '/')
        name_at--;
    Text name = text_slice(path, name_at, path.size);
    for (size_t i = 1; i < site->unit_count && !best.size; i++)
        if (!is_in_course(site->units[i]) && text_equal(site->units[i]->name, name))
            best = site->units[i]->path;
    return best.size ? text_format(arena, "; did you mean \"/%.*s\"?", TEXT_ARG(best)) : TEXT("");
}

static void report_missing(const Site *site, const Page *page, Text path, Place place, Diagnostics *diagnostics) {
    Arena scratch = {.block_size_bytes = 1024};
    Text shown = text_format(&scratch, "/%.*s", TEXT_ARG(path));
    diagnostics_add(diagnostics, DIAGNOSTIC_LINK_BROKEN, page->source, place, shown.data,
                    hint_path(site, &scratch, path).data);
    arena_free(&scratch);
}

/* Screens are played in their course and have no page of their own. */
static bool can_link(const Site *site, const Page *page, const Destination *destination, Text path, Place place,
                     Diagnostics *diagnostics) {
    const Unit *unit = destination->unit;
    if (!unit) {
        report_missing(site, page, path, place, diagnostics);
        return false;
    }
    if (is_in_course(unit) && !is_in_course(page->unit)) {
        Buffer shown = {0};
        buffer_format(&shown, "/%.*s", TEXT_ARG(path));
        diagnostics_add(diagnostics, DIAGNOSTIC_LINK_BROKEN, page->source, place, shown.data,
                        ": screens are played in their course alone");
        buffer_free(&shown);
        return false;
    }
    if (!destination->file && !(unit->found_languages & 1u << page->language)) {
        Buffer shown = {0};
        buffer_format(&shown, "/%.*s", TEXT_ARG(path));
        diagnostics_add(diagnostics, DIAGNOSTIC_LINK_LANGUAGE, page->source, place, shown.data,
                        language_info(page->language)->code);
        buffer_free(&shown);
        return false;
    }
    return true;
}

static void put_climb(Buffer *out, const Unit *unit) {
    for (size_t i = 0; i < unit->path.size; i++)
        if (unit->path.data[i] == '/')
            buffer_put_literal(out, "../");
    if (unit->path.size)
        buffer_put_literal(out, "../");
    buffer_put_literal(out, "../");
}

static void put_media(Buffer *out, const Resolving *resolving, const Destination *destination) {
    if (resolving->options->book)
        buffer_put_text(out, resolving->options->media_prefix);
    else
        put_climb(out, resolving->page->unit);
    buffer_put_literal(out, "media/");
    if (destination->unit->path.size) {
        buffer_put_text(out, destination->unit->path);
        buffer_put_char(out, '/');
    }
    buffer_put_text(out, destination->file->name);
}

static void put_page(Buffer *out, const Resolving *resolving, const Unit *unit, Text anchor) {
    const Unit *book = resolving->options->book;
    Language language = resolving->page->language;
    if (book && is_in_book(book, unit)) {
        buffer_put_char(out, '#');
        book_put_anchor(out, book, unit, anchor);
        return;
    }
    if (book) {
        buffer_put_text(out, resolving->site->settings.base_url);
        page_put_path(out, unit, language);
    } else if (unit != resolving->page->unit || !anchor.size) {
        page_put_relative(out, resolving->page->unit, unit, language);
    }
    if (anchor.size) {
        buffer_put_char(out, '#');
        buffer_put_text(out, anchor);
    }
}

static void add_link(Resolving *resolving, Text path, Text anchor, Place place) {
    if (resolving->facts_arena)
        facts_put_link(&resolving->facts, path, anchor, place);
}

static void resolve_link(Resolving *resolving, Node *node) {
    Text address = node->link.address;
    const Page *page = resolving->page;
    if (url_is_external(address) || !url_is_safe(address)) {
        node->link.url = url_is_safe(address) ? address : TEXT("#");
        if (!url_is_safe(address))
            diagnostics_add(resolving->diagnostics, DIAGNOSTIC_LINK_SCHEME, page->source, node->place, address.data);
        return;
    }
    size_t hash = text_find(address, '#', 0);
    Text anchor = text_copy(resolving->arena, text_slice(address, hash + 1, address.size));
    bool well;
    Text path = hash == 0 ? page->unit->path
                          : normalize(resolving->arena, page->unit->path, text_slice(address, 0, hash), &well);
    node->link.url = TEXT("#");
    if (hash != 0 && !well) {
        diagnostics_add(resolving->diagnostics, DIAGNOSTIC_FILE_OUTSIDE, page->source, node->place, address.data);
        return;
    }
    add_link(resolving, path, anchor, node->place);
    Destination destination = hash == 0 ? (Destination){page->unit, NULL} : find_destination(resolving->site, path);
    if (!can_link(resolving->site, page, &destination, path, node->place, resolving->diagnostics))
        return;
    Buffer url = {0};
    if (destination.file)
        put_media(&url, resolving, &destination);
    else
        put_page(&url, resolving, destination.unit, anchor);
    node->link.url = text_copy(resolving->arena, buffer_text(&url));
    buffer_free(&url);
}

static bool is_picture(Text name) {
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(name, text_from(endings[i])))
            return true;
    return false;
}

static void resolve_image(Resolving *resolving, Node *node) {
    const Page *page = resolving->page;
    Text address = node->link.address;
    node->link.url = TEXT("#");
    bool well = true;
    Text path = url_is_external(address) ? address : normalize(resolving->arena, page->unit->path, address, &well);
    if (!well) {
        diagnostics_add(resolving->diagnostics, DIAGNOSTIC_FILE_OUTSIDE, page->source, node->place, address.data);
        return;
    }
    Destination destination = url_is_external(address) ? (Destination){0} : find_destination(resolving->site, path);
    if (!destination.file) {
        diagnostics_add(resolving->diagnostics, DIAGNOSTIC_IMAGE_MISSING, page->source, node->place, address.data);
        return;
    }
    if (!is_picture(destination.file->name)) {
        diagnostics_add(resolving->diagnostics, DIAGNOSTIC_IMAGE_KIND, page->source, node->place, address.data);
        return;
    }
    add_link(resolving, path, TEXT(""), node->place);
    Buffer url = {0};
    put_media(&url, resolving, &destination);
    node->link.url = text_copy(resolving->arena, buffer_text(&url));
    buffer_free(&url);
}

static void add_id(Resolving *resolving, Text id, int level, Place place) {
    if (resolving->facts_arena && id.size)
        facts_put_id(&resolving->facts, id, level, place);
}

static void resolve_media_file(Resolving *resolving, MediaFile *media) {
    if (!media->file)
        return;
    Buffer url = {0};
    put_media(&url, resolving, &(Destination){resolving->page->unit, media->file});
    media->url = text_copy(resolving->arena, buffer_text(&url));
    buffer_free(&url);
}

static void resolve_media(Resolving *resolving, Media *media) {
    resolve_media_file(resolving, &media->source);
    resolve_media_file(resolving, &media->poster);
    for (Language language = 0; language < language_count(); language++)
        resolve_media_file(resolving, &media->captions[language]);
}

static void resolve_tree(Resolving *resolving, Node *root) {
    for (Node *node = root; node; node = node_following(root, node)) {
        if (node->kind == NODE_LINK)
            resolve_link(resolving, node);
        else if (node->kind == NODE_IMAGE)
            resolve_image(resolving, node);
        else if (node->kind == NODE_HEADING)
            add_id(resolving, node->heading.id, node->heading.level, node->place);
        else if (node->kind == NODE_DIRECTIVE)
            add_id(resolving, node->directive.id, 0, node->place);
        if (node->kind == NODE_DIRECTIVE && node->directive.media)
            resolve_media(resolving, node->directive.media);
    }
}

void resolve_document(const Site *site, Page *page, Document *document, const ResolveOptions *options, Arena *arena,
                      Arena *facts_arena, Diagnostics *diagnostics) {
    Resolving resolving = {.site = site,
                           .page = page,
                           .options = options,
                           .arena = arena,
                           .facts_arena = facts_arena,
                           .diagnostics = diagnostics};
    resolve_tree(&resolving, document->root);
    if (document->footnotes)
        resolve_tree(&resolving, document->footnotes);
    for (const Exercise *exercise = document->exercises; exercise; exercise = exercise->next)
        for (size_t i = 0; i < exercise->tree_count; i++)
            resolve_tree(&resolving, exercise->trees[i]);
    if (!facts_arena)
        return;
    page->ids_are_new = page->ids_are_new || !facts_ids_equal(page->facts, buffer_text(&resolving.facts));
    page->facts = text_copy(facts_arena, buffer_text(&resolving.facts));
    page->has_facts = true;
    page->facts_are_new = true;
    buffer_free(&resolving.facts);
}

/* ---- Between pages ---- */

static bool has_id(const Page *page, Text id) {
    PageFact fact;
    for (size_t at = 0; facts_next_id(page->facts, &at, &fact);)
        if (text_equal(fact.text, id))
            return true;
    return false;
}

static void check_links(const Site *site, const Page *page, Diagnostics *diagnostics) {
    PageFact link;
    for (size_t at = 0; facts_next_link(page->facts, &at, &link);) {
        Destination destination = find_destination(site, link.text);
        if (!can_link(site, page, &destination, link.text, link.place, diagnostics) || !link.anchor.size ||
            destination.file)
            continue;
        const Page *target = destination.unit->pages[page->language];
        if (target && target->has_facts && !has_id(target, link.anchor) &&
            (target == page || !diagnostics_has_error_in(diagnostics, target->source)))
            diagnostics_add(diagnostics, DIAGNOSTIC_LINK_ANCHOR, page->source, link.place, link.anchor.data,
                            target->source.data);
    }
}

static void check_headings(const Page *page, const Page *source, Diagnostics *diagnostics) {
    Buffer reason = {0};
    size_t here = 0, there = 0;
    for (;;) {
        PageFact my_fact, their_fact;
        const PageFact *mine = facts_next_id(page->facts, &here, &my_fact) ? &my_fact : NULL;
        const PageFact *theirs = facts_next_id(source->facts, &there, &their_fact) ? &their_fact : NULL;
        if (!mine && !theirs)
            break;
        /* Exercises are compared by their course, with better words. */
        if (page->unit->kind == UNIT_SCREEN && (!mine || !mine->level) && (!theirs || !theirs->level))
            continue;
        if (mine && theirs && mine->level == theirs->level && text_equal(mine->text, theirs->text))
            continue;
        if (!mine)
            buffer_format(&reason, "\"%s\" of line %u there is missing here", theirs->text.data, theirs->place.line);
        else if (!theirs)
            buffer_format(&reason, "\"%s\" is not there", mine->text.data);
        else
            buffer_format(&reason, "\"%s\" (level %d) here, \"%s\" (level %d) there", mine->text.data, mine->level,
                          theirs->text.data, theirs->level);
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_HEADINGS, page->source, mine ? mine->place : (Place){0, 0},
                        source->source.data, reason.data);
        break;
    }
    buffer_free(&reason);
}

enum { NEW_UNITS_LIMIT = 16 };

/* Units of which a page offers other ids now; more than these are as good as all. */
typedef struct NewUnits {
    const Unit *units[NEW_UNITS_LIMIT];
    size_t count;
    bool are_too_many;
} NewUnits;

static NewUnits find_new_units(const Site *site) {
    NewUnits found = {.count = 0};
    for (size_t i = 0; i < site->unit_count && !found.are_too_many; i++) {
        bool is_new = false;
        for (int language = 0; language < language_count(); language++)
            is_new = is_new || (site->units[i]->pages[language] && site->units[i]->pages[language]->ids_are_new);
        if (is_new && found.count == NEW_UNITS_LIMIT)
            found.are_too_many = true;
        else if (is_new)
            found.units[found.count++] = site->units[i];
    }
    return found;
}

static bool concerns(const NewUnits *found, const Page *page, const Page *source) {
    if (found->are_too_many || page->facts_are_new || (source && source->ids_are_new))
        return true;
    if (found->count == 0)
        return false;
    PageFact link;
    for (size_t at = 0; facts_next_link(page->facts, &at, &link);)
        for (size_t u = 0; u < found->count; u++)
            if (text_equal(link.text, found->units[u]->path))
                return true;
    return false;
}

void resolve_facts(const Site *site, FactsScope scope, Diagnostics *diagnostics) {
    NewUnits found = {.are_too_many = true};
    if (scope == FACTS_NEW)
        found = find_new_units(site);
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        const Page *source = unit->pages[site->settings.source_language];
        for (int language = 0; language < language_count(); language++) {
            const Page *page = unit->pages[language];
            if (!page || !page->has_facts || !concerns(&found, page, source))
                continue;
            check_links(site, page, diagnostics);
            if (source && source != page && source->has_facts && !diagnostics_has_error_in(diagnostics, page->source) &&
                !diagnostics_has_error_in(diagnostics, source->source))
                check_headings(page, source, diagnostics);
        }
    }
}
