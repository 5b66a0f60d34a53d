/* The whole of loading: walk, read what has changed in several threads, join into units and courses. */
#include "load/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef struct Reading {
    Site *site;
    struct SiteFiles *files;
    const LoadMemory *memory;
    Diagnostics *diagnostics;
    atomic_size_t next;
} Reading;

typedef struct Reader {
    Reading *reading;
    Arena *arena;
} Reader;

/* Media can be large: the kernel's own cache is read, not a copy. */
static bool digest_file(const Found *found, Digest *digest, Diagnostics *diagnostics) {
    if (found->stamp.size_bytes > FILE_MEDIA_LIMIT_BYTES) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_SIZE, found->path, (Place){0, 0}, (size_t)found->stamp.size_bytes,
                        FILE_MEDIA_LIMIT_BYTES);
        return false;
    }
    if (found->stamp.size_bytes == 0) {
        *digest = digest_bytes("", 0);
        return true;
    }
    size_t size = (size_t)found->stamp.size_bytes;
    int file = open(found->path.data, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    void *bytes = file >= 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    if (file >= 0)
        close(file);
    if (bytes == MAP_FAILED) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, found->path, (Place){0, 0}, "it cannot be mapped");
        return false;
    }
    *digest = digest_bytes(bytes, size);
    munmap(bytes, size);
    return true;
}

static void read_found(Reading *reading, Found *found, YamlReader *yaml, Arena *arena, Arena *scratch) {
    if (found->language < 0) {
        FileRecord known;
        UnitFile *file = &found->unit->files[found->file_index];
        if (memory_find_file(reading->memory, found->path, &found->stamp, &known))
            file->digest = known.digest;
        else
            digest_file(found, &file->digest, reading->diagnostics);
        return;
    }
    PageRecord known;
    Page *page = arena_new(arena, Page, 1);
    bool is_known = memory_find_page(reading->memory, arena, found->path, &found->stamp, &known);
    page->facts = known.facts;
    if (is_known) {
        found->head = known.head;
        found->is_read = true;
        page->has_facts = known.has_facts;
        page->kept = known.bytes;
    } else {
        Text source;
        arena_reset(scratch);
        if (file_read_text(scratch, found->path.data, &source, reading->diagnostics) &&
            page_read_head(yaml, arena, source, found->path, &found->head, reading->diagnostics)) {
            found->head.digest = digest_bytes(source.data, source.size);
            found->is_read = true;
        }
    }
    if (!found->is_read)
        return;
    page->unit = found->unit;
    page->language = found->language;
    page->source = found->path;
    page->neutral = found->head.neutral;
    page->title = found->head.title;
    page->summary = found->head.summary;
    page->body_offset = found->head.body_offset;
    page->body_line = found->head.body_line;
    page->digest = found->head.digest;
    page->stamp = found->stamp;
    found->unit->pages[found->language] = page;
}

static void *read_some(void *argument) {
    Reader *reader = argument;
    Reading *reading = reader->reading;
    YamlReader *yaml = yaml_open();
    Arena scratch = {0};
    enum { AT_ONCE = 32 };
    for (;;) {
        size_t from = atomic_fetch_add(&reading->next, AT_ONCE);
        if (from >= reading->files->count)
            break;
        for (size_t i = from; i < from + AT_ONCE && i < reading->files->count; i++)
            read_found(reading, &reading->files->found[i], yaml, reader->arena, &scratch);
    }
    arena_free(&scratch);
    yaml_close(yaml);
    return NULL;
}

