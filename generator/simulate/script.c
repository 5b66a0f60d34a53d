/* Whether a course has what a script names, and the script as learner.js takes it. */
#include "simulate/parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- Checks ---- */

typedef struct Check {
    Arena *arena;
    const Course *course;
    const Learner *learner;
    Exercise **exercises;
    size_t count;
    size_t *positions; /* of each case study: the step where the learner stands */
    Diagnostics *diagnostics;
    bool is_well;
} Check;

const Exercise *find_exercise(Exercise *const *exercises, size_t count, Text id) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(exercises[i]->id, id))
            return exercises[i];
    return NULL;
}

static const char *hint(Arena *arena, Text word, const char *const *names, size_t count) {
    Text nearest = text_nearest(word, names, count);
    return nearest.size ? text_format(arena, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)).data : "";
}

static void report_subject(Check *check, const char *kind, const Act *act, const char *const *names, size_t count) {
    diagnostics_add(check->diagnostics, DIAGNOSTIC_LEARNER_SUBJECT, check->learner->path, act->subject_place, kind,
                    act->subject.data, hint(check->arena, act->subject, names, count));
    check->is_well = false;
}

static void check_screen(Check *check, const Act *act) {
    size_t count = 0;
    for (size_t m = 0; m < check->course->module_count; m++)
        count += check->course->modules[m].screen_count;
    const char **names = arena_new(check->arena, const char *, count + 1);
    count = 0;
    for (size_t m = 0; m < check->course->module_count; m++) {
        const Module *module = &check->course->modules[m];
        for (size_t s = 0; s < module->screen_count; s++) {
            Text name = text_format(check->arena, "%.*s/%.*s", TEXT_ARG(module->unit->name),
                                    TEXT_ARG(module->screens[s].unit->name));
            if (text_equal(name, act->subject))
                return;
            names[count++] = name.data;
        }
    }
    report_subject(check, "screen", act, names, count);
}

/* The exercise that the act names, if it is a case study or none, as wanted. */
static const Exercise *check_exercise(Check *check, const Act *act, bool wants_scenario) {
    const char **names = arena_new(check->arena, const char *, check->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < check->count; i++) {
        if ((check->exercises[i]->kind == EXERCISE_SCENARIO) != wants_scenario)
            continue;
        if (text_equal(check->exercises[i]->id, act->subject))
            return check->exercises[i];
        names[count++] = check->exercises[i]->id.data;
    }
    report_subject(check, wants_scenario ? "case study" : "question", act, names, count);
    return NULL;
}

/* a, b, c */
static const char *list_ids(Arena *arena, const Choice *choices, size_t count) {
    Buffer list = {0};
    for (size_t i = 0; i < count; i++)
        buffer_format(&list, "%s%s", i ? ", " : "", choices[i].id);
    Text copy = text_copy(arena, count ? buffer_text(&list) : TEXT("none"));
    buffer_free(&list);
    return copy.data;
}

static const Choice *find_choice(const Choice *choices, size_t count, Text id) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(id, text_from(choices[i].id)))
            return &choices[i];
    return NULL;
}

static bool check_letter(Check *check, Text subject, const char *kind, const ActWord *word, const Choice *choices,
                         size_t count) {
    if (find_choice(choices, count, word->text))
        return true;
    diagnostics_add(check->diagnostics, DIAGNOSTIC_LEARNER_CHOICE, check->learner->path, word->place, subject.data,
                    kind, word->text.data, list_ids(check->arena, choices, count));
    check->is_well = false;
    return false;
}

static void report_form(Check *check, const Act *act, const char *form) {
    diagnostics_add(check->diagnostics, DIAGNOSTIC_LEARNER_FORM, check->learner->path, act->form_place,
                    act->subject.data, form);
    check->is_well = false;
}

/* How an answer to such a question is written; the word before the colon is the key. */
static const char *form_of(const Exercise *question) {
    switch (question->kind) {
    case EXERCISE_SINGLE:
    case EXERCISE_MULTIPLE:
    case EXERCISE_TRUE_FALSE:
    case EXERCISE_LIKERT:
    case EXERCISE_HOTSPOT:
        return exercise_takes_several(question) ? "choices: [a, c]" : "choices: [a], one of them";
    case EXERCISE_ORDERING:
        return "order: [b, a, c], each of its items once";
    case EXERCISE_MATCHING:
        return "pairs: {a: b, b: a}, each of its items once";
    case EXERCISE_FILL_IN:
        return "words: {1: gift, 2: thirty}, each of its blanks once";
    case EXERCISE_NUMERIC:
        return "number: \"12.5\"";
    case EXERCISE_REFLECTION:
        return "text: My plan";
    case EXERCISE_ATTESTATION:
        return "yes: true, or date: 2026-03-05";
    case EXERCISE_SCENARIO:
    case EXERCISE_KIND_COUNT:
        break;
    }
    return "";
}

