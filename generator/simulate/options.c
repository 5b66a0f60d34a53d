/* The ways in which one exercise can be answered, and what the course's rules give for each. */
#include "simulate/parts.h"

#include <stdlib.h>
#include <string.h>

enum { LETTER_LIMIT = 26 };

size_t chance_next(uint64_t *chance, size_t limit) {
    /* splitmix64 */
    uint64_t value = *chance += 0x9e3779b97f4a7c15u;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return (size_t)((value ^ value >> 31) % limit);
}

int json_number(const char *json, const char *key, int otherwise) {
    const char *at = strstr(json, key);
    return at ? atoi(at + strlen(key)) : otherwise;
}

typedef struct Making {
    Arena *arena;
    Rules *rules;
    const Exercise *exercise;
    uint64_t *chance;
    Options *options;
    RulesError *error;
    bool is_well;
} Making;

/* What the rules give for it: {"fallback":[…],"value":1000} */
static bool score(Making *making, Text json, int *permille) {
    Buffer arguments = {0};
    bool is_scenario = making->exercise->kind == EXERCISE_SCENARIO;
    buffer_put_char(&arguments, '[');
    exercise_put_json(&arguments, making->exercise, NULL, NULL);
    if (is_scenario) {
        /* "path":[…],"moves":[…] are the second and third argument. */
        size_t second = text_find(json, '[', 0), end = text_find(json, ']', second), third = text_find(json, '[', end);
        buffer_format(&arguments, ",%.*s,%.*s]", TEXT_ARG(text_slice(json, second, end + 1)),
                      TEXT_ARG(text_slice(json, third, json.size)));
    } else {
        buffer_format(&arguments, ",%.*s]", TEXT_ARG(json));
    }
    size_t size;
    const char *answer = rules_call(making->rules, is_scenario ? "score_scenario" : "score_question", arguments.data,
                                    arguments.size, &size, making->error);
    buffer_free(&arguments);
    if (answer)
        *permille = json_number(answer, "\"value\":", 0);
    return answer != NULL;
}

static void add_option(Making *making, Text json) {
    Options *options = making->options;
    for (size_t i = 0; i < options->count; i++)
        if (text_equal(options->items[i].json, json))
            return;
    if (options->count == OPTION_LIMIT || !making->is_well) {
        options->are_all = false;
        return;
    }
    Option option = {.json = text_copy(making->arena, json)};
    making->is_well = score(making, option.json, &option.permille);
    options->items[options->count++] = option;
}

/* {"attempts":1,"choices":["a","c"]} */
static void add_letters(Making *making, const char *key, const char *letters, size_t count) {
    Buffer json = {0};
    buffer_format(&json, "{\"attempts\":1,\"%s\":[", key);
    for (size_t i = 0; i < count; i++)
        buffer_format(&json, "%s\"%c\"", i ? "," : "", letters[i]);
    buffer_put_literal(&json, "]}");
    add_option(making, buffer_text(&json));
    buffer_free(&json);
}

static void add_sets(Making *making) {
    const Exercise *question = making->exercise;
    size_t count = question->choice_count < LETTER_LIMIT ? question->choice_count : LETTER_LIMIT;
    size_t sets = (size_t)1 << count, right = 0;
    for (size_t i = 0; i < count; i++)
        right |= question->choices[i].is_right ? (size_t)1 << i : 0;
    bool takes_all = sets - 1 <= OPTION_LIMIT;
    making->options->are_all = takes_all;
    size_t rounds = takes_all ? sets - 1 : OPTION_LIMIT;
    for (size_t round = 0; round < rounds; round++) {
        size_t set = takes_all    ? round + 1
                     : round == 0 ? right
                     : round == 1 ? (sets - 1) & ~right
                                  : 1 + chance_next(making->chance, sets - 1);
        char letters[LETTER_LIMIT];
        size_t size = 0;
        for (size_t i = 0; i < count; i++)
            if (set >> i & 1)
                letters[size++] = question->choices[i].id[0];
        if (size)
            add_letters(making, "choices", letters, size);
    }
}

static void add_single(Making *making) {
    for (size_t i = 0; i < making->exercise->choice_count; i++)
        add_letters(making, "choices", making->exercise->choices[i].id, 1);
}

/* All orders where there are 24 at most; else the right one, the opposite and some others. */
static void add_orders(Making *making) {
    const Exercise *question = making->exercise;
    size_t count = question->choice_count < LETTER_LIMIT ? question->choice_count : LETTER_LIMIT;
    char letters[LETTER_LIMIT];
    size_t orders = 1;
    for (size_t i = 2; i <= count && orders <= OPTION_LIMIT; i++)
        orders *= i;
    bool takes_all = orders <= OPTION_LIMIT;
    making->options->are_all = takes_all;
    for (size_t round = 0; round < (takes_all ? orders : OPTION_LIMIT); round++) {
        for (size_t i = 0; i < count; i++)
            letters[i] = question->choices[round == 1 && !takes_all ? count - 1 - i : i].id[0];
        /* The round's number chooses at each place which of the rest comes next. */
        size_t number = round;
        for (size_t i = 0; i + 1 < count && (takes_all || round > 1); i++) {
            size_t rest = count - i, taken = takes_all ? number % rest : chance_next(making->chance, rest);
            number /= rest;
            char letter = letters[i + taken];
            letters[i + taken] = letters[i];
            letters[i] = letter;
        }
        add_letters(making, "order", letters, count);
    }
}

