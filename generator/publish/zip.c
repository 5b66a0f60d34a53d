/*
 * Zip containers with the same bytes on every build: entries sorted, one fixed time, no extra fields, ordinary files of mode 0644.
 * Deflated bytes are those of the installed zlib: they are promised to be identical for one version of it.
 */
#include "publish/publish.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zip.h>

enum { DOS_DATE_1980_01_01 = (1 << 5) | 1, DOS_YEAR_MAXIMUM = 2107, UNIX_MODE = 0100644, DEFLATE_LEVEL = 9 };

typedef struct DosTime {
    uint16_t time, date;
} DosTime;

/* The zip format keeps seconds in pairs and begins in 1980; the time is read as UTC wherever the build runs. */
static DosTime dos_time(void) {
    DosTime result = {0, DOS_DATE_1980_01_01};
    const char *text = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long seconds = text ? strtoll(text, &end, 10) : 0;
    if (!text || !*text || *end || seconds <= 0) {
        return result;
    }
    time_t when = (time_t)seconds;
    struct tm utc;
    if (!gmtime_r(&when, &utc) || utc.tm_year < 80 || utc.tm_year + 1900 > DOS_YEAR_MAXIMUM) {
        return result;
    }
    result.time = (uint16_t)((utc.tm_hour << 11) | (utc.tm_min << 5) | (utc.tm_sec / 2));
    result.date = (uint16_t)(((utc.tm_year - 80) << 9) | ((utc.tm_mon + 1) << 5) | utc.tm_mday);
    return result;
}

/* Formats that are compressed already gain nothing and cost every learner's platform time. */
static bool is_compressed(Text name) {
    static const char *const endings[] = {".png",  ".jpg", ".jpeg", ".webp", ".avif", ".gif",   ".mp4",
                                          ".webm", ".mp3", ".m4a",  ".ogg",  ".pdf",  ".woff2", ".zip"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (text_ends(name, text_from(endings[i]))) {
            return true;
        }
    }
    return false;
}

/* A platform looks for the manifest at once; the rest is by name. */
static int compare_entries(const void *left, const void *right) {
    const ZipEntry *a = left, *b = right;
    bool a_first = text_equal(a->name, TEXT("imsmanifest.xml")), b_first = text_equal(b->name, TEXT("imsmanifest.xml"));
    return a_first != b_first ? (a_first ? -1 : 1) : text_compare(a->name, b->name);
}

static bool name_is_allowed(Text name) {
    if (name.size == 0 || name.size > 200 || name.data[0] == '/' || name.data[name.size - 1] == '/' ||
        text_find_invalid(name) < name.size) {
        return false;
    }
    for (size_t from = 0; from <= name.size;) {
        size_t to = text_find(name, '/', from);
        Text part = text_slice(name, from, to);
        if (part.size == 0 || text_equal(part, TEXT(".")) || text_equal(part, TEXT(".."))) {
            return false;
        }
        from = to + 1;
    }
    for (size_t i = 0; i < name.size; i++) {
        if ((unsigned char)name.data[i] < 0x20 || strchr("<>:\"\\|?*", name.data[i])) {
            return false;
        }
    }
    return true;
}

static bool add_entry(zip_t *archive, const ZipEntry *entry, DosTime when, Arena *scratch) {
    zip_source_t *source = zip_source_buffer(archive, entry->bytes.data, entry->bytes.size, 0);
    if (!source) {
        return false;
    }
    const char *name = text_copy(scratch, entry->name).data;
    zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    bool stored = entry->bytes.size == 0 || is_compressed(entry->name);
    return zip_set_file_compression(archive, at, stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, stored ? 0 : DEFLATE_LEVEL) ==
               0 &&
           zip_file_set_dostime(archive, at, when.time, when.date, 0) == 0 &&
           zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)UNIX_MODE << 16) == 0;
}

static bool read_whole(zip_source_t *container, Buffer *out) {
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_source_stat(container, &status) < 0 || !(status.valid & ZIP_STAT_SIZE) || zip_source_open(container) < 0) {
        return false;
    }
    char chunk[1 << 14];
    zip_uint64_t left = status.size;
    while (left > 0) {
        zip_int64_t count = zip_source_read(container, chunk, sizeof chunk);
        if (count <= 0) {
            break;
        }
        buffer_put(out, chunk, (size_t)count);
        left -= (zip_uint64_t)count;
    }
    zip_source_close(container);
    return left == 0;
}

static bool zip_fail(Diagnostics *diagnostics, Text path, const char *reason) {
    diagnostics_add(diagnostics, DIAGNOSTIC_PUBLISH_INTERNAL, path, (Place){0, 0}, reason);
    return false;
}

/* Without the names in order and told apart a package could unpack differently on two systems. */
static bool check_names(const ZipEntry *entries, size_t count, Diagnostics *diagnostics) {
    for (size_t i = 0; i < count; i++) {
        if (!name_is_allowed(entries[i].name)) {
            return zip_fail(diagnostics, entries[i].name, "the name cannot stand in a package on every system");
        }
        if (i > 0 && text_equal(entries[i - 1].name, entries[i].name)) {
            return zip_fail(diagnostics, entries[i].name, "two files of a package have this name");
        }
    }
    return true;
}

/*
 * libzip works out what it needs of a container in zip_open_from_source, at the first call, in static variables without
 * a lock: a second thread may see one of them set and the other not, and is told "Read-only archive". So one thread goes ahead.
 */
static void open_first(void) {
    zip_source_t *container = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *archive = container ? zip_open_from_source(container, ZIP_TRUNCATE, NULL) : NULL;
    if (archive)
        zip_discard(archive);
    else if (container)
        zip_source_free(container);
}

bool zip_write(Buffer *out, const ZipEntry *entries, size_t count, Text path, Diagnostics *diagnostics) {
    static pthread_once_t is_opened = PTHREAD_ONCE_INIT;
    pthread_once(&is_opened, open_first);
    Arena scratch = {0};
    ZipEntry *sorted = arena_new(&scratch, ZipEntry, count ? count : 1);
    memcpy(sorted, entries, count * sizeof *entries);
    qsort(sorted, count, sizeof *sorted, compare_entries);
    bool written = false;
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *container = NULL;
    zip_t *archive = NULL;
    if (!check_names(sorted, count, diagnostics)) {
        goto done;
    }
    container = zip_source_buffer_create(NULL, 0, 0, &error);
    archive = container ? zip_open_from_source(container, ZIP_TRUNCATE, &error) : NULL;
    if (!archive) {
        zip_fail(diagnostics, path, zip_error_strerror(&error));
        goto done;
    }
    zip_source_keep(container);
    DosTime when = dos_time();
    for (size_t i = 0; i < count; i++) {
        if (!add_entry(archive, &sorted[i], when, &scratch)) {
            zip_fail(diagnostics, sorted[i].name, zip_strerror(archive));
            goto done;
        }
    }
    if (zip_close(archive) < 0) {
        zip_fail(diagnostics, path, zip_strerror(archive));
        goto done;
    }
    archive = NULL;
    written = read_whole(container, out);
    if (!written) {
        zip_fail(diagnostics, path, "the container cannot be read back");
    }
done:
    if (archive) {
        zip_discard(archive);
    }
    if (container) {
        zip_source_free(container);
    }
    zip_error_fini(&error);
    arena_free(&scratch);
    return written;
}
