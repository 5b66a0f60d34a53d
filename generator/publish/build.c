/* A build from beginning to end: what there is, what of it has changed, what becomes of that, and its exchange with what stands. */
#include "publish/internal.h"
#include "publish/print.h"

#include <errno.h>
#include <libxml/parser.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unicode/uversion.h>
#include <unistd.h>
#include <zlib.h>

enum { THREAD_LIMIT = 64, BUFFER_KEPT_BYTES = 1 << 20 };

typedef struct Build {
    const BuildOptions *options;
    BuildReport *report;
    Diagnostics *diagnostics;
    Arena arena;
    Site site;
    LoadMemory *memory;
    Layouts *layouts;
    Plan plan;
    Workplace workplace;
    Stage stage;
    bool has_stage;
    bool is_changed; /* something is not as the build before left it */
    Worker *workers;
    size_t worker_count;
    Buffer *buffers;              /* one for each worker */
    size_t *to_run;               /* indexes of jobs */
    size_t run_count, last_count; /* those that come last stand at the end */
    atomic_size_t done;
} Build;

static bool options_have_language(const BuildOptions *options, Language language) {
    for (size_t i = 0; i < options->language_count; i++)
        if (options->languages[i] == language)
            return true;
    return options->language_count == 0;
}

static bool options_have_target(const BuildOptions *options, const Target *target) {
    for (size_t i = 0; i < options->target_count; i++)
        if (strcmp(options->targets[i], target->name) == 0)
            return true;
    return options->target_count == 0 && !target->is_on_request;
}

static int thread_count(const BuildOptions *options) {
    cpu_set_t cpus;
    int count = options->jobs;
    if (count < 1)
        count = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
    return count > THREAD_LIMIT ? THREAD_LIMIT : count;
}

static bool has_errors(const Build *build) {
    return diagnostics_count(build->diagnostics, SEVERITY_ERROR) > 0;
}

/* ---- What has changed ---- */

static bool is_wanted(const BuildOptions *options, const Job *job) {
    return !job->target || (options_have_target(options, job->target) &&
                            (job->language < 0 || options_have_language(options, job->language)));
}

/* Moves the jobs that come last to the end of the list. */
static void put_last(Build *build) {
    size_t kept = 0;
    size_t *last = arena_new(&build->arena, size_t, build->run_count + 1);
    for (size_t i = 0; i < build->run_count; i++) {
        if (build->plan.jobs[build->to_run[i]].job.comes_last)
            last[build->last_count++] = build->to_run[i];
        else
            build->to_run[kept++] = build->to_run[i];
    }
    for (size_t i = 0; i < build->last_count; i++)
        build->to_run[kept + i] = last[i];
}

/*
 * Which jobs' files stand as they would be made again. Both lists are sorted by output. Where a part alone is to be made, what
 * stands of the rest stays as it is, and what of it never stood is no part of the plan.
 */
static void compare_plan(Build *build, const bool *altered) {
    const Manifest *manifest = &build->workplace.manifest;
    Plan *plan = &build->plan;
    build->to_run = arena_new(&build->arena, size_t, plan->count);
    size_t planned_count = plan->count;
    plan->count = 0;
    for (size_t p = 0, r = 0; p < planned_count; p++) {
        size_t i = plan->count;
        PlannedJob *planned = &plan->jobs[i];
        *planned = plan->jobs[p];
        const Job *job = &planned->job;
        while (r < manifest->count && text_compare(manifest->records[r].output, job->output) < 0)
            r++;
        bool is_recorded = r < manifest->count && text_equal(manifest->records[r].output, job->output);
        bool stands = is_recorded && !altered[r];
        planned->record = stands ? &manifest->records[r] : NULL;
        bool wanted = is_wanted(build->options, job);
        if (!wanted && !is_recorded)
            continue;
        plan->count++;
        bool is_known = !job->page || job->page->has_facts;
        if (stands && (!wanted || (is_known && digest_equal(planned->record->inputs, job->inputs) &&
                                   (job->inputs.high || job->inputs.low)))) {
            planned->state = JOB_UNCHANGED;
            planned->result = *planned->record;
        } else {
            planned->state = JOB_TO_RUN;
            planned->result = (Record){.inputs = job->inputs};
            build->to_run[build->run_count++] = i;
        }
        planned->result.output = job->output;
    }
    put_last(build);
}

