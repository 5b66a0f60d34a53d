/* Exercises: names of their kinds, variables of case studies, and the neutral skeleton of each as the rules take it. */
#include "model/model.h"

const char *exercise_kind_name(ExerciseKind kind) {
    static const char *const names[] = {
        [EXERCISE_SINGLE] = "single",           [EXERCISE_MULTIPLE] = "multiple",
        [EXERCISE_TRUE_FALSE] = "true-false",   [EXERCISE_LIKERT] = "likert",
        [EXERCISE_ORDERING] = "ordering",       [EXERCISE_MATCHING] = "matching",
        [EXERCISE_FILL_IN] = "fill-in",         [EXERCISE_NUMERIC] = "numeric",
        [EXERCISE_HOTSPOT] = "hotspot",         [EXERCISE_REFLECTION] = "reflection",
        [EXERCISE_ATTESTATION] = "attestation", [EXERCISE_SCENARIO] = "scenario",
    };
    return names[kind];
}

const char *feedback_kind_name(FeedbackKind kind) {
    static const char *const names[] = {
        [FEEDBACK_RIGHT] = "right", [FEEDBACK_PARTLY] = "partly", [FEEDBACK_WRONG] = "wrong", [FEEDBACK_ANY] = "any"};
    return names[kind];
}

bool exercise_is_gradable(ExerciseKind kind) {
    return kind != EXERCISE_LIKERT && kind != EXERCISE_REFLECTION && kind != EXERCISE_ATTESTATION;
}

bool exercise_takes_several(const Exercise *exercise) {
    size_t right = 0;
    for (size_t i = 0; i < exercise->choice_count; i++)
        right += exercise->choices[i].is_right;
    return exercise->kind == EXERCISE_MULTIPLE || (exercise->kind == EXERCISE_HOTSPOT && right > 1);
}

/* ---- Variables ---- */

bool variable_test_holds(const VariableTest *test, int value) {
    bool or_equal = test->comparison[1] == '=';
    switch (test->comparison[0]) {
    case '<':
        return value < test->value || (or_equal && value == test->value);
    case '>':
        return value > test->value || (or_equal && value == test->value);
    case '!':
        return value != test->value;
    default:
        return value == test->value;
    }
}

int variable_change_value(const VariableChange *change, int value) {
    int next = change->operation == '+'   ? value + change->value
               : change->operation == '-' ? value - change->value
                                          : change->value;
    return next > VARIABLE_LIMIT ? VARIABLE_LIMIT : next < -VARIABLE_LIMIT ? -VARIABLE_LIMIT : next;
}

/* ---- The skeleton. Ids and names of variables are ASCII: where they come from text_is_id nothing is escaped. ---- */

static void put_step_choice(Buffer *out, const Choice *choice) {
    buffer_put_literal(out, "{\"move\":");
    buffer_put_json(out, choice->move);
    if (choice->points)
        buffer_format(out, ",\"points\":%d", choice->points);
    for (size_t i = 0; i < choice->change_count; i++)
        buffer_format(out, "%s[\"%s\",\"%c\",%d]", i ? "," : ",\"set\":[", choice->changes[i].name.data,
                      choice->changes[i].operation, choice->changes[i].value);
    if (choice->change_count)
        buffer_put_char(out, ']');
    for (size_t i = 0; i < choice->test_count; i++) {
        buffer_format(out, "%s[\"%s\",", i ? "," : ",\"test\":[", choice->tests[i].name.data);
        buffer_put_json(out, text_from(choice->tests[i].comparison));
        buffer_format(out, ",%d]", choice->tests[i].value);
    }
    if (choice->test_count)
        buffer_put_char(out, ']');
    buffer_put_char(out, '}');
}

