/* One exercise in one language against the same in the source language: what is neutral must be the same. */
#include "resolve/parts.h"

typedef struct Comparison {
    Arena *arena;
    Text path, source_path;
    Diagnostics *diagnostics;
} Comparison;

static const char *there_words(const Comparison *comparison, Place place) {
    return course_place_words(comparison->arena, comparison->source_path, place);
}

/* ---- Single values ---- */

static void compare_texts(const Comparison *comparison, const char *what, Text here, Place place, Text there,
                          Place source_place) {
    if (!text_equal(here, there))
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_ATTRIBUTE, comparison->path, place, what,
                        here.size ? here.data : "nothing", there.size ? there.data : "nothing",
                        there_words(comparison, source_place));
}

static void compare_flags(const Comparison *comparison, const char *what, bool here, Place place, bool there,
                          Place source_place) {
    static const Text words[] = {{"no", 2}, {"yes", 3}};
    compare_texts(comparison, what, words[here], place, words[there], source_place);
}

static void compare_numbers(const Comparison *comparison, const char *what, int64_t here, Place place, int64_t there,
                            Place source_place) {
    if (here != there)
        compare_texts(comparison, what, text_format(comparison->arena, "%lld", (long long)here), place,
                      text_format(comparison->arena, "%lld", (long long)there), source_place);
}

/* Attributes are compared as what they mean, and shown as they are written. */
static void compare_attribute(const Comparison *comparison, const char *key, const Exercise *here, bool are_equal,
                              const Exercise *there) {
    if (are_equal)
        return;
    Text mine = directive_attribute(here->node, key), theirs = directive_attribute(there->node, key);
    diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_ATTRIBUTE, comparison->path, here->place, key,
                    mine.size ? mine.data : "not given", theirs.size ? theirs.data : "not given",
                    there_words(comparison, there->place));
}

static bool compare_counts(const Comparison *comparison, const char *what, size_t here, Place place, size_t there,
                           Place source_place) {
    if (here != there)
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_COUNT, comparison->path, place, here, what, there,
                        there_words(comparison, source_place));
    return here == there;
}

static void compare_points(const Comparison *comparison, int points, Place place, int source_points,
                           Place source_place) {
    if (points != source_points)
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_POINTS, comparison->path, place, points,
                        source_points, there_words(comparison, source_place));
}

/* ---- Choices ---- */

static Text effect_words(Arena *arena, const Choice *choice) {
    Buffer words = {0};
    for (size_t i = 0; i < choice->change_count; i++)
        buffer_format(&words, "%s%s%c%d", words.size ? " " : "set ", choice->changes[i].name.data,
                      choice->changes[i].operation, choice->changes[i].value);
    for (size_t i = 0; i < choice->test_count; i++)
        buffer_format(&words, "%s%s%s%d",
                      i            ? " "
                      : words.size ? " if "
                                   : "if ",
                      choice->tests[i].name.data, choice->tests[i].comparison, choice->tests[i].value);
    Text copy = text_copy(arena, buffer_text(&words));
    buffer_free(&words);
    return copy;
}

static Text area_words(Arena *arena, const Area *area) {
    return text_format(arena, "%d %d %d %d", area->x, area->y, area->width, area->height);
}

static void compare_choice(const Comparison *comparison, size_t number, const Choice *here, const Choice *there) {
    Arena *arena = comparison->arena;
    Diagnostics *diagnostics = comparison->diagnostics;
    const char *words = there_words(comparison, there->place);
    if (here->is_right != there->is_right)
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_ANSWER, comparison->path, here->place, number,
                        here->is_right ? "right" : "wrong", there->is_right ? "right" : "wrong", words);
    if (!here->feedback != !there->feedback)
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_FEEDBACK, comparison->path, here->place, number,
                        here->feedback ? "feedback" : "no feedback", there->feedback ? "feedback" : "no feedback",
                        words);
    if (!text_equal(here->move, there->move))
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_MOVES, comparison->path, here->place, number,
                        here->move.size ? here->move.data : "", there->move.size ? there->move.data : "", words);
    if (here->target[0] != there->target[0])
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_PAIR, comparison->path, here->place, number, here->target,
                        there->target, words);
    compare_points(comparison, here->points, here->place, there->points, there->place);
    compare_texts(comparison, "area", area_words(arena, &here->area), here->place, area_words(arena, &there->area),
                  there->place);
    compare_texts(comparison, "what the choice sets and asks", effect_words(arena, here), here->place,
                  effect_words(arena, there), there->place);
}