size_t worker_output_size(const Worker *worker, Text output) {
    const PlannedJob *planned = plan_find(worker->plan, output);
    return planned ? planned->result.size_bytes : 0;
}

/* ---- Running ---- */

static void take_bytes(Build *build, PlannedJob *planned, Digest content, Text bytes) {
    planned->result.content = content;
    if (!build->has_stage || has_errors(build) || atomic_load(&build->stage.has_failed))
        return;
    const Record *record = planned->record;
    if (record && digest_equal(record->content, content)) {
        planned->result.size_bytes = record->size_bytes;
        planned->result.modified_ns = record->modified_ns;
        planned->state = JOB_SAME;
        stage_keep(&build->stage, planned);
    } else if (planned->job.run) {
        stage_put(&build->stage, planned, bytes);
    } else {
        stage_copy(&build->stage, planned);
    }
}

static bool is_xml(Text output) {
    return text_ends(output, TEXT(".html")) || text_ends(output, TEXT(".xhtml")) || text_ends(output, TEXT(".xml")) ||
           text_ends(output, TEXT(".svg"));
}

static void run_job(Build *build, PlannedJob *planned, Worker *worker) {
    const Job *job = &planned->job;
    if (output_is_check(job->output))
        return;
    if (!job->run) {
        take_bytes(build, planned, job->inputs, TEXT(""));
        return;
    }
    Buffer *out = &build->buffers[worker - build->workers];
    buffer_clear(out);
    size_t complaints = diagnostics_count(build->diagnostics, SEVERITY_NOTE);
    bool is_made = job->run(job, worker, out);
    bool is_silent = complaints == diagnostics_count(build->diagnostics, SEVERITY_NOTE);
    /* Another thread's complaint may be taken for this job's: it then runs once more than it must. */
    if (!is_silent)
        planned->result.inputs = (Digest){0, 0};
    /* With a fault in the content a job may have nothing to make a file of, and nothing to add to what has been said. */
    if (!is_made && is_silent && diagnostics_count(build->diagnostics, SEVERITY_ERROR) == 0)
        diagnostics_add(build->diagnostics, DIAGNOSTIC_PUBLISH_INTERNAL, job->path.size ? job->path : job->output,
                        (Place){0, 0}, "its job gave no reason");
    if (is_made && build->options->dry && is_xml(job->output))
        xml_check(buffer_text(out), job->output, build->diagnostics);
    if (is_made)
        take_bytes(build, planned, digest_bytes(out->data, out->size), buffer_text(out));
    else
        planned->state = JOB_FAILED;
    if (out->capacity > BUFFER_KEPT_BYTES)
        buffer_free(out);
}

static void run_listed(void *context, size_t index, Worker *worker) {
    Build *build = context;
    run_job(build, &build->plan.jobs[build->to_run[index]], worker);
    size_t done = atomic_fetch_add(&build->done, 1) + 1;
    /* One thread alone speaks to whoever watches. */
    if (worker == build->workers && build->options->progress)
        build->options->progress(build->options->progress_context, "pages", done, build->run_count);
}

static void run_last(void *context, size_t index, Worker *worker) {
    const Build *build = context;
    run_listed(context, build->run_count - build->last_count + index, worker);
}

static bool open_workers(Build *build, int threads) {
    build->worker_count = build->run_count < (size_t)threads ? build->run_count : (size_t)threads;
    /* Courses are read in one task for each language, whatever few files come of them. */
    if (build->run_count && build->worker_count < (size_t)threads && build->site.course_count)
        build->worker_count = (size_t)threads;
    build->workers = arena_new(&build->arena, Worker, build->worker_count + 1);
    build->buffers = arena_new(&build->arena, Buffer, build->worker_count + 1);
    for (size_t i = 0; i < build->worker_count; i++) {
        build->workers[i] = (Worker){
            .site = &build->site,
            .layouts = build->layouts,
            .renderer = renderer_open(&build->site, build->layouts, build->diagnostics),
            .scratch = arena_new(&build->arena, Arena, 1),
            .facts = arena_new(&build->arena, Arena, 1),
            .diagnostics = build->diagnostics,
            .plan = &build->plan,
        };
        if (!build->workers[i].renderer)
            return false;
    }
    return true;
}

