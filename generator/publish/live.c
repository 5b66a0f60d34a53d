/*
 * Whether the folder that stands is as it was published: every file has its size and time, which is looked at beside the loading
 * of the content; every folder the fixed time that a publication gives it, which matters where folders are about to be exchanged.
 */
#include "publish/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHECK_THREADS_LIMIT = 8, FILES_PER_THREAD = 500, DEPTH_LIMIT = 64 };

typedef struct LivePart {
    LiveCheck *check;
    size_t from, to;
    pthread_t thread;
    bool has_thread;
    char foreign[PATH_MAX]; /* the first file found that is not ours; empty where none */
} LivePart;

struct LiveCheck {
    const Workplace *workplace;
    bool *altered; /* one per record; each thread writes its own part */
    LivePart *parts;
    size_t part_count;
};

/* ---- Walking a folder for files that are not ours ---- */

typedef bool (*IsOurs)(const void *context, Text path, bool is_folder);

typedef struct Walk {
    IsOurs is_ours;
    const void *context;
    char *foreign; /* PATH_MAX bytes */
    int depth;
} Walk;

static bool walk_folder(Walk *walk, int above, const char *name, Text path);

static bool walk_entry(Walk *walk, DIR *entries, const struct dirent *entry, Text path) {
    char inner[PATH_MAX];
    size_t name_size = strlen(entry->d_name);
    if (path.size + name_size + 2 > sizeof inner)
        return false;
    memcpy(inner, path.data, path.size);
    size_t size = path.size;
    if (size)
        inner[size++] = '/';
    memcpy(inner + size, entry->d_name, name_size + 1);
    Text whole = {inner, size + name_size};
    struct stat status;
    bool is_folder =
        fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
    if (walk->is_ours(walk->context, whole, is_folder))
        return true;
    /* Empty folders are nobody's. */
    if (is_folder && walk->depth < DEPTH_LIMIT)
        return walk_folder(walk, dirfd(entries), entry->d_name, whole);
    memcpy(walk->foreign, inner, whole.size + 1);
    return false;
}

