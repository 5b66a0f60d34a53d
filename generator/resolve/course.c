/* Exercises of a course: the languages against the source, its ids, what its settings say of them. */
#include "resolve/parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct Exercises {
    Exercise **items;
    Text *paths; /* of the source file of each */
    const Unit **units;
    size_t count;
} Exercises;

static Exercises gather(Arena *arena, const Course *course, Language language) {
    Exercises all = {0};
    all.items = course_exercises(arena, course, language, &all.count);
    all.paths = arena_new(arena, Text, all.count);
    all.units = arena_new(arena, const Unit *, all.count);
    size_t at = 0;
    for (size_t m = 0; m < course->module_count; m++) {
        for (size_t s = 0; s < course->modules[m].screen_count; s++) {
            const Document *document = course->modules[m].screens[s].documents[language];
            for (const Exercise *exercise = document ? document->exercises : NULL; exercise;
                 exercise = exercise->next) {
                all.units[at] = course->modules[m].screens[s].unit;
                all.paths[at++] = document->path;
            }
        }
    }
    return all;
}

static size_t find_exercise(const Exercises *exercises, Text id) {
    for (size_t i = 0; i < exercises->count; i++)
        if (text_equal(exercises->items[i]->id, id))
            return i;
    return SIZE_MAX;
}

const char *course_place_words(Arena *arena, Text path, Place place) {
    return text_format(arena, "%.*s:%u", TEXT_ARG(path), place.line).data;
}

/* Then what is missing there may only have been misread. */
static bool source_has_errors(const Exercises *source, Diagnostics *diagnostics) {
    for (size_t i = 0; i < source->count; i++)
        if (diagnostics_has_error_in(diagnostics, source->paths[i]))
            return true;
    return source->count == 0;
}

static void compare_languages(Arena *arena, const Exercises *here, const Exercises *source, Language language,
                              Diagnostics *diagnostics) {
    for (size_t i = 0; i < source->count; i++) {
        const Exercise *there = source->items[i];
        const char *words = course_place_words(arena, source->paths[i], there->place);
        size_t found = find_exercise(here, there->id);
        if (diagnostics_has_error_in(diagnostics, source->paths[i]))
            continue;
        if (found == SIZE_MAX) {
            /* Where the whole page is missing or unreadable, that has been said. */
            const Page *page = source->units[i]->pages[language];
            if (page && !diagnostics_has_error_in(diagnostics, page->source))
                diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_EXERCISE, page->source, (Place){0, 0}, there->id.data,
                                words);
            continue;
        }
        const Exercise *exercise = here->items[found];
        exercise_compare(arena, exercise, here->paths[found], there, source->paths[i], diagnostics);
    }
    for (size_t i = 0; i < here->count; i++)
        if (find_exercise(source, here->items[i]->id) == SIZE_MAX && !source_has_errors(source, diagnostics))
            diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_EXTRA, here->paths[i], here->items[i]->place,
                            here->items[i]->id.data, "the source language");
}

static void check_ids(Arena *arena, const Exercises *exercises, Diagnostics *diagnostics) {
    for (size_t i = 1; i < exercises->count; i++) {
        for (size_t j = 0; j < i; j++) {
            /* Within one page parse has complained. */
            if (!text_equal(exercises->items[i]->id, exercises->items[j]->id) ||
                text_equal(exercises->paths[i], exercises->paths[j]))
                continue;
            diagnostics_add(diagnostics, DIAGNOSTIC_ID_DUPLICATE, exercises->paths[i], exercises->items[i]->place,
                            exercises->items[i]->id.data,
                            course_place_words(arena, exercises->paths[j], exercises->items[j]->place));
            break;
        }
    }
}

static void check_objectives(Arena *arena, const Course *course, const Exercises *exercises, Diagnostics *diagnostics) {
    const char **ids = arena_new(arena, const char *, course->objective_count + 1);
    for (size_t i = 0; i < course->objective_count; i++)
        ids[i] = course->objectives[i].id.data;
    for (size_t i = 0; i < exercises->count; i++) {
        Text wanted = exercises->items[i]->objective;
        if (!wanted.size || course_find_objective(course, wanted))
            continue;
        Text nearest = text_nearest(wanted, ids, course->objective_count);
        Text hint = nearest.size ? text_format(arena, "; did you mean \"%s\"?", nearest.data) : TEXT("");
        diagnostics_add(diagnostics, DIAGNOSTIC_OBJECTIVE_UNKNOWN, exercises->paths[i], exercises->items[i]->place,
                        wanted.data, hint.data);
    }
}

