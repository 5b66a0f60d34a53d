/*
 * A course's rules.lua. It lives in a Lua state of its own: whatever it does to its globals, its library or its memory, the default
 * rules beside it are untouched and can take over at any moment. Values are copied between the two states, never shared.
 *
 * The state is made anew for every rules_call that needs it, so a rule cannot remember what it was asked before.
 * All functions of the file share one budget within a call; once it is spent, every further one falls back at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/inside.h"

enum { SOURCE_LIMIT_BYTES = 64 * 1024, DEPTH_LIMIT = 32, NODE_LIMIT = 1000, SLOTS_PER_LEVEL = 4 };

/* A learner waits for at most 300 ms in a browser, where all this is plain JavaScript and several times slower than here. */
static const Limits hook_limits = {
    .memory_bytes = 2 * 1024 * 1024,
    .churn_bytes = 8 * 1024 * 1024,
    .block_bytes = 64 * 1024,
    .string_bytes = 2 * 1024,
    .steps = 80 * 1000,
};

static const char functions_key[] = "probity.functions", copies_key[] = "probity.copies";

/* ---- Copying between states ---- */

/* Pushes a copy of from[index] on `to`, which is in a protected call; 2.0 becomes 2. Nothing here can raise an error in `from`. */
static void copy_value(lua_State *from, int index, lua_State *to, int depth) {
    if (depth > DEPTH_LIMIT || !lua_checkstack(from, SLOTS_PER_LEVEL)) {
        luaL_error(to, "nested too deeply");
    }
    luaL_checkstack(to, SLOTS_PER_LEVEL, "copy");
    sandbox_spend(to, 1);
    size_t size_bytes;
    const char *text;
    int is_whole;
    lua_Integer whole;
    switch (lua_type(from, index)) {
    case LUA_TBOOLEAN:
        lua_pushboolean(to, lua_toboolean(from, index));
        break;
    case LUA_TNUMBER:
        whole = lua_tointegerx(from, index, &is_whole);
        if (is_whole) {
            lua_pushinteger(to, whole);
        } else {
            lua_pushnumber(to, lua_tonumber(from, index));
        }
        break;
    case LUA_TSTRING:
        text = lua_tolstring(from, index, &size_bytes);
        lua_pushlstring(to, text, size_bytes);
        break;
    case LUA_TTABLE:
        lua_newtable(to);
        for (lua_pushnil(from); lua_next(from, index); lua_pop(from, 1)) {
            int value = lua_gettop(from);
            copy_value(from, value - 1, to, depth + 1);
            copy_value(from, value, to, depth + 1);
            lua_rawset(to, -3);
        }
        break;
    default:
        lua_pushnil(to);
    }
}

/* Says why the value cannot be taken out of a rule; NULL when it can. Raises no error. */
static const char *refusal(lua_State *L, int index, int depth, int *nodes) {
    int type = lua_type(L, index);
    if (type == LUA_TFUNCTION || type == LUA_TUSERDATA || type == LUA_TTHREAD) {
        return "it must return values, not functions";
    }
    if (++*nodes > NODE_LIMIT || depth > DEPTH_LIMIT || !lua_checkstack(L, SLOTS_PER_LEVEL)) {
        return "what it returns is too large";
    }
    if (type == LUA_TTABLE) {
        for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
            int value = lua_gettop(L);
            const char *reason = refusal(L, value - 1, depth + 1, nodes);
            reason = reason == NULL ? refusal(L, value, depth + 1, nodes) : reason;
            if (reason != NULL) {
                return reason;
            }
        }
    }
    return NULL;
}

/* ---- Running the file ---- */

/* In the hook's state, protected: runs the file, and keeps the table that it returns. */
static int run_file(lua_State *H) {
    Hook *hook = lua_touserdata(H, 1);
    char name[sizeof hook->chunk_name + 1];
    snprintf(name, sizeof name, "@%s", hook->chunk_name);
    lua_newtable(H);
    lua_setfield(H, LUA_REGISTRYINDEX, copies_key);
    library_push(H);
    hook->is_compiled = luaL_loadbufferx(H, hook->source, hook->size_bytes, name, "t") == LUA_OK;
    if (!hook->is_compiled) {
        return lua_error(H);
    }
    lua_pushvalue(H, -2);
    lua_setupvalue(H, -2, 1);
    lua_call(H, 0, 1);
    lua_setfield(H, LUA_REGISTRYINDEX, functions_key);
    return 0;
}

