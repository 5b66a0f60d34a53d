/*
 * The limits of a Lua state. Three things can run away, and each is bounded in a way that code within the state cannot catch:
 *
 * - Instructions are counted by a hook. Once the budget is spent the hook is set to every single instruction, and pcall (library.c)
 *   passes the error on, so that no loop round pcall survives.
 * - Loops in C functions, which the hook does not see, charge their work through sandbox_spend.
 * - Work within one instruction (copying, comparing, rehashing, collecting) is bounded by the sizes of strings and blocks, and in sum
 *   by the bytes allocated. The sizes of arrays and hash parts are the same on 32 and 64 bits, so both builds stop alike.
 *
 * What would run with the hook off or without end in one instruction does not exist here: no finalizers (no setmetatable), no message
 * handlers (no xpcall), no coroutines, and no `...` in rules (source.c), with which one instruction can copy a whole stack.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/inside.h"

enum { COUNT_INTERVAL = 200, SMALL_BLOCK_BYTES = 1024, STRING_OVERHEAD_BYTES = 64 };

Budget *sandbox_budget(lua_State *L) {
    void *budget;
    lua_getallocf(L, &budget);
    return budget;
}

static void exhaust(Budget *budget, Exhausted what) {
    if (budget->exhausted == EXHAUSTED_NOTHING) {
        budget->exhausted = what;
    }
}

/* May `added_bytes` more be handed out, as a block of `new_bytes`? Once memory is exhausted small blocks still are, within some slack,
 * because Lua needs them to unwind; the next counted instruction ends the call. */
static bool may_grow(Budget *budget, size_t new_bytes, size_t added_bytes, bool is_string) {
    const Limits *limits = &budget->limits;
    budget->churned_bytes += added_bytes;
    if ((is_string && new_bytes > limits->string_bytes + STRING_OVERHEAD_BYTES) || new_bytes > limits->block_bytes ||
        budget->held_bytes + added_bytes > limits->memory_bytes || budget->churned_bytes > limits->churn_bytes) {
        exhaust(budget, EXHAUSTED_MEMORY);
    }
    if (budget->exhausted == EXHAUSTED_NOTHING) {
        return true;
    }
    return new_bytes <= SMALL_BLOCK_BYTES &&
           budget->held_bytes + added_bytes <= limits->memory_bytes + limits->memory_bytes / 8;
}

/* For a new block Lua passes the kind of its object in place of the old size. */
static void *allocate(void *user, void *block, size_t old_bytes, size_t new_bytes) {
    Budget *budget = user;
    bool is_string = block == NULL && old_bytes == LUA_TSTRING;
    size_t had_bytes = block == NULL ? 0 : old_bytes;
    if (new_bytes == 0) {
        free(block);
        budget->held_bytes -= had_bytes;
        return NULL;
    }
    if (new_bytes > had_bytes && !may_grow(budget, new_bytes, new_bytes - had_bytes, is_string)) {
        return NULL;
    }
    void *moved = realloc(block, new_bytes);
    if (moved == NULL) {
        if (new_bytes > had_bytes) {
            exhaust(budget, EXHAUSTED_MEMORY);
            return NULL;
        }
        moved = block; /* Lua counts on shrinking */
    }
    budget->held_bytes = budget->held_bytes - had_bytes + new_bytes;
    return moved;
}

static void count(lua_State *L, lua_Debug *event);

/* The error itself is nil: making a message could fail, and sandbox_explain reads the budget. */
static void stop_if_exhausted(lua_State *L) {
    if (sandbox_budget(L)->exhausted != EXHAUSTED_NOTHING) {
        lua_sethook(L, count, LUA_MASKCOUNT, 1);
        lua_pushnil(L);
        lua_error(L);
    }
}

