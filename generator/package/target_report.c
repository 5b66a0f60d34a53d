/*
 * report.txt beside a course's packages, for whoever uploads them: what a platform will be told and in which order, how
 * large the packages are, how much of a learner the platform has to keep, and what the case studies can come to.
 */
#include "package/package.h"

#include <inttypes.h>
#include <string.h>

typedef struct Report {
    const Job *job;
    Worker *worker;
    const Course *course;
    const Profile *profile;
    Buffer *out;
    Arena *arena;
    bool is_graded;
} Report;

enum { FIRST_COLUMN = 28, COLUMN = 30, NAME_COLUMN = 52 };

static const PackageStandard *const standards[] = {&package_scorm12, &package_scorm2004_3, &package_scorm2004,
                                                   &package_cmi5, &package_web};

/* 12345 → 12,345 */
static void put_number(Buffer *out, size_t number) {
    char digits[32];
    int count = snprintf(digits, sizeof digits, "%zu", number);
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            buffer_put_char(out, ',');
        buffer_put_char(out, digits[i]);
    }
}

static Text number_text(Arena *arena, size_t number) {
    Buffer out = {0};
    put_number(&out, number);
    Text text = text_copy(arena, buffer_text(&out));
    buffer_free(&out);
    return text;
}

static void put_heading(Report *report, const char *words) {
    buffer_format(report->out, "\n%s\n", words);
    for (size_t i = 0; words[i]; i++)
        buffer_put_char(report->out, '-');
    buffer_put_char(report->out, '\n');
}

static void put_row(Report *report, const char *what, const char *scorm12, const char *scorm2004, const char *cmi5) {
    buffer_format(report->out, "%-*s%-*s%-*s%s\n", FIRST_COLUMN, what, COLUMN, scorm12, COLUMN, scorm2004, cmi5);
}

static const char *choose(bool is_so, const char *words, const char *otherwise) {
    return is_so ? words : otherwise;
}

/* ---- What a platform is told ---- */

static void put_mark(Report *report) {
    const char *permille = manifest_ratio(report->arena, report->course->pass_permille).data;
    const char *none = "none: the course decides";
    bool is_given = report->profile->gives_pass_mark;
    const char *percent = text_format(report->arena, "%d", report->course->pass_permille / 10).data;
    put_row(report, "pass mark in the manifest", choose(is_given, percent, none), choose(is_given, permille, none),
            permille);
}

static void put_graded(Report *report) {
    const Profile *profile = report->profile;
    bool is_by_screens = report->course->completion == COMPLETION_SCREENS;
    bool is_early = is_by_screens && !profile->completes_by_passing;
    put_row(report, "all done, not passed", "incomplete", choose(is_early, "completed", "incomplete"),
            choose(is_by_screens, "completed", "nothing yet"));
    put_row(report, "passed", text_format(report->arena, "score, %s", profile->lesson_passed).data,
            "score, passed, completed", "passed with score, completed");
    put_row(report, "ended below the pass mark", choose(profile->tells_failure, "score, failed", "incomplete"),
            profile->tells_failure ? choose(is_early, "score, failed, completed", "score, failed, incomplete")
                                   : "incomplete",
            choose(is_by_screens, "failed with score, completed", "failed with score"));
    put_mark(report);
}

static void put_outcome(Report *report) {
    put_heading(report, "What a platform is told");
    put_row(report, "", "SCORM 1.2", "SCORM 2004", "cmi5");
    put_row(report, "opened, in progress", "incomplete", "incomplete", "initialized");
    if (report->is_graded)
        put_graded(report);
    else
        put_row(report, "all done", "completed", "completed", "completed");
    buffer_format(
        report->out, "\n%s\n",
        report->is_graded
            ? "No score is sent before the verdict. The best score counts; nothing is ever taken back."
            : "Nothing in the course earns points: there is no score and no verdict. Nothing is ever taken back.");
}

static void put_order(Report *report) {
    const Profile *profile = report->profile;
    bool suspends = strcmp(profile->exit_when_over, "suspend") == 0;
    put_heading(report, "When, and in which order");
    put_row(report, "", "SCORM 1.2", "SCORM 2004", "cmi5");
    put_row(report, "launch", "incomplete, exit, commit", "incomplete, exit, commit", "initialized");
    put_row(report, "an answer", choose(profile->sends_optional, "answer, state, commit", "state, commit"),
            "answer, state, commit", "answered, state");
    put_row(report, "a screen", "state, place, time, commit", "state, place, time, commit", "state");
    if (report->is_graded)
        put_row(report, "the verdict", "score, status, commit", "score, success, completion,", "passed or failed,");
    if (report->is_graded)
        put_row(report, "", "", "commit", "completed");
    put_row(report, "leaving", choose(profile->commits_before_finish, "LMSCommit, LMSFinish", "LMSFinish"), "Terminate",
            "terminated");
    put_row(report, "exit, in progress", "suspend", "suspend", "-");
    put_row(report, "exit, when it is over", choose(suspends, "suspend", "\"\" (normal)"),
            choose(suspends, "suspend", "normal"), "-");
}

/* ---- Packages, states, case studies ---- */

