/*
 * The border of the room: the default rules in a state of their own, the course's beside them, JSON between them and the rest.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/inside.h"

enum { INPUT_LIMIT_BYTES = 1024 * 1024, ARGUMENT_LIMIT = 8 };

static const char default_source[] = {
#include "default_lua.inc"
};

/* The default rules are ours: these limits only bound what a hostile course or state can cost. */
static const Limits default_limits = {
    .memory_bytes = 64 * 1024 * 1024,
    .churn_bytes = 1024 * 1024 * 1024,
    .block_bytes = 32 * 1024 * 1024,
    .string_bytes = INPUT_LIMIT_BYTES,
    .steps = 50 * 1000 * 1000,
};

static const char entries_key[] = "probity.entries", names_key[] = "probity.names";

struct Rules {
    lua_State *L;
    Budget budget;
    Hook hook;
    JsonText result;
#ifndef __wasm__
    locale_t locale;
#endif
};

/* ---- The C locale: classes in patterns and the decimal point must not depend on what the program has set ---- */

#ifdef __wasm__
static int locale_enter(const Rules *rules) {
    (void)rules;
    return 0;
}

static void locale_leave(int former) {
    (void)former;
}
#define Locale int
#else
static locale_t locale_enter(const Rules *rules) {
    return uselocale(rules->locale);
}

static void locale_leave(locale_t former) {
    uselocale(former);
}
#define Locale locale_t
#endif

/* ---- Opening ---- */

/* array(table): the table, marked so that it becomes a JSON list also when it is empty. */
static int mark_array(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    json_mark_list(L);
    return 1;
}

static int load_default(lua_State *L) {
    Rules *rules = lua_touserdata(L, 1);
    library_push(L);
    if (luaL_loadbufferx(L, default_source, sizeof default_source, "@default rules", "t") != LUA_OK) {
        return lua_error(L);
    }
    lua_pushvalue(L, -2);
    lua_setupvalue(L, -2, 1);
    lua_pushlightuserdata(L, &rules->hook);
    lua_pushcclosure(L, hook_call, 1);
    lua_pushcfunction(L, mark_array);
    lua_call(L, 2, 2);
    lua_setfield(L, LUA_REGISTRYINDEX, names_key);
    lua_setfield(L, LUA_REGISTRYINDEX, entries_key);
    return 0;
}

Rules *rules_open(void) {
    Rules *rules = calloc(1, sizeof *rules);
    if (rules == NULL) {
        return NULL;
    }
#ifndef __wasm__
    rules->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
#endif
    Locale former = locale_enter(rules);
    bool is_open = false;
    rules->L = sandbox_open(&rules->budget, &default_limits);
    if (rules->L != NULL) {
        lua_pushcfunction(rules->L, load_default);
        lua_pushlightuserdata(rules->L, rules);
        is_open = lua_pcall(rules->L, 1, 0, 0) == LUA_OK;
    }
    locale_leave(former);
    if (!is_open) {
        rules_close(rules);
        return NULL;
    }
    return rules;
}

void rules_close(Rules *rules) {
    if (rules == NULL) {
        return;
    }
    hook_free(&rules->hook);
    if (rules->L != NULL) {
        lua_close(rules->L);
    }
#ifndef __wasm__
    if (rules->locale != (locale_t)0) {
        freelocale(rules->locale);
    }
#endif
    free(rules->result.data);
    free(rules);
}

/* ---- Loading and calling ---- */

bool rules_load(Rules *rules, const char *chunk_name, const char *source, size_t size_bytes, RulesError *error) {
    Locale former = locale_enter(rules);
    lua_getfield(rules->L, LUA_REGISTRYINDEX, names_key);
    bool is_loaded = hook_load(&rules->hook, chunk_name, source, size_bytes, rules->L, -1, error);
    lua_settop(rules->L, 0);
    locale_leave(former);
    return is_loaded;
}

typedef struct RulesCall {
    const char *function, *json;
    size_t size_bytes;
    JsonText *result;
    bool is_read; /* the input was good; what fails later is a rule's fault */
} RulesCall;

static int run_call(lua_State *L) {
    RulesCall *call = lua_touserdata(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, entries_key);
    lua_pushstring(L, call->function);
    if (lua_rawget(L, -2) != LUA_TFUNCTION) {
        return luaL_error(L, "there is no function of this name");
    }
    int function = lua_gettop(L);
    json_push(L, call->json, call->size_bytes);
    int count = lua_istable(L, -1) ? (int)lua_rawlen(L, -1) : 0;
    if (!lua_istable(L, -1) || (count == 0 && library_push_keys(L, -1) > 0) || count > ARGUMENT_LIMIT) {
        return luaL_error(L, "the arguments are one JSON list of %d values at most", ARGUMENT_LIMIT);
    }
    lua_settop(L, function + 1);
    call->is_read = true;
    for (int i = 1; i <= count; i++) {
        lua_rawgeti(L, function + 1, i);
    }
    lua_remove(L, function + 1);
    lua_call(L, count, 1);
    json_write(L, -1, call->result);
    return 0;
}

const char *rules_call(Rules *rules, const char *function, const char *json, size_t size_bytes,
                       size_t *result_size_bytes, RulesError *error) {
    if (size_bytes > INPUT_LIMIT_BYTES) {
        *error = (RulesError){.fault = RULES_INPUT, .message = "the JSON is larger than 1 MB"};
        return NULL;
    }
    Locale former = locale_enter(rules);
    RulesCall call = {.function = function, .json = json, .size_bytes = size_bytes, .result = &rules->result};
    lua_State *L = rules->L;
    sandbox_refill(L);
    lua_pushcfunction(L, run_call);
    lua_pushlightuserdata(L, &call);
    int status = lua_pcall(L, 1, 0, 0);
    if (status != LUA_OK) {
        sandbox_explain(L, status, error);
        error->fault = error->fault == RULES_RUNTIME && !call.is_read ? RULES_INPUT : error->fault;
    }
    lua_settop(L, 0);
    hook_reset(&rules->hook);
    locale_leave(former);
    if (status != LUA_OK) {
        return NULL;
    }
    *result_size_bytes = rules->result.size_bytes;
    return rules->result.data;
}
