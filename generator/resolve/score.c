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

/* The best path of a case study, as a JSON array; the rules know it. */
static bool put_best_path(Buffer *out, Rules *rules, const Course *course, const Exercise *scenario,
                          Diagnostics *diagnostics) {
    Buffer arguments = {0};
    buffer_put_char(&arguments, '[');
    exercise_put_json(&arguments, scenario, NULL, NULL);
    buffer_put_char(&arguments, ']');
    RulesError error = {0};
    size_t size;
    const char *answer = rules_call(rules, "best_points", arguments.data, arguments.size, &size, &error);
    buffer_free(&arguments);
    /* Ids need no escapes in JSON: the array ends at the first bracket. */
    const char *path = answer ? strstr(answer, "\"path\":[") : NULL, *end = path ? strchr(path, ']') : NULL;
    if (!answer)
        report(course, &error, diagnostics);
    if (!end)
        return false;
    path += strlen("\"path\":");
    buffer_put(out, path, (size_t)(end + 1 - path));
    return true;
}

/* Every screen seen, every right choice ticked, the best path walked. */
static bool put_perfect_state(Buffer *out, Rules *rules, Arena *arena, const Course *course, Language language,
                              Diagnostics *diagnostics) {
    size_t count;
    Exercise **exercises = course_exercises(arena, course, language, &count);
    buffer_put_literal(out, "{\"seen\":[],\"answers\":{");
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        if (exercises[i]->kind == EXERCISE_SCENARIO)
            continue;
        buffer_format(out, "%s\"%.*s\":{\"attempts\":1,\"choices\":[", first ? "" : ",", TEXT_ARG(exercises[i]->id));
        const char *comma = "";
        for (size_t c = 0; c < exercises[i]->choice_count; c++) {
            if (!exercises[i]->choices[c].is_right)
                continue;
            buffer_format(out, "%s\"%s\"", comma, exercises[i]->choices[c].id);
            comma = ",";
        }
        buffer_put_literal(out, "]}");
        first = false;
    }
    buffer_put_literal(out, "},\"paths\":{");
    first = true;
    for (size_t i = 0; i < count; i++) {
        if (exercises[i]->kind != EXERCISE_SCENARIO)
            continue;
        buffer_format(out, "%s\"%.*s\":", first ? "" : ",", TEXT_ARG(exercises[i]->id));
        if (!put_best_path(out, rules, course, exercises[i], diagnostics))
            return false;
        first = false;
    }
    buffer_put_literal(out, "}}");
    return true;
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
