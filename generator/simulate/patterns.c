/* Every way to answer a course, or a sample of them, put to its rules. */
#include "simulate/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBE_BASES = 24, PROBE_OPTIONS = 4 };

typedef struct Patterns {
    Arena *arena;
    const Course *course;
    Rules *rules;
    RulesError error;
    Text skeleton;
    Options *options;
    size_t count;
    int seed;
    uint64_t chance;
    Buffer request;
    CourseNumbers *numbers;
} Patterns;

typedef struct Verdict {
    int permille;
    bool is_passed;
} Verdict;

/* ---- One pattern: for each exercise the index of an option ---- */

static void put_answers(Patterns *patterns, const size_t *chosen, bool wants_paths, const char *key) {
    Buffer *out = &patterns->request;
    const char *comma = "";
    buffer_format(out, ",\"%s\":{", key);
    for (size_t i = 0; i < patterns->count; i++) {
        const Options *options = &patterns->options[i];
        bool is_scenario = options->exercise->kind == EXERCISE_SCENARIO;
        if (is_scenario != wants_paths || !options->count)
            continue;
        Text json = options->items[chosen[i]].json;
        if (is_scenario) {
            /* "path":[…],"moves":[…] */
            size_t from =
                strcmp(key, "paths") == 0 ? text_find(json, '[', 0) : text_find(json, '[', text_find(json, ']', 0));
            json = text_slice(json, from, text_find(json, ']', from) + 1);
        }
        buffer_format(out, "%s\"%.*s\":%.*s", comma, TEXT_ARG(options->exercise->id), TEXT_ARG(json));
        comma = ",";
    }
    buffer_put_char(out, '}');
}

static void put_seen(Buffer *out, const Course *course) {
    const char *comma = "";
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        for (size_t s = 0; s < module->screen_count; s++, comma = ",")
            buffer_format(out, "%s\"%.*s/%.*s\"", comma, TEXT_ARG(module->unit->name),
                          TEXT_ARG(module->screens[s].unit->name));
    }
}

/* `chosen` NULL: nothing is answered. The rules' answer, or NULL. */
static const char *evaluate(Patterns *patterns, const size_t *chosen) {
    Buffer *out = &patterns->request;
    buffer_clear(out);
    buffer_format(out, "[%.*s,{\"round\":0,\"seed\":%d,\"seen\":[", TEXT_ARG(patterns->skeleton), patterns->seed);
    put_seen(out, patterns->course);
    buffer_put_char(out, ']');
    if (chosen) {
        put_answers(patterns, chosen, false, "answers");
        put_answers(patterns, chosen, true, "paths");
        put_answers(patterns, chosen, true, "moves");
    }
    buffer_put_literal(out, "}]");
    size_t size;
    return rules_call(patterns->rules, "evaluate", out->data, out->size, &size, &patterns->error);
}

static bool judge(Patterns *patterns, const size_t *chosen, Verdict *verdict) {
    const char *answer = evaluate(patterns, chosen);
    if (!answer)
        return false;
    verdict->permille = json_number(answer, "\"score_permille\":", 0);
    verdict->is_passed = strstr(answer, "\"success\":\"passed\"") != NULL;
    return true;
}

/* ---- What can be answered ---- */

/* "drawn":["gifts",…]: ids need no escapes. */
static bool is_drawn(const char *answer, Text id) {
    const char *list = strstr(answer, "\"drawn\":["), *end = list ? strchr(list, ']') : NULL;
    if (!end)
        return true;
    Arena arena = {0};
    const char *found = strstr(list, text_format(&arena, "\"%.*s\"", TEXT_ARG(id)).data);
    arena_free(&arena);
    return found && found < end;
}

static bool make_options(Patterns *patterns, Language language) {
    size_t count;
    Exercise **exercises = course_exercises(patterns->arena, patterns->course, language, &count);
    const char *answer = evaluate(patterns, NULL);
    if (!answer)
        return false;
    bool *drawn = arena_new(patterns->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++)
        drawn[i] = is_drawn(answer, exercises[i]->id);
    patterns->options = arena_new(patterns->arena, Options, count + 1);
    CourseNumbers *numbers = patterns->numbers;
    numbers->patterns = 1;
    numbers->is_complete = true;
    for (size_t i = 0; i < count; i++) {
        Options *options = &patterns->options[patterns->count];
        if (!drawn[i])
            continue;
        if (!options_make(patterns->arena, patterns->rules, exercises[i], &patterns->chance, options, &patterns->error))
            return false;
        patterns->count++;
        numbers->is_complete = numbers->is_complete && options->are_all;
        uint64_t many = options->count ? options->count : 1;
        numbers->patterns = numbers->patterns > (uint64_t)1 << 53 ? numbers->patterns : numbers->patterns * many;
    }
    numbers->exercise_count = patterns->count;
    numbers->is_complete = numbers->is_complete && numbers->patterns <= PATTERN_LIMIT;
    return true;
}

/* Everything as right, or as wrong, as it can be. */
static void choose_extremes(const Patterns *patterns, size_t *chosen, bool wants_best) {
    for (size_t i = 0; i < patterns->count; i++) {
        const Options *options = &patterns->options[i];
        chosen[i] = 0;
        for (size_t o = 1; o < options->count; o++) {
            int here = options->items[o].permille, best = options->items[chosen[i]].permille;
            if (wants_best ? here > best : here < best)
                chosen[i] = o;
        }
    }
}

/* ---- All of them, or a sample ---- */

