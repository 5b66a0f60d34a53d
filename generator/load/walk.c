/* The content folder as units: a folder with pages in it, or with such a folder below it, is a unit. */
#include "load/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deeper folders make addresses that nobody reads out on the telephone. */
enum { DEPTH_LIMIT = 12, UNIT_LIMIT = 1000000, LISTING_BYTES = 32 * 1024 };

typedef struct Walk {
    Site *site;
    struct SiteFiles *files;
    Diagnostics *diagnostics;
    Unit **units;
    size_t unit_count, unit_capacity;
    Arena entries[DEPTH_LIMIT + 1]; /* of the folders that are open now, by depth */
    _Alignas(struct dirent64) char listing[LISTING_BYTES];
} Walk;

typedef struct Entry {
    Text name;
    mode_t mode; /* only the kind where it is a folder */
    FileStamp stamp;
} Entry;

static FileStamp stamp_from(const struct stat *status) {
    return (FileStamp){
        .size_bytes = (uint64_t)status->st_size,
        .inode = status->st_ino,
        .modified_ns = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec,
        .changed_ns = (int64_t)status->st_ctim.tv_sec * 1000000000 + status->st_ctim.tv_nsec,
    };
}

static int compare_entries(const void *left, const void *right) {
    return text_compare(((const Entry *)left)->name, ((const Entry *)right)->name);
}

static void add_found(Walk *walk, Found found) {
    struct SiteFiles *files = walk->files;
    if (files->count == files->capacity) {
        files->capacity = files->capacity ? files->capacity * 2 : 1024;
        files->found = realloc(files->found, files->capacity * sizeof *files->found);
        if (!files->found)
            memory_exhausted();
    }
    files->found[files->count++] = found;
}

static Text path_join(Arena *arena, Text folder, Text name) {
    if (!folder.size)
        return text_copy(arena, name);
    char *data = arena_allocate_bytes(arena, folder.size + name.size + 2);
    memcpy(data, folder.data, folder.size);
    data[folder.size] = '/';
    memcpy(data + folder.size + 1, name.data, name.size + 1);
    return (Text){data, folder.size + name.size + 1};
}

/* A page that cannot be read must stop the build: passed over in silence, it would vanish from the site. */
static void report_unread(const Walk *walk, Text path) {
    diagnostics_add(walk->diagnostics, DIAGNOSTIC_FILE_READ, path, (Place){0, 0}, strerror(errno));
}

static bool read_entry(Walk *walk, int folder, Text path, const struct dirent64 *listed, Entry *entry) {
    *entry = (Entry){.name = text_from(listed->d_name), .mode = S_IFDIR};
    /* Nobody asks a folder for its time. */
    if (listed->d_type == DT_DIR)
        return true;
    struct stat status;
    if (fstatat(folder, listed->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) /* gone between the two calls */
            report_unread(walk, path);
        return false;
    }
    entry->mode = status.st_mode;
    entry->stamp = stamp_from(&status);
    return true;
}

static Entry *add_entry(Arena *scratch, Entry *entries, size_t count, Entry added) {
    enum { FIRST = 16 };
    if (count == 0 || (count >= FIRST && (count & (count - 1)) == 0)) {
        Entry *more = arena_new(scratch, Entry, count ? count * 2 : FIRST);
        if (count)
            memcpy(more, entries, count * sizeof *entries);
        entries = more;
    }
    added.name = text_copy(scratch, added.name);
    entries[count] = added;
    return entries;
}

/*
 * Entries by name; names that begin with a dot or end with a tilde belong to editors and systems, not to the site. A site has
 * thousands of folders with a few files each: the kernel is asked for the listing itself, without a stream round it.
 */
static Entry *read_entries(Walk *walk, int folder, Text path, Arena *scratch, size_t *count) {
    Entry *entries = NULL;
    *count = 0;
    ssize_t size;
    while ((size = getdents64(folder, walk->listing, sizeof walk->listing)) > 0) {
        for (ssize_t at = 0; at < size;) {
            const struct dirent64 *listed = (const void *)(walk->listing + at);
            at += listed->d_reclen;
            Entry entry;
            if (listed->d_name[0] == '.' || text_ends(text_from(listed->d_name), TEXT("~")) ||
                !read_entry(walk, folder, path, listed, &entry))
                continue;
            entries = add_entry(scratch, entries, *count, entry);
            (*count)++;
        }
    }
    if (size < 0)
        report_unread(walk, path);
    if (*count)
        qsort(entries, *count, sizeof *entries, compare_entries);
    return entries;
}