static void read_all(Reading *reading) {
    Site *site = reading->site;
    int count = site->thread_count;
    pthread_t threads[64];
    Reader readers[64];
    for (int i = 0; i < count; i++)
        readers[i] = (Reader){reading, &site->thread_arenas[i]};
    int started = 0;
    while (started < count - 1 && pthread_create(&threads[started], NULL, read_some, &readers[started]) == 0)
        started++;
    read_some(&readers[count - 1]);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

/* Where the front matter gives the key. It was read, maybe by an earlier build, that kept no places: the page is looked into again. */
static Place find_key(const Page *page, Text key, Diagnostics *diagnostics) {
    Arena arena = {0};
    Text source;
    Place place = {1, 0};
    if (file_read_text(&arena, page->source.data, &source, diagnostics)) {
        uint32_t line = 1;
        for (size_t at = 0; at < page->body_offset && at < source.size; line++) {
            size_t end = text_find(source, '\n', at);
            if (text_starts(text_slice(source, at, end), key) && source.data[at + key.size] == ':') {
                place = (Place){line, 1};
                break;
            }
            at = end + 1;
        }
    }
    arena_free(&arena);
    return place;
}

static void report_difference(const Page *page, const char *key, Text here, Text there, const Page *source,
                              Diagnostics *diagnostics) {
    Buffer words = {0};
    buffer_put_text(&words, here);
    buffer_put_char(&words, '\0');
    buffer_put_text(&words, there.size ? there : TEXT("not given"));
    diagnostics_add(diagnostics, DIAGNOSTIC_FRONT_MATTER_DIFFERS, page->source,
                    find_key(page, text_from(key), diagnostics), key, words.data, words.data + here.size + 1,
                    source->source.data);
    buffer_free(&words);
}

/* Keys that hold for all languages come from the source language; a translation may repeat them, not contradict them. */
static void join_neutral(const Site *site, Unit *unit, Diagnostics *diagnostics) {
    static const NeutralKeys nothing = {0};
    const Page *source = unit->pages[site->settings.source_language];
    const NeutralKeys *given = source && source->neutral ? source->neutral : &nothing;
    unit->kind = given->has_kind ? given->kind : UNIT_KIND_COUNT;
    /* A page that nobody has given a place comes after those that have one. */
    unit->order = given->has_order ? given->order : INT_MAX;
    unit->symbol = given->symbol;
    unit->date = given->date;
    unit->print = given->print;
    for (int i = 0; source && i < language_count(); i++) {
        const Page *page = unit->pages[i];
        const NeutralKeys *keys = page && page != source ? page->neutral : NULL;
        if (!keys)
            continue;
        char here[16], there[16];
        snprintf(here, sizeof here, "%d", keys->order);
        snprintf(there, sizeof there, "%d", given->order);
        if (keys->has_kind && (!given->has_kind || keys->kind != given->kind))
            report_difference(page, "kind", text_from(unit_kind_name(keys->kind)),
                              given->has_kind ? text_from(unit_kind_name(given->kind)) : TEXT(""), source, diagnostics);
        if (keys->has_order && keys->order != given->order)
            report_difference(page, "order", text_from(here), given->has_order ? text_from(there) : TEXT(""), source,
                              diagnostics);
        if (keys->symbol.size && !text_equal(keys->symbol, given->symbol))
            report_difference(page, "symbol", keys->symbol, given->symbol, source, diagnostics);
        if (keys->date.size && !text_equal(keys->date, given->date))
            report_difference(page, "date", keys->date, given->date, source, diagnostics);
        if (keys->has_audience && keys->audience != given->audience)
            report_difference(page, "audience", text_from(audience_name(keys->audience)),
                              text_from(audience_name(given->audience)), source, diagnostics);
        if (keys->has_print && keys->print != given->print)
            report_difference(page, "print", keys->print ? TEXT("true") : TEXT("false"),
                              given->print ? TEXT("true") : TEXT("false"), source, diagnostics);
    }
}

void load_put_unit_path(Buffer *out, const Site *site, const Unit *unit) {
    buffer_put_text(out, site->content_folder);
    buffer_put_char(out, '/');
    if (unit->path.size) {
        buffer_put_text(out, unit->path);
        buffer_put_char(out, '/');
    }
}

static bool has_course_file(const Site *site, const Unit *unit) {
    Buffer path = {0};
    load_put_unit_path(&path, site, unit);
    buffer_put_literal(&path, "course.yaml");
    /* What cannot be told is taken for there: reading it says why. */
    bool exists = access(path.data, F_OK) == 0 || errno != ENOENT;
    buffer_free(&path);
    return exists;
}

static int compare_siblings(const void *left, const void *right) {
    const Unit *a = *(Unit *const *)left, *b = *(Unit *const *)right;
    if (a->parent != b->parent)
        return a->parent->index < b->parent->index ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return text_compare(a->name, b->name);
}

static void link_children(const Site *site) {
    if (site->unit_count < 2)
        return;
    size_t count = site->unit_count - 1;
    Unit **sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        memory_exhausted();
    memcpy(sorted, site->units + 1, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_siblings);
    Unit *before = NULL;
    for (size_t i = 0; i < count; i++) {
        Unit *unit = sorted[i];
        if (before && before->parent == unit->parent) {
            before->next = unit;
            unit->previous = before;
            unit->position = before->position + 1;
        } else {
            unit->parent->first_child = unit;
        }
        unit->parent->child_count++;
        before = unit;
    }
    free(sorted);
}

/* A kind that the page does not name is known from its place. Parents come before children in the order of paths. */
static void complete_kinds(const Site *site) {
    for (size_t i = 0; i < site->unit_count; i++) {
        Unit *unit = site->units[i];
        if (unit->kind != UNIT_KIND_COUNT)
            continue;
        if (!unit->parent)
            unit->kind = UNIT_HOME;
        else if (unit->parent->kind == UNIT_COURSE)
            unit->kind = UNIT_MODULE; /* course.yaml does not list it, and a diagnostic says so */
        else if (unit->parent->kind == UNIT_MODULE)
            unit->kind = UNIT_SCREEN;
        else if (unit->parent->kind == UNIT_GUIDE)
            unit->kind = UNIT_CHAPTER;
        else
            unit->kind = unit->first_child ? UNIT_SECTION : UNIT_PAGE;
    }
}

/* Screens of courses alone are left out for some. */
static void check_audiences(const Site *site, Diagnostics *diagnostics) {
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        const Page *page = unit->pages[site->settings.source_language];
        if (unit->kind != UNIT_SCREEN && page && page->neutral && page->neutral->has_audience)
            diagnostics_add(diagnostics, DIAGNOSTIC_AUDIENCE_PLACE, page->source,
                            find_key(page, TEXT("audience"), diagnostics), unit_kind_name(unit->kind));
    }
}