static void put_package(Report *report, const PackageStandard *standard, const Course *course, Language language) {
    const char *code = language < 0 ? "all" : language_info(language)->code;
    Text output = package_output(report->arena, standard, course, language);
    size_t size = worker_output_size(report->worker, output);
    if (!size)
        return;
    Text folder = text_format(report->arena, "packages/%.*s/", TEXT_ARG(course->unit->name));
    Text name = text_slice(output, folder.size, output.size);
    buffer_format(report->out, "%-*s %-5s%12s bytes\n", NAME_COLUMN, text_copy(report->arena, name).data, code,
                  number_text(report->arena, size).data);
}

static void put_packages(Report *report, const Course *course) {
    const Settings *settings = &report->worker->site->settings;
    for (size_t s = 0; s < sizeof standards / sizeof *standards; s++) {
        for (size_t l = 0; l < settings->language_count; l++)
            put_package(report, standards[s], course, settings->languages[l]);
        put_package(report, standards[s], course, -1);
    }
}

static void put_state(Report *report, const Course *course) {
    const Settings *settings = &report->worker->site->settings;
    size_t most = 0;
    Text largest = TEXT("");
    for (size_t l = 0; l < settings->language_count; l++) {
        Text here;
        if (!course->documents[settings->languages[l]])
            continue;
        size_t size = package_state_size(course, settings->languages[l], report->arena, &here);
        largest = size > most ? here : largest;
        most = size > most ? size : most;
    }
    buffer_format(report->out, "For %s: at most %s characters, of which %.*s needs most.\n",
                  course->audience == AUDIENCE_ALL ? "everyone" : audience_name(course->audience),
                  number_text(report->arena, most).data, TEXT_ARG(largest));
}

static void put_story(Report *report, const Exercise *scenario) {
    StoryNumbers numbers = story_count(report->arena, scenario);
    buffer_format(report->out, "%.*s: %zu steps, %s%" PRIu64 " paths of ", TEXT_ARG(scenario->id), scenario->step_count,
                  numbers.paths_are_exact ? "" : "more than ", numbers.paths);
    buffer_format(report->out, "%zu to %s%zu choices, %d to %s%d points\n", numbers.shortest,
                  numbers.lengths_are_exact ? "" : "at least ", numbers.longest, numbers.least_points,
                  numbers.points_are_exact ? "" : "at least ", numbers.most_points);
}

static void put_stories(Report *report) {
    size_t count;
    Exercise **exercises =
        course_exercises(report->arena, report->course, report->worker->site->settings.source_language, &count);
    bool has_heading = false;
    for (size_t i = 0; i < count; i++) {
        if (exercises[i]->kind != EXERCISE_SCENARIO)
            continue;
        if (!has_heading)
            put_heading(report, "Case studies");
        has_heading = true;
        put_story(report, exercises[i]);
    }
}

static void for_each_version(Report *report, void (*put)(Report *report, const Course *course)) {
    for (int audience = 0; audience < AUDIENCE_COUNT; audience++)
        if (course_has_version(report->course, (Audience)audience))
            put(report, course_for_audience(report->arena, report->course, (Audience)audience));
}

/* ---- The whole ---- */

static bool make_report(const Job *job, Worker *worker, Buffer *out) {
    Language source = worker->site->settings.source_language;
    const Course *course = job->course;
    Report report = {job, worker, course, course->profile, out, worker->scratch, false};
    /* Where the course's page cannot be read, a diagnostic has said why. */
    if (!course->unit->pages[source] || !course->documents[source])
        return false;
    report.is_graded = package_points(worker->scratch, course, source) > 0;
    Text title = course->unit->pages[source]->title;
    buffer_format(out, "%.*s (%.*s)\n", TEXT_ARG(title), TEXT_ARG(course->unit->name));
    buffer_format(out, "Packages for learning platforms. Profile: %s (%s).\n", report.profile->name,
                  report.profile->help);
    put_outcome(&report);
    put_order(&report);
    put_heading(&report, "Packages");
    for_each_version(&report, put_packages);
    put_heading(&report, "What a platform has to keep of a learner");
    for_each_version(&report, put_state);
    buffer_format(out, "Limits: %s characters in SCORM 1.2, %s in SCORM 2004, none in cmi5.\n",
                  number_text(worker->scratch, package_scorm12.state_limit_characters).data,
                  number_text(worker->scratch, package_scorm2004.state_limit_characters).data);
    put_stories(&report);
    return true;
}

static void plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                 Plan *jobs) {
    (void)layouts;
    (void)options;
    for (size_t c = 0; c < site->course_count; c++) {
        Course *course = site->courses[c];
        Digest inputs = site->tool_digest;
        for (size_t l = 0; l < site->settings.language_count; l++)
            inputs = digest_join(inputs, course_digest(site, course, site->settings.languages[l]));
        if (!course->unit->pages[site->settings.source_language])
            continue;
        plan_add(jobs,
                 (Job){
                     .target = target,
                     .output = text_format(plan_arena(jobs), "packages/%.*s/report.txt", TEXT_ARG(course->unit->name)),
                     .inputs = inputs,
                     .run = make_report,
                     .comes_last = true,
                     .language = -1,
                     .course = course,
                     .path = course->settings_path,
                 });
    }
}

const Target target_report = {.name = "report", .help = "what platforms will be told by course packages", .plan = plan};
