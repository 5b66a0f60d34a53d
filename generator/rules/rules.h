/*
 * rules: scores questions and case studies and decides whether a course is passed and completed. All of that is Lua: the default
 * rules are the folder default/, and a course's rules.lua may replace functions of it. The same C and Lua sources run here and, compiled
 * to plain JavaScript, in the learner's browser (browser/glue.js), and give the same bytes in both.
 * resolve, render and publish may include it; it includes libc and Lua alone.
 *
 * Only JSON crosses the border. Objects come out with their keys in byte order; numbers are whole, within ±(2^53 - 1).
 * A rule sees its arguments and nothing else: no files, no clock, no chance, no memory of earlier calls (the course's file is
 * run afresh, in a Lua state of its own, for every call that needs it). Steps and memory are capped (sandbox.c); a rule
 * that exceeds them, fails, or answers in a wrong shape is replaced by the default rule, and the answer says so in "fallback".
 *
 * What may be called (the JSON is always an array, the arguments):
 *   evaluate [course, state]           the whole answer: shapes are in default/shapes.lua, the result is in default/evaluate.lua
 *   best_points [scenario]             {"exact":true,"moves":["a",...],"path":["s1",...],"points":5}
 *   score_question [question, answer]  these six answer {"fallback":[...],"value":...} and run the course's function where
 *   score_scenario [scenario, path, moves]    rules.lua has one
 *   choose_feedback [question, answer, permille]
 *   gate_module [course, module, state, results]
 *   grade_course [course, results, state]     here and in the next one `course` has only the screens and exercises that
 *   decide_completion [course, state, results, grade]    count for the learner, and `skipped_points`
 *   identity [value]                   the value, for tests of the border
 *
 * To add a rule that courses may override: write it in default/ beside the others with its check, add its name to `overridable`
 * in evaluate.lua, document it in content/README.md, add cases to tests/unit/rules.c.
 *
 * Ownership: rules_open gives a Rules that rules_close frees; texts that it returns are its own, valid until the next call on it.
 * One Rules belongs to one thread at a time; several may live side by side. Failure: false or NULL, and the reason in RulesError.
 */
#ifndef PROBITY_RULES_H
#define PROBITY_RULES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Rules Rules;

typedef enum RulesFault {
    RULES_SYNTAX,  /* rules.lua is not Lua, or uses what rules may not use */
    RULES_RUNTIME, /* it failed while it ran */
    RULES_BUDGET,  /* too many steps */
    RULES_MEMORY,  /* too much memory */
    RULES_RESULT,  /* it does not return a table of known functions */
    RULES_INPUT    /* the JSON or the name of the function is wrong */
} RulesFault;

typedef struct RulesError {
    RulesFault fault;
    int line;          /* in rules.lua; 0 when not known */
    char message[256]; /* one line of UTF-8, without file and line */
} RulesError;

/* The default rules, loaded. NULL only when there is no memory. */
Rules *rules_open(void);
void rules_close(Rules *rules);

/* A course's rules.lua, which returns a table of functions. It replaces one loaded before. On failure the default rules stay alone. */
bool rules_load(Rules *rules, const char *chunk_name, const char *source, size_t size_bytes, RulesError *error);

/* JSON in, JSON out (followed by a NUL). */
const char *rules_call(Rules *rules, const char *function, const char *json, size_t size_bytes,
                       size_t *result_size_bytes, RulesError *error);

#endif