/* How many things are to be named, each once; 0: as many as one likes. */
static size_t count_wanted(const Exercise *question) {
    switch (question->kind) {
    case EXERCISE_ORDERING:
    case EXERCISE_MATCHING:
        return question->choice_count;
    case EXERCISE_FILL_IN:
        return question->blank_count;
    default:
        return exercise_takes_several(question) ? 0 : 1;
    }
}

static bool has_form(const Exercise *question, const Act *act) {
    Text example = text_from(form_of(question));
    bool says_true = act->word_count == 1 && text_equal(act->words[0].text, TEXT("true"));
    if (text_equal(act->form, TEXT("right")))
        return exercise_is_gradable(question->kind) && says_true;
    if (text_equal(act->form, TEXT("date")))
        return question->kind == EXERCISE_ATTESTATION;
    if (!text_equal(act->form, text_slice(example, 0, text_find(example, ':', 0))) || !act->word_count)
        return false;
    for (size_t i = 0; i < act->word_count; i++)
        for (size_t j = 0; j < i; j++)
            if (text_equal(act->words[i].key, act->words[j].key) &&
                (act->words[i].key.size || text_equal(act->words[i].text, act->words[j].text)))
                return false;
    return (question->kind != EXERCISE_ATTESTATION || says_true) &&
           (!count_wanted(question) || act->word_count == count_wanted(question));
}

static bool check_blank(Check *check, const Exercise *question, const ActWord *word) {
    Buffer keys = {0};
    for (size_t i = 0; i < question->blank_count; i++) {
        if (text_equal(question->blanks[i].key, word->key)) {
            buffer_free(&keys);
            return true;
        }
        buffer_format(&keys, "%s%.*s", i ? ", " : "", TEXT_ARG(question->blanks[i].key));
    }
    diagnostics_add(check->diagnostics, DIAGNOSTIC_LEARNER_CHOICE, check->learner->path, word->place, question->id.data,
                    "blank", word->key.data, text_copy(check->arena, buffer_text(&keys)).data);
    buffer_free(&keys);
    check->is_well = false;
    return false;
}

static bool check_word(Check *check, const Exercise *question, const ActWord *word) {
    ActWord item = {.text = word->key, .place = word->place};
    switch (question->kind) {
    case EXERCISE_FILL_IN:
        return check_blank(check, question, word);
    case EXERCISE_MATCHING:
        return check_letter(check, question->id, "item", &item, question->choices, question->choice_count) &&
               check_letter(check, question->id, "target", word, question->targets, question->target_count);
    case EXERCISE_ORDERING:
        return check_letter(check, question->id, "item", word, question->choices, question->choice_count);
    case EXERCISE_NUMERIC:
    case EXERCISE_REFLECTION:
    case EXERCISE_ATTESTATION:
        return true;
    default:
        return check_letter(check, question->id, "choice", word, question->choices, question->choice_count);
    }
}

static void check_answer(Check *check, const Act *act) {
    const Exercise *question = check_exercise(check, act, false);
    if (!question)
        return;
    if (!has_form(question, act)) {
        report_form(check, act, form_of(question));
        return;
    }
    if (text_equal(act->form, TEXT("right")))
        return;
    for (size_t i = 0; i < act->word_count; i++)
        check_word(check, question, &act->words[i]);
}

static void check_language(Check *check, const Act *act) {
    if (check->course->documents[act->language])
        return;
    diagnostics_add(check->diagnostics, DIAGNOSTIC_LANGUAGE_UNKNOWN, check->learner->path, act->subject_place,
                    language_info(act->language)->code, "; the course is not written in it");
    check->is_well = false;
}

static size_t step_index(const Exercise *scenario, Text id) {
    size_t i = 0;
    while (i < scenario->step_count && !text_equal(scenario->steps[i].id, id))
        i++;
    return i;
}

static size_t *position_of(Check *check, const Exercise *scenario) {
    size_t i = 0;
    while (check->exercises[i] != scenario)
        i++;
    return &check->positions[i];
}

