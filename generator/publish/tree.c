/* Files below an open folder, by paths that this program made: never through a link, never into a file that stands. */
#include "publish/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool put_path(char *to, Text path) {
    if (path.size >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(to, path.data, path.size);
    to[path.size] = '\0';
    return true;
}

/* The folders above the path, from the root down. */
static bool make_folders(int root, char *path) {
    for (char *end = strchr(path, '/'); end; end = strchr(end + 1, '/')) {
        *end = '\0';
        bool is_made = mkdirat(root, path, 0755) == 0 || errno == EEXIST;
        *end = '/';
        if (!is_made)
            return false;
    }
    return true;
}

/* What stands in the way of a name: another thread or an earlier state of the stage. True where trying again makes sense. */
static bool make_way(int root, char *path) {
    if (errno == EEXIST)
        return unlinkat(root, path, 0) == 0 || errno == ENOENT;
    return errno == ENOENT && make_folders(root, path);
}

enum { TRIES = 3 };

static int create_file(int root, char *path) {
    for (int i = 0; i < TRIES; i++) {
        int file = openat(root, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (file >= 0 || !make_way(root, path))
            return file;
    }
    return -1;
}

static bool copy_bytes(int from, int to) {
    char chunk[1 << 16];
    for (;;) {
        ssize_t count = read(from, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0;
        if (!file_write_bytes(to, chunk, (size_t)count))
            return false;
    }
}

/* Closes the file; an error of the last write may show only here. */
static bool finish_file(int file, bool is_well, bool sync, FileFacts *facts) {
    struct stat status;
    is_well = is_well && (!sync || fsync(file) == 0) && fstat(file, &status) == 0;
    int reason = errno;
    if (close(file) != 0 && is_well)
        return false;
    errno = reason;
    if (is_well)
        *facts = (FileFacts){(uint64_t)status.st_size, status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec};
    return is_well;
}

bool tree_write(int root, Text path, Text bytes, bool sync, FileFacts *facts) {
    char name[PATH_MAX];
    int file = put_path(name, path) ? create_file(root, name) : -1;
    return file >= 0 && finish_file(file, file_write_bytes(file, bytes.data, bytes.size), sync, facts);
}

bool tree_copy(int root, Text path, const char *source, bool sync, FileFacts *facts) {
    char name[PATH_MAX];
    if (!put_path(name, path))
        return false;
    int from = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int file = from < 0 ? -1 : create_file(root, name);
    bool is_copied = file >= 0 && finish_file(file, copy_bytes(from, file), sync, facts);
    int reason = errno;
    if (from >= 0)
        close(from);
    errno = reason;
    return is_copied;
}

static bool copy_with_time(int from_root, int root, char *name) {
    struct stat status;
    FileFacts facts;
    int from = openat(from_root, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int file = from < 0 || fstat(from, &status) != 0 ? -1 : create_file(root, name);
    bool is_copied = file >= 0 && copy_bytes(from, file) &&
                     futimens(file, (struct timespec[2]){status.st_atim, status.st_mtim}) == 0;
    is_copied = file >= 0 && finish_file(file, is_copied, true, &facts);
    int reason = errno;
    if (from >= 0)
        close(from);
    errno = reason;
    return is_copied;
}

bool tree_link(int from_root, int root, Text path) {
    char name[PATH_MAX];
    if (!put_path(name, path))
        return false;
    for (int i = 0; i < TRIES; i++) {
        if (linkat(from_root, name, root, name, 0) == 0)
            return true;
        if (errno == EPERM || errno == EMLINK || errno == EOPNOTSUPP)
            return copy_with_time(from_root, root, name);
        if (!make_way(root, name))
            return false;
    }
    return false;
}

bool tree_remove(int root, Text path) {
    char name[PATH_MAX];
    if (!put_path(name, path))
        return false;
    if (unlinkat(root, name, 0) != 0 && errno != ENOENT && errno != ENOTDIR)
        return false;
    for (char *end = strrchr(name, '/'); end; end = strrchr(name, '/')) {
        *end = '\0';
        if (unlinkat(root, name, AT_REMOVEDIR) != 0 && errno != ENOENT && errno != ENOTDIR)
            break;
    }
    return true;
}

static bool settle_folder(int root, const char *name, bool sync) {
    struct timespec time = {.tv_sec = FOLDER_TIME_SECONDS};
    int folder = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT || errno == ENOTDIR;
    bool is_settled = futimens(folder, (struct timespec[2]){time, time}) == 0 && (!sync || fsync(folder) == 0);
    int reason = errno;
    close(folder);
    errno = reason;
    return is_settled;
}

bool tree_settle_folders(int root, const Text *paths, size_t count, bool sync) {
    Text before = TEXT("");
    for (size_t p = 0; p < count; p++) {
        size_t shared = 0;
        for (size_t i = 0; i < paths[p].size; i++) {
            if (shared == i && i < before.size && before.data[i] == paths[p].data[i]) {
                shared++;
                continue;
            }
            char name[PATH_MAX];
            if (paths[p].data[i] != '/' || !put_path(name, text_slice(paths[p], 0, i)))
                continue;
            if (!settle_folder(root, name, sync))
                return false;
        }
        before = paths[p];
    }
    return settle_folder(root, ".", sync);
}
