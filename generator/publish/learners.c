/* A course's scripted learners are played whenever the course is checked; and one course for commands that look into it. */
#include "publish/internal.h"

#include <string.h>

/* ---- Every learner in every language ---- */

typedef struct LearnerTask {
    const Simulator *simulator;
    const Course *course;
    const Learner *learner;
    Language language;
} LearnerTask;

static void play(void *context, size_t index, Worker *worker) {
    const LearnerTask *task = (const LearnerTask *)context + index;
    Arena arena = {0};
    const Course *course = course_for_audience(&arena, task->course, task->learner->audience);
    /* They test the course and its rules, whichever platform its packages are for. */
    SimulateCourse input = {course, task->language, "scorm2004", &profiles[0]};
    SimulateOutcome outcome;
    if (simulate_check_learner(course, task->language, task->learner, worker->diagnostics))
        simulate_learner(task->simulator, &input, task->learner, SIMULATE_NOTHING, NULL, &outcome, worker->diagnostics);
    arena_free(&arena);
}

void learners_play(const Site *site, const Course *const *courses, size_t course_count, Worker *workers,
                   size_t worker_count) {
    Arena arena = {0};
    const Settings *settings = &site->settings;
    size_t count = 0;
    for (size_t c = 0; c < course_count; c++)
        count += courses[c]->learner_count * settings->language_count;
    LearnerTask *tasks = arena_new(&arena, LearnerTask, count + 1);
    const Simulator *simulator = count ? simulator_open(&arena, workers[0].diagnostics) : NULL;
    count = 0;
    for (size_t c = 0; c < course_count && simulator; c++) {
        for (size_t i = 0; i < courses[c]->learner_count; i++) {
            const Learner *learner = &courses[c]->learners[i];
            for (size_t l = 0; l < settings->language_count; l++)
                if (learner->language < 0 || learner->language == settings->languages[l])
                    tasks[count++] = (LearnerTask){simulator, courses[c], learner, settings->languages[l]};
        }
    }
    pool_run(workers, worker_count, count, play, tasks);
    arena_free(&arena);
}

/* ---- One course ---- */

static Course *find_course(const Site *site, Arena *arena, Text name, Diagnostics *diagnostics) {
    const char **names = arena_new(arena, const char *, site->course_count + 1);
    for (size_t i = 0; i < site->course_count; i++) {
        Course *course = site->courses[i];
        names[i] = course->unit->name.data;
        if (text_equal(name, course->unit->name) || text_equal(name, course->unit->path))
            return course;
    }
    Text nearest = text_nearest(name, names, site->course_count);
    diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_UNKNOWN, TEXT(""), (Place){0, 0}, text_copy(arena, name).data,
                    nearest.size ? text_format(arena, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)).data : "");
    return NULL;
}

bool publish_use_course(const char *folder, Text name, CourseFunction function, void *context,
                        Diagnostics *diagnostics) {
    Arena arena = {0}, scratch = {0}, facts = {0};
    Site site = {.arena = &arena};
    bool is_well = load_site(&site, folder, NULL, 1, diagnostics);
    Course *course = is_well ? find_course(&site, &arena, name, diagnostics) : NULL;
    if (course) {
        Worker worker = {.site = &site, .scratch = &scratch, .facts = &facts, .diagnostics = diagnostics};
        parse_start();
        for (size_t l = 0; l < site.settings.language_count; l++)
            course_parse(course, site.settings.languages[l], &worker);
        resolve_course(&site, course, diagnostics);
    }
    is_well =
        course && diagnostics_count(diagnostics, SEVERITY_ERROR) == 0 && function(context, &site, course, diagnostics);
    load_end(&site);
    arena_free(&facts);
    arena_free(&scratch);
    arena_free(&arena);
    return is_well;
}
