/* What can become of a course, for people and for programs. */
#include "simulate/parts.h"

#include <string.h>

enum { BAR_LIMIT = 40 };

typedef struct Report {
    const Course *course;
    Buffer *out;
    const CourseNumbers *numbers;
    Exercise **exercises;
    size_t exercise_count;
    Arena *arena;
} Report;

/* 85.7 */
static void put_percent(Buffer *out, int permille) {
    buffer_format(out, permille % 10 ? "%d.%d" : "%d", permille / 10, permille % 10);
}

static void put_grouped(Buffer *out, uint64_t number) {
    if (number >= 1000) {
        put_grouped(out, number / 1000);
        buffer_format(out, ",%03u", (unsigned)(number % 1000));
    } else {
        buffer_format(out, "%u", (unsigned)number);
    }
}

static void put_count(Buffer *out, uint64_t number, bool is_exact) {
    if (!is_exact)
        buffer_put_literal(out, "more than ");
    put_grouped(out, number);
}

/* ---- For people ---- */

static void put_patterns(const Report *report) {
    const CourseNumbers *numbers = report->numbers;
    Buffer *out = report->out;
    buffer_format(out, "%.*s: %zu exercises, pass mark %d %%\n\n", TEXT_ARG(report->course->unit->name),
                  numbers->exercise_count, report->course->pass_permille / 10);
    buffer_put_literal(out, "answer patterns  ");
    put_count(out, numbers->patterns, numbers->patterns <= (uint64_t)1 << 53);
    if (numbers->is_complete) {
        buffer_put_literal(out, ", all of them evaluated\n");
    } else {
        buffer_put_literal(out, "; a sample of ");
        put_grouped(out, numbers->evaluated);
        buffer_format(out, " drawn with seed %d\n", numbers->seed);
    }
    buffer_put_literal(out, "score            ");
    put_percent(out, numbers->least_permille);
    buffer_put_literal(out, " to ");
    put_percent(out, numbers->most_permille);
    buffer_put_literal(out, " %; ");
    buffer_put_text(out,
                    numbers->is_complete ? TEXT("half of the patterns reach ") : TEXT("half of the sample reaches "));
    put_percent(out, numbers->middle);
    buffer_format(out, " %%\npass             %s; ",
                  numbers->can_pass ? "the pass mark can be reached" : "the pass mark cannot be reached");
    put_percent(out, numbers->evaluated ? (int)(1000 * numbers->passing / numbers->evaluated) : 0);
    buffer_put_text(out, numbers->is_complete ? TEXT(" % of the patterns pass\n") : TEXT(" % of the sample pass\n"));
    buffer_put_literal(out, "never matters    ");
    for (size_t i = 0; i < numbers->idle_count; i++)
        buffer_format(out, "%s%.*s", i ? ", " : "", TEXT_ARG(numbers->idle[i]->id));
    buffer_put_text(out, numbers->idle_count ? TEXT("\n\n") : TEXT("none\n\n"));
}

static void put_bars(const Report *report) {
    size_t most = 1;
    for (int band = 0; band < PATTERN_BANDS; band++)
        most = report->numbers->bands[band] > most ? report->numbers->bands[band] : most;
    for (int band = 0; band < PATTERN_BANDS; band++) {
        size_t count = report->numbers->bands[band], bar = count * BAR_LIMIT / most;
        if (band == PATTERN_BANDS - 1)
            buffer_put_literal(report->out, "   100 %  ");
        else
            buffer_format(report->out, "%2d–%2d %%  ", band * 10, band * 10 + 9);
        for (size_t i = 0; i < bar + (count && !bar); i++)
            buffer_put_char(report->out, '#');
        buffer_format(report->out, "%s%zu\n", count ? " " : "", count);
    }
}

static void put_story(const Report *report, const Exercise *scenario) {
    Buffer *out = report->out;
    StoryNumbers numbers = story_count(report->arena, scenario);
    Text best = story_recommend(report->arena, scenario);
    buffer_format(out, "\ncase study %.*s\n  steps %zu, situations %zu, paths ", TEXT_ARG(scenario->id),
                  scenario->step_count, numbers.situations);
    put_count(out, numbers.paths, numbers.paths_are_exact);
    buffer_format(out, "\n  choices to an ending %zu to %s%zu, points %d to %d%s\n  best path %.*s\n", numbers.shortest,
                  numbers.lengths_are_exact ? "" : "at least ", numbers.longest, numbers.least_points,
                  numbers.most_points, numbers.points_are_exact ? "" : " on the paths that were walked",
                  TEXT_ARG(best));
}

