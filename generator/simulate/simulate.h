/*
 * simulate: learners that nobody has to be. A scripted learner is played by the player's own files (generator/player/, all but start.js)
 * in QuickJS, without a document and without a network, over the native rules, against a platform that writes down every call: what is printed
 * is what a browser would do and not a second account of it. All answer patterns, and what a course can score, are asked of the rules directly.
 * May include model, rules and base; publish and command include it.
 *
 * Time is virtual and begins at 2026-01-01T09:00:00Z; nothing is left to chance. A Simulator belongs to one thread at a time.
 */
#ifndef PROBITY_SIMULATE_H
#define PROBITY_SIMULATE_H

#include "model/model.h"

/* ---- Scripted learners ---- */

/* The player's files, read once. */
typedef struct Simulator Simulator;
/* NULL with a diagnostic where the program's own files are missing. Lives in `arena`. */
Simulator *simulator_open(Arena *arena, Diagnostics *diagnostics);

/* A course whose documents are parsed, in one language. */
typedef struct SimulateCourse {
    const Course *course;
    Language language;
    const char *standard; /* scorm12 or scorm2004 */
} SimulateCourse;

typedef enum SimulateFormat { SIMULATE_NOTHING, SIMULATE_TEXT, SIMULATE_JSON } SimulateFormat;

typedef struct SimulateOutcome {
    int score_permille; /* of the last answers */
    bool passed, completed;
} SimulateOutcome;

/* Whether the course has everything that the script names. Says what it has not. */
bool simulate_check_learner(const Course *course, Language language, const Learner *learner, Diagnostics *diagnostics);
/*
 * Plays a script that was checked, and writes each step into `out`. False with a diagnostic where the player fails. What was expected
 * and did not come about is a diagnostic, too, but not a failure of this function.
 */
bool simulate_learner(const Simulator *simulator, const SimulateCourse *input, const Learner *learner,
                      SimulateFormat format, Buffer *out, SimulateOutcome *outcome, Diagnostics *diagnostics);

#endif