static bool is_page_name(Text name) {
    return text_ends(name, TEXT(".md"));
}

static bool is_publishable_name(Text name) {
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (i > 0 && (c == '-' || c == '_' || c == '.'))))
            return false;
    }
    return true;
}

static Unit *add_unit(Walk *walk, Text path, Text name) {
    Unit *unit = arena_new(walk->site->arena, Unit, 1);
    unit->path = path;
    unit->name = name;
    if (walk->unit_count == walk->unit_capacity) {
        walk->unit_capacity = walk->unit_capacity ? walk->unit_capacity * 2 : 256;
        walk->units = realloc(walk->units, walk->unit_capacity * sizeof *walk->units);
        if (!walk->units)
            memory_exhausted();
    }
    walk->units[walk->unit_count++] = unit;
    return unit;
}

static void add_unit_file(Walk *walk, Unit *unit, Text name, Text path, FileStamp stamp) {
    Arena *arena = walk->site->arena;
    /* Capacity is the power of two at or above the count. */
    if ((unit->file_count & (unit->file_count - 1)) == 0) {
        UnitFile *more = arena_new(arena, UnitFile, unit->file_count ? unit->file_count * 2 : 1);
        if (unit->file_count)
            memcpy(more, unit->files, unit->file_count * sizeof *more);
        unit->files = more;
    }
    unit->files[unit->file_count] = (UnitFile){.name = name, .stamp = stamp};
    add_found(walk,
              (Found){.unit = unit, .language = -1, .path = path, .stamp = stamp, .file_index = unit->file_count});
    unit->file_count++;
}

static void take_page(Walk *walk, Unit *unit, const Entry *entry, Text path) {
    Text code = text_slice(entry->name, 0, entry->name.size - 3);
    Language language = language_find(code);
    if (language < 0) {
        const char *codes[LANGUAGE_LIMIT];
        for (int i = 0; i < language_count(); i++)
            codes[i] = language_info(i)->code;
        Arena scratch = {.block_size_bytes = 256};
        Text nearest = text_nearest(code, codes, (size_t)language_count());
        Text hint = nearest.size ? text_format(&scratch, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)) : TEXT("");
        code = text_copy(&scratch, code);
        diagnostics_add(walk->diagnostics, DIAGNOSTIC_LANGUAGE_UNKNOWN, path, (Place){0, 0}, code.data, hint.data);
        arena_free(&scratch);
        return;
    }
    if (!site_has_language(walk->site, language))
        return; /* kept for the day the settings list it */
    add_found(walk, (Found){.unit = unit, .language = language, .path = path, .stamp = entry->stamp});
}

/* Whether anything below this folder is a page: a folder without any holds files of the unit above. */
static bool has_pages(const Walk *walk, int above, const char *name, Text path, int depth) {
    int folder = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = folder >= 0 ? fdopendir(folder) : NULL;
    bool found = false;
    if (!stream) {
        report_unread(walk, path);
        if (folder >= 0)
            close(folder);
        return false;
    }
    struct dirent *entry;
    for (errno = 0; !found && (entry = readdir(stream)); errno = 0) {
        if (entry->d_name[0] == '.')
            continue;
        struct stat status;
        if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT)
                report_unread(walk, path);
        } else if (S_ISDIR(status.st_mode) && depth < DEPTH_LIMIT) {
            found = has_pages(walk, folder, entry->d_name, path, depth + 1);
        } else {
            found = S_ISREG(status.st_mode) && is_page_name(text_from(entry->d_name));
        }
    }
    if (errno && !found)
        report_unread(walk, path);
    closedir(stream);
    return found;
}

static bool entries_have_pages(const Walk *walk, int folder, const Entry *entries, size_t count, Text path, int depth) {
    for (size_t i = 0; i < count; i++)
        if (S_ISREG(entries[i].mode) && is_page_name(entries[i].name))
            return true;
    for (size_t i = 0; i < count; i++)
        if (S_ISDIR(entries[i].mode) && has_pages(walk, folder, entries[i].name.data, path, depth + 1))
            return true;
    return false;
}

/* Scripted learners are no part of what is published: course.c reads them. */
static bool is_learners(const Entry *entry, const Entry *entries, size_t count) {
    bool is_course = false;
    for (size_t i = 0; i < count; i++)
        is_course = is_course || text_equal(entries[i].name, TEXT("course.yaml"));
    return is_course && text_equal(entry->name, TEXT("learners"));
}

