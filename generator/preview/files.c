/* Files as they are served: out of the folder that was built, or out of a package in it. */
#include "preview/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

/* Packages lie in a folder for each course; deeper there is nothing. */
enum { PACKAGES_DEPTH_LIMIT = 4 };

const char *file_media_type(Text path) {
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".xhtml", "application/xhtml+xml; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".xml", "text/xml; charset=utf-8"},
        {".xsd", "text/xml; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
        {".csv", "text/csv; charset=utf-8"},
        {".ics", "text/calendar; charset=utf-8"},
        {".vtt", "text/vtt; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".webp", "image/webp"},
        {".avif", "image/avif"},
        {".gif", "image/gif"},
        {".ico", "image/vnd.microsoft.icon"},
        {".woff2", "font/woff2"},
        {".woff", "font/woff"},
        {".mp3", "audio/mpeg"},
        {".m4a", "audio/mp4"},
        {".ogg", "audio/ogg"},
        {".mp4", "video/mp4"},
        {".webm", "video/webm"},
        {".pdf", "application/pdf"},
        {".epub", "application/epub+zip"},
        {".zip", "application/zip"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (text_ends(path, text_from(types[i].ending)))
            return types[i].type;
    return "application/octet-stream";
}

static int open_regular(int folder, const char *name, uint64_t *size_bytes) {
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return -1;
    struct stat status;
    int kind = fstat(file, &status) != 0 ? -1 : S_ISREG(status.st_mode) ? 0 : S_ISDIR(status.st_mode) ? -2 : -1;
    if (kind != 0) {
        close(file);
        return kind;
    }
    *size_bytes = (uint64_t)status.st_size;
    return file;
}

int file_open_below(const char *root, Text path, uint64_t *size_bytes) {
    Arena scratch = {0};
    int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    size_t at = 0;
    for (size_t end; folder >= 0 && (end = text_find(path, '/', at)) < path.size; at = end + 1) {
        const char *name = text_copy(&scratch, text_slice(path, at, end)).data;
        int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(folder);
        folder = below;
    }
    Text name = text_slice(path, at, path.size);
    int file = folder >= 0 && name.size ? open_regular(folder, text_copy(&scratch, name).data, size_bytes) : -1;
    if (folder >= 0)
        close(folder);
    arena_free(&scratch);
    return file;
}

bool file_read_open(Buffer *out, int file, uint64_t size_bytes) {
    bool is_read = size_bytes <= FILE_LIMIT_BYTES;
    size_t left = is_read ? (size_t)size_bytes : 0;
    buffer_grow(out, left);
    while (is_read && left) {
        ssize_t count = read(file, out->data + out->size, left);
        if (count < 0 && errno == EINTR)
            continue;
        is_read = count > 0;
        out->size += is_read ? (size_t)count : 0;
        left -= is_read ? (size_t)count : 0;
    }
    out->data[out->size] = '\0';
    close(file);
    return is_read;
}

bool file_read_packed(Buffer *out, int container, Text name) {
    int reason;
    zip_t *zip = zip_fdopen(container, 0, &reason);
    if (!zip) {
        close(container);
        return false;
    }
    Arena scratch = {0};
    const char *entry = text_copy(&scratch, name).data;
    zip_stat_t facts;
    bool is_read = zip_stat(zip, entry, ZIP_FL_ENC_UTF_8, &facts) == 0 && facts.valid & ZIP_STAT_SIZE &&
                   facts.size <= FILE_LIMIT_BYTES;
    zip_file_t *file = is_read ? zip_fopen_index(zip, facts.index, 0) : NULL;
    is_read = file != NULL;
    if (is_read) {
        buffer_grow(out, (size_t)facts.size);
        is_read = zip_fread(file, out->data + out->size, facts.size) == (zip_int64_t)facts.size;
        out->size += is_read ? (size_t)facts.size : 0;
        zip_fclose(file);
    }
    zip_discard(zip);
    arena_free(&scratch);
    return is_read;
}

static int is_listed(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void list_folder(Buffer *out, int folder, Text path, int depth) {
    struct dirent **entries = NULL;
    int count = scandirat(folder, ".", &entries, is_listed, alphasort);
    Arena scratch = {0};
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        Text below = text_format(&scratch, "%.*s%s%s", TEXT_ARG(path), path.size ? "/" : "", name);
        struct stat status;
        if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            /* It has gone meanwhile. */
        } else if (S_ISDIR(status.st_mode) && depth < PACKAGES_DEPTH_LIMIT) {
            int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (inner >= 0)
                list_folder(out, inner, below, depth + 1);
        } else if (S_ISREG(status.st_mode) && text_ends(below, TEXT(".zip"))) {
            buffer_put_literal(out, "{\"file\":");
            buffer_put_json(out, below);
            /* As a text: the nanoseconds since 1970 are more than a number of JavaScript holds. */
            buffer_format(out, ",\"modified\":\"%lld.%09ld\"},", (long long)status.st_mtim.tv_sec,
                          status.st_mtim.tv_nsec);
        }
        free(entries[i]);
    }
    free(entries);
    arena_free(&scratch);
    close(folder);
}

void file_list_packages(Buffer *out, const char *root) {
    Arena scratch = {0};
    int folder = open(text_format(&scratch, "%s/packages", root).data, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    arena_free(&scratch);
    buffer_put_char(out, '[');
    if (folder >= 0)
        list_folder(out, folder, TEXT(""), 1);
    /* The comma after the last. */
    if (out->data[out->size - 1] == ',')
        out->size--;
    buffer_put_char(out, ']');
}
