/* Reading and writing files. The kernel's word counts: kinds are checked on the open descriptor, never on the name. */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const Place whole_file = {0, 0};

bool file_read(Arena *arena, const char *path, size_t limit_bytes, Text *contents, Diagnostics *diagnostics) {
    Text name = text_from(path);
    /* O_NONBLOCK: opening a pipe that nobody writes to must not wait. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        if (errno == ELOOP)
            diagnostics_add(diagnostics, DIAGNOSTIC_FILE_LINK, name, whole_file);
        else
            diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, name, whole_file, strerror(errno));
        return false;
    }
    struct stat status;
    bool read_well = false;
    if (fstat(file, &status) != 0) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, name, whole_file, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_KIND, name, whole_file);
    } else if ((uint64_t)status.st_size > limit_bytes) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_SIZE, name, whole_file, (size_t)status.st_size, limit_bytes);
    } else {
        size_t size = (size_t)status.st_size, at = 0;
        char *data = arena_allocate_bytes(arena, size + 1);
        read_well = true;
        while (at < size) {
            ssize_t count = read(file, data + at, size - at);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0) {
                diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, name, whole_file, strerror(errno));
                read_well = false;
            }
            if (count <= 0)
                break;
            at += (size_t)count;
        }
        data[at] = '\0';
        *contents = (Text){data, at};
    }
    close(file);
    return read_well;
}

static Place place_of(Text text, size_t offset) {
    Place place = {1, 1};
    for (size_t i = 0; i < offset; i++) {
        if (text.data[i] == '\n')
            place = (Place){place.line + 1, 1};
        else
            place.column++;
    }
    return place;
}

/* Without a byte order mark, and with LF alone at the ends of lines. */
static Text normalize(Arena *arena, Text text) {
    if (text_starts(text, TEXT("\xEF\xBB\xBF")))
        text = text_slice(text, 3, text.size);
    if (text_find(text, '\r', 0) == text.size)
        return text;
    char *data = arena_allocate_bytes(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\r' && i + 1 < text.size && text.data[i + 1] == '\n')
            continue;
        data[size++] = text.data[i] == '\r' ? '\n' : text.data[i];
    }
    data[size] = '\0';
    return (Text){data, size};
}

bool file_read_text(Arena *arena, const char *path, Text *contents, Diagnostics *diagnostics) {
    Text text;
    if (!file_read(arena, path, FILE_TEXT_LIMIT_BYTES, &text, diagnostics))
        return false;
    size_t invalid = text_find_invalid(text);
    if (invalid < text.size) {
        unsigned char byte = (unsigned char)text.data[invalid];
        diagnostics_add(diagnostics, byte ? DIAGNOSTIC_FILE_UTF8 : DIAGNOSTIC_FILE_NUL, text_from(path),
                        place_of(text, invalid), (unsigned)byte);
        return false;
    }
    *contents = normalize(arena, text);
    return true;
}

bool file_read_again(Arena *arena, const char *path, Digest digest, Text *contents, Diagnostics *diagnostics) {
    Text text;
    if (!file_read(arena, path, FILE_TEXT_LIMIT_BYTES, &text, diagnostics))
        return false;
    *contents = normalize(arena, text);
    if (digest_equal(digest_bytes(contents->data, contents->size), digest))
        return true;
    diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, text_from(path), whole_file,
                    "it was changed while the site was built");
    return false;
}

bool file_make_folders(const char *path, Diagnostics *diagnostics) {
    char *name = strdup(path);
    if (!name)
        memory_exhausted();
    bool made = true;
    for (char *end = name + 1; made; end++) {
        if (*end != '/' && *end != '\0')
            continue;
        char kept = *end;
        *end = '\0';
        if (mkdir(name, 0755) != 0 && errno != EEXIST) {
            diagnostics_add(diagnostics, DIAGNOSTIC_FILE_WRITE, text_from(name), whole_file, strerror(errno));
            made = false;
        }
        *end = kept;
        if (kept == '\0')
            break;
    }
    free(name);
    return made;
}

bool file_write_bytes(int file, const char *bytes, size_t size) {
    for (size_t at = 0; at < size;) {
        ssize_t count = write(file, bytes + at, size - at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        at += (size_t)count;
    }
    return true;
}

bool file_write(const char *path, const void *bytes, size_t size, Diagnostics *diagnostics) {
    size_t name_size = strlen(path);
    char *fresh = malloc(name_size + 5);
    if (!fresh)
        memory_exhausted();
    memcpy(fresh, path, name_size);
    memcpy(fresh + name_size, ".new", 5);
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    /* The umask of whoever builds does not decide what a web server may read. */
    bool written = file >= 0 && fchmod(file, 0644) == 0 && file_write_bytes(file, bytes, size);
    int reason = errno;
    if (file >= 0 && close(file) != 0 && written) {
        written = false;
        reason = errno;
    }
    if (written && rename(fresh, path) != 0) {
        written = false;
        reason = errno;
    }
    if (!written) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_WRITE, text_from(path), whole_file, strerror(reason));
        if (file >= 0)
            unlink(fresh);
    }
    free(fresh);
    return written;
}

/* Removes the entries of an open folder; closes it. */
static bool remove_entries(int folder) {
    DIR *entries = fdopendir(folder);
    if (!entries) {
        close(folder);
        return false;
    }
    bool removed = true;
    for (struct dirent *entry; removed && (entry = readdir(entries));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(dirfd(entries), entry->d_name, 0) == 0)
            continue;
        int inner = errno == EISDIR || errno == EPERM
                        ? openat(dirfd(entries), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                        : -1;
        removed = inner >= 0 && remove_entries(inner) && unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR) == 0;
    }
    int reason = errno;
    closedir(entries);
    errno = reason;
    return removed;
}

bool file_remove_tree(const char *path, Diagnostics *diagnostics) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && errno == ENOENT)
        return true;
    if (folder >= 0 && remove_entries(folder) && rmdir(path) == 0)
        return true;
    diagnostics_add(diagnostics, DIAGNOSTIC_FILE_WRITE, text_from(path), whole_file, strerror(errno));
    return false;
}

Text file_shared(Arena *arena, const char *name) {
    char program[4096];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return TEXT("");
    Text folder = {program, (size_t)size};
    while (folder.size && folder.data[folder.size - 1] != '/')
        folder.size--;
    static const char *const places[] = {"share", "../share/probity", "../share"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Text path = text_format(arena, "%.*s%s/%s", TEXT_ARG(folder), places[i], name);
        if (access(path.data, R_OK) == 0)
            return path;
    }
    return TEXT("");
}