static void close_workers(Build *build) {
    for (size_t i = 0; i < build->worker_count; i++) {
        if (build->workers[i].renderer)
            renderer_close(build->workers[i].renderer);
        if (build->workers[i].scratch)
            arena_free(build->workers[i].scratch);
        if (build->workers[i].facts)
            arena_free(build->workers[i].facts);
        buffer_free(&build->buffers[i]);
    }
}

/* ---- The steps ---- */

/* Words and dates are as this ICU writes them, packages as this zlib packs them. */
static Digest libraries_digest(Digest digest) {
    UVersionInfo icu;
    u_getVersion(icu);
    return digest_text(digest_join(digest, digest_bytes(icu, sizeof icu)), text_from(zlibVersion()));
}

/* Whether printed guides will stand in the output: made by this build, or left there by it. */
static bool has_books(const Build *build, const char *target, Text ending) {
    if (options_have_target(build->options, target_find(text_from(target))))
        return true;
    const Manifest *manifest = &build->workplace.manifest;
    for (size_t i = 0; i < manifest->count; i++)
        if (text_starts(manifest->records[i].output, TEXT("guides/")) && text_ends(manifest->records[i].output, ending))
            return true;
    return false;
}

static bool load(Build *build, int threads) {
    if (!build->options->dry)
        build->memory = load_memory_open(text_format(&build->arena, "%s/memory", build->workplace.path).data);
    build->site.arena = &build->arena;
    if (!load_site(&build->site, build->options->folder, build->memory, threads, build->diagnostics))
        return false;
    for (size_t i = 0; build->options->profile && i < build->site.course_count; i++)
        build->site.courses[i]->profile = build->options->profile;
    build->site.tool_digest = libraries_digest(build->site.tool_digest);
    resolve_site(&build->site, build->diagnostics);
    build->site.paper = has_books(build, "pdf", TEXT(".pdf")) && print_engine_find() ? TEXT("pdf")
                        : has_books(build, "print", TEXT(".xhtml"))                  ? TEXT("xhtml")
                                                                                     : TEXT("");
    build->layouts = layouts_load(&build->arena, &build->site, build->workplace.manifest.sound, build->diagnostics);
    return build->layouts != NULL;
}

/* A job that comes last is to run when one of its folder has. */
static void join_folders(Plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        Job *job = &plan->jobs[i].job;
        if (!job->comes_last)
            continue;
        size_t end = job->output.size;
        while (end && job->output.data[end - 1] != '/')
            end--;
        Text folder = text_slice(job->output, 0, end);
        for (size_t j = 0; j < plan->count; j++)
            if (!plan->jobs[j].job.comes_last && text_starts(plan->jobs[j].job.output, folder))
                job->inputs = digest_join(job->inputs, plan->jobs[j].job.inputs);
    }
}

static void make_plan(Build *build) {
    build->plan =
        (Plan){.arena = &build->arena, .diagnostics = build->diagnostics, .sound = layouts_sound(build->layouts)};
    /* The rest is planned too, since what stands of it is to stay; that it cannot be made is no complaint then. */
    Diagnostics *unheard = diagnostics_open();
    for (size_t i = 0; targets[i]; i++) {
        if (targets[i]->is_on_request && build->options->target_count == 0)
            continue;
        build->plan.diagnostics = options_have_target(build->options, targets[i]) ? build->diagnostics : unheard;
        targets[i]->plan(targets[i], &build->site, build->layouts, build->options, &build->plan);
    }
    diagnostics_close(unheard);
    build->plan.diagnostics = build->diagnostics;
    courses_plan(&build->site, &build->plan);
    plan_finish(&build->plan);
    join_folders(&build->plan);
}

/* Where pages alone are made again, and none came or went, the others' links hold if they do not lead to these. */
static FactsScope facts_scope(const Build *build) {
    if (build->options->dry || build->plan.count != build->workplace.manifest.count)
        return FACTS_ALL;
    for (size_t i = 0; i < build->run_count; i++) {
        const PlannedJob *planned = &build->plan.jobs[build->to_run[i]];
        if (!planned->job.page || !planned->record)
            return FACTS_ALL;
    }
    return FACTS_NEW;
}