static bool open_state(Hook *hook, RulesError *error) {
    hook->state = sandbox_open(&hook->budget, &hook_limits);
    if (hook->state == NULL) {
        *error = (RulesError){.fault = RULES_MEMORY, .message = "there is no memory for it"};
        return false;
    }
    lua_pushcfunction(hook->state, run_file);
    lua_pushlightuserdata(hook->state, hook);
    int status = lua_pcall(hook->state, 1, 0, 0);
    if (status != LUA_OK) {
        sandbox_explain(hook->state, status, error);
        error->fault = error->fault == RULES_RUNTIME && !hook->is_compiled ? RULES_SYNTAX : error->fault;
        return false;
    }
    return true;
}

void hook_reset(Hook *hook) {
    if (hook->state != NULL) {
        lua_close(hook->state);
        hook->state = NULL;
    }
}

void hook_free(Hook *hook) {
    hook_reset(hook);
    free(hook->source);
    *hook = (Hook){.source = NULL};
}

/* ---- Loading ---- */

static bool is_known_name(lua_State *L, int names, const char *name) {
    bool is_known = false;
    for (lua_Integer i = 1; !is_known && lua_rawgeti(L, names, i) == LUA_TSTRING; i++) {
        is_known = strcmp(lua_tostring(L, -1), name) == 0;
        lua_pop(L, 1);
    }
    lua_settop(L, names);
    return is_known;
}

