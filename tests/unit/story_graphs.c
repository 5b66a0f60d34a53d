/*
 * Case studies drawn by lot against searches that try everything: what the build says of a graph, how it counts paths, what the rules call
 * the best. The searches here share nothing with those that they judge, and are as simple as they are slow.
 *
 *   story_graphs [GRAPHS [SEED]]
 */
#include "resolve/parts.h"
#include "rules_support.h"
#include "simulate/simulate.h"

#include <stdlib.h>

enum { STEPS = 7, CHOICES = 3, VARIABLES = 2, STATES = 1500, WAYS = 30000, LONGEST = 200 };

static uint64_t chance_state;

static int chance(int below) {
    chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
    return (int)((chance_state >> 33) % (uint64_t)below);
}

/* ---- A case study ---- */

static const char *const ids[STEPS] = {"one", "two", "three", "four", "five", "six", "seven"};
static const char *const letters[CHOICES] = {"a", "b", "c"};
static const char *const names[VARIABLES] = {"trust", "told"};
static const char *const comparisons[] = {"=", "!=", "<", "<=", ">", ">="};

typedef struct Story {
    Exercise exercise;
    Step steps[STEPS];
    Choice choices[STEPS][CHOICES];
    VariableChange changes[STEPS][CHOICES][2];
    VariableTest tests[STEPS][CHOICES][2];
} Story;

/* Lines tell apart what a complaint is about. */
static void draw_choice(Story *story, int s, int c, int steps, int variables) {
    Choice *choice = &story->choices[s][c];
    *choice = (Choice){.place = {(uint32_t)(1000 + 10 * s + c), 1}, .move = text_from(ids[chance(steps)])};
    choice->attributes_place = choice->place;
    memcpy(choice->id, letters[c], 2);
    choice->points = chance(3) ? 0 : chance(4);
    choice->changes = story->changes[s][c];
    choice->tests = story->tests[s][c];
    for (int i = 0; i < 2 && variables; i++) {
        if (chance(3) == 0)
            choice->changes[choice->change_count++] =
                (VariableChange){text_from(names[chance(variables)]), "==+-"[chance(4)], chance(3)};
        if (chance(4) == 0) {
            VariableTest *test = &choice->tests[choice->test_count++];
            *test = (VariableTest){.name = text_from(names[chance(variables)]), .value = chance(4) - 1};
            strcpy(test->comparison, comparisons[chance(6)]);
        }
    }
}

static void draw_story(Story *story) {
    int steps = 2 + chance(STEPS - 1), variables = chance(VARIABLES + 1);
    static const char *const ends[] = {"good", "fair", "poor"};
    memset(story, 0, sizeof *story);
    story->exercise = (Exercise){.kind = EXERCISE_SCENARIO,
                                 .id = TEXT("story"),
                                 .place = {1, 1},
                                 .points = 1,
                                 .steps = story->steps,
                                 .step_count = (size_t)steps};
    for (int s = 0; s < steps; s++) {
        Step *step = &story->steps[s];
        *step = (Step){.id = text_from(ids[s]), .place = {(uint32_t)(10 + s), 1}, .points = chance(2) ? 0 : chance(4)};
        step->choices = story->choices[s];
        if (s && (s == steps - 1 || chance(4) == 0))
            step->end = text_from(ends[chance(3)]);
        else
            step->choice_count = (size_t)(1 + chance(CHOICES));
        for (int c = 0; c < (int)step->choice_count; c++)
            draw_choice(story, s, c, steps, variables);
    }
}

/* ---- One state after another ---- */

typedef struct State {
    int step, values[VARIABLES];
} State;

static int index_of(const char *const *list, int count, Text word) {
    for (int i = 0; i < count; i++)
        if (text_equal(text_from(list[i]), word))
            return i;
    return -1;
}

static bool holds(int value, const char *comparison, int other) {
    bool is_equal = value == other, is_less = value < other;
    return comparison[0] == '='   ? is_equal
           : comparison[0] == '!' ? !is_equal
           : comparison[0] == '<' ? is_less || (comparison[1] && is_equal)
                                  : (!is_less && !is_equal) || (comparison[1] && is_equal);
}