/* `above` is the unit that the folder stands in; `file_prefix` is not empty inside a folder of files (media). */
static void walk_folder(Walk *walk, int folder, Unit *above, Text name, Text path, Text file_prefix, int depth) {
    Arena *arena = walk->site->arena, *scratch = &walk->entries[depth];
    bool is_root = depth == 0;
    size_t count;
    arena_reset(scratch);
    Entry *entries = read_entries(walk, folder, path, scratch, &count);
    Unit *unit = above;
    if (!is_root && (file_prefix.size || !entries_have_pages(walk, folder, entries, count, path, depth))) {
        file_prefix = path_join(arena, file_prefix, name);
    } else if (!is_root && !text_is_id(name)) {
        diagnostics_add(walk->diagnostics, DIAGNOSTIC_FILE_NAME, path, (Place){0, 0}, name.data);
        count = 0;
    } else if (!is_root) {
        Text kept = text_copy(arena, name);
        unit = add_unit(walk, path_join(arena, above->path, kept), kept);
        unit->parent = above;
    }
    for (size_t i = 0; i < count; i++) {
        const Entry *entry = &entries[i];
        Text entry_path = path_join(arena, path, entry->name);
        if (!file_prefix.size && is_page_name(entry->name) && !S_ISDIR(entry->mode)) {
            /* A page that cannot be read is no missing page. */
            Language language = language_find(text_slice(entry->name, 0, entry->name.size - 3));
            unit->found_languages |= language >= 0 ? 1u << language : 0;
        }
        if (S_ISLNK(entry->mode)) {
            diagnostics_add(walk->diagnostics, DIAGNOSTIC_FILE_LINK, entry_path, (Place){0, 0});
        } else if (S_ISDIR(entry->mode) && is_learners(entry, entries, count)) {
            continue;
        } else if (S_ISDIR(entry->mode)) {
            int inner = openat(folder, entry->name.data, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (inner < 0 || depth == DEPTH_LIMIT || walk->unit_count > UNIT_LIMIT)
                diagnostics_add(walk->diagnostics, DIAGNOSTIC_FILE_READ, entry_path, (Place){0, 0},
                                inner < 0 ? strerror(errno) : "the folders are nested too deep");
            else
                walk_folder(walk, inner, unit, entry->name, entry_path, file_prefix, depth + 1);
            if (inner >= 0)
                close(inner);
        } else if (!S_ISREG(entry->mode)) {
            diagnostics_add(walk->diagnostics, DIAGNOSTIC_FILE_KIND, entry_path, (Place){0, 0});
        } else if (is_root &&
                   (text_equal(entry->name, TEXT("README.md")) || text_equal(entry->name, TEXT("site.yaml")))) {
            continue;
        } else if (!file_prefix.size && is_page_name(entry->name)) {
            take_page(walk, unit, entry, entry_path);
        } else if (text_equal(entry->name, TEXT("course.yaml")) || text_ends(entry->name, TEXT(".lua"))) {
            continue; /* course.c reads them */
        } else if (!is_publishable_name(entry->name)) {
            diagnostics_add(walk->diagnostics, DIAGNOSTIC_FILE_NAME, entry_path, (Place){0, 0}, entry->name.data);
        } else {
            add_unit_file(walk, unit, path_join(arena, file_prefix, entry->name), entry_path, entry->stamp);
        }
    }
}

static int compare_units(const void *left, const void *right) {
    return text_compare((*(Unit *const *)left)->path, (*(Unit *const *)right)->path);
}

bool walk_content(Site *site, struct SiteFiles *files, Diagnostics *diagnostics) {
    int folder = open(site->content_folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        diagnostics_add(diagnostics, DIAGNOSTIC_CONTENT_MISSING, site->content_folder, (Place){0, 0}, strerror(errno));
        return false;
    }
    Walk walk = {.site = site, .files = files, .diagnostics = diagnostics};
    Unit *home = add_unit(&walk, TEXT(""), TEXT(""));
    walk_folder(&walk, folder, home, TEXT(""), site->content_folder, TEXT(""), 0);
    close(folder);
    for (size_t i = 0; i < sizeof walk.entries / sizeof *walk.entries; i++)
        arena_free(&walk.entries[i]);
    qsort(walk.units, walk.unit_count, sizeof *walk.units, compare_units);
    site->units = arena_new(site->arena, Unit *, walk.unit_count);
    memcpy(site->units, walk.units, walk.unit_count * sizeof *walk.units);
    site->unit_count = walk.unit_count;
    for (size_t i = 0; i < site->unit_count; i++)
        site->units[i]->index = (uint32_t)i;
    free(walk.units);
    return true;
}