static void list_names(lua_State *L, int names, char *text, size_t size_bytes) {
    size_t used = 0;
    for (lua_Integer i = 1; lua_rawgeti(L, names, i) == LUA_TSTRING && used < size_bytes; i++) {
        used += (size_t)snprintf(text + used, size_bytes - used, "%s%s", i == 1 ? "" : ", ", lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    lua_settop(L, names);
}

/* Every key of the table on top of H is a rule's name, and every value a function. */
static bool check_functions(lua_State *H, lua_State *L, int names, RulesError *error) {
    char known[128] = "", name[64];
    list_names(L, names, known, sizeof known);
    *error = (RulesError){.fault = RULES_RESULT};
    if (!lua_istable(H, -1)) {
        snprintf(error->message, sizeof error->message,
                 "it must end with 'return' and a table of functions, any of: %s", known);
        return false;
    }
    for (lua_pushnil(H); lua_next(H, -2); lua_pop(H, 1)) {
        size_t size_bytes = 0;
        const char *text = lua_type(H, -2) == LUA_TSTRING ? lua_tolstring(H, -2, &size_bytes) : NULL;
        if (text == NULL) {
            snprintf(error->message, sizeof error->message,
                     "the table it returns has a nameless entry; name it one of: %s", known);
            return false;
        }
        sandbox_clean_text(name, sizeof name, text, size_bytes);
        if (!is_known_name(L, names, text)) {
            snprintf(error->message, sizeof error->message, "it returns '%s', and no rule is called so; there are: %s",
                     name, known);
            return false;
        }
        if (!lua_isfunction(H, -1)) {
            snprintf(error->message, sizeof error->message, "'%s' in the table it returns must be a function", name);
            return false;
        }
    }
    return true;
}

bool hook_load(Hook *hook, const char *chunk_name, const char *source, size_t size_bytes, lua_State *L, int names,
               RulesError *error) {
    hook_free(hook);
    if (size_bytes > SOURCE_LIMIT_BYTES) {
        *error = (RulesError){.fault = RULES_SYNTAX, .message = "a rules file has 64 KB at most"};
        return false;
    }
    hook->source = malloc(size_bytes + 1);
    if (hook->source == NULL) {
        *error = (RulesError){.fault = RULES_MEMORY, .message = "there is no memory for it"};
        return false;
    }
    memcpy(hook->source, source, size_bytes);
    hook->size_bytes = size_bytes;
    sandbox_clean_text(hook->chunk_name, sizeof hook->chunk_name, chunk_name, strlen(chunk_name));
    bool is_good = source_check(source, size_bytes, error) && open_state(hook, error);
    if (is_good) {
        lua_getfield(hook->state, LUA_REGISTRYINDEX, functions_key);
        is_good = check_functions(hook->state, L, lua_absindex(L, names), error);
    }
    if (is_good) {
        hook_reset(hook);
    } else {
        hook_free(hook);
    }
    return is_good;
}

/* ---- Calling ---- */

typedef struct HookCall {
    lua_State *from; /* its arguments: from[first], ... */
    const char *name;
    int first, count;
    bool is_missing; /* the course has no such function */
} HookCall;

/* The first argument is the course or an exercise: large, and the same in many calls. It is copied once for all of them. */
static void push_first(lua_State *from, int index, lua_State *H) {
    if (!lua_istable(from, index)) {
        copy_value(from, index, H, 1);
        return;
    }
    const void *table = lua_topointer(from, index);
    lua_getfield(H, LUA_REGISTRYINDEX, copies_key);
    if (lua_rawgetp(H, -1, table) == LUA_TNIL) {
        lua_pop(H, 1);
        copy_value(from, index, H, 1);
        lua_pushvalue(H, -1);
        lua_rawsetp(H, -3, table);
    }
    lua_remove(H, -2);
}

/* In the hook's state, protected. */
static int run_function(lua_State *H) {
    HookCall *call = lua_touserdata(H, 1);
    lua_getfield(H, LUA_REGISTRYINDEX, functions_key);
    lua_pushstring(H, call->name);
    if (lua_rawget(H, -2) == LUA_TNIL) {
        call->is_missing = true;
        return 0;
    }
    for (int i = 0; i < call->count; i++) {
        if (i == 0) {
            push_first(call->from, call->first, H);
        } else {
            copy_value(call->from, call->first + i, H, 1);
        }
    }
    lua_call(H, call->count, 1);
    return 1;
}

static int return_problem(lua_State *L, const Hook *hook, const RulesError *error) {
    bool is_exhausted = error->fault == RULES_BUDGET || error->fault == RULES_MEMORY;
    lua_pushboolean(L, true);
    lua_pushnil(L);
    if (error->line > 0) {
        lua_pushfstring(L, "%s:%d: %s", hook->chunk_name, error->line, error->message);
    } else {
        lua_pushfstring(L, "%s: %s", hook->chunk_name, error->message);
    }
    lua_pushboolean(L, is_exhausted);
    return 4;
}

int hook_call(lua_State *L) {
    Hook *hook = lua_touserdata(L, lua_upvalueindex(1));
    HookCall call = {.from = L, .name = luaL_checkstring(L, 1), .first = 2, .count = lua_gettop(L) - 1};
    RulesError error;
    if (hook->source == NULL) {
        lua_pushboolean(L, false);
        return 1;
    }
    if (hook->state == NULL && !open_state(hook, &error)) {
        return return_problem(L, hook, &error);
    }
    luaL_checkstack(L, 3 * SLOTS_PER_LEVEL, "rule");
    lua_State *H = hook->state;
    int top = lua_gettop(L);
    lua_settop(H, 0);
    hook->budget.depth = 0;
    lua_pushcfunction(H, run_function);
    lua_pushlightuserdata(H, &call);
    int status = lua_pcall(H, 1, 1, 0);
    lua_settop(L, top);
    if (status != LUA_OK) {
        sandbox_explain(H, status, &error);
        return return_problem(L, hook, &error);
    }
    if (call.is_missing) {
        lua_pushboolean(L, false);
        return 1;
    }
    int nodes = 0;
    const char *reason = refusal(H, 1, 1, &nodes);
    if (reason != NULL) {
        error = (RulesError){.fault = RULES_RESULT};
        snprintf(error.message, sizeof error.message, "%s", reason);
        return return_problem(L, hook, &error);
    }
    lua_pushboolean(L, true);
    copy_value(H, 1, L, 1);
    return 2;
}
