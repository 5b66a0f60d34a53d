/*
 * Reads the folder of layouts: templates are compiled, style sheets and icons become files with a digest in their
 * names.
 */
#include "render/internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDER_DEPTH_LIMIT = 8, FILE_LIMIT = 2000 };

typedef struct Reader {
    Arena *arena;
    Layouts *layouts;
    Text folder; /* layouts/, as the user would type it */
    Diagnostics *diagnostics;
} Reader;

static void add_file(Reader *reader, Text name) {
    Layouts *layouts = reader->layouts;
    if (layouts->file_count == FILE_LIMIT)
        return;
    Text path = text_format(reader->arena, "%.*s/%.*s", TEXT_ARG(reader->folder), TEXT_ARG(name));
    bool is_text = text_ends(name, TEXT(".html")) || text_ends(name, TEXT(".css")) || text_ends(name, TEXT(".svg")) ||
                   text_ends(name, TEXT(".js"));
    Text bytes;
    bool is_read = is_text ? file_read_text(reader->arena, path.data, &bytes, reader->diagnostics)
                           : file_read(reader->arena, path.data, FILE_MEDIA_LIMIT_BYTES, &bytes, reader->diagnostics);
    if (!is_read)
        return;
    bool is_template = text_ends(name, TEXT(".html")) && !strstr(name.data, "/partials/");
    layouts->files[layouts->file_count++] =
        (LayoutFile){.name = name, .path = path, .bytes = bytes, .is_template = is_template};
}

/* A layout or a style sheet that is passed over would be missed by every page. */
static void report_unread(const Reader *reader, Text path) {
    diagnostics_add(reader->diagnostics, DIAGNOSTIC_FILE_READ, path, (Place){0, 0}, strerror(errno));
}

static void read_folder(Reader *reader, Text below, int depth) {
    Text path = below.size ? text_format(reader->arena, "%.*s/%.*s", TEXT_ARG(reader->folder), TEXT_ARG(below))
                           : reader->folder;
    DIR *folder = depth < FOLDER_DEPTH_LIMIT ? opendir(path.data) : NULL;
    if (!folder) {
        if (depth < FOLDER_DEPTH_LIMIT)
            report_unread(reader, path);
        return;
    }
    struct dirent *entry;
    for (errno = 0; (entry = readdir(folder)); errno = 0) {
        if (entry->d_name[0] == '.')
            continue;
        Text name = below.size ? text_format(reader->arena, "%.*s/%s", TEXT_ARG(below), entry->d_name)
                               : text_copy(reader->arena, text_from(entry->d_name));
        Text whole = text_format(reader->arena, "%.*s/%.*s", TEXT_ARG(reader->folder), TEXT_ARG(name));
        struct stat facts;
        if (lstat(whole.data, &facts) != 0)
            report_unread(reader, whole);
        else if (S_ISDIR(facts.st_mode))
            read_folder(reader, name, depth + 1);
        else if (below.size) /* what lies beside the folders is no layout */
            add_file(reader, name);
    }
    if (errno)
        report_unread(reader, path);
    closedir(folder);
}

static int compare_files(const void *left, const void *right) {
    return text_compare(((const LayoutFile *)left)->name, ((const LayoutFile *)right)->name);
}

LayoutFile *layouts_find(const Layouts *layouts, Text name) {
    LayoutFile wanted = {.name = name};
    return layouts->file_count ? bsearch(&wanted, layouts->files, layouts->file_count, sizeof wanted, compare_files)
                               : NULL;
}

Text layouts_file(const Layouts *layouts, const char *name) {
    const LayoutFile *file = layouts_find(layouts, text_from(name));
    return file ? file->bytes : (Text){"", 0};
}

Digest layouts_digest(const Layouts *layouts) {
    return layouts->digest;
}

Digest layouts_folder_digest(const Layouts *layouts, Text folder) {
    Digest digest = {0, 0};
    for (size_t i = 0; i < layouts->file_count; i++)
        if (text_starts(layouts->files[i].name, folder))
            digest = digest_text(digest_text(digest, layouts->files[i].name), layouts->files[i].bytes);
    return digest;
}

const LayoutAsset *layouts_assets(const Layouts *layouts, size_t *count) {
    *count = layouts->asset_count;
    return layouts->assets;
}

static Text add_asset(Layouts *layouts, Arena *arena, const char *stem, const char *extension, Text bytes) {
    Digest digest = digest_bytes(bytes.data, bytes.size);
    Text output = text_format(arena, "assets/%s.%016llx.%s", stem, (unsigned long long)digest.high, extension);
    layouts->assets[layouts->asset_count++] = (LayoutAsset){output, bytes};
    return output;
}

static void add_assets(Layouts *layouts, Arena *arena) {
    layouts->assets = arena_new(arena, LayoutAsset, 2);
    Text style = text_join(arena, layouts_file(layouts, "shared/tokens.css"), layouts_file(layouts, "shared/text.css"));
    style = text_join(arena, style, layouts_file(layouts, "website/style.css"));
    layouts->style_output = add_asset(layouts, arena, "style", "css", style);
    layouts->icon_output = add_asset(layouts, arena, "icon", "svg", layouts_file(layouts, "website/icon.svg"));
}

/* Everything that decides whether layouts and words have mistakes. */
static Digest digest_sound(const Layouts *layouts, const Site *site) {
    Digest digest = digest_join(site->tool_digest, layouts->digest);
    digest = digest_number(digest, (uint64_t)site->settings.source_language);
    for (size_t i = 0; i < site->settings.language_count; i++)
        digest = digest_join(digest, site->messages[site->settings.languages[i]].digest);
    return digest;
}

Layouts *layouts_load(Arena *arena, const Site *site, Digest sound, Diagnostics *diagnostics) {
    Layouts *layouts = arena_new(arena, Layouts, 1);
    Reader reader = {arena, layouts, site->layouts_folder, diagnostics};
    pthread_mutex_init(&layouts->lock, NULL);
    layouts->messages = &site->messages[site->settings.source_language];
    layouts->files = arena_new(arena, LayoutFile, FILE_LIMIT);
    read_folder(&reader, (Text){"", 0}, 0);
    qsort(layouts->files, layouts->file_count, sizeof *layouts->files, compare_files);
    for (size_t i = 0; i < layouts->file_count; i++) {
        layouts->digest = digest_text(layouts->digest, layouts->files[i].name);
        layouts->digest = digest_text(layouts->digest, layouts->files[i].bytes);
    }
    add_assets(layouts, arena);
    layouts->sound = digest_sound(layouts, site);
    if (digest_equal(layouts->sound, sound))
        return layouts;
    messages_check(site, diagnostics);
    bool is_good = true;
    for (size_t i = 0; i < layouts->file_count; i++)
        if (layouts->files[i].is_template)
            is_good = layouts_compile(layouts, &layouts->files[i], diagnostics) && is_good;
    if (is_good)
        return layouts;
    layouts_close(layouts);
    return NULL;
}

void layouts_close(Layouts *layouts) {
    if (!layouts)
        return;
    arena_free(&layouts->late);
    pthread_mutex_destroy(&layouts->lock);
}

Digest layouts_sound(const Layouts *layouts) {
    return layouts->sound;
}

bool layouts_compile(Layouts *layouts, LayoutFile *file, Diagnostics *diagnostics) {
    pthread_mutex_lock(&layouts->lock);
    bool is_compiled =
        file->lua.data || template_compile(&layouts->late, layouts, file, layouts->messages, diagnostics);
    pthread_mutex_unlock(&layouts->lock);
    return is_compiled;
}
