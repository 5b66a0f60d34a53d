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
    const char *standard;   /* scorm12 or scorm2004 */
    const Profile *profile; /* of the platform */
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

/* ---- Numbers of a case study ---- */

/* A way from the first step to an ending. */
typedef struct StoryPath {
    Text moves; /* letters of the choices taken */
    Text end;   /* good, fair, poor */
    int points; /* of its steps and choices, each once */
} StoryPath;

/*
 * A situation is a step together with the values of the variables that something tests. A path is a way from the beginning to an ending that comes into no
 * situation twice, so that there are finitely many. What is too much to be walked is counted as far as it was (`…_is_exact` false: there is
 * more).
 */
typedef struct StoryNumbers {
    size_t situations;
    uint64_t paths;
    size_t longest, shortest; /* choices */
    int least_points, most_points;
    bool paths_are_exact, lengths_are_exact, points_are_exact;
    /* All paths where they are few, else the first that was found of each sum of points and each ending. */
    StoryPath *examples;
    size_t example_count;
    bool examples_are_all;
} StoryNumbers;

/* The scenario has been checked. What is returned lives in `arena`. */
StoryNumbers story_count(Arena *arena, const Exercise *scenario);
/* The letters of the path that earns most, by the rules; the course's own are not asked. Empty where there is none. */
Text story_recommend(Arena *arena, const Exercise *scenario);

/* ---- All answers to a course ---- */

enum { PATTERN_LIMIT = 100000, SAMPLE_SIZE = 300, PATTERN_BANDS = 11 };

typedef struct CourseNumbers {
    size_t exercise_count; /* that are shown with this seed */
    uint64_t patterns;     /* of answers; UINT64_MAX: more than that */
    size_t evaluated;      /* how many of them were put to the rules */
    bool is_complete;      /* all of them */
    int seed;
    int least_permille, most_permille;   /* everything as wrong and as right as it can be */
    int found_least, found_most, middle; /* among those that were evaluated, permille */
    size_t passing;                      /* of those that were evaluated */
    size_t bands[PATTERN_BANDS];         /* how many scored 0–9, 10–19, …, 90–99, 100 per cent */
    bool can_pass;
    const Exercise **idle; /* earn points, and no change of their answer changed the score */
    size_t idle_count;
} CourseNumbers;

/* Everything seen and everything answered, in every way. False with a diagnostic where the rules cannot be used. */
bool simulate_patterns(Arena *arena, const Course *course, Language language, int seed, CourseNumbers *numbers,
                       Diagnostics *diagnostics);
/* The same with the numbers of each case study, for people or as one JSON object. */
bool simulate_report(const Course *course, Language language, int seed, SimulateFormat format, Buffer *out,
                     Diagnostics *diagnostics);

#endif
