/*
 * The preview from beginning to end, in the thread that builds:
 *
 *   edit ──► quiet for a moment ──► website ──► pages are told ──► quiet for longer ──► packages ──► console is told
 *                    ▲                                                    │ edit
 *                    └────────────────────────────────────────────────────┘
 *
 * Edits during a build wait in the queue of inotify, which is read when the build is done. Packages take longer than a page and are
 * wanted less often: they wait until the writer pauses.
 */
#include "preview/internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    QUIET_MS = 4,          /* editors write a file in several steps */
    QUIET_LIMIT_MS = 100,  /* where something writes without end */
    PAUSE_MS = 150,        /* before packages */
    PING_EVERY_MS = 15000, /* to the streams */
};

typedef struct Preview {
    const PreviewOptions *options;
    BuildOptions website, packages;
    Server *server;
    Watch *watch;
    Diagnostics *diagnostics; /* of the build that is going on */
    BuildReport report;
    bool is_shown; /* the site that stands is what the pages have been told of */
} Preview;

static volatile sig_atomic_t is_ended;
static volatile sig_atomic_t bell = -1;

void preview_end(int signal) {
    int reason = errno;
    is_ended = 1;
    publish_interrupt(signal);
    if (bell >= 0) {
        ssize_t written = write(bell, &(uint64_t){1}, sizeof(uint64_t));
        (void)written; /* what could be done about it here? */
    }
    errno = reason;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether there was an edit before the time was over. */
static bool wait_for_edit(Preview *preview, int64_t milliseconds) {
    int64_t until = now_ms() + milliseconds;
    while (!is_ended) {
        struct pollfd files[] = {{.fd = bell, .events = POLLIN},
                                 {.fd = watch_descriptor(preview->watch), .events = POLLIN}};
        int64_t left = until - now_ms();
        int count = poll(files, 2, left > 0 ? (int)left : 0);
        if (count > 0 && files[1].revents && watch_read(preview->watch))
            return true;
        if (left <= 0)
            return false;
    }
    return false;
}

static void wait_for_quiet(Preview *preview) {
    int64_t until = now_ms() + QUIET_LIMIT_MS;
    while (now_ms() < until && wait_for_edit(preview, QUIET_MS)) {
    }
}

/*
 * Builds, and tells what came of it, unless it failed while something was edited (`is_edited`): half a file is full of errors, and
 * the next build knows better.
 */
static bool build(Preview *preview, const BuildOptions *options, bool *is_edited) {
    BuildReport report = {0};
    bool is_well = publish_build(options, &report, preview->diagnostics) &&
                   diagnostics_count(preview->diagnostics, SEVERITY_ERROR) == 0;
    bool is_changed = report.files_written + report.files_removed > 0;
    preview->report.files_written += report.files_written;
    preview->report.files_removed += report.files_removed;
    preview->report.pages = report.pages;
    preview->report.packages = report.packages;
    preview->report.seconds += report.seconds;
    preview->report.peak_memory_bytes = report.peak_memory_bytes;
    *is_edited = wait_for_edit(preview, 0);
    if (is_ended || (*is_edited && !is_well))
        return false;
    bool is_new = is_well && options == &preview->website && (is_changed || !preview->is_shown);
    preview->is_shown = preview->is_shown || is_new;
    server_tell(preview->server, is_new, preview->diagnostics);
    return is_well;
}

static void begin_round(Preview *preview) {
    if (preview->diagnostics)
        diagnostics_close(preview->diagnostics);
    preview->diagnostics = diagnostics_open();
    preview->report = (BuildReport){0};
}

static void end_round(Preview *preview, bool is_well) {
    const PreviewOptions *options = preview->options;
    bool is_worth_it = preview->report.files_written + preview->report.files_removed > 0 ||
                       diagnostics_count(preview->diagnostics, SEVERITY_NOTE) > 0;
    if (!is_ended && is_worth_it && options->has_built)
        options->has_built(options->context, &preview->report, is_well, preview->diagnostics);
}

/* Builds what an edit has changed; returns when nothing more is to be built. */
static void build_round(Preview *preview) {
    bool is_edited = true;
    while (is_edited && !is_ended) {
        wait_for_quiet(preview);
        begin_round(preview);
        bool is_well = build(preview, &preview->website, &is_edited);
        is_edited = is_edited || (is_well && wait_for_edit(preview, PAUSE_MS));
        if (is_well && !is_edited && !is_ended)
            is_well = build(preview, &preview->packages, &is_edited);
        if (is_well || !is_edited)
            end_round(preview, is_well);
    }
}

static void tell_trouble(const Preview *preview, const char *what) {
    preview->options->is_troubled(preview->options->context, what);
}

static void check_watch(const Preview *preview) {
    int reason = watch_trouble(preview->watch);
    if (reason == 0)
        return;
    Arena scratch = {0};
    const char *remedy = reason == ENOSPC ? "; raise fs.inotify.max_user_watches" : "";
    tell_trouble(preview,
                 text_format(&scratch, "not every folder can be watched: %s%s", strerror(reason), remedy).data);
    arena_free(&scratch);
}

static void serve(Preview *preview) {
    const PreviewOptions *options = preview->options;
    bool is_edited;
    begin_round(preview);
    bool is_well = build(preview, &preview->website, &is_edited);
    if (is_ended)
        return;
    options->is_ready(options->context, server_url(preview->server));
    check_watch(preview);
    if (is_well && !is_edited)
        is_well = build(preview, &preview->packages, &is_edited);
    end_round(preview, is_well);
    while (!is_ended) {
        if (is_edited || wait_for_edit(preview, PING_EVERY_MS))
            build_round(preview);
        else
            server_ping(preview->server);
        is_edited = false;
    }
}

/* Everything but the website, and what takes minutes rather than moments. */
static void choose_targets(Preview *preview) {
    preview->website.targets[preview->website.target_count++] = "website";
    for (size_t i = 0; targets[i]; i++) {
        Text name = text_from(targets[i]->name);
        if (!text_equal(name, TEXT("website")) && !text_equal(name, TEXT("print")) && !text_equal(name, TEXT("pdf")))
            preview->packages.targets[preview->packages.target_count++] = targets[i]->name;
    }
}

static bool run_in(Preview *preview, const char *output) {
    const PreviewOptions *options = preview->options;
    BuildOptions build = {.folder = options->folder, .output = output, .jobs = options->jobs};
    build.is_passing = !options->output;
    preview->website = preview->packages = build;
    choose_targets(preview);
    Arena arena = {0};
    Buffer reason = {0};
    Text shared = file_shared(&arena, "console");
    preview->watch = watch_open(options->folder);
    if (!preview->watch)
        buffer_format(&reason, "the folders cannot be watched: %s", strerror(errno));
    else if (!shared.size)
        buffer_put_literal(&reason, "the preview's own pages are missing; run make in probity's own folder, or install "
                                    "it again");
    else
        preview->server = server_open(output, shared.data, options->address, options->port, &reason);
    bool is_open = preview->server != NULL;
    if (is_open)
        serve(preview);
    else
        tell_trouble(preview, reason.data);
    server_close(preview->server);
    watch_close(preview->watch);
    if (preview->diagnostics)
        diagnostics_close(preview->diagnostics);
    buffer_free(&reason);
    arena_free(&arena);
    return is_open;
}

/* A folder that goes with the preview. */
static bool run_apart(Preview *preview) {
    Arena arena = {0};
    const char *place = getenv("TMPDIR");
    Text folder = text_format(&arena, "%s/probity-preview-XXXXXX", place && *place ? place : "/tmp");
    char *name = arena_allocate_bytes(&arena, folder.size + 1);
    memcpy(name, folder.data, folder.size + 1);
    bool is_well = mkdtemp(name) != NULL;
    if (is_well) {
        is_well = run_in(preview, text_format(&arena, "%s/site", name).data);
        Diagnostics *unheard = diagnostics_open();
        file_remove_tree(name, unheard);
        diagnostics_close(unheard);
    } else {
        tell_trouble(preview, text_format(&arena, "it cannot make a folder in %s: %s", place && *place ? place : "/tmp",
                                          strerror(errno))
                                  .data);
    }
    arena_free(&arena);
    return is_well;
}

bool preview_run(const PreviewOptions *options) {
    Preview preview = {.options = options};
    bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (bell < 0) {
        tell_trouble(&preview, strerror(errno));
        return false;
    }
    bool is_well = options->output ? run_in(&preview, options->output) : run_apart(&preview);
    int file = bell;
    bell = -1;
    close(file);
    return is_well;
}