static bool is_open(const Choice *choice, State state) {
    for (size_t i = 0; i < choice->test_count; i++)
        if (!holds(state.values[index_of(names, VARIABLES, choice->tests[i].name)], choice->tests[i].comparison,
                   choice->tests[i].value))
            return false;
    return true;
}

static State after(const Choice *choice, State state) {
    state.step = index_of(ids, STEPS, choice->move);
    for (size_t i = 0; i < choice->change_count; i++) {
        int *value = &state.values[index_of(names, VARIABLES, choice->changes[i].name)], by = choice->changes[i].value;
        *value = choice->changes[i].operation == '='   ? by
                 : choice->changes[i].operation == '+' ? *value + by
                                                       : *value - by;
        *value = *value > 99 ? 99 : *value < -99 ? -99 : *value;
    }
    return state;
}

static bool is_same(State left, State right) {
    return left.step == right.step && memcmp(left.values, right.values, sizeof left.values) == 0;
}

/* ---- What is wrong with a graph ---- */

/* All states that a search from `from` comes to; 0 where they are too many. */
static int gather(const Story *story, State from, State *states) {
    int count = 1;
    states[0] = from;
    for (int at = 0; at < count; at++) {
        const Step *step = &story->steps[states[at].step];
        for (size_t c = 0; c < step->choice_count; c++) {
            if (!is_open(&step->choices[c], states[at]))
                continue;
            State next = after(&step->choices[c], states[at]);
            int i = 0;
            while (i < count && !is_same(states[i], next))
                i++;
            if (i == count && count == STATES)
                return 0;
            if (i == count)
                states[count++] = next;
        }
    }
    return count;
}

static bool is_stuck(const Story *story, State state) {
    const Step *step = &story->steps[state.step];
    for (size_t c = 0; c < step->choice_count; c++)
        if (is_open(&step->choices[c], state))
            return false;
    return step->choice_count > 0;
}

static bool is_set(const Story *story, Text name) {
    for (size_t s = 0; s < story->exercise.step_count; s++)
        for (size_t c = 0; c < story->steps[s].choice_count; c++)
            for (size_t i = 0; i < story->choices[s][c].change_count; i++)
                if (text_equal(story->choices[s][c].changes[i].name, name))
                    return true;
    return false;
}

enum { CLOSED = 1, NO_END = 2, UNREACHABLE = 4, NEVER_OPEN = 8, UNSET = 16, LINES = 1100 };

/* Kinds of complaints by line. False: the graph is too large to try everything. */
static bool expect_complaints(const Story *story, unsigned char *wanted) {
    static State states[STATES], ahead[STATES];
    int count = gather(story, (State){0}, states);
    if (!count)
        return false;
    for (size_t s = 0; s < story->exercise.step_count; s++) {
        const Step *step = &story->steps[s];
        bool is_reached = false;
        for (int i = 0; i < count; i++) {
            if (states[i].step != (int)s)
                continue;
            is_reached = true;
            if (is_stuck(story, states[i]))
                wanted[step->place.line] = CLOSED;
        }
        for (int i = 0; i < count && is_reached && wanted[step->place.line] != CLOSED; i++) {
            if (states[i].step != (int)s)
                continue;
            /* A place that is closed is complaint enough for the way to it. */
            int there = gather(story, states[i], ahead);
            bool can_end = false;
            for (int j = 0; j < there; j++)
                can_end = can_end || story->steps[ahead[j].step].end.size || is_stuck(story, ahead[j]);
            if (!can_end)
                wanted[step->place.line] = NO_END;
        }
        if (!is_reached)
            wanted[step->place.line] = UNREACHABLE;
        for (size_t c = 0; c < step->choice_count; c++) {
            const Choice *choice = &step->choices[c];
            bool is_ever = false, is_known = true;
            for (int i = 0; i < count; i++)
                is_ever = is_ever || (states[i].step == (int)s && is_open(choice, states[i]));
            for (size_t i = 0; i < choice->test_count; i++)
                is_known = is_known && is_set(story, choice->tests[i].name);
            wanted[choice->place.line] = (unsigned char)(is_known ? (is_reached && !is_ever ? NEVER_OPEN : 0) : UNSET);
        }
    }
    return true;
}

