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
    Text text; /* in the format that was asked for */
    SimulateOutcome outcome;
} EngineAnswer;
bool engine_play(const Simulator *simulator, Rules *rules, Text request, Arena *arena, EngineAnswer *answer,
                 Text *message);

#endif