/* Walks on from where the learner's former acts have led. */
static void check_move(Check *check, const Act *act) {
    const Exercise *scenario = check_exercise(check, act, true);
    if (!scenario)
        return;
    size_t *position = position_of(check, scenario);
    for (size_t i = 0; i < act->word_count; i++) {
        const Step *step = &scenario->steps[*position];
        const ActWord *word = &act->words[i];
        if (step->end.size) {
            diagnostics_add(check->diagnostics, DIAGNOSTIC_LEARNER_ENDED, check->learner->path, word->place,
                            scenario->id.data, word->text.data);
            check->is_well = false;
            return;
        }
        if (!check_letter(check, step->id, "choice", word, step->choices, step->choice_count))
            return;
        *position = step_index(scenario, find_choice(step->choices, step->choice_count, word->text)->move);
    }
}

static void check_again(Check *check, const Act *act) {
    const Exercise *scenario = check_exercise(check, act, true);
    if (scenario)
        *position_of(check, scenario) = 0;
}

static void check_act(Check *check, const Act *act) {
    switch (act->kind) {
    case ACT_SEE:
        check_screen(check, act);
        return;
    case ACT_ANSWER:
        check_answer(check, act);
        return;
    case ACT_MOVE:
        check_move(check, act);
        return;
    case ACT_AGAIN:
        check_again(check, act);
        return;
    case ACT_HINT:
        check_exercise(check, act, false);
        return;
    case ACT_SWITCH:
        check_language(check, act);
        return;
    case ACT_RESTART:
        memset(check->positions, 0, check->count * sizeof *check->positions);
        return;
    case ACT_LEAVE:
    case ACT_RETURN:
    case ACT_END:
    case ACT_KIND_COUNT:
        return;
    }
}

bool simulate_check_learner(const Course *course, Language language, const Learner *learner, Diagnostics *diagnostics) {
    Arena arena = {0};
    Check check = {.arena = &arena, .course = course, .learner = learner, .diagnostics = diagnostics, .is_well = true};
    check.exercises = course_exercises(&arena, course, language, &check.count);
    check.positions = arena_new(&arena, size_t, check.count + 1);
    bool is_away = false;
    for (size_t i = 0; i < learner->act_count; i++) {
        const Act *act = &learner->acts[i];
        if ((act->kind == ACT_RETURN) != is_away) {
            diagnostics_add(diagnostics, DIAGNOSTIC_LEARNER_AWAY, learner->path, act->place,
                            is_away ? "the learner has left and not returned" : "the learner has not left");
            check.is_well = false;
            break;
        }
        is_away = act->kind == ACT_LEAVE;
        check_act(&check, act);
    }
    arena_free(&arena);
    return check.is_well;
}

/* ---- What learner.js is told ---- */

/* answer concert-tickets: b */
static void put_label(Buffer *out, const Act *act) {
    Buffer label = {0};
    buffer_put_text(&label, text_from(act_kind_name(act->kind)));
    if (act->subject.size)
        buffer_format(&label, " %.*s", TEXT_ARG(act->subject));
    /* "right: true" and "yes: true" say it all by their names. */
    bool is_named = text_equal(act->form, TEXT("right")) || text_equal(act->form, TEXT("yes"));
    if (is_named)
        buffer_format(&label, ": %.*s", TEXT_ARG(act->form));
    for (size_t i = 0; i < act->word_count && !is_named; i++) {
        buffer_put_text(&label, i ? TEXT(", ") : TEXT(": "));
        if (act->words[i].key.size)
            buffer_format(&label, "%.*s-", TEXT_ARG(act->words[i].key));
        buffer_put_text(&label, act->words[i].text);
    }
    buffer_put_json(out, buffer_text(&label));
    buffer_free(&label);
}

static void put_act(Buffer *out, const Act *act) {
    buffer_format(out, "{\"kind\":\"%s\",\"label\":", act_kind_name(act->kind));
    put_label(out, act);
    buffer_put_literal(out, ",\"subject\":");
    buffer_put_json(out, act->subject);
    buffer_put_literal(out, ",\"form\":");
    buffer_put_json(out, act->form);
    buffer_put_literal(out, ",\"words\":[");
    for (size_t i = 0; i < act->word_count; i++) {
        buffer_put_text(out, i ? TEXT(",{\"key\":") : TEXT("{\"key\":"));
        buffer_put_json(out, act->words[i].key);
        buffer_put_literal(out, ",\"text\":");
        buffer_put_json(out, act->words[i].text);
        buffer_put_char(out, '}');
    }
    buffer_put_literal(out, "]}");
}

void learner_put_json(Buffer *out, const Learner *learner) {
    buffer_put_char(out, '[');
    for (size_t i = 0; i < learner->act_count; i++) {
        if (i)
            buffer_put_char(out, ',');
        put_act(out, &learner->acts[i]);
    }
    buffer_put_char(out, ']');
}
