/* simulate/parts: what the files of this room share. For this room alone. */
#ifndef PROBITY_SIMULATE_PARTS_H
#define PROBITY_SIMULATE_PARTS_H

#include "rules/rules.h"
#include "simulate/simulate.h"

struct Simulator {
    Arena *arena;
    Text *names, *scripts; /* of the player, in its order; each followed by a NUL */
    size_t count;
};

/* script.c: the acts as learner.js takes them. */
void learner_put_json(Buffer *out, const Learner *learner);
/* The exercise of this id, or NULL. */
const Exercise *find_exercise(Exercise *const *exercises, size_t count, Text id);

/* engine.c: runs learner.js over the player. The answer lives in `arena`; NULL with the reason in `message`. */
typedef struct EngineAnswer {
    Text text;    /* in the format that was asked for */
    Text refusal; /* why the player did not take an act; empty: it took all */
    size_t refused_act;
    SimulateOutcome outcome;
} EngineAnswer;
bool engine_play(const Simulator *simulator, Rules *rules, Text request, Arena *arena, EngineAnswer *answer,
                 Text *message);

/* options.c: ways to answer one exercise. */
typedef struct Option {
    Text json; /* of an answer, as the rules take it; of a case study: {"path":[…],"moves":[…]} without the braces */
    int permille;
} Option;
typedef struct Options {
    const Exercise *exercise;
    Option *items;
    size_t count;
    bool are_all; /* no answer that the rules could tell from these was left out */
} Options;
/* At most OPTION_LIMIT; what is more is drawn by `chance`. Scores are those of the course's rules. */
enum { OPTION_LIMIT = 64 };
bool options_make(Arena *arena, Rules *rules, const Exercise *exercise, uint64_t *chance, Options *options,
                  RulesError *error);
/* The next number of a fixed sequence, below `limit`. */
size_t chance_next(uint64_t *chance, size_t limit);
/* The whole number behind a key of a JSON object, or `otherwise`. */
int json_number(const char *json, const char *key, int otherwise);

#endif
