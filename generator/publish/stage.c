/*
 * The site in the making, and its exchange with the one that stands.
 *
 * Between builds the stage is the site before the last: it differs from what stands in a few paths, which the delta lists. A build
 * brings these up to date by links and writes what has changed, so that an edit costs what it changes and not what the site holds.
 * While it is changed, the stage is called `work`; whoever finds that name knows that a build was ended there.
 */
#include "publish/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beyond this many files one sync of the file system costs less than one of each. */
enum { SYNC_EACH_LIMIT = 48 };

static const char work_name[] = "work", stage_name[] = "stage", single_name[] = "single";
static const char delta_name[] = "delta", manifest_name[] = "manifest", next_name[] = "manifest.next";

static bool fail(Stage *stage, Text path) {
    /* The first reason is the one that counts: on a full disk every thread fails. */
    if (!atomic_exchange(&stage->has_failed, true))
        publish_fail(stage->workplace, path, errno, stage->diagnostics);
    return false;
}

static int compare_paths(const void *left, const void *right) {
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static bool is_to_run(const PlannedJob *planned) {
    return planned->state == JOB_TO_RUN && !output_is_check(planned->job.output);
}

Text *stage_list_removed(Arena *arena, const Workplace *workplace, const Plan *plan, size_t *count) {
    const Manifest *manifest = &workplace->manifest;
    size_t removed_count = 0;
    Text *removed = NULL;
    /* Twice round: to count, then to fill. Both lists are sorted. */
    for (int round = 0; round < 2; round++) {
        removed = round ? arena_new(arena, Text, removed_count + 1) : NULL;
        removed_count = 0;
        for (size_t r = 0, j = 0; r < manifest->count; r++) {
            Text output = manifest->records[r].output;
            while (j < plan->count && text_compare(plan->jobs[j].job.output, output) < 0)
                j++;
            if (output_is_check(output) || (j < plan->count && text_equal(plan->jobs[j].job.output, output)))
                continue;
            if (removed)
                removed[removed_count] = output;
            removed_count++;
        }
    }
    *count = removed_count;
    return removed;
}

/* ---- Opening ---- */

/* Sorts, and keeps each path once. */
static size_t sort_paths(Text *paths, size_t count) {
    size_t kept = 0;
    if (count)
        qsort(paths, count, sizeof *paths, compare_paths);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !text_equal(paths[kept - 1], paths[i]))
            paths[kept++] = paths[i];
    return kept;
}

static void set_touched(Stage *stage, Text *paths, size_t count) {
    stage->touched = paths;
    stage->touched_count = sort_paths(paths, count);
}

static bool remove_tree(const Stage *stage, const char *name) {
    Arena scratch = {0};
    bool removed =
        file_remove_tree(text_format(&scratch, "%s/%s", stage->workplace->path, name).data, stage->diagnostics);
    arena_free(&scratch);
    return removed;
}