static void read_complaints(const Story *story, unsigned char *seen) {
    Diagnostics *diagnostics = diagnostics_open();
    scenario_check_graph(&story->exercise, TEXT("story"), diagnostics);
    size_t count;
    const Diagnostic *list = diagnostics_list(diagnostics, &count);
    for (size_t i = 0; i < count; i++) {
        DiagnosticCode code = list[i].code;
        seen[list[i].place.line] |= (unsigned char)(code == DIAGNOSTIC_SCENARIO_CLOSED        ? CLOSED
                                                    : code == DIAGNOSTIC_SCENARIO_NO_END      ? NO_END
                                                    : code == DIAGNOSTIC_SCENARIO_UNREACHABLE ? UNREACHABLE
                                                    : code == DIAGNOSTIC_SCENARIO_TEST        ? NEVER_OPEN
                                                    : code == DIAGNOSTIC_SCENARIO_UNSET       ? UNSET
                                                                                              : 128);
    }
    diagnostics_close(diagnostics);
}

/* ---- Every path ---- */

typedef struct Ways {
    const Story *story;
    bool is_told_apart[VARIABLES]; /* which variables make two situations of one step */
    State path[LONGEST];
    int taken[LONGEST], length, visits;
    uint64_t count;
    int longest, shortest, least, most;
} Ways;

/* Of the whole path anew: each step and each choice once. */
static int sum_points(const Ways *ways) {
    bool steps[STEPS] = {false}, choices[STEPS][CHOICES] = {{false}};
    int points = 0;
    for (int i = 0; i <= ways->length; i++) {
        int s = ways->path[i].step, c = ways->taken[i];
        points += steps[s] ? 0 : ways->story->steps[s].points;
        steps[s] = true;
        if (i == ways->length)
            break;
        points += choices[s][c] ? 0 : ways->story->choices[s][c].points;
        choices[s][c] = true;
    }
    return points;
}

static bool was_here(const Ways *ways, State state) {
    for (int i = 0; i <= ways->length; i++) {
        bool is_here = ways->path[i].step == state.step;
        for (int v = 0; v < VARIABLES; v++)
            is_here = is_here && (!ways->is_told_apart[v] || ways->path[i].values[v] == state.values[v]);
        if (is_here)
            return true;
    }
    return false;
}

/* False: too much to be tried. */
static bool try_all(Ways *ways) {
    State here = ways->path[ways->length];
    const Step *step = &ways->story->steps[here.step];
    if (ways->visits++ > WAYS || ways->length + 1 == LONGEST)
        return false;
    if (step->end.size) {
        int points = sum_points(ways);
        bool is_first = ways->count++ == 0;
        ways->longest = is_first || ways->length > ways->longest ? ways->length : ways->longest;
        ways->shortest = is_first || ways->length < ways->shortest ? ways->length : ways->shortest;
        ways->least = is_first || points < ways->least ? points : ways->least;
        ways->most = is_first || points > ways->most ? points : ways->most;
    }
    for (int c = 0; c < (int)step->choice_count; c++) {
        State next = after(&step->choices[c], here);
        if (!is_open(&step->choices[c], here) || was_here(ways, next))
            continue;
        ways->taken[ways->length] = c;
        ways->path[++ways->length] = next;
        bool is_tried = try_all(ways);
        ways->length--;
        if (!is_tried)
            return false;
    }
    return true;
}

/* ---- Comparing ---- */

static Text describe(Arena *arena, const Story *story) {
    Buffer json = {0};
    exercise_put_json(&json, &story->exercise, NULL, NULL);
    Text copy = text_copy(arena, buffer_text(&json));
    buffer_free(&json);
    return copy;
}

