/*
 * Notices edits by inotify. What has been edited is not asked: a build finds that out by itself, and in one place. Folders that come are
 * watched from then on; the queue running over only means that something has changed.
 */
#include "preview/internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_LIMIT = 32, READ_BYTES = 65536 };

/*
 * A file counts when whoever writes it is done: half a page is full of errors. A fresh name of an old file (a hard link) is not
 * noticed.
 */
static const uint32_t what = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;

/* In the project's own folder; each may come later, and lies with the program where the project has none. */
static const char *const roots[] = {"content", "layouts", "locales"};
enum { ROOT_COUNT = sizeof roots / sizeof *roots };

struct Watch {
    int queue;
    int project; /* the watch of the project's own folder, of which the roots alone count */
    const char *folder;
    char **paths; /* of the watched folders, by their number */
    size_t path_count;
    int trouble;
};

static void remember(Watch *watch, int number, const char *path) {
    size_t at = (size_t)number;
    if (at >= watch->path_count) {
        size_t count = (at + 1) * 2;
        char **paths = realloc(watch->paths, count * sizeof *paths);
        if (!paths)
            memory_exhausted();
        memset(paths + watch->path_count, 0, (count - watch->path_count) * sizeof *paths);
        watch->paths = paths;
        watch->path_count = count;
    }
    free(watch->paths[at]);
    watch->paths[at] = strdup(path);
    if (!watch->paths[at])
        memory_exhausted();
}

static bool counts(const char *name) {
    size_t size = strlen(name);
    return size && name[0] != '.' && name[size - 1] != '~';
}

static void add_folder(Watch *watch, const char *path, uint32_t how, int depth) {
    int number = inotify_add_watch(watch->queue, path, what | how);
    if (number < 0) {
        /* It has gone again, or is none; anything else is worth a word. */
        if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
            watch->trouble = errno;
        return;
    }
    remember(watch, number, path);
    DIR *folder = depth < DEPTH_LIMIT ? opendir(path) : NULL;
    if (!folder)
        return;
    Arena scratch = {0};
    for (struct dirent *entry; (entry = readdir(folder));) {
        bool may_be_folder = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
        if (may_be_folder && counts(entry->d_name))
            add_folder(watch, text_format(&scratch, "%s/%s", path, entry->d_name).data, IN_DONT_FOLLOW, depth + 1);
    }
    closedir(folder);
    arena_free(&scratch);
}

static void add_root(Watch *watch, const char *name) {
    Arena scratch = {0};
    Text path = text_format(&scratch, "%s/%s", watch->folder, name);
    if (access(path.data, F_OK) != 0)
        path = file_shared(&scratch, name);
    if (path.size)
        add_folder(watch, path.data, 0, 0);
    arena_free(&scratch);
}

Watch *watch_open(const char *folder) {
    Watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        memory_exhausted();
    watch->folder = folder;
    watch->queue = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->queue < 0) {
        free(watch);
        return NULL;
    }
    watch->project = inotify_add_watch(watch->queue, folder, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    for (size_t i = 0; i < ROOT_COUNT; i++)
        add_root(watch, roots[i]);
    add_root(watch, "player");
    return watch;
}

void watch_close(Watch *watch) {
    if (!watch)
        return;
    close(watch->queue);
    for (size_t i = 0; i < watch->path_count; i++)
        free(watch->paths[i]);
    free(watch->paths);
    free(watch);
}

int watch_descriptor(const Watch *watch) {
    return watch->queue;
}

int watch_trouble(const Watch *watch) {
    return watch->trouble;
}

static bool take_root(Watch *watch, const char *name) {
    for (size_t i = 0; i < ROOT_COUNT; i++) {
        if (strcmp(name, roots[i]) == 0) {
            add_root(watch, name);
            return true;
        }
    }
    return false;
}

/* Whether a source may have changed. */
static bool take_event(Watch *watch, const struct inotify_event *event) {
    size_t at = (size_t)event->wd;
    if (event->mask & IN_Q_OVERFLOW) {
        for (size_t i = 0; i < ROOT_COUNT; i++)
            add_root(watch, roots[i]);
        return true;
    }
    if (event->wd == watch->project)
        return event->len && take_root(watch, event->name);
    if (event->wd < 0 || at >= watch->path_count || !watch->paths[at])
        return false;
    if (event->mask & IN_IGNORED) {
        free(watch->paths[at]);
        watch->paths[at] = NULL;
        return true;
    }
    if (!event->len || !counts(event->name))
        return false;
    if (!(event->mask & IN_ISDIR))
        return !(event->mask & IN_CREATE);
    if (event->mask & (IN_CREATE | IN_MOVED_TO)) {
        Arena scratch = {0};
        add_folder(watch, text_format(&scratch, "%s/%s", watch->paths[at], event->name).data, IN_DONT_FOLLOW, 0);
        arena_free(&scratch);
    }
    return true;
}

bool watch_read(Watch *watch) {
    static _Alignas(struct inotify_event) char block[READ_BYTES];
    bool is_changed = false;
    for (ssize_t size; (size = read(watch->queue, block, sizeof block)) > 0;) {
        for (ssize_t at = 0; at < size;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)(block + at);
            is_changed = take_event(watch, event) || is_changed;
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    return is_changed;
}
