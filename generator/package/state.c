/*
 * The worst case of what a platform has to keep of a learner, measured before the course is published: a state that
 * does not fit is cut or refused by a platform, and the learner begins anew without knowing why. The text is written
 * by generator/player/state.js; a test compares the two.
 */
#include "package/package.h"

#include <stdlib.h>
#include <string.h>

enum {
    CODE_CHARACTERS = 4,
    /*
     * 2.<course>.<round>.<seed>.<change>.<screen>.<flags>.<best>.….….<checksum>: ten points, the version, 2 of the
     * round, 4 of the seed, 6 of the change, 1 of flags, 2 of the best score, 7 of the checksum
     */
    FRAME_CHARACTERS = 10 + 1 + CODE_CHARACTERS + 2 + 4 + 6 + CODE_CHARACTERS + 1 + 2 + 7,
    /* an answer's code, its tries and the comma after it */
    ANSWER_CHARACTERS = CODE_CHARACTERS + 1 + 1,
    /* what is kept of texts: of one blank with its sign and the end of its line, of a number with sign and point, of a date */
    BLANK_BYTES = 1 + 60 + 1,
    NUMBER_BYTES = 1 + 10 + 1 + 6,
    DATE_BYTES = 10,
    /* moves that a story with variables is always given; generator/player/exercise.js ends it there */
    MOVES_ALWAYS = 40
};

typedef struct Coded {
    uint32_t code;
    Text id;
} Coded;

/* FNV-1a, folded to 24 bits. */
static uint32_t code_of(Text id) {
    uint32_t hash = 0x811c9dc5;
    for (size_t i = 0; i < id.size; i++)
        hash = (hash ^ (unsigned char)id.data[i]) * 0x01000193;
    return (hash ^ hash >> 24) & 0xffffff;
}

static int compare_codes(const void *left, const void *right) {
    const Coded *a = left, *b = right;
    return a->code < b->code ? -1 : a->code > b->code ? 1 : text_compare(a->id, b->id);
}

static bool check_codes(Coded *coded, size_t count, const Course *course, Diagnostics *diagnostics) {
    bool are_different = true;
    qsort(coded, count, sizeof *coded, compare_codes);
    for (size_t i = 1; i < count; i++) {
        if (coded[i].code == coded[i - 1].code && !text_equal(coded[i].id, coded[i - 1].id)) {
            diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_CODES, course->settings_path, (Place){0, 0},
                            coded[i - 1].id.data, coded[i].id.data);
            are_different = false;
        }
    }
    return are_different;
}

/* Whether moves lead from a step back to itself. `states`: 0 not seen, 1 on the way, 2 done. */
static bool leads_back(const Exercise *scenario, size_t at, char *states) {
    states[at] = 1;
    for (size_t c = 0; c < scenario->steps[at].choice_count; c++) {
        for (size_t s = 0; s < scenario->step_count; s++) {
            if (!text_equal(scenario->steps[at].choices[c].move, scenario->steps[s].id))
                continue;
            if (states[s] == 1 || (states[s] == 0 && leads_back(scenario, s, states)))
                return true;
        }
    }
    states[at] = 2;
    return false;
}

/*
 * How many choices a path can have. Without a way back each step comes once. With one, the player drops every detour
 * that shows nothing new, so that each further visit of a step is paid for by another step, or a choice with points,
 * that comes once; variables make detours that must be kept, and there the player stops at the same number.
 */
static size_t longest_path(const Exercise *scenario) {
    Arena arena = {0};
    char *states = arena_new(&arena, char, scenario->step_count + 1);
    bool has_circle = scenario->step_count && leads_back(scenario, 0, states);
    bool has_variables = false;
    size_t scored = 0;
    arena_free(&arena);
    for (size_t s = 0; s < scenario->step_count; s++) {
        for (size_t c = 0; c < scenario->steps[s].choice_count; c++) {
            scored += scenario->steps[s].choices[c].points > 0;
            has_variables = has_variables || scenario->steps[s].choices[c].change_count > 0;
        }
    }
    if (!has_circle)
        return scenario->step_count;
    size_t count = scenario->step_count * (scenario->step_count + scored + 1);
    return has_variables && count < MOVES_ALWAYS ? MOVES_ALWAYS : count;
}