/* By variables that nothing tests nobody can tell where they are. */
static Ways start_ways(const Story *story) {
    Ways ways = {.story = story};
    for (size_t s = 0; s < story->exercise.step_count; s++)
        for (size_t c = 0; c < story->steps[s].choice_count; c++)
            for (size_t i = 0; i < story->choices[s][c].test_count; i++)
                ways.is_told_apart[index_of(names, VARIABLES, story->choices[s][c].tests[i].name)] = true;
    return ways;
}

static void compare_counts(Arena *arena, const Story *story, const Ways *ways, Text shown) {
    StoryNumbers numbers = story_count(arena, &story->exercise);
    bool is_same_count = numbers.paths == ways->count && (int)numbers.longest == ways->longest &&
                         (int)numbers.shortest == ways->shortest && numbers.least_points == ways->least &&
                         numbers.most_points == ways->most && numbers.paths_are_exact && numbers.points_are_exact;
    Text seen = text_format(
        arena, "%llu paths of %zu to %zu, %d to %d points; tried: %llu of %d to %d, %d to %d\n    %s",
        (unsigned long long)numbers.paths, numbers.shortest, numbers.longest, numbers.least_points, numbers.most_points,
        (unsigned long long)ways->count, ways->shortest, ways->longest, ways->least, ways->most, shown.data);
    check(is_same_count, "paths, lengths and points", seen.data);
}

/* What the rules call the best is the most that any path earns, and earns all: a pass mark can be reached. */
static bool compare_best(Arena *arena, const Ways *ways, Text shown) {
    const char *best =
        text_copy(arena, text_from(answer("best_points", text_format(arena, "[%s]", shown.data).data))).data;
    Text wanted = text_format(arena, "\"points\":%d}", ways->most);
    if (!strstr(best, "\"exact\":true"))
        return false;
    check(strstr(best, wanted.data) != NULL, "the most points",
          text_format(arena, "%s, tried: %d\n    %s", best, ways->most, shown.data).data);
    const char *path = strstr(best, "\"path\":"), *moves = strstr(best, "\"moves\":");
    check(path && moves, "a way", best);
    if (!path || !moves || ways->most == 0)
        return true;
    Text taken = text_format(arena, "[%s,%.*s,%.*s]", shown.data, (int)(strchr(path, ']') + 1 - path - 7), path + 7,
                             (int)(strchr(moves, ']') + 1 - moves - 8), moves + 8);
    expect_part("score_scenario", taken.data, "\"value\":1000");
    return true;
}

int main(int count, char **arguments) {
    int graphs = count > 1 ? atoi(arguments[1]) : 2000, sound = 0, complained = 0, counted = 0, best = 0;
    chance_state = count > 2 ? strtoull(arguments[2], NULL, 10) : 20261121;
    rules = rules_open();
    for (int i = 0; i < graphs; i++) {
        static Story story;
        Arena arena = {0};
        unsigned char wanted[LINES] = {0}, seen[LINES] = {0};
        draw_story(&story);
        Text shown = describe(&arena, &story);
        if (expect_complaints(&story, wanted)) {
            read_complaints(&story, seen);
            int line = 0;
            while (line < LINES && wanted[line] == seen[line])
                line++;
            check(line == LINES, "what is complained of",
                  line == LINES ? ""
                                : text_format(&arena, "line %d: %d, tried: %d\n    %s", line, seen[line], wanted[line],
                                              shown.data)
                                      .data);
            bool is_sound = true;
            for (line = 0; line < LINES; line++)
                is_sound = is_sound && !wanted[line];
            complained += !is_sound;
            sound += is_sound;
        }
        Ways ways = start_ways(&story);
        if (try_all(&ways)) {
            counted++;
            compare_counts(&arena, &story, &ways, shown);
            best += compare_best(&arena, &ways, shown);
        }
        arena_free(&arena);
    }
    printf("%d graphs with complaints, %d without; paths of %d counted, the best of %d\n", complained, sound, counted,
           best);
    check(complained > graphs / 20 && sound > graphs / 20 && counted > graphs / 2 && best > graphs / 2,
          "graphs of all sorts were compared", "");
    rules_close(rules);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
