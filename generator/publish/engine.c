/*
 * Headless Chromium, called by path: a page in, a PDF out. It reads our own output and pictures of the content alone, runs no scripts,
 * has a home and a folder for temporary files of its own, and is ended with all its children when it hangs or the build does.
 */
#include "publish/internal.h"
#include "publish/print.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Each takes 250 to 500 MB and more than one processor at times: on a large machine memory would end before processors do. */
enum { ENGINES_AT_ONCE = 4, COMPLAINT_LIMIT_BYTES = 300 };

static char engine_path[4096];

static void find_engine(void) {
    static const char *const names[] = {"chromium-headless-shell", "chromium", "google-chrome"};
    const char *search = getenv("PATH");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (const char *at = search; at && *at;) {
            size_t size = strcspn(at, ":");
            snprintf(engine_path, sizeof engine_path, "%.*s/%s", (int)size, at, names[i]);
            struct stat facts;
            if (size && stat(engine_path, &facts) == 0 && S_ISREG(facts.st_mode) && access(engine_path, X_OK) == 0)
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

/* ---- Not too many at once ---- */

static pthread_mutex_t turn_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_is_free = PTHREAD_COND_INITIALIZER;
static int turns_taken;

static void take_turn(void) {
    pthread_mutex_lock(&turn_lock);
    while (turns_taken == ENGINES_AT_ONCE)
        pthread_cond_wait(&turn_is_free, &turn_lock);
    turns_taken++;
    pthread_mutex_unlock(&turn_lock);
}

static void leave_turn(void) {
    pthread_mutex_lock(&turn_lock);
    turns_taken--;
    pthread_cond_signal(&turn_is_free);
    pthread_mutex_unlock(&turn_lock);
}

/* ---- One run ---- */

typedef struct Run {
    Arena arena;
    const char *folder; /* of this run alone; everything that it writes is in it */
    const EngineInput *input;
    const char *reason; /* NULL: no failure, or the build is ended */
} Run;

static const char *path_in(Run *run, const char *name) {
    return text_format(&run->arena, "%s/%s", run->folder, name).data;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static Text what_it_said(Run *run) {
    Text said = {"", 0};
    Diagnostics *unheard = diagnostics_open();
    file_read(&run->arena, path_in(run, "said"), FILE_MEDIA_LIMIT_BYTES, &said, unheard);
    diagnostics_close(unheard);
    return text_trim(said);
}

/* What the engine said last is most often why it ended. */
static const char *last_complaint(Run *run) {
    Text said = what_it_said(run);
    size_t start = said.size;
    while (start > 0 && said.data[start - 1] != '\n')
        start--;
    said = text_slice(said, start, start + COMPLAINT_LIMIT_BYTES);
    said = text_slice(said, 0, text_find_invalid(said));
    return said.size ? text_format(&run->arena, " (%.*s)", TEXT_ARG(said)).data : "";
}

static bool has_sandbox_complaint(Run *run) {
    static const char complaint[] = "No usable sandbox";
    Text said = what_it_said(run);
    return memmem(said.data, said.size, complaint, sizeof complaint - 1) != NULL;
}

/* Whether it ended well. Otherwise the whole group of its processes is gone, too. */
static bool wait_for(Run *run, pid_t engine) {
    int64_t end = now_ms() + (int64_t)run->input->time_limit_s * 1000;
    int status = 0;
    pid_t done = 0;
    for (int pause_ms = 5; done == 0; pause_ms = pause_ms < 40 ? pause_ms * 2 : 40) {
        done = waitpid(engine, &status, WNOHANG);
        if (done < 0 && errno == EINTR)
            done = 0;
        if (done != 0)
            break;
        bool is_late = now_ms() > end;
        if (is_late || publish_is_interrupted()) {
            kill(-engine, SIGKILL);
            waitpid(engine, &status, 0);
            if (is_late)
                run->reason =
                    text_format(&run->arena, "it did not end within %d s and was stopped", run->input->time_limit_s)
                        .data;
            return false;
        }
        poll(NULL, 0, pause_ms);
    }
    /* Helper processes that outlive it would keep the folder busy. */
    kill(-engine, SIGKILL);
    if (done == engine && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (done == engine && WIFSIGNALED(status))
        run->reason =
            text_format(&run->arena, "it was ended by signal %d%s", WTERMSIG(status), last_complaint(run)).data;
    else
        run->reason = text_format(&run->arena, "it ended with status %d%s", done == engine ? WEXITSTATUS(status) : -1,
                                  last_complaint(run))
                          .data;
    return false;
}

static pid_t start(Run *run, bool is_in_sandbox) {
    Arena *arena = &run->arena;
    const char *engine = print_engine_find();
    const char *profile = text_format(arena, "--user-data-dir=%s/home", run->folder).data;
    const char *output = text_format(arena, "--print-to-pdf=%s/book.pdf", run->folder).data;
    const char *page = text_format(arena, "file://%s/guides/book.xhtml", run->folder).data;
    const char *arguments[] = {engine,
                               "--headless",
                               "--disable-gpu",
                               "--no-first-run",
                               "--disable-background-networking",
                               "--disable-component-update",
                               "--disable-sync",
                               "--disable-extensions",
                               "--disable-breakpad",
                               "--no-pdf-header-footer",
                               "--generate-pdf-document-outline",
                               "--allow-file-access-from-files",
                               "--lang=en",
                               profile,
                               output,
                               page,
                               is_in_sandbox ? NULL : "--no-sandbox",
                               NULL};
    const char *path = getenv("PATH");
    /* The same whoever builds: a home without settings or fonts of its own, no words of another language, one clock. */
    const char *environment[] = {text_format(arena, "PATH=%s", path ? path : "/usr/bin:/bin").data,
                                 text_format(arena, "HOME=%s/home", run->folder).data,
                                 text_format(arena, "TMPDIR=%s", run->folder).data,
                                 "LC_ALL=C.UTF-8",
                                 "TZ=UTC",
                                 NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, path_in(run, "said"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    pid_t child = -1;
    int failed = posix_spawn(&child, engine, &actions, &attributes, (char *const *)(uintptr_t)arguments,
                             (char *const *)(uintptr_t)environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed)
        run->reason = strerror(failed);
    return failed ? -1 : child;
}

static bool execute(Run *run) {
    /* Chromium's sandbox cannot be set up by root, nor in a container that has no user namespaces; our own pages can do without. */
    static atomic_bool has_no_sandbox;
    bool is_in_sandbox = geteuid() != 0 && !atomic_load(&has_no_sandbox);
    pid_t engine = start(run, is_in_sandbox);
    bool well = engine > 0 && wait_for(run, engine);
    if (!well && engine > 0 && is_in_sandbox && has_sandbox_complaint(run)) {
        atomic_store(&has_no_sandbox, true);
        run->reason = NULL;
        engine = start(run, false);
        well = engine > 0 && wait_for(run, engine);
    }
    return well;
}

static bool lay_out(Run *run, Diagnostics *diagnostics) {
    const char *guides = path_in(run, "guides"), *home = path_in(run, "home");
    if (mkdir(guides, 0700) != 0 || mkdir(home, 0700) != 0 ||
        (run->input->media_folder.size && symlink(run->input->media_folder.data, path_in(run, "media")) != 0)) {
        run->reason = strerror(errno);
        return false;
    }
    return file_write(path_in(run, "guides/book.xhtml"), run->input->page.data, run->input->page.size, diagnostics);
}

static bool read_result(Run *run, Buffer *pdf, Diagnostics *diagnostics) {
    const char *path = path_in(run, "book.pdf");
    Text bytes;
    if (access(path, R_OK) != 0) {
        run->reason = text_format(&run->arena, "it wrote no PDF%s", last_complaint(run)).data;
        return false;
    }
    if (!file_read(&run->arena, path, FILE_MEDIA_LIMIT_BYTES, &bytes, diagnostics))
        return false;
    buffer_put_text(pdf, bytes);
    return true;
}

bool print_engine_run(Buffer *pdf, const EngineInput *input, Text source, Diagnostics *diagnostics) {
    const char *base = getenv("TMPDIR");
    char folder[256];
    snprintf(folder, sizeof folder, "%s/probity-print-XXXXXX",
             base && *base == '/' && strlen(base) < 200 ? base : "/tmp");
    if (!mkdtemp(folder)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, strerror(errno));
        return false;
    }
    Run run = {.folder = folder, .input = input};
    take_turn();
    bool well = !publish_is_interrupted() && lay_out(&run, diagnostics) && execute(&run);
    leave_turn();
    well = well && read_result(&run, pdf, diagnostics);
    if (run.reason)
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, run.reason);
    /* What is left behind in the folder for temporary files is no reason to fail a build. */
    Diagnostics *unheard = diagnostics_open();
    file_remove_tree(folder, unheard);
    diagnostics_close(unheard);
    arena_free(&run.arena);
    return well;
}