static void add_matches(Making *making) {
    const Exercise *question = making->exercise;
    size_t count = question->choice_count < LETTER_LIMIT ? question->choice_count : LETTER_LIMIT;
    char letters[LETTER_LIMIT];
    size_t ways = 1;
    for (size_t i = 0; i < count && ways <= OPTION_LIMIT; i++)
        ways *= question->target_count;
    bool takes_all = ways <= OPTION_LIMIT;
    making->options->are_all = takes_all;
    for (size_t round = 0; round < (takes_all ? ways : OPTION_LIMIT); round++) {
        size_t number = round;
        for (size_t i = 0; i < count; i++) {
            size_t target =
                takes_all ? number % question->target_count : chance_next(making->chance, question->target_count);
            number /= question->target_count;
            letters[i] = round == 0 && !takes_all ? question->choices[i].target[0] : question->targets[target].id[0];
        }
        add_letters(making, "matches", letters, count);
    }
}

static void add_blanks(Making *making) {
    size_t count = making->exercise->blank_count, ways = (size_t)1 << (count < 16 ? count : 16);
    making->options->are_all = ways <= OPTION_LIMIT;
    for (size_t round = 0; round < ways && round < OPTION_LIMIT; round++) {
        /* All of them, the first time. */
        size_t set = ways - 1 -
                     (ways <= OPTION_LIMIT || round < 2 ? (round == 1 && ways > OPTION_LIMIT ? ways - 1 : round)
                                                        : chance_next(making->chance, ways));
        Buffer json = {0};
        buffer_put_literal(&json, "{\"attempts\":1,\"blanks\":[");
        for (size_t i = 0; i < count; i++)
            buffer_format(&json, "%s%s", i ? "," : "", set >> i & 1 ? "true" : "false");
        buffer_put_literal(&json, "]}");
        add_option(making, buffer_text(&json));
        buffer_free(&json);
    }
}

/* The answer, both ends of what is tolerated, and what is just beyond. */
static void add_numbers(Making *making) {
    int64_t answer = making->exercise->answer_micro, tolerance = making->exercise->tolerance_micro;
    const int64_t numbers[] = {answer, answer - tolerance, answer + tolerance, answer - tolerance - 1,
                               answer + tolerance + 1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        Text json = text_format(making->arena, "{\"attempts\":1,\"micro\":%lld}", (long long)numbers[i]);
        add_option(making, json);
    }
}

static void put_path(Buffer *json, const Exercise *scenario, Text moves) {
    size_t step = 0;
    buffer_format(json, "\"path\":[\"%s\"", scenario->steps[0].id.data);
    for (size_t i = 0; i < moves.size; i++) {
        Text move = scenario->steps[step].choices[moves.data[i] - 'a'].move;
        for (step = 0; step < scenario->step_count && !text_equal(scenario->steps[step].id, move);)
            step++;
        buffer_format(json, ",\"%s\"", move.data);
    }
    buffer_put_literal(json, "],\"moves\":[");
    for (size_t i = 0; i < moves.size; i++)
        buffer_format(json, "%s\"%c\"", i ? "," : "", moves.data[i]);
    buffer_put_char(json, ']');
}

static void add_paths(Making *making) {
    StoryNumbers numbers = story_count(making->arena, making->exercise);
    making->options->are_all = numbers.examples_are_all;
    for (size_t i = 0; i < numbers.example_count; i++) {
        Buffer json = {0};
        put_path(&json, making->exercise, numbers.examples[i].moves);
        add_option(making, buffer_text(&json));
        buffer_free(&json);
    }
}

bool options_make(Arena *arena, Rules *rules, const Exercise *exercise, uint64_t *chance, Options *options,
                  RulesError *error) {
    *options = (Options){.exercise = exercise, .items = arena_new(arena, Option, OPTION_LIMIT), .are_all = true};
    Making making = {arena, rules, exercise, chance, options, error, true};
    switch (exercise->kind) {
    case EXERCISE_SINGLE:
    case EXERCISE_TRUE_FALSE:
    case EXERCISE_LIKERT:
        add_single(&making);
        break;
    case EXERCISE_MULTIPLE:
        add_sets(&making);
        break;
    case EXERCISE_HOTSPOT:
        if (exercise_takes_several(exercise))
            add_sets(&making);
        else
            add_single(&making);
        break;
    case EXERCISE_ORDERING:
        add_orders(&making);
        break;
    case EXERCISE_MATCHING:
        add_matches(&making);
        break;
    case EXERCISE_FILL_IN:
        add_blanks(&making);
        break;
    case EXERCISE_NUMERIC:
        add_numbers(&making);
        break;
    case EXERCISE_REFLECTION:
        add_option(&making, TEXT("{\"attempts\":1,\"text\":true}"));
        break;
    case EXERCISE_ATTESTATION:
        add_option(&making, TEXT("{\"attempts\":1,\"date\":\"2026-01-01\"}"));
        break;
    case EXERCISE_SCENARIO:
        add_paths(&making);
        break;
    case EXERCISE_KIND_COUNT:
        break;
    }
    return making.is_well;
}
