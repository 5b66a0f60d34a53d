/* A learner who does everything right is put through the course's own rules. */
#include "resolve/parts.h"
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

/* The place stands before the message where Lua has put it there: content/…/rules.lua:3: message */
static void report(const Course *course, const RulesError *error, Diagnostics *diagnostics) {
    Text path = course->rules_path.size ? course->rules_path : course->settings_path;
    Place place = {error->line > 0 ? (uint32_t)error->line : 0, 0};
    const char *message = error->message;
    if (text_starts(text_from(message), path) && message[path.size] == ':') {
        message += path.size + 1;
        char *after;
        unsigned long line = strtoul(message, &after, 10);
        if (after != message && *after == ':') {
            place.line = (uint32_t)line;
            message = after + 1;
        }
        message += strspn(message, " ");
    }
    diagnostics_add(diagnostics, DIAGNOSTIC_RULES_ERROR, path, place, message);
}

/* The array of ids that an answer of the rules has under a key; ids need no escapes, so that it ends at the first bracket. */
static bool put_ids_of(Buffer *out, const char *answer, const char *key) {
    const char *from = strstr(answer, key), *end = from ? strchr(from, ']') : NULL;
    if (!end)
        return false;
    from += strlen(key);
    buffer_put(out, from, (size_t)(end + 1 - from));
    return true;
}

/* The best path of a case study and the choices that make it, each as a JSON array; the rules know it. */
static bool put_best_path(Buffer *path, Buffer *moves, Rules *rules, const Course *course, const Exercise *scenario,
                          Diagnostics *diagnostics) {
    Buffer arguments = {0};
    buffer_put_char(&arguments, '[');
    exercise_put_json(&arguments, scenario, NULL, NULL);
    buffer_put_char(&arguments, ']');
    RulesError error = {0};
    size_t size;
    const char *answer = rules_call(rules, "best_points", arguments.data, arguments.size, &size, &error);
    buffer_free(&arguments);
    if (!answer) {
        report(course, &error, diagnostics);
        return false;
    }
    return put_ids_of(moves, answer, "\"moves\":") && put_ids_of(path, answer, "\"path\":");
}

static void put_right_choices(Buffer *out, const Exercise *question) {
    const char *comma = "";
    buffer_put_literal(out, "\"choices\":[");
    for (size_t c = 0; c < question->choice_count; c++) {
        /* Where nothing is right or wrong, the first will do. */
        if (!question->choices[c].is_right && (question->kind != EXERCISE_LIKERT || c > 0))
            continue;
        buffer_format(out, "%s\"%s\"", comma, question->choices[c].id);
        comma = ",";
    }
    buffer_put_char(out, ']');
}

/* The right answer as the rules take it. */
static void put_right_answer(Buffer *out, const Exercise *question) {
    switch (question->kind) {
    case EXERCISE_ORDERING:
        for (size_t i = 0; i < question->choice_count; i++)
            buffer_format(out, "%s\"%s\"", i ? "," : "\"order\":[", question->choices[i].id);
        buffer_put_char(out, ']');
        return;
    case EXERCISE_MATCHING:
        for (size_t i = 0; i < question->choice_count; i++)
            buffer_format(out, "%s\"%s\"", i ? "," : "\"matches\":[", question->choices[i].target);
        buffer_put_char(out, ']');
        return;
    case EXERCISE_FILL_IN:
        for (size_t i = 0; i < question->blank_count; i++)
            buffer_format(out, "%strue", i ? "," : "\"blanks\":[");
        buffer_put_char(out, ']');
        return;
    case EXERCISE_NUMERIC:
        buffer_format(out, "\"micro\":%lld", (long long)question->answer_micro);
        return;
    case EXERCISE_REFLECTION:
        buffer_put_literal(out, "\"text\":true");
        return;
    case EXERCISE_ATTESTATION:
        buffer_put_literal(out, "\"date\":\"2026-01-01\"");
        return;
    case EXERCISE_SINGLE:
    case EXERCISE_MULTIPLE:
    case EXERCISE_TRUE_FALSE:
    case EXERCISE_LIKERT:
    case EXERCISE_HOTSPOT:
    case EXERCISE_SCENARIO:
    case EXERCISE_KIND_COUNT:
        put_right_choices(out, question);
    }
}