static void put_steps(Buffer *out, const Exercise *scenario) {
    buffer_put_literal(out, ",\"start\":");
    buffer_put_json(out, scenario->step_count ? scenario->steps[0].id : TEXT(""));
    buffer_put_literal(out, ",\"steps\":[");
    for (size_t s = 0; s < scenario->step_count; s++) {
        const Step *step = &scenario->steps[s];
        buffer_put_text(out, s ? TEXT(",{\"id\":") : TEXT("{\"id\":"));
        buffer_put_json(out, step->id);
        buffer_format(out, ",\"points\":%d,\"moves\":[", step->points);
        for (size_t c = 0; c < step->choice_count; c++) {
            if (c)
                buffer_put_char(out, ',');
            buffer_put_json(out, step->choices[c].move);
        }
        buffer_put_literal(out, "],\"choices\":[");
        for (size_t c = 0; c < step->choice_count; c++) {
            if (c)
                buffer_put_char(out, ',');
            put_step_choice(out, &step->choices[c]);
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

static void put_ids(Buffer *out, const char *key, const Choice *choices, size_t count) {
    buffer_format(out, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++)
        buffer_format(out, "%s\"%s\"", i ? "," : "", choices[i].id);
    buffer_put_char(out, ']');
}

static void put_right(Buffer *out, const Exercise *question) {
    const char *comma = "";
    buffer_put_literal(out, ",\"right\":[");
    for (size_t i = 0; i < question->choice_count; i++) {
        if (!question->choices[i].is_right)
            continue;
        buffer_format(out, "%s\"%s\"", comma, question->choices[i].id);
        comma = ",";
    }
    buffer_put_char(out, ']');
}

static void put_matching(Buffer *out, const Exercise *question) {
    put_ids(out, "left", question->choices, question->choice_count);
    put_ids(out, "targets", question->targets, question->target_count);
    buffer_put_literal(out, ",\"right\":[");
    for (size_t i = 0; i < question->choice_count; i++)
        buffer_format(out, "%s\"%s\"", i ? "," : "", question->choices[i].target);
    buffer_put_char(out, ']');
}

static void put_blanks(Buffer *out, const Exercise *question) {
    buffer_put_literal(out, ",\"blanks\":[");
    for (size_t i = 0; i < question->blank_count; i++) {
        if (i)
            buffer_put_char(out, ',');
        buffer_put_json(out, question->blanks[i].key);
    }
    buffer_format(out, "],\"case\":%s", question->case_counts ? "true" : "false");
}

static void put_details(Buffer *out, const Exercise *exercise) {
    switch (exercise->kind) {
    case EXERCISE_SINGLE:
    case EXERCISE_MULTIPLE:
    case EXERCISE_TRUE_FALSE:
    case EXERCISE_HOTSPOT:
        put_ids(out, "choices", exercise->choices, exercise->choice_count);
        put_right(out, exercise);
        if (exercise->kind == EXERCISE_HOTSPOT)
            buffer_format(out, ",\"multiple\":%s", exercise_takes_several(exercise) ? "true" : "false");
        return;
    case EXERCISE_LIKERT:
        put_ids(out, "choices", exercise->choices, exercise->choice_count);
        return;
    case EXERCISE_ORDERING:
        put_ids(out, "items", exercise->choices, exercise->choice_count);
        return;
    case EXERCISE_MATCHING:
        put_matching(out, exercise);
        return;
    case EXERCISE_FILL_IN:
        put_blanks(out, exercise);
        return;
    case EXERCISE_NUMERIC:
        buffer_format(out, ",\"answer_micro\":%lld,\"tolerance_micro\":%lld", (long long)exercise->answer_micro,
                      (long long)exercise->tolerance_micro);
        return;
    case EXERCISE_REFLECTION:
        buffer_format(out, ",\"size\":%d", exercise->size_bytes);
        return;
    case EXERCISE_SCENARIO:
        put_steps(out, exercise);
        return;
    case EXERCISE_ATTESTATION:
    case EXERCISE_KIND_COUNT:
        return;
    }
}

static void put_question(Buffer *out, const Exercise *question) {
    buffer_format(out, ",\"attempts\":%d,\"shuffle\":%s,\"hints\":%zu,\"feedback\":[", question->attempts,
                  question->shuffle ? "true" : "false", question->hint_count);
    const char *comma = "";
    for (int kind = 0; kind < FEEDBACK_KIND_COUNT; kind++) {
        if (!question->feedback[kind])
            continue;
        buffer_format(out, "%s\"%s\"", comma, feedback_kind_name((FeedbackKind)kind));
        comma = ",";
    }
    buffer_put_char(out, ']');
}

void exercise_put_json(Buffer *out, const Exercise *exercise, const Module *module, const Screen *screen) {
    buffer_put_literal(out, "{\"id\":");
    buffer_put_json(out, exercise->id);
    buffer_format(out, ",\"kind\":\"%s\",\"points\":%d", exercise_kind_name(exercise->kind), exercise->points);
    if (exercise->objective.size) {
        buffer_put_literal(out, ",\"objective\":");
        buffer_put_json(out, exercise->objective);
    }
    if (module)
        buffer_format(out, ",\"module\":\"%.*s\",\"screen\":\"%.*s/%.*s\"", TEXT_ARG(module->unit->name),
                      TEXT_ARG(module->unit->name), TEXT_ARG(screen->unit->name));
    if (exercise->kind != EXERCISE_SCENARIO)
        put_question(out, exercise);
    put_details(out, exercise);
    buffer_put_char(out, '}');
}