/* ---- For programs ---- */

static const char *truth(bool value) {
    return value ? "true" : "false";
}

static void put_story_json(const Report *report, const Exercise *scenario) {
    StoryNumbers numbers = story_count(report->arena, scenario);
    Text best = story_recommend(report->arena, scenario);
    buffer_format(report->out,
                  "{\"id\":\"%.*s\",\"steps\":%zu,\"situations\":%zu,\"paths\":%llu,\"paths_are_exact\":%s,"
                  "\"shortest\":%zu,\"longest\":%zu,\"lengths_are_exact\":%s,\"least_points\":%d,\"most_points\":%d,"
                  "\"points_are_exact\":%s,\"best\":\"%.*s\"}",
                  TEXT_ARG(scenario->id), scenario->step_count, numbers.situations, (unsigned long long)numbers.paths,
                  truth(numbers.paths_are_exact), numbers.shortest, numbers.longest, truth(numbers.lengths_are_exact),
                  numbers.least_points, numbers.most_points, truth(numbers.points_are_exact), TEXT_ARG(best));
}

static void put_json(const Report *report) {
    const CourseNumbers *numbers = report->numbers;
    Buffer *out = report->out;
    buffer_format(out,
                  "{\"course\":\"%.*s\",\"pass_permille\":%d,\"exercises\":%zu,\"patterns\":%llu,"
                  "\"patterns_are_exact\":%s,\"evaluated\":%zu,\"is_complete\":%s,\"seed\":%d,\"least_permille\":%d,"
                  "\"most_permille\":%d,\"middle_permille\":%d,\"passing\":%zu,\"can_pass\":%s,\"bands\":[",
                  TEXT_ARG(report->course->unit->name), report->course->pass_permille, numbers->exercise_count,
                  (unsigned long long)numbers->patterns, truth(numbers->patterns <= (uint64_t)1 << 53),
                  numbers->evaluated, truth(numbers->is_complete), numbers->seed, numbers->least_permille,
                  numbers->most_permille, numbers->middle, numbers->passing, truth(numbers->can_pass));
    for (int band = 0; band < PATTERN_BANDS; band++)
        buffer_format(out, "%s%zu", band ? "," : "", numbers->bands[band]);
    buffer_put_literal(out, "],\"never_matter\":[");
    for (size_t i = 0; i < numbers->idle_count; i++)
        buffer_format(out, "%s\"%.*s\"", i ? "," : "", TEXT_ARG(numbers->idle[i]->id));
    buffer_put_literal(out, "],\"case_studies\":[");
    const char *comma = "";
    for (size_t i = 0; i < report->exercise_count; i++) {
        if (report->exercises[i]->kind != EXERCISE_SCENARIO)
            continue;
        buffer_put_text(out, text_from(comma));
        put_story_json(report, report->exercises[i]);
        comma = ",";
    }
    buffer_put_literal(out, "]}\n");
}

bool simulate_report(const Course *course, Language language, int seed, SimulateFormat format, Buffer *out,
                     Diagnostics *diagnostics) {
    Arena arena = {0};
    CourseNumbers numbers;
    bool is_well = simulate_patterns(&arena, course, language, seed, &numbers, diagnostics);
    if (is_well) {
        Report report = {.course = course, .out = out, .numbers = &numbers, .arena = &arena};
        report.exercises = course_exercises(&arena, course, language, &report.exercise_count);
        if (format == SIMULATE_JSON) {
            put_json(&report);
        } else {
            put_patterns(&report);
            put_bars(&report);
            for (size_t i = 0; i < report.exercise_count; i++)
                if (report.exercises[i]->kind == EXERCISE_SCENARIO)
                    put_story(&report, report.exercises[i]);
        }
    }
    arena_free(&arena);
    return is_well;
}