static void read_courses(Site *site, YamlReader *yaml, Diagnostics *diagnostics) {
    size_t capacity = 0;
    for (size_t i = 0; i < site->unit_count; i++) {
        Unit *unit = site->units[i];
        /* A course is looked for where a page says so, and in folders whose pages have modules below: not in every folder of the site. */
        bool may_be = unit->kind == UNIT_COURSE ||
                      (unit->kind == UNIT_KIND_COUNT && unit->first_child && unit->first_child->first_child);
        if (!may_be || !has_course_file(site, unit)) {
            if (unit->kind == UNIT_COURSE) {
                Text path = text_format(site->arena, "%.*s/%.*s/course.yaml", TEXT_ARG(site->content_folder),
                                        TEXT_ARG(unit->path));
                diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, path, (Place){0, 0}, "a course needs this file");
            }
            continue;
        }
        unit->kind = UNIT_COURSE;
        unit->course = course_read(site, unit, yaml, diagnostics);
        if (!unit->course)
            continue;
        if (site->course_count == capacity) {
            Course **more = arena_new(site->arena, Course *, capacity ? capacity * 2 : 8);
            if (capacity)
                memcpy(more, site->courses, capacity * sizeof *more);
            site->courses = more;
            capacity = capacity ? capacity * 2 : 8;
        }
        site->courses[site->course_count++] = unit->course;
    }
}

/* The build id that the linker put into this program: another program, other outputs. */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *result) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_NOTE)
            continue;
        const char *note = (const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        const char *end = note + info->dlpi_phdr[i].p_memsz;
        while (note + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *head = (const void *)note;
            const char *name = note + sizeof *head, *bytes = name + ((head->n_namesz + 3u) & ~3u);
            if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
                *(Digest *)result = digest_bytes(bytes, head->n_descsz);
                return 1;
            }
            note = bytes + ((head->n_descsz + 3u) & ~3u);
        }
    }
    return 1; /* the first object is the program itself */
}

/* A project without layouts or locales of its own takes those that the program brings. */
static Text project_folder(Arena *arena, const char *folder, const char *name, bool may_be_shared) {
    Text own = strcmp(folder, ".") == 0 ? text_copy(arena, text_from(name)) : text_format(arena, "%s/%s", folder, name);
    if (!may_be_shared || access(own.data, F_OK) == 0 || errno != ENOENT)
        return own;
    Text shared = file_shared(arena, name);
    return shared.size ? shared : own;
}

bool load_site(Site *site, const char *folder, LoadMemory *memory, int threads, Diagnostics *diagnostics) {
    Arena *arena = site->arena;
    site->content_folder = project_folder(arena, folder, "content", false);
    site->layouts_folder = project_folder(arena, folder, "layouts", true);
    site->locales_folder = project_folder(arena, folder, "locales", true);
    site->tool_digest = digest_bytes(PROBITY_VERSION, sizeof PROBITY_VERSION - 1);
    dl_iterate_phdr(find_build_id, &site->tool_digest);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    site->started_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    site->thread_count = threads < 1 ? 1 : threads > 64 ? 64 : threads;
    site->thread_arenas = arena_new(arena, Arena, (size_t)site->thread_count);

    YamlReader *yaml = yaml_open();
    struct SiteFiles files = {0};
    bool well = access(site->content_folder.data, R_OK | X_OK) == 0;
    if (!well)
        diagnostics_add(diagnostics, DIAGNOSTIC_CONTENT_MISSING, site->content_folder, (Place){0, 0},
                        "the folder cannot be read");
    well = well && settings_read(site, yaml, diagnostics);
    well = well && messages_read(site, yaml, diagnostics) && walk_content(site, &files, diagnostics);
    if (well) {
        memory_wait(memory);
        Reading reading = {.site = site, .files = &files, .memory = memory, .diagnostics = diagnostics};
        read_all(&reading);
        for (size_t i = 0; i < site->unit_count; i++)
            join_neutral(site, site->units[i], diagnostics);
        link_children(site);
        read_courses(site, yaml, diagnostics);
        complete_kinds(site);
        check_audiences(site, diagnostics);
    }
    free(files.found);
    yaml_close(yaml);
    return well;
}

void load_end(Site *site) {
    for (int i = 0; i < site->thread_count; i++)
        arena_free(&site->thread_arenas[i]);
    site->thread_count = 0;
}