static bool put_paths(Buffer *out, Rules *rules, const Course *course, Exercise **exercises, size_t count,
                      Diagnostics *diagnostics) {
    Buffer moves = {0};
    const char *comma = "";
    bool well = true;
    buffer_put_literal(out, "},\"paths\":{");
    for (size_t i = 0; i < count && well; i++) {
        if (exercises[i]->kind != EXERCISE_SCENARIO)
            continue;
        buffer_format(out, "%s\"%.*s\":", comma, TEXT_ARG(exercises[i]->id));
        buffer_format(&moves, "%s\"%.*s\":", comma, TEXT_ARG(exercises[i]->id));
        well = put_best_path(out, &moves, rules, course, exercises[i], diagnostics);
        comma = ",";
    }
    buffer_put_literal(out, "},\"moves\":{");
    buffer_put_text(out, buffer_text(&moves));
    buffer_free(&moves);
    buffer_put_char(out, '}');
    return well;
}

/* Every screen seen, every answer right, the best path walked. */
static bool put_perfect_state(Buffer *out, Rules *rules, Arena *arena, const Course *course, Language language,
                              Diagnostics *diagnostics) {
    size_t count;
    Exercise **exercises = course_exercises(arena, course, language, &count);
    buffer_put_literal(out, "{\"seen\":[],\"seed\":0,\"round\":0,\"answers\":{");
    const char *comma = "";
    for (size_t i = 0; i < count; i++) {
        if (exercises[i]->kind == EXERCISE_SCENARIO)
            continue;
        buffer_format(out, "%s\"%.*s\":{\"attempts\":1,", comma, TEXT_ARG(exercises[i]->id));
        put_right_answer(out, exercises[i]);
        buffer_put_char(out, '}');
        comma = ",";
    }
    bool well = put_paths(out, rules, course, exercises, count, diagnostics);
    buffer_put_char(out, '}');
    return well;
}

static void check_answer(const Course *course, const char *answer, Diagnostics *diagnostics) {
    const char *score = strstr(answer, "\"score_permille\":"), *fallback = strstr(answer, "\"fallback\":[{");
    int reached = score ? atoi(score + strlen("\"score_permille\":")) : 0;
    if (fallback) {
        RulesError error = {0};
        const char *message = strstr(fallback, "\"message\":\"");
        const char *from =
            message ? message + strlen("\"message\":\"") : "a function failed and the default rule took its place";
        size_t size = strcspn(from, "\"");
        memcpy(error.message, from, size < sizeof error.message ? size : sizeof error.message - 1);
        report(course, &error, diagnostics);
    } else if (reached < course->pass_permille) {
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_PASS_MARK, course->settings_path, (Place){0, 0},
                        course->pass_permille / 10, reached / 10);
    }
}

void course_check_score(Arena *arena, const Site *site, const Course *course, Diagnostics *diagnostics) {
    Language source = site->settings.source_language;
    Rules *rules = rules_open();
    if (!rules)
        memory_exhausted();
    RulesError error = {0};
    Buffer arguments = {0};
    bool well = !course->rules.size ||
                rules_load(rules, course->rules_path.data, course->rules.data, course->rules.size, &error);
    if (!well)
        report(course, &error, diagnostics);
    buffer_put_char(&arguments, '[');
    course_put_json(&arguments, course, source);
    buffer_put_char(&arguments, ',');
    well = well && put_perfect_state(&arguments, rules, arena, course, source, diagnostics);
    buffer_put_char(&arguments, ']');
    if (well) {
        size_t size;
        const char *answer = rules_call(rules, "evaluate", arguments.data, arguments.size, &size, &error);
        if (answer)
            check_answer(course, answer, diagnostics);
        else
            report(course, &error, diagnostics);
    }
    buffer_free(&arguments);
    rules_close(rules);
}
