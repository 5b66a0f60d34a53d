/* Exercises of a course: the languages against the source, the graphs of its case studies, its ids. */
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

static const char *place_words(Arena *arena, Text path, Place place) {
    return text_format(arena, "%.*s:%u", TEXT_ARG(path), place.line).data;
}

typedef struct Comparison {
    Arena *arena;
    Text path, source_path;
    Diagnostics *diagnostics;
} Comparison;

static void compare_choices(const Comparison *comparison, const Choice *choices, size_t count, Place place,
                            const Choice *source_choices, size_t source_count, Place source_place) {
    Arena *arena = comparison->arena;
    if (count != source_count) {
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_CHOICES, comparison->path, place, count,
                        source_count, place_words(arena, comparison->source_path, source_place));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *there = place_words(arena, comparison->source_path, source_choices[i].place);
        if (choices[i].is_right != source_choices[i].is_right)
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_ANSWER, comparison->path, choices[i].place,
                            i + 1, choices[i].is_right ? "right" : "wrong",
                            source_choices[i].is_right ? "right" : "wrong", there);
        bool has_feedback = choices[i].feedback, has_source_feedback = source_choices[i].feedback;
        if (has_feedback != has_source_feedback)
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_FEEDBACK, comparison->path, choices[i].place,
                            i + 1, has_feedback ? "feedback" : "no feedback",
                            has_source_feedback ? "feedback" : "no feedback", there);
        if (!text_equal(choices[i].move, source_choices[i].move))
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_MOVES, comparison->path, choices[i].place, i + 1,
                            choices[i].move.size ? choices[i].move.data : "",
                            source_choices[i].move.size ? source_choices[i].move.data : "", there);
    }
}

static void compare_points(const Comparison *comparison, int points, Place place, int source_points,
                           Place source_place) {
    if (points != source_points)
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_POINTS, comparison->path, place, points,
                        source_points, place_words(comparison->arena, comparison->source_path, source_place));
}

static const Step *find_step(const Exercise *scenario, Text id) {
    for (size_t i = 0; i < scenario->step_count; i++)
        if (text_equal(scenario->steps[i].id, id))
            return &scenario->steps[i];
    return NULL;
}

static void compare_steps(const Comparison *comparison, const Exercise *here, const Exercise *source) {
    for (size_t i = 0; i < source->step_count; i++) {
        const Step *there = &source->steps[i], *step = find_step(here, there->id);
        const char *words = place_words(comparison->arena, comparison->source_path, there->place);
        if (!step) {
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_EXERCISE, comparison->path, here->place,
                            there->id.data, words);
            continue;
        }
        compare_points(comparison, step->points, step->place, there->points, there->place);
        if (!text_equal(step->end, there->end))
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_KIND, comparison->path, step->place,
                            step->id.data, step->end.size ? step->end.data : "no ending",
                            there->end.size ? there->end.data : "no ending", words);
        compare_choices(comparison, step->choices, step->choice_count, step->place, there->choices, there->choice_count,
                        there->place);
    }
    for (size_t i = 0; i < here->step_count; i++)
        if (!find_step(source, here->steps[i].id))
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_EXTRA, comparison->path, here->steps[i].place,
                            here->steps[i].id.data, comparison->source_path.data);
    if (here->step_count && source->step_count && !text_equal(here->steps[0].id, source->steps[0].id))
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_KIND, comparison->path, here->steps[0].place,
                        here->id.data, "begun with another step", "begun with its first step",
                        place_words(comparison->arena, comparison->source_path, source->steps[0].place));
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
        const char *words = place_words(arena, source->paths[i], there->place);
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
        Comparison comparison = {arena, here->paths[found], source->paths[i], diagnostics};
        if (exercise->kind != there->kind) {
            diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_KIND, here->paths[found], exercise->place, exercise->id.data,
                            exercise_kind_name(exercise->kind), exercise_kind_name(there->kind), words);
            continue;
        }
        compare_points(&comparison, exercise->points, exercise->place, there->points, there->place);
        if (exercise->kind == EXERCISE_SCENARIO)
            compare_steps(&comparison, exercise, there);
        else
            compare_choices(&comparison, exercise->choices, exercise->choice_count, exercise->place, there->choices,
                            there->choice_count, there->place);
    }
    for (size_t i = 0; i < here->count; i++)
        if (find_exercise(source, here->items[i]->id) == SIZE_MAX && !source_has_errors(source, diagnostics))
            diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_EXTRA, here->paths[i], here->items[i]->place,
                            here->items[i]->id.data, "the source language");
}