static int open_folder(int above, const char *name) {
    return openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Everything that stands and stays is linked into a fresh folder. */
static bool open_whole(Stage *stage, Arena *arena, Plan *plan) {
    const Workplace *workplace = stage->workplace;
    if (!remove_tree(stage, stage_name) || !remove_tree(stage, work_name))
        return false;
    if (mkdirat(workplace->folder, work_name, 0755) != 0 ||
        (stage->folder = open_folder(workplace->folder, work_name)) < 0)
        return fail(stage, TEXT(""));
    size_t count = 0;
    Text *touched = arena_new(arena, Text, plan->count + stage->changing_count);
    for (size_t i = 0; i < plan->count; i++) {
        PlannedJob *planned = &plan->jobs[i];
        if (output_is_check(planned->job.output))
            continue;
        touched[count++] = planned->job.output;
        planned->stage_lacks = true;
        if (planned->state == JOB_UNCHANGED && !tree_link(workplace->live, stage->folder, planned->job.output))
            return fail(stage, planned->job.output);
    }
    for (size_t i = 0; i < stage->changing_count; i++)
        touched[count++] = stage->changing[i];
    set_touched(stage, touched, count);
    return true;
}

/* False where the stage cannot be used; then it is made anew. */
static bool open_stage(Stage *stage, Plan *plan, const Delta *delta, const Text *removed, size_t removed_count) {
    const Workplace *workplace = stage->workplace;
    FolderIdentity identity;
    stage->folder = open_folder(workplace->folder, stage_name);
    if (stage->folder < 0 || !folder_identity(stage->folder, &identity) ||
        !folder_identity_equal(identity, delta->stage) ||
        !folder_identity_equal(workplace->live_identity, delta->live) ||
        renameat(workplace->folder, stage_name, workplace->folder, work_name) != 0)
        return false;
    /* Files first go, then come: a file may take the name of a folder, and a folder that of a file. */
    for (size_t i = 0; i < removed_count; i++)
        if (!tree_remove(stage->folder, removed[i]))
            return false;
    for (size_t i = 0; i < delta->count; i++)
        if (!tree_remove(stage->folder, delta->paths[i]))
            return false;
    for (size_t i = 0; i < delta->count; i++) {
        PlannedJob *planned = plan_find(plan, delta->paths[i]);
        if (!planned)
            continue;
        planned->stage_lacks = true;
        if (planned->state == JOB_UNCHANGED && !tree_link(workplace->live, stage->folder, delta->paths[i]))
            return false;
    }
    return true;
}

bool stage_open(Stage *stage, Arena *arena, const Workplace *workplace, LiveCheck *check, Plan *plan,
                Diagnostics *diagnostics) {
    *stage = (Stage){.workplace = workplace, .diagnostics = diagnostics, .folder = -1};
    size_t removed_count, run_count = 0;
    Text *removed = stage_list_removed(arena, workplace, plan, &removed_count);
    PlannedJob *last = NULL;
    for (size_t i = 0; i < plan->count; i++) {
        if (is_to_run(&plan->jobs[i])) {
            run_count++;
            last = &plan->jobs[i];
        }
    }
    stage->syncs_each = run_count <= SYNC_EACH_LIMIT && !workplace->is_passing;
    if (run_count == 1 && removed_count == 0 && last->record) {
        stage->is_single = true;
        return true;
    }
    if (!live_is_ours(check, plan, diagnostics))
        return false;
    Text *changing = arena_new(arena, Text, run_count + removed_count + 1);
    size_t changing_count = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (is_to_run(&plan->jobs[i]))
            changing[changing_count++] = plan->jobs[i].job.output;
    for (size_t i = 0; i < removed_count; i++)
        changing[changing_count++] = removed[i];
    stage->changing = changing;
    stage->changing_count = changing_count;

    Delta delta;
    if (!remove_tree(stage, work_name))
        return false;
    if (workplace->has_manifest && delta_read(arena, workplace->folder, delta_name, &delta) &&
        open_stage(stage, plan, &delta, removed, removed_count)) {
        Text *touched = arena_new(arena, Text, changing_count + delta.count + 1);
        memcpy(touched, changing, changing_count * sizeof *touched);
        memcpy(touched + changing_count, delta.paths, delta.count * sizeof *touched);
        set_touched(stage, touched, changing_count + delta.count);
        return true;
    }
    if (stage->folder >= 0)
        close(stage->folder);
    stage->folder = -1;
    stage->syncs_each = false;
    if (open_whole(stage, arena, plan))
        return true;
    if (stage->folder >= 0)
        close(stage->folder);
    stage->folder = -1;
    remove_tree(stage, work_name);
    return false;
}

/* ---- What jobs have made ---- */

static int stage_root(const Stage *stage) {
    return stage->is_single ? stage->workplace->folder : stage->folder;
}

static Text stage_path(const Stage *stage, const PlannedJob *planned) {
    return stage->is_single ? text_from(single_name) : planned->job.output;
}

static bool finish_put(Stage *stage, PlannedJob *planned, bool is_written, FileFacts facts) {
    if (!is_written)
        return fail(stage, planned->job.output);
    planned->result.size_bytes = facts.size_bytes;
    planned->result.modified_ns = facts.modified_ns;
    planned->state = JOB_WRITTEN;
    return true;
}

bool stage_put(Stage *stage, PlannedJob *planned, Text bytes) {
    FileFacts facts = {0, 0};
    bool is_written = tree_write(stage_root(stage), stage_path(stage, planned), bytes, stage->syncs_each, &facts);
    return finish_put(stage, planned, is_written, facts);
}

bool stage_copy(Stage *stage, PlannedJob *planned) {
    FileFacts facts = {0, 0};
    Arena scratch = {0};
    const char *source = text_copy(&scratch, planned->job.source).data;
    bool is_written = tree_copy(stage_root(stage), stage_path(stage, planned), source, stage->syncs_each, &facts);
    is_written = finish_put(stage, planned, is_written, facts);
    arena_free(&scratch);
    return is_written;
}

bool stage_keep(Stage *stage, const PlannedJob *planned) {
    if (stage->is_single || !planned->stage_lacks ||
        tree_link(stage->workplace->live, stage->folder, planned->job.output))
        return true;
    return fail(stage, planned->job.output);
}

/* ---- Publishing ---- */

static Manifest plan_manifest(Arena *arena, const Plan *plan, FolderIdentity live) {
    Manifest manifest = {
        .live = live, .sound = plan->sound, .records = arena_new(arena, Record, plan->count), .count = plan->count};
    for (size_t i = 0; i < plan->count; i++)
        manifest.records[i] = plan->jobs[i].result;
    return manifest;
}

static bool exchange_failed(Stage *stage) {
    diagnostics_add(stage->diagnostics, DIAGNOSTIC_PUBLISH_EXCHANGE, stage->workplace->output, (Place){0, 0},
                    strerror(errno));
    atomic_store(&stage->has_failed, true);
    return false;
}

/* The manifest of what stands now. Where even this fails, the next build finds it under its other name. */
static void adopt_manifest(const Workplace *workplace) {
    renameat(workplace->folder, next_name, workplace->folder, manifest_name);
}

static bool exchange_single(Stage *stage, Arena *arena, const PlannedJob *planned) {
    const Workplace *workplace = stage->workplace;
    const char *path = text_copy(arena, planned->job.output).data;
    size_t name_at = planned->job.output.size;
    while (name_at > 0 && path[name_at - 1] != '/')
        name_at--;
    const char *above = name_at ? text_copy(arena, (Text){path, name_at}).data : ".";
    int folder = open_folder(workplace->live, above);
    struct stat before;
    if (folder < 0 || fstat(folder, &before) != 0 ||
        renameat2(workplace->folder, single_name, folder, path + name_at, RENAME_EXCHANGE) != 0) {
        exchange_failed(stage);
        if (folder >= 0)
            close(folder);
        return false;
    }
    bool is_synced = workplace->is_passing || fsync(folder) == 0;
    if (!is_synced) {
        fail(stage, planned->job.output);
        renameat2(workplace->folder, single_name, folder, path + name_at, RENAME_EXCHANGE);
    }
    /* The time it had: the fixed one, or one that shows that somebody has put a file there. */
    futimens(folder, (struct timespec[2]){before.st_atim, before.st_mtim});
    close(folder);
    return is_synced;
}

/* The stage, where there is one, is behind what stands by one path more. */
static bool add_to_delta(Stage *stage, Arena *arena, Text path) {
    const Workplace *workplace = stage->workplace;
    Delta delta;
    if (!delta_read(arena, workplace->folder, delta_name, &delta) ||
        bsearch(&path, delta.paths, delta.count, sizeof path, compare_paths))
        return true;
    Text *paths = arena_new(arena, Text, delta.count + 1);
    memcpy(paths, delta.paths, delta.count * sizeof *paths);
    paths[delta.count] = path;
    delta.paths = paths;
    delta.count = sort_paths(paths, delta.count + 1);
    return delta_write(workplace->folder, delta_name, &delta) || fail(stage, TEXT(""));
}

static bool publish_single(Stage *stage, Arena *arena, const Plan *plan, const PlannedJob *planned) {
    const Workplace *workplace = stage->workplace;
    Manifest manifest = plan_manifest(arena, plan, workplace->live_identity);
    if (!add_to_delta(stage, arena, planned->job.output))
        return false;
    if (!manifest_write(workplace->folder, next_name, &manifest, !workplace->is_passing))
        return fail(stage, TEXT(""));
    if (!exchange_single(stage, arena, planned)) {
        unlinkat(workplace->folder, next_name, 0);
        return false;
    }
    adopt_manifest(workplace);
    unlinkat(workplace->folder, single_name, 0);
    return true;
}

static bool exchange_whole(Stage *stage) {
    const Workplace *workplace = stage->workplace;
    bool is_first = workplace->live < 0;
    unsigned how = is_first ? 0 : RENAME_EXCHANGE;
    if (renameat2(workplace->folder, work_name, workplace->parent, workplace->name, how) != 0)
        return exchange_failed(stage);
    if (workplace->is_passing || (fsync(workplace->parent) == 0 && fsync(workplace->folder) == 0))
        return true;
    /* What is perhaps not on the disk is not published. */
    fail(stage, TEXT(""));
    renameat2(workplace->parent, workplace->name, workplace->folder, work_name, how);
    return false;
}

/* After this call `work` is the stage again, or there is none. */
static void keep_stage(const Stage *stage, FolderIdentity live, Text *paths, size_t count) {
    const Workplace *workplace = stage->workplace;
    Delta delta = {.live = live, .paths = paths, .count = sort_paths(paths, count)};
    int folder = open_folder(workplace->folder, work_name);
    if (folder < 0)
        return;
    bool is_kept = folder_identity(folder, &delta.stage) && delta_write(workplace->folder, delta_name, &delta);
    close(folder);
    if (is_kept)
        renameat(workplace->folder, work_name, workplace->folder, stage_name);
}

static bool publish_whole(Stage *stage, Arena *arena, const Plan *plan, Text *changed, size_t changed_count) {
    const Workplace *workplace = stage->workplace;
    FolderIdentity identity;
    if (!tree_settle_folders(stage->folder, stage->touched, stage->touched_count, stage->syncs_each) ||
        (!stage->syncs_each && !workplace->is_passing && syncfs(stage->folder) != 0) ||
        !folder_identity(stage->folder, &identity))
        return fail(stage, TEXT(""));
    Manifest manifest = plan_manifest(arena, plan, identity);
    if (!manifest_write(workplace->folder, next_name, &manifest, !workplace->is_passing))
        return fail(stage, TEXT(""));
    if (!exchange_whole(stage)) {
        unlinkat(workplace->folder, next_name, 0);
        return false;
    }
    adopt_manifest(workplace);
    keep_stage(stage, identity, changed, changed_count);
    close(stage->folder);
    stage->folder = -1;
    return true;
}

static bool is_as_recorded(const Manifest *manifest, const Plan *plan) {
    bool is_same = manifest->count == plan->count;
    for (size_t i = 0; i < plan->count && is_same; i++) {
        const Record *before = &manifest->records[i], *now = &plan->jobs[i].result;
        is_same = text_equal(before->output, now->output) && digest_equal(before->inputs, now->inputs) &&
                  digest_equal(before->content, now->content) && before->modified_ns == now->modified_ns;
    }
    return is_same;
}

/* The jobs that ran made what stands already. */
static bool publish_nothing(Stage *stage, Arena *arena, const Plan *plan) {
    const Workplace *workplace = stage->workplace;
    Manifest manifest = plan_manifest(arena, plan, workplace->live_identity);
    if (!is_as_recorded(&workplace->manifest, plan) &&
        !manifest_write(workplace->folder, manifest_name, &manifest, !workplace->is_passing))
        return fail(stage, TEXT(""));
    if (stage->is_single)
        return true;
    if (!tree_settle_folders(stage->folder, stage->touched, stage->touched_count, false))
        return fail(stage, TEXT(""));
    keep_stage(stage, workplace->live_identity, NULL, 0);
    close(stage->folder);
    stage->folder = -1;
    return true;
}

bool stage_publish(Stage *stage, Arena *arena, const Plan *plan) {
    size_t count;
    Text *removed = stage_list_removed(arena, stage->workplace, plan, &count);
    Text *changed = arena_new(arena, Text, plan->count + count);
    memcpy(changed, removed, count * sizeof *changed);
    const PlannedJob *written = NULL;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->jobs[i].state == JOB_WRITTEN && !output_is_check(plan->jobs[i].job.output)) {
            written = &plan->jobs[i];
            changed[count++] = written->job.output;
        }
    }
    if (count == 0 && stage->workplace->live >= 0)
        return publish_nothing(stage, arena, plan);
    if (stage->is_single)
        return publish_single(stage, arena, plan, written);
    return publish_whole(stage, arena, plan, changed, count);
}

void stage_abandon(Stage *stage) {
    if (stage->is_single)
        unlinkat(stage->workplace->folder, single_name, 0);
    if (stage->folder < 0)
        return;
    bool is_kept =
        stage->workplace->live >= 0 && tree_settle_folders(stage->folder, stage->touched, stage->touched_count, false);
    close(stage->folder);
    stage->folder = -1;
    if (is_kept)
        keep_stage(stage, stage->workplace->live_identity, stage->changing, stage->changing_count);
    else
        remove_tree(stage, work_name);
}
