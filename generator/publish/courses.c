/* Courses: their documents are parsed together, because a package holds them all and checks look across languages. */
#include "publish/internal.h"

#include <stdlib.h>
#include <string.h>

Document *worker_read_page(Worker *worker, Page *page, const ResolveOptions *options, Arena *arena, bool keep_facts) {
    Text body;
    if (!load_page_body(arena, page, &body, worker->diagnostics))
        return NULL;
    ParseInput input = {.body = body, .line = page->body_line, .path = page->source, .kind = page->unit->kind};
    Document *document = parse_document(arena, worker->scratch, &input, worker->diagnostics);
    load_document_files(worker->site, page, document, arena, worker->diagnostics);
    resolve_document(worker->site, page, document, options, arena, keep_facts ? worker->facts : NULL,
                     worker->diagnostics);
    return document;
}

/* ---- Digests ---- */

Digest date_digest(Digest digest) {
    return digest_text(digest, text_from(getenv("SOURCE_DATE_EPOCH")));
}

Digest unit_files_digest(const Unit *unit) {
    Digest digest = {0, 0};
    for (size_t i = 0; i < unit->file_count; i++)
        digest = digest_join(digest_text(digest, unit->files[i].name), unit->files[i].digest);
    return digest;
}

static Digest unit_digest(Digest digest, const Unit *unit, Language language) {
    digest = digest_join(digest_text(digest, unit->path), unit_files_digest(unit));
    const Page *page = unit->pages[language];
    return page ? digest_join(digest, page->digest) : digest;
}

Digest course_digest(const Site *site, const Course *course, Language language) {
    Digest digest = digest_join(site->tool_digest, site->settings.digest);
    digest = digest_join(digest, site->messages[language].digest);
    digest = digest_text(digest_join(digest, course->digest), course->rules);
    digest = digest_text(digest, text_from(course->profile->name));
    digest = unit_digest(digest, course->unit, language);
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        digest = unit_digest(digest_number(digest, module->screen_count), module->unit, language);
        for (size_t s = 0; s < module->screen_count; s++)
            digest = unit_digest(digest, module->screens[s].unit, language);
    }
    return digest;
}

/* ---- Parsing ---- */

typedef struct CourseTask {
    Course *course;
    Language language;
} CourseTask;

static Document *read_unit(Worker *worker, const Course *course, Language language, const Unit *unit) {
    Page *page = unit->pages[language];
    ResolveOptions options = {.book = course->unit};
    /* The course's own page is a page of the website, too, and has its facts from there. */
    return page ? worker_read_page(worker, page, &options, worker->facts, unit != course->unit) : NULL;
}

void course_parse(Course *course, Language language, Worker *worker) {
    course->documents[language] = read_unit(worker, course, language, course->unit);
    for (size_t m = 0; m < course->module_count; m++) {
        Module *module = &course->modules[m];
        module->documents[language] = read_unit(worker, course, language, module->unit);
        for (size_t s = 0; s < module->screen_count; s++)
            module->screens[s].documents[language] = read_unit(worker, course, language, module->screens[s].unit);
    }
}

static void read_course(void *context, size_t index, Worker *worker) {
    const CourseTask *task = (const CourseTask *)context + index;
    course_parse(task->course, task->language, worker);
}

static bool course_is_needed(const Plan *plan, const Course *course) {
    for (size_t i = 0; i < plan->count; i++)
        if (plan->jobs[i].state == JOB_TO_RUN && plan->jobs[i].job.course == course)
            return true;
    return false;
}

void courses_prepare(const Site *site, const Plan *plan, Worker *workers, size_t worker_count) {
    Arena arena = {0};
    const Settings *settings = &site->settings;
    CourseTask *tasks = arena_new(&arena, CourseTask, site->course_count * settings->language_count + 1);
    size_t count = 0;
    for (size_t c = 0; c < site->course_count; c++)
        if (course_is_needed(plan, site->courses[c]))
            for (size_t l = 0; l < settings->language_count; l++)
                tasks[count++] = (CourseTask){site->courses[c], settings->languages[l]};
    pool_run(workers, worker_count, count, read_course, tasks);
    const Course **courses = arena_new(&arena, const Course *, site->course_count + 1);
    size_t course_count = 0;
    for (size_t i = 0; i < count && !publish_is_interrupted(); i += settings->language_count) {
        resolve_course(site, tasks[i].course, workers[0].diagnostics);
        courses[course_count++] = tasks[i].course;
    }
    /* What a learner comes to in a course that is wrong is no news. */
    if (course_count && diagnostics_count(workers[0].diagnostics, SEVERITY_ERROR) == 0)
        learners_play(site, courses, course_count, workers, worker_count);
    arena_free(&arena);
}

/* Whether the facts of the course's own pages are known; without them links into it cannot be checked. */
static bool course_has_facts(const Site *site, const Course *course) {
    for (size_t l = 0; l < site->settings.language_count; l++) {
        Language language = site->settings.languages[l];
        for (size_t m = 0; m < course->module_count; m++) {
            const Module *module = &course->modules[m];
            if (module->unit->pages[language] && !module->unit->pages[language]->has_facts)
                return false;
            for (size_t s = 0; s < module->screen_count; s++)
                if (module->screens[s].unit->pages[language] && !module->screens[s].unit->pages[language]->has_facts)
                    return false;
        }
    }
    return true;
}

void courses_plan(const Site *site, Plan *plan) {
    for (size_t c = 0; c < site->course_count; c++) {
        Course *course = site->courses[c];
        Digest inputs = {0, 0};
        for (size_t l = 0; l < site->settings.language_count; l++)
            inputs = digest_join(inputs, course_digest(site, course, site->settings.languages[l]));
        plan_add(plan, (Job){
                           .output = text_format(plan->arena, "#course/%.*s", TEXT_ARG(course->unit->path)),
                           .inputs = course_has_facts(site, course) ? inputs : (Digest){0, 0},
                           .course = course,
                           .path = course->settings_path,
                       });
    }
}
