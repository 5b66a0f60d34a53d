/*
 * Paths of a case study. Situations are gathered first; then every path is walked, as long as that is little work. Where it is not
 * and no situation leads back to itself, sums over the graph give the same numbers without walking.
 */
#include "simulate/parts.h"

#include <stdlib.h>
#include <string.h>

enum { SITUATION_LIMIT = 4000, VISIT_LIMIT = 400000, EXAMPLE_LIMIT = 64, FEW_PATHS = OPTION_LIMIT };

/* Sums stay exact in JSON. */
static const uint64_t count_limit = (uint64_t)1 << 53;

typedef struct Situation {
    size_t step;
    size_t *next; /* by choice; SIZE_MAX: closed */
    bool is_on_path;
    int mark; /* of the search for circles: 1 open, 2 done */
    uint64_t paths;
    size_t longest, shortest;
    int least, most;
} Situation;

typedef struct Story {
    Arena *arena;
    const Exercise *scenario;
    Text *variables;
    size_t variable_count;
    Situation *situations;
    int *values; /* [situation * variable_count] */
    size_t count;
    bool is_cut; /* there are more situations than are looked at */
    /* of the walk */
    size_t visits, length;
    bool is_tired;
    char *letters;
    int *step_visits; /* how often each step is on the path */
    int **choice_visits;
    int points;
    StoryNumbers numbers;
} Story;

static size_t find_step(const Exercise *scenario, Text id) {
    for (size_t i = 0; i < scenario->step_count; i++)
        if (text_equal(scenario->steps[i].id, id))
            return i;
    return SIZE_MAX;
}

/* ---- Situations ---- */

static size_t find_variable(const Story *story, Text name) {
    size_t i = 0;
    while (i < story->variable_count && !text_equal(story->variables[i], name))
        i++;
    return i;
}

static void take_variable(Story *story, Text name) {
    if (find_variable(story, name) == story->variable_count)
        story->variables[story->variable_count++] = name;
}

/* Those that some choice tests: by the others nobody can tell where they are. The rules see it likewise. */
static void gather_variables(Story *story) {
    size_t limit = 0;
    for (int round = 0; round < 2; round++) {
        if (round)
            story->variables = arena_new(story->arena, Text, limit + 1);
        for (size_t s = 0; s < story->scenario->step_count; s++) {
            const Step *step = &story->scenario->steps[s];
            for (size_t c = 0; c < step->choice_count; c++) {
                const Choice *choice = &step->choices[c];
                limit += choice->test_count;
                for (size_t i = 0; round && i < choice->test_count; i++)
                    take_variable(story, choice->tests[i].name);
            }
        }
    }
}

static int *values_of(const Story *story, size_t situation) {
    return story->values + situation * story->variable_count;
}

static bool is_open(const Story *story, const Choice *choice, const int *values) {
    for (size_t i = 0; i < choice->test_count; i++)
        if (!variable_test_holds(&choice->tests[i], values[find_variable(story, choice->tests[i].name)]))
            return false;
    return true;
}

/* The situation, a new one where it was not known; SIZE_MAX where there are too many. */
static size_t find_situation(Story *story, size_t step, const int *values) {
    size_t bytes = story->variable_count * sizeof *values;
    for (size_t i = 0; i < story->count; i++)
        if (story->situations[i].step == step && (!bytes || memcmp(values_of(story, i), values, bytes) == 0))
            return i;
    if (story->count == SITUATION_LIMIT) {
        story->is_cut = true;
        return SIZE_MAX;
    }
    Situation *situation = &story->situations[story->count];
    situation->step = step;
    situation->next = arena_new(story->arena, size_t, story->scenario->steps[step].choice_count + 1);
    if (bytes)
        memcpy(values_of(story, story->count), values, bytes);
    return story->count++;
}

