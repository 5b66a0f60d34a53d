/* A course as the learner meets it, and its neutral skeleton as the rules take it. */
#include "model/model.h"

const char *exercise_kind_name(ExerciseKind kind) {
    static const char *const names[] = {
        [EXERCISE_SINGLE] = "single",
        [EXERCISE_MULTIPLE] = "multiple",
        [EXERCISE_TRUE_FALSE] = "true-false",
        [EXERCISE_SCENARIO] = "scenario",
    };
    return names[kind];
}

Exercise **course_exercises(Arena *arena, const Course *course, Language language, size_t *count) {
    size_t total = 0;
    Exercise **all = NULL;
    /* Twice round: to count, then to fill. */
    for (int round = 0; round < 2; round++) {
        size_t at = 0;
        for (size_t m = 0; m < course->module_count; m++) {
            const Module *module = &course->modules[m];
            for (size_t s = 0; s < module->screen_count; s++) {
                const Document *document = module->screens[s].documents[language];
                for (Exercise *exercise = document ? document->exercises : NULL; exercise;
                     exercise = exercise->next, at++)
                    if (all)
                        all[at] = exercise;
            }
        }
        total = at;
        if (!all)
            all = arena_new(arena, Exercise *, total ? total : 1);
    }
    *count = total;
    return all;
}

static void put_steps(Buffer *out, const Exercise *exercise) {
    buffer_put_literal(out, ",\"start\":");
    buffer_put_json(out, exercise->step_count ? exercise->steps[0].id : TEXT(""));
    buffer_put_literal(out, ",\"steps\":[");
    for (size_t s = 0; s < exercise->step_count; s++) {
        const Step *step = &exercise->steps[s];
        buffer_put_text(out, s ? TEXT(",{\"id\":") : TEXT("{\"id\":"));
        buffer_put_json(out, step->id);
        buffer_format(out, ",\"points\":%d,\"moves\":[", step->points);
        for (size_t c = 0; c < step->choice_count; c++) {
            if (c)
                buffer_put_char(out, ',');
            buffer_put_json(out, step->choices[c].move);
        }
        buffer_put_char(out, ']');
        if (step->end.size) {
            buffer_put_literal(out, ",\"end\":");
            buffer_put_json(out, step->end);
        }
        buffer_put_char(out, '}');
    }
    buffer_put_char(out, ']');
}

static void put_choices(Buffer *out, const Exercise *exercise) {
    for (int right = 0; right < 2; right++) {
        buffer_put_text(out, right ? TEXT(",\"right\":[") : TEXT(",\"choices\":["));
        bool first = true;
        for (size_t c = 0; c < exercise->choice_count; c++) {
            if (right && !exercise->choices[c].is_right)
                continue;
            buffer_format(out, "%s\"%s\"", first ? "" : ",", exercise->choices[c].id);
            first = false;
        }
        buffer_put_char(out, ']');
    }
}

void exercise_put_json(Buffer *out, const Exercise *exercise) {
    buffer_put_literal(out, "{\"id\":");
    buffer_put_json(out, exercise->id);
    buffer_format(out, ",\"kind\":\"%s\",\"points\":%d", exercise_kind_name(exercise->kind), exercise->points);
    if (exercise->kind == EXERCISE_SCENARIO)
        put_steps(out, exercise);
    else
        put_choices(out, exercise);
    buffer_put_char(out, '}');
}

void course_put_json(Buffer *out, const Course *course, Language source) {
    buffer_put_literal(out, "{\"id\":");
    buffer_put_json(out, course->unit->name);
    buffer_format(out, ",\"pass_permille\":%d,\"completion\":\"%s\",\"screens\":[", course->pass_permille,
                  course->completion == COMPLETION_PASSED ? "passed" : "screens");
    bool first = true;
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        for (size_t s = 0; s < module->screen_count; s++) {
            buffer_put_text(out, first ? TEXT("\"") : TEXT(",\""));
            /* Folder names are ids: nothing in them needs escaping. */
            buffer_format(out, "%.*s/%.*s\"", TEXT_ARG(module->unit->name), TEXT_ARG(module->screens[s].unit->name));
            first = false;
        }
    }
    buffer_put_literal(out, "],\"exercises\":[");
    Arena arena = {0};
    size_t count;
    Exercise **exercises = course_exercises(&arena, course, source, &count);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_put_char(out, ',');
        exercise_put_json(out, exercises[i]);
    }
    arena_free(&arena);
    buffer_put_literal(out, "]}");
}