/* Without padding. */
static size_t base64_size(size_t bytes) {
    return (bytes * 4 + 2) / 3;
}

static size_t answer_size(const Exercise *exercise) {
    switch (exercise->kind) {
    case EXERCISE_SCENARIO:
        return ANSWER_CHARACTERS + longest_path(exercise);
    case EXERCISE_MULTIPLE:
    case EXERCISE_HOTSPOT:
    case EXERCISE_ORDERING:
    case EXERCISE_MATCHING:
        return ANSWER_CHARACTERS + exercise->choice_count;
    case EXERCISE_FILL_IN:
        return ANSWER_CHARACTERS + base64_size(exercise->blank_count * BLANK_BYTES);
    case EXERCISE_NUMERIC:
        return ANSWER_CHARACTERS + base64_size(NUMBER_BYTES);
    case EXERCISE_REFLECTION:
        return ANSWER_CHARACTERS + base64_size((size_t)exercise->size_bytes);
    case EXERCISE_ATTESTATION:
        return ANSWER_CHARACTERS + base64_size(DATE_BYTES);
    case EXERCISE_SINGLE:
    case EXERCISE_TRUE_FALSE:
    case EXERCISE_LIKERT:
    case EXERCISE_KIND_COUNT:
        break;
    }
    return ANSWER_CHARACTERS + 1;
}

size_t package_state_size(const Course *course, Language language, Arena *arena, Text *largest) {
    size_t exercise_count, size = FRAME_CHARACTERS, largest_size = 0;
    Exercise **exercises = course_exercises(arena, course, language, &exercise_count);
    *largest = TEXT("the screens");
    for (size_t m = 0; m < course->module_count; m++)
        size += CODE_CHARACTERS * course->modules[m].screen_count;
    for (size_t i = 0; i < exercise_count; i++) {
        size_t own_size = answer_size(exercises[i]);
        size += own_size;
        if (own_size > largest_size) {
            largest_size = own_size;
            *largest = exercises[i]->id;
        }
    }
    return size;
}

/* Screens and exercises have codes of their own: a screen may be called as an exercise is. */
static bool check_place_codes(const Course *course, Arena *arena, Diagnostics *diagnostics) {
    size_t count = 2;
    for (size_t m = 0; m < course->module_count; m++)
        count += 1 + course->modules[m].screen_count;
    Coded *coded = arena_new(arena, Coded, count);
    count = 0;
    coded[count++].id = TEXT("_about");
    coded[count++].id = TEXT("_result");
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        coded[count++].id = module->unit->name;
        for (size_t s = 0; s < module->screen_count; s++)
            coded[count++].id =
                text_format(arena, "%.*s/%.*s", TEXT_ARG(module->unit->name), TEXT_ARG(module->screens[s].unit->name));
    }
    for (size_t i = 0; i < count; i++)
        coded[i].code = code_of(coded[i].id);
    return check_codes(coded, count, course, diagnostics);
}

static bool check_exercise_codes(const Course *course, Language language, Arena *arena, Diagnostics *diagnostics) {
    size_t count;
    Exercise **exercises = course_exercises(arena, course, language, &count);
    Coded *coded = arena_new(arena, Coded, count + 1);
    for (size_t i = 0; i < count; i++)
        coded[i] = (Coded){code_of(exercises[i]->id), exercises[i]->id};
    return check_codes(coded, count, course, diagnostics);
}

bool package_check_state(const PackageStandard *standard, const Course *course, Language language,
                         Diagnostics *diagnostics) {
    Arena arena = {0};
    Text largest;
    bool is_well = check_place_codes(course, &arena, diagnostics);
    is_well = check_exercise_codes(course, language, &arena, diagnostics) && is_well;
    size_t size = package_state_size(course, language, &arena, &largest);
    if (standard->state_limit_characters && size > standard->state_limit_characters) {
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_STATE_SIZE, course->settings_path, (Place){0, 0}, size,
                        standard->state_limit_characters, text_copy(&arena, largest).data);
        is_well = false;
    }
    arena_free(&arena);
    return is_well;
}
