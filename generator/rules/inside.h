/*
 * inside: what the files of the rules room share. Nobody outside the room includes it (tests of the room's parts may).
 */
#ifndef PROBITY_RULES_INSIDE_H
#define PROBITY_RULES_INSIDE_H

#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#include "rules/rules.h"

/* ---- sandbox.c: a Lua state that cannot take more than its share ---- */

typedef struct Limits {
    size_t memory_bytes; /* held at one time */
    size_t churn_bytes;  /* allocated in all, freed or not: bounds the work of allocating, copying and collecting */
    size_t block_bytes;  /* one array, hash part or stack: bounds the work of one instruction */
    size_t string_bytes; /* one string: bounds the work of one comparison */
    int64_t steps;       /* instructions, and what C functions charge for their loops */
} Limits;

typedef enum Exhausted { EXHAUSTED_NOTHING, EXHAUSTED_STEPS, EXHAUSTED_MEMORY } Exhausted;

typedef struct Budget {
    Limits limits;
    size_t held_bytes, churned_bytes;
    int64_t steps_left;
    int depth;           /* of Lua in C functions in Lua; a protected call sets it back */
    Exhausted exhausted; /* sticky until the next sandbox_refill: nothing a rule does makes it go on */
} Budget;

/* A state that allocates within `budget`, which must outlive it. It has no globals and no library. NULL: no memory. */
lua_State *sandbox_open(Budget *budget, const Limits *limits);
/* A fresh allowance of steps and churn, for the next call. */
void sandbox_refill(lua_State *L);
Budget *sandbox_budget(lua_State *L);
/* Charges a C function's loop; raises an error when that exhausts the budget. */
void sandbox_spend(lua_State *L, size_t steps);
/* What went wrong after a lua_pcall that returned `status` with its message on top of the stack. Leaves the stack alone. */
void sandbox_explain(lua_State *L, int status, RulesError *error);
/* The length of the UTF-8 character at `text`, 0 where there is none. */
size_t sandbox_character_size(const unsigned char *text, size_t left_bytes);
/* Text in one line, valid UTF-8, cut at a character: messages come from rules and may hold any bytes. */
void sandbox_clean_text(char *to, size_t size_bytes, const char *from, size_t from_bytes);

/* ---- library.c: what a rule can see ---- */

/* Pushes a new table of the allowed globals. Also sets what methods of strings see, once per state. */
void library_push(lua_State *L);
/* Pushes the list of the keys of the table at `index` in their fixed order: numbers, then strings by bytes, then booleans. */
lua_Integer library_push_keys(lua_State *L, int index);

/* ---- strings.c: Lua's own string library, whose pattern matching charges its steps ---- */

int strings_open(lua_State *L);

/* ---- numbers.c: Lua's own mathematical library, without the functions that no rule sees ---- */

int numbers_open(lua_State *L);

/* ---- source.c ---- */

/* Says what in a rules.lua is Lua but may not be used, by line. */
bool source_check(const char *source, size_t size_bytes, RulesError *error);

/* ---- json.c: strict both ways ---- */

typedef struct JsonText {
    char *data;
    size_t size_bytes, capacity_bytes;
} JsonText;

/* Pushes the value; raises an error of one line for what is not JSON or not ours (depth, fractions, double keys). */
void json_push(lua_State *L, const char *json, size_t size_bytes);
/* Writes the value at `index`; raises an error for what JSON cannot say. `out` stays the caller's, also after an error. */
void json_write(lua_State *L, int index, JsonText *out);
/* Marks the table on top of the stack as a list, so that it is written as [] also when it is empty. */
void json_mark_list(lua_State *L);

/* ---- hook.c: a course's rules.lua, in a state of its own ---- */

typedef struct Hook {
    char *source, chunk_name[256];
    size_t size_bytes;
    lua_State *state; /* NULL between calls */
    Budget budget;
    bool is_compiled; /* what goes wrong from then on is the file's running */
} Hook;

/* Runs the file once, and checks that it returns a table of functions with names from the list at `names` in L. */
bool hook_load(Hook *hook, const char *chunk_name, const char *source, size_t size_bytes, lua_State *L, int names,
               RulesError *error);
/* Ends what the last call left: the next one starts from the file again. */
void hook_reset(Hook *hook);
void hook_free(Hook *hook);
/* The Lua function call_course_rule(name, ...) of the default rules; upvalue 1 is the Hook. Returns false where the course has no such
 * rule, else true and its value, or true, nil, what went wrong, and whether a budget is used up. */
int hook_call(lua_State *L);

#endif
