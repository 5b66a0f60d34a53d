/* Headless Chromium, called by path: a page in, a PDF out. It reads our own output alone, has no scripts to run, and is ended when it hangs. */
#include "publish/print.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TIME_LIMIT_S = 120 };
extern char **environ;

static char engine_path[4096];

static void find_engine(void) {
    static const char *const names[] = {"chromium-headless-shell", "chromium", "google-chrome"};
    const char *search = getenv("PATH");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (const char *at = search; at && *at;) {
            size_t size = strcspn(at, ":");
            snprintf(engine_path, sizeof engine_path, "%.*s/%s", (int)size, at, names[i]);
            if (size && access(engine_path, X_OK) == 0)
                return;
            at += size + (at[size] == ':');
        }
    }
    engine_path[0] = '\0';
}

const char *print_engine_find(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_engine);
    return engine_path[0] ? engine_path : NULL;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The exit status, or -1 where time ran out: the whole group of its processes is ended then. */
static int wait_for(pid_t engine) {
    int64_t end = now_ms() + TIME_LIMIT_S * 1000;
    for (int pause_ms = 5;; pause_ms = pause_ms < 40 ? pause_ms * 2 : 40) {
        int status;
        pid_t done = waitpid(engine, &status, WNOHANG);
        if (done == engine)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (done < 0 && errno != EINTR)
            return -1;
        if (now_ms() > end) {
            kill(-engine, SIGKILL);
            waitpid(engine, &status, 0);
            return -1;
        }
        poll(NULL, 0, pause_ms);
    }
}

static bool run(const char *folder, const char **reason) {
    const char *engine = print_engine_find();
    char profile[512], output[512], page[512];
    snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", folder);
    snprintf(output, sizeof output, "--print-to-pdf=%s/book.pdf", folder);
    snprintf(page, sizeof page, "file://%s/book.xhtml", folder);
    const char *arguments[] = {engine, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                               "--disable-component-update", "--disable-sync", "--disable-extensions", "--no-pdf-header-footer",
                               "--generate-pdf-document-outline", "--allow-file-access-from-files", "--lang=en", profile, output,
                               /* Chromium's own sandbox cannot be set up by root, as in a container. */
                               geteuid() == 0 ? "--no-sandbox" : "--headless", page, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    pid_t child;
    int failed = posix_spawn(&child, engine, &actions, &attributes, (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed) {
        *reason = strerror(failed);
        return false;
    }
    int status = wait_for(child);
    /* Helper processes that outlive it would keep the folder busy. */
    kill(-child, SIGKILL);
    *reason = status < 0 ? "it did not end within two minutes" : "it ended with an error";
    return status == 0;
}

bool print_engine_run(Buffer *pdf, Text page, Text source, Diagnostics *diagnostics) {
    const char *base = getenv("TMPDIR");
    char folder[256];
    snprintf(folder, sizeof folder, "%s/probity-print-XXXXXX", base && *base == '/' && strlen(base) < 200 ? base : "/tmp");
    if (!mkdtemp(folder)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, strerror(errno));
        return false;
    }
    Arena arena = {0};
    char path[512];
    snprintf(path, sizeof path, "%s/book.xhtml", folder);
    const char *reason = "";
    bool well = file_write(path, page.data, page.size, diagnostics);
    if (well && !run(folder, &reason)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, reason);
        well = false;
    }
    snprintf(path, sizeof path, "%s/book.pdf", folder);
    Text bytes = {0};
    if (well && access(path, R_OK) != 0) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, "it wrote no PDF");
        well = false;
    }
    well = well && file_read(&arena, path, FILE_MEDIA_LIMIT_BYTES, &bytes, diagnostics);
    if (well)
        buffer_put_text(pdf, bytes);
    /* What is left behind in the folder for temporary files is no reason to fail a build. */
    Diagnostics *unheard = diagnostics_open();
    file_remove_tree(folder, unheard);
    diagnostics_close(unheard);
    arena_free(&arena);
    return well;
}