/* Who passes the questions of a module's pre-test need not see the rest of it: there must be something to pass. */
static void check_pretests(const Course *course, Language language, Diagnostics *diagnostics) {
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        int points = 0;
        for (size_t s = 0; s < module->screen_count; s++) {
            const Document *document = module->screens[s].documents[language];
            const Exercise *exercise =
                document && module->screens[s].unit == module->pretest ? document->exercises : NULL;
            for (; exercise; exercise = exercise->next)
                points += exercise->points;
        }
        if (module->pretest && points == 0)
            diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_PRETEST, course->settings_path, module->pretest_place,
                            module->pretest->name.data, "it has no questions with points");
    }
}

/* ---- Audiences ---- */

/* Whom a unit of the course is for: a module for whom its first screen is there. */
static Audience audience_of(const Course *course, const Unit *unit) {
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        Audience least = AUDIENCE_COUNT;
        for (size_t s = 0; s < module->screen_count; s++) {
            if (module->screens[s].unit == unit)
                return module->screens[s].audience;
            least = module->screens[s].audience < least ? module->screens[s].audience : least;
        }
        if (module->unit == unit)
            return least;
    }
    return AUDIENCE_ALL;
}

/* A link into what is left out of the course for those who see the page. */
static void check_page_links(const Site *site, const Course *course, const Unit *unit, Diagnostics *diagnostics) {
    const Page *page = unit->pages[site->settings.source_language];
    PageFact link;
    for (size_t at = 0; page && page->has_facts && facts_next_link(page->facts, &at, &link);) {
        const Unit *target = site_find_unit(site, link.text);
        if (target && audience_of(course, target) > audience_of(course, unit))
            diagnostics_add(diagnostics, DIAGNOSTIC_LINK_AUDIENCE, page->source, link.place, link.text.data,
                            audience_name(audience_of(course, target)));
    }
}

static void check_audience_links(const Site *site, const Course *course, Diagnostics *diagnostics) {
    check_page_links(site, course, course->unit, diagnostics);
    for (size_t m = 0; m < course->module_count; m++) {
        check_page_links(site, course, course->modules[m].unit, diagnostics);
        for (size_t s = 0; s < course->modules[m].screen_count; s++)
            check_page_links(site, course, course->modules[m].screens[s].unit, diagnostics);
    }
}

/* Each audience's version must let its learners pass. */
static void check_scores(Arena *arena, const Site *site, const Course *course, Diagnostics *diagnostics) {
    for (int audience = 0; audience < AUDIENCE_COUNT; audience++)
        if (course_has_version(course, (Audience)audience))
            course_check_score(arena, site, course_for_audience(arena, course, (Audience)audience), diagnostics);
}

void resolve_course(const Site *site, const Course *course, Diagnostics *diagnostics) {
    Arena arena = {0};
    Language source_language = site->settings.source_language;
    Exercises source = gather(&arena, course, source_language);
    if (source.count == 0)
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_EMPTY, course->settings_path, (Place){0, 0}, "questions");
    check_ids(&arena, &source, diagnostics);
    check_objectives(&arena, course, &source, diagnostics);
    check_pretests(course, source_language, diagnostics);
    check_audience_links(site, course, diagnostics);
    for (size_t i = 0; i < source.count; i++)
        if (source.items[i]->kind == EXERCISE_SCENARIO)
            scenario_check_graph(source.items[i], source.paths[i], diagnostics);
    for (size_t i = 0; i < site->settings.language_count; i++) {
        Language language = site->settings.languages[i];
        const Page *page = course->unit->pages[language];
        if (language == source_language || !page)
            continue;
        Exercises here = gather(&arena, course, language);
        check_ids(&arena, &here, diagnostics);
        compare_languages(&arena, &here, &source, language, diagnostics);
    }
    if (diagnostics_count(diagnostics, SEVERITY_ERROR) == 0)
        check_scores(&arena, site, course, diagnostics);
    arena_free(&arena);
}
