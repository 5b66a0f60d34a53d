/* What is kept between builds. Every file ends with a digest of what precedes it: a torn one counts as missing. */
#include "publish/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char manifest_mark[] = "probity manifest\n", delta_mark[] = "probity delta 1\n";

/*
 * What a manifest begins with, the folder and the paths of its files, has one format for all time: by it another version of this program
 * knows what it may replace. What follows has a format that changes, and this number with it.
 */
enum { DETAILS_FORMAT = 3 };

/* ---- Identity ---- */

bool folder_identity(int folder, FolderIdentity *identity) {
    struct statx status;
    if (statx(folder, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0)
        return false;
    *identity = (FolderIdentity){
        .device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor,
        .inode = status.stx_ino,
    };
    if (status.stx_mask & STATX_BTIME)
        identity->born_ns = (uint64_t)status.stx_btime.tv_sec * 1000000000u + status.stx_btime.tv_nsec;
    return true;
}

bool folder_identity_equal(FolderIdentity left, FolderIdentity right) {
    return left.device == right.device && left.inode == right.inode && left.born_ns == right.born_ns;
}

/* ---- Reading ---- */

typedef struct Reader {
    Text bytes;
    size_t at;
    bool is_short;
} Reader;

static void read_bytes(Reader *reader, void *to, size_t size) {
    if (reader->bytes.size - reader->at < size) {
        reader->is_short = true;
        memset(to, 0, size);
        return;
    }
    memcpy(to, reader->bytes.data + reader->at, size);
    reader->at += size;
}

static uint64_t read_number(Reader *reader) {
    uint64_t number;
    read_bytes(reader, &number, sizeof number);
    return number;
}

static Text read_text(Reader *reader) {
    uint16_t size;
    read_bytes(reader, &size, sizeof size);
    if (reader->bytes.size - reader->at < size) {
        reader->is_short = true;
        return TEXT("");
    }
    Text text = {reader->bytes.data + reader->at, size};
    reader->at += size;
    return text;
}

/* A number of things that take at least `least_bytes` each. */
static size_t read_count(Reader *reader, size_t least_bytes) {
    uint64_t count = read_number(reader);
    if (count > (reader->bytes.size - reader->at) / least_bytes) {
        reader->is_short = true;
        return 0;
    }
    return (size_t)count;
}

static FolderIdentity read_identity(Reader *reader) {
    FolderIdentity identity;
    read_bytes(reader, &identity, sizeof identity);
    return identity;
}

static bool read_whole(Arena *arena, int folder, const char *name, Text *contents) {
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return false;
    struct stat status;
    bool is_read = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size < (off_t)1 << 32;
    size_t size = is_read ? (size_t)status.st_size : 0, at = 0;
    char *data = arena_allocate_bytes(arena, size + 1);
    while (at < size) {
        ssize_t count = read(file, data + at, size - at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        at += (size_t)count;
    }
    close(file);
    *contents = (Text){data, at};
    return is_read && at == size;
}

static bool read_sealed(Arena *arena, int folder, const char *name, const char *mark, Reader *reader) {
    Text contents;
    Digest seal;
    if (!read_whole(arena, folder, name, &contents) || contents.size < sizeof seal ||
        !text_starts(contents, text_from(mark)))
        return false;
    contents.size -= sizeof seal;
    memcpy(&seal, contents.data + contents.size, sizeof seal);
    *reader = (Reader){.bytes = contents, .at = strlen(mark)};
    return digest_equal(seal, digest_bytes(contents.data, contents.size));
}

bool manifest_read(Arena *arena, int folder, const char *name, Manifest *manifest) {
    Reader reader;
    if (!read_sealed(arena, folder, name, manifest_mark, &reader))
        return false;
    Manifest result = {.live = read_identity(&reader)};
    result.count = read_count(&reader, 2);
    result.records = arena_new(arena, Record, result.count);
    for (size_t i = 0; i < result.count; i++)
        result.records[i].output = read_text(&reader);
    result.has_details = read_number(&reader) == DETAILS_FORMAT;
    if (result.has_details)
        read_bytes(&reader, &result.sound, sizeof result.sound);
    for (size_t i = 0; i < result.count && result.has_details; i++) {
        Record *record = &result.records[i];
        read_bytes(&reader, &record->inputs, sizeof record->inputs);
        read_bytes(&reader, &record->content, sizeof record->content);
        record->size_bytes = read_number(&reader);
        record->modified_ns = (int64_t)read_number(&reader);
    }
    if (reader.is_short)
        return false;
    *manifest = result;
    return true;
}

const Record *manifest_find(const Manifest *manifest, Text output) {
    size_t from = 0, to = manifest->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = text_compare(manifest->records[middle].output, output);
        if (order == 0)
            return &manifest->records[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static Text boot_id(char *to, size_t size) {
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? 0 : read(file, to, size);
    if (file >= 0)
        close(file);
    return (Text){to, count > 0 ? (size_t)count : 0};
}

bool delta_read(Arena *arena, int folder, const char *name, Delta *delta) {
    Reader reader;
    char boot[64];
    if (!read_sealed(arena, folder, name, delta_mark, &reader) ||
        !text_equal(read_text(&reader), boot_id(boot, sizeof boot)))
        return false;
    Delta result = {.live = read_identity(&reader), .stage = read_identity(&reader)};
    result.count = read_count(&reader, 2);
    result.paths = arena_new(arena, Text, result.count);
    for (size_t i = 0; i < result.count; i++)
        result.paths[i] = read_text(&reader);
    if (reader.is_short)
        return false;
    *delta = result;
    return true;
}

/* ---- Writing ---- */

static void put_number(Buffer *out, uint64_t number) {
    buffer_put(out, (const char *)&number, sizeof number);
}

static void put_text(Buffer *out, Text text) {
    uint16_t size = (uint16_t)text.size;
    buffer_put(out, (const char *)&size, sizeof size);
    buffer_put_text(out, text);
}

static void put_identity(Buffer *out, FolderIdentity identity) {
    buffer_put(out, (const char *)&identity, sizeof identity);
}

/* Writes the name in one step; false with errno. */
static bool write_sealed(int folder, const char *name, Buffer *contents, bool sync) {
    Digest seal = digest_bytes(contents->data, contents->size);
    buffer_put(contents, (const char *)&seal, sizeof seal);
    char fresh[64];
    size_t name_size = strlen(name);
    memcpy(fresh, name, name_size);
    memcpy(fresh + name_size, ".new", 5);
    int file = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    bool is_written = file >= 0;
    for (size_t at = 0; is_written && at < contents->size;) {
        ssize_t count = write(file, contents->data + at, contents->size - at);
        if (count < 0 && errno == EINTR)
            continue;
        is_written = count > 0;
        at += is_written ? (size_t)count : 0;
    }
    is_written = is_written && (!sync || fsync(file) == 0);
    int reason = errno;
    if (file >= 0 && close(file) != 0 && is_written) {
        is_written = false;
        reason = errno;
    }
    if (is_written && renameat(folder, fresh, folder, name) != 0) {
        is_written = false;
        reason = errno;
    }
    if (is_written && sync && fsync(folder) != 0) {
        is_written = false;
        reason = errno;
    }
    if (!is_written)
        unlinkat(folder, fresh, 0);
    buffer_free(contents);
    errno = reason;
    return is_written;
}

bool manifest_write(int folder, const char *name, const Manifest *manifest, bool sync) {
    Buffer out = {0};
    buffer_put(&out, manifest_mark, sizeof manifest_mark - 1);
    put_identity(&out, manifest->live);
    put_number(&out, manifest->count);
    for (size_t i = 0; i < manifest->count; i++)
        put_text(&out, manifest->records[i].output);
    put_number(&out, DETAILS_FORMAT);
    buffer_put(&out, (const char *)&manifest->sound, sizeof manifest->sound);
    for (size_t i = 0; i < manifest->count; i++) {
        const Record *record = &manifest->records[i];
        buffer_put(&out, (const char *)&record->inputs, sizeof record->inputs);
        buffer_put(&out, (const char *)&record->content, sizeof record->content);
        put_number(&out, record->size_bytes);
        put_number(&out, (uint64_t)record->modified_ns);
    }
    return write_sealed(folder, name, &out, sync);
}

bool delta_write(int folder, const char *name, const Delta *delta) {
    Buffer out = {0};
    char boot[64];
    buffer_put(&out, delta_mark, sizeof delta_mark - 1);
    put_text(&out, boot_id(boot, sizeof boot));
    put_identity(&out, delta->live);
    put_identity(&out, delta->stage);
    put_number(&out, delta->count);
    for (size_t i = 0; i < delta->count; i++)
        put_text(&out, delta->paths[i]);
    return write_sealed(folder, name, &out, false);
}