/* ---- Graphs ---- */

static size_t step_index(const Exercise *scenario, Text id) {
    const Step *step = find_step(scenario, id);
    return step ? (size_t)(step - scenario->steps) : SIZE_MAX;
}

static void check_moves(Arena *arena, const Exercise *scenario, Text path, Diagnostics *diagnostics) {
    const char **ids = arena_new(arena, const char *, scenario->step_count);
    for (size_t i = 0; i < scenario->step_count; i++)
        ids[i] = scenario->steps[i].id.data;
    for (size_t i = 0; i < scenario->step_count; i++) {
        const Step *step = &scenario->steps[i];
        for (size_t c = 0; c < step->choice_count; c++) {
            Text move = step->choices[c].move;
            if (!move.size || find_step(scenario, move))
                continue;
            Text nearest = text_nearest(move, ids, scenario->step_count);
            Text hint = nearest.size ? text_format(arena, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)) : TEXT("");
            diagnostics_add(diagnostics, DIAGNOSTIC_SCENARIO_MOVE, path, step->choices[c].place, move.data, hint.data);
        }
        if (step->end.size && step->choice_count)
            diagnostics_add(diagnostics, DIAGNOSTIC_SCENARIO_END_MOVES, path, step->place, step->id.data);
        else if (!step->end.size && !step->choice_count)
            diagnostics_add(diagnostics, DIAGNOSTIC_SCENARIO_DEAD_END, path, step->place, step->id.data);
    }
}

void scenario_check_graph(Arena *arena, const Exercise *scenario, Text path, Diagnostics *diagnostics) {
    size_t count = scenario->step_count;
    if (count == 0)
        return; /* parse has complained */
    check_moves(arena, scenario, path, diagnostics);
    /* Forward from the first step; backward from the endings, by rounds until nothing is added. */
    bool *reached = arena_new(arena, bool, count), *ends = arena_new(arena, bool, count);
    size_t *queue = arena_new(arena, size_t, count), head = 0, tail = 0;
    reached[0] = true;
    queue[tail++] = 0;
    while (head < tail) {
        const Step *step = &scenario->steps[queue[head++]];
        for (size_t c = 0; c < step->choice_count; c++) {
            size_t next = step_index(scenario, step->choices[c].move);
            if (next != SIZE_MAX && !reached[next]) {
                reached[next] = true;
                queue[tail++] = next;
            }
        }
    }
    for (size_t i = 0; i < count; i++)
        ends[i] = scenario->steps[i].end.size || !scenario->steps[i].choice_count;
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < count; i++) {
            const Step *step = &scenario->steps[i];
            for (size_t c = 0; c < step->choice_count && !ends[i]; c++) {
                size_t next = step_index(scenario, step->choices[c].move);
                if (next == SIZE_MAX || ends[next])
                    grown = ends[i] = true;
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!reached[i])
            diagnostics_add(diagnostics, DIAGNOSTIC_SCENARIO_UNREACHABLE, path, scenario->steps[i].place,
                            scenario->steps[i].id.data);
        else if (!ends[i])
            diagnostics_add(diagnostics, DIAGNOSTIC_SCENARIO_NO_END, path, scenario->steps[i].place,
                            scenario->steps[i].id.data);
    }
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
                            place_words(arena, exercises->paths[j], exercises->items[j]->place));
            break;
        }
    }
}

void resolve_course(const Site *site, const Course *course, Diagnostics *diagnostics) {
    Arena arena = {0};
    Language source_language = site->settings.source_language;
    Exercises source = gather(&arena, course, source_language);
    if (source.count == 0)
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_EMPTY, course->settings_path, (Place){0, 0}, "questions");
    check_ids(&arena, &source, diagnostics);
    for (size_t i = 0; i < source.count; i++)
        if (source.items[i]->kind == EXERCISE_SCENARIO)
            scenario_check_graph(&arena, source.items[i], source.paths[i], diagnostics);
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
        course_check_score(&arena, site, course, diagnostics);
    arena_free(&arena);
}
