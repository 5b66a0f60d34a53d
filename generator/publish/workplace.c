/* The working folder beside the output folder, and the lock that lets one build at a time into it. */
#include "publish/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_WAIT_MS = 10000, LOCK_PAUSE_MS = 20 };

static const Place whole_file = {0, 0};

bool publish_fail(const Workplace *workplace, Text path, int reason, Diagnostics *diagnostics) {
    Arena scratch = {0};
    Text whole =
        path.size ? text_format(&scratch, "%.*s/%.*s", TEXT_ARG(workplace->output), TEXT_ARG(path)) : workplace->output;
    diagnostics_add(diagnostics, DIAGNOSTIC_FILE_WRITE, whole, whole_file, strerror(reason));
    arena_free(&scratch);
    return false;
}

static bool foreign(Text output, const char *what, Diagnostics *diagnostics) {
    diagnostics_add(diagnostics, DIAGNOSTIC_PUBLISH_FOREIGN, output, whole_file, what);
    return false;
}

/* The output folder's full path without links: an exchange of a link would leave the folder behind it as it is. */
static bool find_output(Arena *arena, const char *output, Text *full, Diagnostics *diagnostics) {
    Text name = text_from(output);
    while (name.size > 1 && name.data[name.size - 1] == '/')
        name.size--;
    const char *plain = text_copy(arena, name).data;
    char *real = realpath(plain, NULL);
    if (!real && errno == ENOENT) {
        const char *above = text_from(dirname((char *)(uintptr_t)text_copy(arena, name).data)).data;
        const char *last = basename((char *)(uintptr_t)text_copy(arena, name).data);
        char *real_above = file_make_folders(above, diagnostics) ? realpath(above, NULL) : NULL;
        if (!real_above)
            return false;
        *full = text_format(arena, "%s%s%s", real_above, strcmp(real_above, "/") == 0 ? "" : "/", last);
        free(real_above);
        return true;
    }
    if (!real) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FILE_WRITE, name, whole_file, strerror(errno));
        return false;
    }
    *full = text_copy(arena, text_from(real));
    free(real);
    return full->size > 1 || foreign(name, "/", diagnostics);
}

static long lock_holder(int lock) {
    char text[32];
    ssize_t count = pread(lock, text, sizeof text - 1, 0);
    text[count > 0 ? count : 0] = '\0';
    return strtol(text, NULL, 10);
}

static bool take_lock(Workplace *workplace, Diagnostics *diagnostics) {
    workplace->lock = openat(workplace->folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (workplace->lock < 0)
        return publish_fail(workplace, TEXT(""), errno, diagnostics);
    for (int waited_ms = 0; flock(workplace->lock, LOCK_EX | LOCK_NB) != 0; waited_ms += LOCK_PAUSE_MS) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return publish_fail(workplace, TEXT(""), errno, diagnostics);
        if (waited_ms >= LOCK_WAIT_MS || publish_is_interrupted()) {
            diagnostics_add(diagnostics, DIAGNOSTIC_PUBLISH_LOCKED, workplace->output, whole_file,
                            lock_holder(workplace->lock));
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_MS * 1000000L}, NULL);
    }
    /* Who holds it is a courtesy to the next build; the lock itself does not depend on these bytes. */
    char text[32];
    int size = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(workplace->lock, 0) != 0 || pwrite(workplace->lock, text, (size_t)size, 0) != size)
        return publish_fail(workplace, TEXT(""), errno, diagnostics);
    return true;
}

static bool open_live(Workplace *workplace, Diagnostics *diagnostics) {
    workplace->live = openat(workplace->parent, workplace->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (workplace->live < 0 && errno == ENOENT)
        return true;
    if (workplace->live < 0 && errno == ENOTDIR)
        return foreign(workplace->output, workplace->name, diagnostics);
    FolderIdentity above;
    if (workplace->live < 0 || !folder_identity(workplace->live, &workplace->live_identity) ||
        !folder_identity(workplace->parent, &above))
        return publish_fail(workplace, TEXT(""), errno, diagnostics);
    if (above.device != workplace->live_identity.device) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PUBLISH_EXCHANGE, workplace->output, whole_file, "it is a mount point");
        return false;
    }
    return true;
}

static void read_manifest(Workplace *workplace, Arena *arena) {
    static const char *const names[] = {"manifest.next", "manifest"};
    for (size_t i = 0; i < 2 && workplace->live >= 0 && !workplace->has_manifest; i++) {
        Manifest found;
        if (!manifest_read(arena, workplace->folder, names[i], &found))
            continue;
        workplace->former = found;
        if (found.has_details && folder_identity_equal(found.live, workplace->live_identity)) {
            workplace->manifest = found;
            workplace->has_manifest = true;
            /* Published, but the build was ended before it could say so. */
            if (i == 0)
                renameat(workplace->folder, names[0], workplace->folder, names[1]);
        }
    }
    unlinkat(workplace->folder, names[0], 0);
}

bool workplace_open(Workplace *workplace, Arena *arena, const char *output, Diagnostics *diagnostics) {
    *workplace = (Workplace){.output = text_from(output), .parent = -1, .folder = -1, .lock = -1, .live = -1};
    Text full;
    if (!find_output(arena, output, &full, diagnostics))
        return false;
    size_t name_at = full.size;
    while (full.data[name_at - 1] != '/')
        name_at--;
    workplace->name = full.data + name_at;
    const char *parent = text_copy(arena, text_slice(full, 0, name_at)).data;
    workplace->path = text_format(arena, "%s.probity/%s", parent, workplace->name).data;
    if (!file_make_folders(workplace->path, diagnostics))
        return false;
    workplace->parent = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    workplace->folder = open(workplace->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (workplace->parent < 0 || workplace->folder < 0 || faccessat(workplace->parent, ".", W_OK | X_OK, 0) != 0) {
        publish_fail(workplace, TEXT(""), errno, diagnostics);
        workplace_close(workplace);
        return false;
    }
    if (!take_lock(workplace, diagnostics) || !open_live(workplace, diagnostics)) {
        workplace_close(workplace);
        return false;
    }
    read_manifest(workplace, arena);
    return true;
}

void workplace_close(Workplace *workplace) {
    int *files[] = {&workplace->live, &workplace->lock, &workplace->folder, &workplace->parent};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (*files[i] >= 0)
            close(*files[i]);
        *files[i] = -1;
    }
}