/* Runs what is to run; whether all is well. */
static bool run(Build *build, int threads) {
    if (!open_workers(build, threads))
        return false;
    parse_start();
    xmlInitParser(); /* libxml2 asks for it before there are threads */
    courses_prepare(&build->site, &build->plan, build->workers, build->worker_count);
    pool_run(build->workers, build->worker_count, build->run_count - build->last_count, run_listed, build);
    pool_run(build->workers, build->worker_count, build->last_count, run_last, build);
    if (publish_is_interrupted()) {
        diagnostics_add(build->diagnostics, DIAGNOSTIC_PUBLISH_INTERRUPTED, build->workplace.output, (Place){0, 0});
        return false;
    }
    if (build->is_changed)
        resolve_facts(&build->site, facts_scope(build), build->diagnostics);
    return !has_errors(build);
}

static void count_outputs(Build *build, size_t removed_count) {
    BuildReport *report = build->report;
    report->files_removed = removed_count;
    for (size_t i = 0; i < build->plan.count; i++) {
        const PlannedJob *planned = &build->plan.jobs[i];
        if (output_is_check(planned->job.output))
            continue;
        report->files_unchanged += planned->state == JOB_UNCHANGED || planned->state == JOB_SAME;
        report->pages += planned->job.page != NULL;
        report->packages += text_ends(planned->job.output, TEXT(".zip"));
        report->course_reports += planned->job.comes_last;
        report->guides += text_ends(planned->job.output, TEXT(".pdf"));
        report->files_written += planned->state == JOB_WRITTEN;
    }
}

static bool publish(Build *build, int threads, LiveCheck *check) {
    compare_plan(build, live_check_finish(check));
    size_t removed_count;
    stage_list_removed(&build->arena, &build->workplace, &build->plan, &removed_count);
    build->is_changed = build->run_count || removed_count || build->plan.count != build->workplace.manifest.count;
    if (build->is_changed && !has_errors(build)) {
        if (!stage_open(&build->stage, &build->arena, &build->workplace, check, &build->plan, build->diagnostics))
            return false;
        build->has_stage = true;
    }
    if (!run(build, threads) || (build->is_changed && !stage_publish(&build->stage, &build->arena, &build->plan))) {
        if (build->has_stage)
            stage_abandon(&build->stage);
        return false;
    }
    count_outputs(build, removed_count);
    if (build->is_changed) {
        /* Without it the next build reads all pages again, no more; what is published is published. */
        load_memory_write(&build->site, build->memory);
    }
    return true;
}

static bool check_all(Build *build, int threads) {
    compare_plan(build, NULL);
    build->is_changed = true;
    bool is_well = run(build, threads);
    count_outputs(build, 0);
    return is_well;
}

static bool build_all(Build *build) {
    int threads = thread_count(build->options);
    if (build->options->dry) {
        if (!load(build, threads))
            return false;
        make_plan(build);
        return check_all(build, threads);
    }
    if (!workplace_open(&build->workplace, &build->arena, build->options->output, build->diagnostics))
        return false;
    build->workplace.is_passing = build->options->is_passing;
    LiveCheck *check = live_check_start(&build->arena, &build->workplace, threads);
    bool is_published = false;
    if (load(build, threads)) {
        make_plan(build);
        is_published = publish(build, threads, check);
    } else {
        live_check_finish(check);
    }
    workplace_close(&build->workplace);
    return is_published;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool publish_build(const BuildOptions *options, BuildReport *report, Diagnostics *diagnostics) {
    double start = seconds_now();
    *report = (BuildReport){0};
    Build build = {.options = options, .report = report, .diagnostics = diagnostics};
    build.workplace.output = text_from(options->output ? options->output : "");
    /* Modes are those of a web server's files whoever builds; a file size limit is an error of write and not the end. */
    mode_t umask_before = umask(022);
    struct sigaction ignore = {.sa_handler = SIG_IGN}, limit_before;
    sigaction(SIGXFSZ, &ignore, &limit_before);
    bool is_well = build_all(&build);
    sigaction(SIGXFSZ, &limit_before, NULL);
    umask(umask_before);
    close_workers(&build);
    plan_close(&build.plan);
    layouts_close(build.layouts);
    load_end(&build.site);
    load_memory_close(build.memory);
    arena_free(&build.arena);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    report->peak_memory_bytes = (size_t)usage.ru_maxrss * 1024;
    report->seconds = seconds_now() - start;
    return is_well;
}
