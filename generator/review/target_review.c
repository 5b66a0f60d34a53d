/* The reviewers' copy of each course. */
#include "review/review.h"

#include <string.h>

/* What is asked of a job beside its course: which case study, by its id; empty: the page. */
typedef struct Subject {
    Text scenario;
} Subject;

static const Exercise *find_scenario(const Course *course, Language language, Text id, Arena *arena) {
    size_t count;
    Exercise **exercises = course_exercises(arena, course, language, &count);
    for (size_t i = 0; i < count; i++)
        if (text_equal(exercises[i]->id, id))
            return exercises[i];
    return NULL;
}

/* Where a translation lacks the case study, a diagnostic has said so. */
static bool make_drawing(const Job *job, Worker *worker, Buffer *out) {
    const Subject *subject = job->subject;
    const Exercise *scenario = find_scenario(job->course, job->language, subject->scenario, worker->scratch);
    if (!scenario)
        return diagnostics_count(worker->diagnostics, SEVERITY_ERROR) > 0;
    Drawing drawing = {.scenario = scenario,
                       .language = job->language,
                       .best = story_recommend(worker->scratch, scenario),
                       .renderer = worker->renderer,
                       .arena = worker->scratch};
    drawing_write(out, &drawing);
    return true;
}

static bool make_page(const Job *job, Worker *worker, Buffer *out) {
    return review_write_page(out, worker, job->course, job->language);
}

static bool make_style(const Job *job, Worker *worker, Buffer *out) {
    (void)job;
    buffer_put_text(out, layouts_file(worker->layouts, "shared/tokens.css"));
    buffer_put_text(out, layouts_file(worker->layouts, "shared/text.css"));
    buffer_put_text(out, layouts_file(worker->layouts, "review/style.css"));
    return true;
}

typedef struct Planning {
    const Target *target;
    const Site *site;
    Plan *plan;
    Digest shared;
} Planning;

static void plan_file(const Planning *planning, Course *course, Language language, Text name, JobFunction run,
                      Text scenario) {
    Arena *arena = plan_arena(planning->plan);
    Subject *subject = arena_new(arena, Subject, 1);
    subject->scenario = scenario;
    plan_add(planning->plan,
             (Job){
                 .target = planning->target,
                 .output = text_format(arena, "review/%.*s/%s/%.*s", TEXT_ARG(course->unit->name),
                                       language_info(language)->code, TEXT_ARG(name)),
                 .inputs = digest_join(planning->shared, course_digest(planning->site, course, language)),
                 .run = run,
                 .subject = subject,
                 .language = language,
                 .course = course,
                 .path = course->settings_path,
             });
}

/*
 * Only the text says which case studies there are, and a plan is made before anything is parsed. What is wrong with the text is
 * heard when it is parsed again.
 */
static void plan_drawings(const Planning *planning, Course *course, const Unit *screen) {
    const Settings *settings = &planning->site->settings;
    const Page *page = screen->pages[settings->source_language];
    Arena arena = {0}, scratch = {0};
    Diagnostics *unheard = diagnostics_open();
    Text body;
    if (page && load_page_body(&arena, page, &body, unheard)) {
        ParseInput input = {.body = body, .line = page->body_line, .path = page->source, .kind = screen->kind};
        const Document *document = parse_document(&arena, &scratch, &input, unheard);
        for (const Exercise *exercise = document->exercises; exercise; exercise = exercise->next) {
            if (exercise->kind != EXERCISE_SCENARIO)
                continue;
            Text id = text_copy(plan_arena(planning->plan), exercise->id);
            Text name = text_format(plan_arena(planning->plan), "%.*s.svg", TEXT_ARG(id));
            for (size_t l = 0; l < settings->language_count; l++)
                if (course->unit->pages[settings->languages[l]])
                    plan_file(planning, course, settings->languages[l], name, make_drawing, id);
        }
    }
    diagnostics_close(unheard);
    arena_free(&scratch);
    arena_free(&arena);
}

static void plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                 Plan *jobs) {
    Planning planning = {target, site, jobs, digest_join(site->tool_digest, layouts_digest(layouts))};
    (void)options;
    if (!site->course_count)
        return;
    parse_start();
    plan_add(jobs, (Job){.target = target,
                         .output = TEXT("review/style.css"),
                         .inputs = planning.shared,
                         .run = make_style,
                         .language = -1});
    for (size_t c = 0; c < site->course_count; c++) {
        Course *course = site->courses[c];
        for (size_t l = 0; l < site->settings.language_count; l++)
            if (course->unit->pages[site->settings.languages[l]])
                plan_file(&planning, course, site->settings.languages[l], TEXT("index.html"), make_page, TEXT(""));
        for (size_t m = 0; m < course->module_count; m++)
            for (size_t s = 0; s < course->modules[m].screen_count; s++)
                plan_drawings(&planning, course, course->modules[m].screens[s].unit);
    }
}

const Target target_review = {
    .name = "review",
    .help = "reviewers' copies of courses: graphs, paths, right answers; confidential",
    .plan = plan,
    .is_on_request = true,
};