/* False where a foreign file was found, and its path stands in `walk->foreign`; or where the folder cannot be read. */
static bool walk_folder(Walk *walk, int above, const char *name, Text path) {
    int folder = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);
    if (!entries) {
        if (folder >= 0)
            close(folder);
        return errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    }
    walk->depth++;
    bool goes_on = true;
    for (struct dirent *entry; goes_on && (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            goes_on = walk_entry(walk, entries, entry, path);
    walk->depth--;
    closedir(entries);
    return goes_on;
}

/* ---- Against the manifest ---- */

static bool is_recorded(const void *context, Text path, bool is_folder) {
    const Manifest *manifest = context;
    if (!is_folder)
        return manifest_find(manifest, path) != NULL;
    /* The first record at or after "path/" is below the folder, or nothing is. */
    size_t from = 0, to = manifest->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        Text output = manifest->records[middle].output;
        Text start = text_slice(output, 0, path.size);
        int order = text_compare(start, path);
        if (order == 0)
            order = output.size > path.size ? (unsigned char)output.data[path.size] - '/' : -1;
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static void check_folder(LivePart *part, const char *name, Text path) {
    const Workplace *workplace = part->check->workplace;
    struct stat status;
    if (part->foreign[0] || fstatat(workplace->live, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (S_ISDIR(status.st_mode) && status.st_mtim.tv_sec == FOLDER_TIME_SECONDS && status.st_mtim.tv_nsec == 0)
        return;
    Walk walk = {.is_ours = is_recorded, .context = &workplace->manifest, .foreign = part->foreign};
    walk_folder(&walk, workplace->live, name, path);
}

/* The folders of `path` that `before`, the path checked last, did not lie in. Sorted paths name each folder once. */
static void check_folders_of(LivePart *part, Text before, const char *path) {
    size_t shared = 0;
    for (size_t i = 0; path[i]; i++) {
        bool is_shared = shared == i && i < before.size && before.data[i] == path[i];
        if (is_shared)
            shared = i + 1;
        if (path[i] != '/' || is_shared)
            continue;
        char folder[PATH_MAX];
        memcpy(folder, path, i);
        folder[i] = '\0';
        check_folder(part, folder, (Text){folder, i});
    }
}

static bool put_path(char *to, Text path) {
    if (path.size >= PATH_MAX)
        return false;
    memcpy(to, path.data, path.size);
    to[path.size] = '\0';
    return true;
}

static void *check_folders(void *context) {
    LivePart *part = context;
    const Record *records = part->check->workplace->manifest.records;
    Text before = TEXT("");
    if (part->from == 0)
        check_folder(part, ".", TEXT(""));
    for (size_t i = part->from; i < part->to; i++) {
        char path[PATH_MAX];
        if (output_is_check(records[i].output) || !put_path(path, records[i].output))
            continue;
        check_folders_of(part, before, path);
        before = records[i].output;
    }
    return NULL;
}

static void *check_files(void *context) {
    LivePart *part = context;
    LiveCheck *check = part->check;
    for (size_t i = part->from; i < part->to; i++) {
        const Record *record = &check->workplace->manifest.records[i];
        char path[PATH_MAX];
        struct stat status;
        if (output_is_check(record->output))
            continue;
        check->altered[i] = !put_path(path, record->output) ||
                            fstatat(check->workplace->live, path, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
                            status.st_mode != (S_IFREG | 0644) || (uint64_t)status.st_size != record->size_bytes ||
                            status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec != record->modified_ns;
    }
    return NULL;
}

static void start_parts(LiveCheck *check, void *(*function)(void *)) {
    for (size_t i = 0; i < check->part_count; i++) {
        LivePart *part = &check->parts[i];
        part->has_thread = pthread_create(&part->thread, NULL, function, part) == 0;
        if (!part->has_thread)
            function(part);
    }
}

static void finish_parts(LiveCheck *check) {
    for (size_t i = 0; i < check->part_count; i++)
        if (check->parts[i].has_thread)
            pthread_join(check->parts[i].thread, NULL);
}

LiveCheck *live_check_start(Arena *arena, const Workplace *workplace, int threads) {
    LiveCheck *check = arena_new(arena, LiveCheck, 1);
    size_t count = workplace->manifest.count;
    size_t part_count = count / FILES_PER_THREAD + 1;
    size_t limit = threads < 1 ? 1 : threads > CHECK_THREADS_LIMIT ? CHECK_THREADS_LIMIT : (size_t)threads;
    if (part_count > limit)
        part_count = limit;
    *check = (LiveCheck){
        .workplace = workplace,
        .altered = arena_new(arena, bool, count + 1),
        .parts = arena_new(arena, LivePart, part_count),
        .part_count = workplace->has_manifest ? part_count : 0,
    };
    for (size_t i = 0; i < check->part_count; i++) {
        LivePart *part = &check->parts[i];
        part->check = check;
        part->from = count * i / part_count;
        part->to = count * (i + 1) / part_count;
    }
    start_parts(check, check_files);
    return check;
}

const bool *live_check_finish(LiveCheck *check) {
    finish_parts(check);
    return check->altered;
}

static const char *find_foreign(LiveCheck *check) {
    start_parts(check, check_folders);
    finish_parts(check);
    for (size_t i = 0; i < check->part_count; i++)
        if (check->parts[i].foreign[0])
            return check->parts[i].foreign;
    return NULL;
}

/* ---- Without a manifest all files must be planned ones, or recorded before ---- */

typedef struct Known {
    const Plan *plan;
    const Manifest *former;
} Known;

static bool is_known(const void *context, Text path, bool is_folder) {
    const Known *known = context;
    return !is_folder && (plan_find(known->plan, path) || manifest_find(known->former, path));
}

bool live_is_ours(LiveCheck *check, const Plan *plan, Diagnostics *diagnostics) {
    const Workplace *workplace = check->workplace;
    char unplanned[PATH_MAX] = "";
    Known known = {plan, &workplace->former};
    Walk walk = {.is_ours = is_known, .context = &known, .foreign = unplanned};
    const char *foreign = NULL;
    if (workplace->has_manifest)
        foreign = find_foreign(check);
    else if (workplace->live >= 0 && !walk_folder(&walk, workplace->live, ".", TEXT("")) && unplanned[0])
        foreign = unplanned;
    if (foreign)
        diagnostics_add(diagnostics, DIAGNOSTIC_PUBLISH_FOREIGN, workplace->output, (Place){0, 0}, foreign);
    return !foreign;
}