static void gather_situations(Story *story) {
    story->situations = arena_new(story->arena, Situation, SITUATION_LIMIT);
    story->values = arena_new(story->arena, int, SITUATION_LIMIT * story->variable_count + 1);
    int *values = arena_new(story->arena, int, story->variable_count + 1);
    find_situation(story, 0, values);
    for (size_t i = 0; i < story->count; i++) {
        const Step *step = &story->scenario->steps[story->situations[i].step];
        for (size_t c = 0; c < step->choice_count; c++) {
            const Choice *choice = &step->choices[c];
            memcpy(values, values_of(story, i), story->variable_count * sizeof *values);
            size_t to = find_step(story->scenario, choice->move);
            story->situations[i].next[c] = SIZE_MAX;
            if (to == SIZE_MAX || !is_open(story, choice, values))
                continue;
            for (size_t v = 0; v < choice->change_count; v++) {
                size_t changed = find_variable(story, choice->changes[v].name);
                if (changed < story->variable_count)
                    values[changed] = variable_change_value(&choice->changes[v], values[changed]);
            }
            size_t next = find_situation(story, to, values);
            story->situations[i].next[c] = next;
        }
    }
}

/* ---- Walking every path ---- */

static void keep_one_example_each(StoryNumbers *numbers) {
    size_t kept = 0;
    for (size_t i = 0; i < numbers->example_count; i++) {
        bool is_known = false;
        for (size_t j = 0; j < kept; j++)
            is_known = is_known || (numbers->examples[j].points == numbers->examples[i].points &&
                                    text_equal(numbers->examples[j].end, numbers->examples[i].end));
        if (!is_known)
            numbers->examples[kept++] = numbers->examples[i];
    }
    numbers->example_count = kept;
}

static void take_example(Story *story, Text end) {
    StoryNumbers *numbers = &story->numbers;
    bool is_known = false;
    for (size_t i = 0; i < numbers->example_count; i++)
        is_known =
            is_known || (numbers->examples[i].points == story->points && text_equal(numbers->examples[i].end, end));
    /* As long as paths are few all are kept; beyond that, one of each sum and ending. */
    if (numbers->example_count == EXAMPLE_LIMIT)
        keep_one_example_each(numbers);
    if (numbers->example_count == EXAMPLE_LIMIT || (is_known && numbers->paths > FEW_PATHS))
        return;
    numbers->examples[numbers->example_count++] = (StoryPath){
        .moves = text_copy(story->arena, (Text){story->letters, story->length}), .end = end, .points = story->points};
}

static void take_path(Story *story, Text end) {
    StoryNumbers *numbers = &story->numbers;
    bool is_first = numbers->paths++ == 0;
    if (is_first || story->length > numbers->longest)
        numbers->longest = story->length;
    if (is_first || story->length < numbers->shortest)
        numbers->shortest = story->length;
    if (is_first || story->points < numbers->least_points)
        numbers->least_points = story->points;
    if (is_first || story->points > numbers->most_points)
        numbers->most_points = story->points;
    take_example(story, end);
}

static void walk(Story *story, size_t at) {
    Situation *situation = &story->situations[at];
    const Step *step = &story->scenario->steps[situation->step];
    if (story->visits++ >= VISIT_LIMIT) {
        story->is_tired = true;
        return;
    }
    int former_points = story->points;
    if (story->step_visits[situation->step]++ == 0)
        story->points += step->points;
    situation->is_on_path = true;
    if (step->end.size)
        take_path(story, step->end);
    for (size_t c = 0; c < step->choice_count && !story->is_tired; c++) {
        size_t next = situation->next[c];
        if (next == SIZE_MAX || story->situations[next].is_on_path)
            continue;
        int before = story->points;
        if (story->choice_visits[situation->step][c]++ == 0)
            story->points += step->choices[c].points;
        story->letters[story->length++] = step->choices[c].id[0];
        walk(story, next);
        story->length--;
        story->choice_visits[situation->step][c]--;
        story->points = before;
    }
    situation->is_on_path = false;
    story->step_visits[situation->step]--;
    story->points = former_points;
}

/* ---- Sums, where no situation leads back to itself ---- */