static void count_verdict(CourseNumbers *numbers, Verdict verdict, int *scores) {
    if (!numbers->evaluated || verdict.permille < numbers->found_least)
        numbers->found_least = verdict.permille;
    if (!numbers->evaluated || verdict.permille > numbers->found_most)
        numbers->found_most = verdict.permille;
    numbers->passing += verdict.is_passed;
    numbers->bands[verdict.permille / 100 < PATTERN_BANDS ? verdict.permille / 100 : PATTERN_BANDS - 1]++;
    scores[numbers->evaluated++] = verdict.permille;
}

static void choose_next(Patterns *patterns, size_t *chosen, size_t round) {
    for (size_t i = 0; i < patterns->count; i++) {
        size_t many = patterns->options[i].count ? patterns->options[i].count : 1;
        chosen[i] = patterns->numbers->is_complete ? round % many : chance_next(&patterns->chance, many);
        round /= many;
    }
}

static int compare_numbers(const void *left, const void *right) {
    return *(const int *)left - *(const int *)right;
}

/* `scores` stay in the order of the patterns in `order`. */
static bool evaluate_all(Patterns *patterns, size_t *chosen, int *order) {
    CourseNumbers *numbers = patterns->numbers;
    size_t rounds = numbers->is_complete ? (size_t)numbers->patterns : SAMPLE_SIZE;
    for (size_t round = 0; round < rounds; round++) {
        Verdict verdict;
        choose_next(patterns, chosen, round);
        if (!judge(patterns, chosen, &verdict))
            return false;
        count_verdict(numbers, verdict, order);
    }
    int *sorted = arena_new(patterns->arena, int, rounds + 1);
    memcpy(sorted, order, rounds * sizeof *sorted);
    qsort(sorted, rounds, sizeof *sorted, compare_numbers);
    numbers->middle = sorted[rounds / 2];
    return true;
}

/* ---- Questions that never matter ---- */

/* In the whole list: two patterns that differ in this exercise alone stand `stride` apart. */
static bool matters_in_list(const Patterns *patterns, const int *order, size_t index) {
    size_t stride = 1, many = patterns->options[index].count;
    for (size_t i = 0; i < index; i++)
        stride *= patterns->options[i].count ? patterns->options[i].count : 1;
    for (size_t at = 0; at < patterns->numbers->evaluated; at++) {
        size_t digit = at / stride % many;
        if (order[at] != order[at - digit * stride])
            return true;
    }
    return false;
}

/* Some patterns, each with other answers to this one exercise. */
static bool probe(Patterns *patterns, size_t index, size_t *chosen, bool *matters) {
    *matters = false;
    size_t many = patterns->options[index].count;
    for (size_t base = 0; base < PROBE_BASES && !*matters; base++) {
        Verdict first = {0}, other;
        choose_next(patterns, chosen, base);
        for (size_t o = 0; o < PROBE_OPTIONS && o < many && !*matters; o++) {
            chosen[index] = many <= PROBE_OPTIONS ? o : chance_next(&patterns->chance, many);
            if (!judge(patterns, chosen, o ? &other : &first))
                return false;
            *matters = o && other.permille != first.permille;
        }
    }
    return true;
}

static bool find_idle(Patterns *patterns, size_t *chosen, const int *order) {
    CourseNumbers *numbers = patterns->numbers;
    numbers->idle = arena_new(patterns->arena, const Exercise *, patterns->count + 1);
    for (size_t i = 0; i < patterns->count; i++) {
        bool matters = patterns->options[i].exercise->points == 0;
        if (!matters && numbers->is_complete)
            matters = matters_in_list(patterns, order, i);
        else if (!matters && !probe(patterns, i, chosen, &matters))
            return false;
        if (!matters)
            numbers->idle[numbers->idle_count++] = patterns->options[i].exercise;
    }
    return true;
}

static bool count_all(Patterns *patterns, Language language) {
    CourseNumbers *numbers = patterns->numbers;
    Verdict worst = {0}, best = {0};
    if (!make_options(patterns, language))
        return false;
    size_t *chosen = arena_new(patterns->arena, size_t, patterns->count + 1);
    int *order = arena_new(patterns->arena, int, PATTERN_LIMIT + 1);
    choose_extremes(patterns, chosen, false);
    bool is_well = judge(patterns, chosen, &worst);
    choose_extremes(patterns, chosen, true);
    is_well = is_well && judge(patterns, chosen, &best) && evaluate_all(patterns, chosen, order) &&
              find_idle(patterns, chosen, order);
    numbers->least_permille = worst.permille < numbers->found_least ? worst.permille : numbers->found_least;
    numbers->most_permille = best.permille > numbers->found_most ? best.permille : numbers->found_most;
    numbers->can_pass = best.is_passed || numbers->passing > 0;
    return is_well;
}

bool simulate_patterns(Arena *arena, const Course *course, Language language, int seed, CourseNumbers *numbers,
                       Diagnostics *diagnostics) {
    *numbers = (CourseNumbers){.seed = seed};
    Patterns patterns = {.arena = arena,
                         .course = course,
                         .rules = rules_open(),
                         .seed = seed,
                         .chance = (uint64_t)seed,
                         .numbers = numbers};
    if (!patterns.rules)
        memory_exhausted();
    Buffer skeleton = {0};
    course_put_json(&skeleton, course, language);
    patterns.skeleton = buffer_text(&skeleton);
    bool is_well = !course->rules.size || rules_load(patterns.rules, course->rules_path.data, course->rules.data,
                                                     course->rules.size, &patterns.error);
    is_well = is_well && count_all(&patterns, language);
    if (!is_well)
        diagnostics_add(
            diagnostics, DIAGNOSTIC_RULES_ERROR, course->rules_path.size ? course->rules_path : course->settings_path,
            (Place){patterns.error.line > 0 ? (uint32_t)patterns.error.line : 0, 0}, patterns.error.message);
    buffer_free(&patterns.request);
    buffer_free(&skeleton);
    rules_close(patterns.rules);
    return is_well;
}