static void compare_choices(const Comparison *comparison, const Choice *choices, size_t count, Place place,
                            const Choice *source_choices, size_t source_count, Place source_place) {
    if (count != source_count) {
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_CHOICES, comparison->path, place, count,
                        source_count, there_words(comparison, source_place));
        return;
    }
    for (size_t i = 0; i < count; i++)
        compare_choice(comparison, i + 1, &choices[i], &source_choices[i]);
}

/* ---- Steps ---- */

const Step *scenario_find_step(const Exercise *scenario, Text id) {
    for (size_t i = 0; i < scenario->step_count; i++)
        if (text_equal(scenario->steps[i].id, id))
            return &scenario->steps[i];
    return NULL;
}

static void compare_steps(const Comparison *comparison, const Exercise *here, const Exercise *source) {
    for (size_t i = 0; i < source->step_count; i++) {
        const Step *there = &source->steps[i], *step = scenario_find_step(here, there->id);
        const char *words = there_words(comparison, there->place);
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
        if (!scenario_find_step(source, here->steps[i].id))
            diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_EXTRA, comparison->path, here->steps[i].place,
                            here->steps[i].id.data, comparison->source_path.data);
    if (here->step_count && source->step_count && !text_equal(here->steps[0].id, source->steps[0].id))
        diagnostics_add(comparison->diagnostics, DIAGNOSTIC_PARITY_KIND, comparison->path, here->steps[0].place,
                        here->id.data, "begun with another step", "begun with its first step",
                        there_words(comparison, source->steps[0].place));
}

/* ---- Questions ---- */

static void compare_blanks(const Comparison *comparison, const Exercise *here, const Exercise *there) {
    if (!compare_counts(comparison, "blanks", here->blank_count, here->place, there->blank_count, there->place))
        return;
    for (size_t i = 0; i < here->blank_count; i++)
        compare_texts(comparison, "key of a blank", here->blanks[i].key, here->blanks[i].place, there->blanks[i].key,
                      there->blanks[i].place);
}

static void compare_remarks(const Comparison *comparison, const Exercise *here, const Exercise *there) {
    compare_counts(comparison, "hints", here->hint_count, here->place, there->hint_count, there->place);
    for (int kind = 0; kind < FEEDBACK_KIND_COUNT; kind++)
        compare_flags(comparison,
                      text_format(comparison->arena, "feedback for=%s", feedback_kind_name((FeedbackKind)kind)).data,
                      here->feedback[kind], here->place, there->feedback[kind], there->place);
}

static void compare_banks(const Comparison *comparison, const Exercise *here, const Exercise *there) {
    const Bank *bank = here->bank, *source_bank = there->bank;
    compare_texts(comparison, "bank", bank ? bank->id : TEXT(""), here->place, source_bank ? source_bank->id : TEXT(""),
                  there->place);
    if (bank && source_bank)
        compare_numbers(comparison, "draw", bank->draw, bank->place, source_bank->draw, source_bank->place);
}

static void compare_questions(const Comparison *comparison, const Exercise *here, const Exercise *there) {
    compare_attribute(comparison, "attempts", here, here->attempts == there->attempts, there);
    compare_attribute(comparison, "shuffle", here, here->shuffle == there->shuffle, there);
    compare_attribute(comparison, "case", here, here->case_counts == there->case_counts, there);
    compare_attribute(comparison, "answer", here, here->answer_micro == there->answer_micro, there);
    compare_attribute(comparison, "tolerance", here, here->tolerance_micro == there->tolerance_micro, there);
    compare_attribute(comparison, "unit", here, !here->unit.size == !there->unit.size, there);
    compare_attribute(comparison, "size", here, here->size_bytes == there->size_bytes, there);
    compare_banks(comparison, here, there);
    compare_remarks(comparison, here, there);
    compare_blanks(comparison, here, there);
    compare_choices(comparison, here->choices, here->choice_count, here->place, there->choices, there->choice_count,
                    there->place);
    compare_counts(comparison, "things on the right side", here->target_count, here->place, there->target_count,
                   there->place);
}

void exercise_compare(Arena *arena, const Exercise *here, Text path, const Exercise *source, Text source_path,
                      Diagnostics *diagnostics) {
    Comparison comparison = {arena, path, source_path, diagnostics};
    if (here->kind != source->kind) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_KIND, path, here->place, here->id.data,
                        exercise_kind_name(here->kind), exercise_kind_name(source->kind),
                        there_words(&comparison, source->place));
        return;
    }
    compare_points(&comparison, here->points, here->place, source->points, source->place);
    compare_attribute(&comparison, "objective", here, text_equal(here->objective, source->objective), source);
    if (here->kind == EXERCISE_SCENARIO)
        compare_steps(&comparison, here, source);
    else
        compare_questions(&comparison, here, source);
}