static bool add_up(Story *story, size_t at) {
    Situation *situation = &story->situations[at];
    const Step *step = &story->scenario->steps[situation->step];
    if (situation->mark)
        return situation->mark == 2;
    situation->mark = 1;
    bool is_first = true;
    if (step->end.size) {
        situation->paths = 1;
        is_first = false;
    }
    for (size_t c = 0; c < step->choice_count; c++) {
        size_t next = situation->next[c];
        if (next == SIZE_MAX)
            continue;
        if (!add_up(story, next))
            return false;
        const Situation *there = &story->situations[next];
        if (!there->paths)
            continue;
        int least = there->least + step->choices[c].points, most = there->most + step->choices[c].points;
        situation->paths += there->paths;
        if (situation->paths > count_limit)
            situation->paths = count_limit;
        if (is_first || there->longest + 1 > situation->longest)
            situation->longest = there->longest + 1;
        if (is_first || there->shortest + 1 < situation->shortest)
            situation->shortest = there->shortest + 1;
        if (is_first || least < situation->least)
            situation->least = least;
        if (is_first || most > situation->most)
            situation->most = most;
        is_first = false;
    }
    situation->least += step->points;
    situation->most += step->points;
    situation->mark = 2;
    return true;
}

/* Whether some path can come to one step twice, with other values: its points count once, and sums count them twice. */
static bool has_steps_twice(const Story *story) {
    return story->count > story->scenario->step_count;
}

static void take_sums(Story *story) {
    StoryNumbers *numbers = &story->numbers;
    const Situation *start = &story->situations[0];
    numbers->paths = start->paths;
    numbers->paths_are_exact = start->paths < count_limit;
    numbers->longest = start->longest;
    numbers->shortest = start->shortest;
    numbers->lengths_are_exact = true;
    if (has_steps_twice(story))
        return;
    numbers->least_points = start->least;
    numbers->most_points = start->most;
    numbers->points_are_exact = true;
}

StoryNumbers story_count(Arena *arena, const Exercise *scenario) {
    Arena scratch = {0};
    Story story = {.arena = &scratch, .scenario = scenario};
    story.numbers.examples = arena_new(arena, StoryPath, EXAMPLE_LIMIT);
    if (!scenario->step_count)
        return story.numbers;
    gather_variables(&story);
    gather_situations(&story);
    story.numbers.situations = story.count;
    story.letters = arena_new(&scratch, char, story.count + 1);
    story.step_visits = arena_new(&scratch, int, scenario->step_count);
    story.choice_visits = arena_new(&scratch, int *, scenario->step_count);
    for (size_t s = 0; s < scenario->step_count; s++)
        story.choice_visits[s] = arena_new(&scratch, int, scenario->steps[s].choice_count + 1);
    walk(&story, 0);
    bool is_exact = !story.is_tired && !story.is_cut;
    StoryNumbers *numbers = &story.numbers;
    numbers->paths_are_exact = numbers->lengths_are_exact = numbers->points_are_exact = is_exact;
    numbers->examples_are_all = is_exact && numbers->paths <= FEW_PATHS;
    if (!numbers->examples_are_all)
        keep_one_example_each(numbers);
    if (story.is_tired && !story.is_cut && add_up(&story, 0))
        take_sums(&story);
    for (size_t i = 0; i < numbers->example_count; i++)
        numbers->examples[i].moves = text_copy(arena, numbers->examples[i].moves);
    arena_free(&scratch);
    return story.numbers;
}

Text story_recommend(Arena *arena, const Exercise *scenario) {
    Rules *rules = rules_open();
    if (!rules)
        memory_exhausted();
    Buffer arguments = {0}, letters = {0};
    buffer_put_char(&arguments, '[');
    exercise_put_json(&arguments, scenario, NULL, NULL);
    buffer_put_char(&arguments, ']');
    RulesError error;
    size_t size;
    const char *answer = rules_call(rules, "best_points", arguments.data, arguments.size, &size, &error);
    const char *at = answer ? strstr(answer, "\"moves\":[") : NULL;
    /* Letters between quotation marks, up to the bracket. */
    for (at = at ? at + strlen("\"moves\":[") : NULL; at && *at && *at != ']'; at++)
        if (*at >= 'a' && *at <= 'z')
            buffer_put_char(&letters, *at);
    Text copy = text_copy(arena, buffer_text(&letters));
    buffer_free(&letters);
    buffer_free(&arguments);
    rules_close(rules);
    return copy;
}