void sandbox_spend(lua_State *L, size_t steps) {
    Budget *budget = sandbox_budget(L);
    if ((uint64_t)steps > (uint64_t)budget->steps_left) {
        budget->steps_left = 0;
        exhaust(budget, EXHAUSTED_STEPS);
    } else {
        budget->steps_left -= (int64_t)steps;
    }
    stop_if_exhausted(L);
}

static void count(lua_State *L, lua_Debug *event) {
    (void)event;
    sandbox_spend(L, COUNT_INTERVAL);
}

lua_State *sandbox_open(Budget *budget, const Limits *limits) {
    *budget = (Budget){.limits = *limits, .steps_left = limits->steps};
    lua_State *L = lua_newstate(allocate, budget);
    if (L != NULL) {
        sandbox_refill(L);
    }
    return L;
}

void sandbox_refill(lua_State *L) {
    Budget *budget = sandbox_budget(L);
    budget->steps_left = budget->limits.steps;
    budget->churned_bytes = 0;
    budget->depth = 0;
    budget->exhausted = EXHAUSTED_NOTHING;
    lua_sethook(L, count, LUA_MASKCOUNT, COUNT_INTERVAL);
}

size_t sandbox_character_size(const unsigned char *text, size_t left_bytes) {
    unsigned char first = text[0];
    size_t size = first < 0x80                    ? 1
                  : first >= 0xC2 && first < 0xE0 ? 2
                  : (first & 0xF0) == 0xE0        ? 3
                  : first >= 0xF0 && first < 0xF5 ? 4
                                                  : 0;
    if (size == 0 || size > left_bytes) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool is_overlong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
    bool is_outside = (first == 0xED && text[1] >= 0xA0) || (first == 0xF4 && text[1] >= 0x90);
    return is_overlong || is_outside ? 0 : size;
}

void sandbox_clean_text(char *to, size_t size_bytes, const char *from, size_t from_bytes) {
    const unsigned char *bytes = (const unsigned char *)from;
    size_t used = 0;
    for (size_t i = 0; i < from_bytes;) {
        size_t size = sandbox_character_size(bytes + i, from_bytes - i);
        if (used + (size == 0 ? 1 : size) >= size_bytes) {
            break;
        }
        if (size == 0) {
            to[used++] = '?';
            i++;
        } else if (size == 1 && (bytes[i] < 0x20 || bytes[i] == 0x7F)) {
            to[used++] = ' ';
            i++;
        } else {
            memcpy(to + used, from + i, size);
            used += size;
            i += size;
        }
    }
    to[used] = '\0';
}

/* Lua's messages begin "chunk:line: ". */
static size_t place_size(const char *message, int *line) {
    const char *colon = strchr(message, ':');
    if (colon == NULL || colon[1] < '0' || colon[1] > '9') {
        return 0;
    }
    char *end;
    long number = strtol(colon + 1, &end, 10);
    if (end[0] != ':' || end[1] != ' ' || number > 1000000) {
        return 0;
    }
    *line = (int)number;
    return (size_t)(end + 2 - message);
}

void sandbox_explain(lua_State *L, int status, RulesError *error) {
    Exhausted exhausted = sandbox_budget(L)->exhausted;
    *error = (RulesError){.fault = RULES_RUNTIME};
    if (exhausted == EXHAUSTED_STEPS) {
        error->fault = RULES_BUDGET;
        snprintf(error->message, sizeof error->message, "it took too many steps");
    } else if (exhausted == EXHAUSTED_MEMORY || status == LUA_ERRMEM) {
        error->fault = RULES_MEMORY;
        snprintf(error->message, sizeof error->message, "it needed too much memory");
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        size_t size_bytes;
        const char *message = lua_tolstring(L, -1, &size_bytes);
        size_t skip_bytes = place_size(message, &error->line);
        sandbox_clean_text(error->message, sizeof error->message, message + skip_bytes, size_bytes - skip_bytes);
    } else {
        snprintf(error->message, sizeof error->message, "it raised an error that is a %s", luaL_typename(L, -1));
    }
}
