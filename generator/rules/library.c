/*
 * The globals that rules see, the same for the default rules and for a course's own:
 * assert error ipairs next pairs pcall select tonumber tostring type, math, string, table, utf8, in part.
 *
 * Left out is what reaches beyond the sandbox (io os debug package load require print), what cannot be bounded (coroutine xpcall
 * setmetatable collectgarbage table.move string.pack), and what differs between machines or runs (math.random and the functions of
 * the C library's mathematics, addresses in tostring and %p). pairs and next go through keys in a fixed order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lualib.h>

#include "rules/inside.h"

/* What work outside the counted instructions costs. Raising and catching an error costs the most in the browser, where it is an exception. */
enum {
    VALUE_LIMIT = 250,
    BYTES_PER_STEP = 16,
    STEPS_PER_CALL = 10,
    STEPS_PER_MERGE = 8,
    STEPS_PER_CONVERSION = 100,
    STEPS_PER_ERROR = 2000,
    REENTRY_LIMIT = 20
};

/* By what to sort, in place of a comparator's index. */
enum { ORDER_OF_KEYS = -1, ORDER_OF_VALUES = 0 };

/* ---- C functions that call Lua ---- */

/* Each level takes from the machine's stack, and an error has to be carried through all of them, which is slow in the browser. */
static void enter(lua_State *L) {
    if (++sandbox_budget(L)->depth > REENTRY_LIMIT) {
        luaL_error(L, "pcall, sort and gsub are nested too deeply");
    }
}

static void leave(lua_State *L) {
    sandbox_budget(L)->depth--;
}

/* ---- Keys in a fixed order ---- */

static int rank(int type) {
    return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : 2;
}

static int compare_strings(lua_State *L, int left, int right) {
    size_t left_bytes, right_bytes;
    const char *left_text = lua_tolstring(L, left, &left_bytes);
    const char *right_text = lua_tolstring(L, right, &right_bytes);
    int order = memcmp(left_text, right_text, left_bytes < right_bytes ? left_bytes : right_bytes);
    return order != 0 ? order : (left_bytes > right_bytes) - (left_bytes < right_bytes);
}

/* The fixed order of keys. Both indices absolute. */
static bool key_is_less(lua_State *L, int left, int right) {
    int left_type = lua_type(L, left), right_type = lua_type(L, right);
    if (left_type != right_type) {
        return rank(left_type) < rank(right_type);
    }
    switch (left_type) {
    case LUA_TNUMBER:
        return lua_compare(L, left, right, LUA_OPLT) != 0;
    case LUA_TSTRING:
        return compare_strings(L, left, right) < 0;
    default:
        return !lua_toboolean(L, left) && lua_toboolean(L, right);
    }
}

static void check_key(lua_State *L, int index) {
    int type = lua_type(L, index);
    if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TBOOLEAN) {
        luaL_error(L, "a table with a %s as key has no order to go through", lua_typename(L, type));
    }
}

/* Is the element at the top less than the one below it? Pops both. */
static bool top_is_less(lua_State *L, int comparator) {
    int top = lua_gettop(L);
    bool is_less;
    if (comparator == ORDER_OF_KEYS) {
        is_less = key_is_less(L, top, top - 1);
    } else if (comparator == ORDER_OF_VALUES) {
        is_less = lua_compare(L, top, top - 1, LUA_OPLT) != 0;
    } else {
        lua_pushvalue(L, comparator);
        lua_pushvalue(L, top);
        lua_pushvalue(L, top - 1);
        lua_call(L, 2, 1);
        is_less = lua_toboolean(L, -1) != 0;
    }
    lua_settop(L, top - 2);
    return is_less;
}

/* Merges from[left..middle) and from[middle..right) into `to`. */
static void merge(lua_State *L, int from, int to, lua_Integer left, lua_Integer middle, lua_Integer right,
                  int comparator) {
    lua_Integer first = left, second = middle;
    for (lua_Integer i = left; i < right; i++) {
        bool takes_second = first >= middle;
        if (first < middle && second < right) {
            lua_rawgeti(L, from, first);
            lua_rawgeti(L, from, second);
            takes_second = top_is_less(L, comparator);
        }
        lua_rawgeti(L, from, takes_second ? second++ : first++);
        lua_rawseti(L, to, i);
        sandbox_spend(L, STEPS_PER_MERGE);
    }
}

/* Merge sort: n log n whatever the comparator says, and stable. */
static void sort_list(lua_State *L, int index, lua_Integer count, int comparator) {
    int from = lua_absindex(L, index);
    lua_createtable(L, (int)count, 0);
    int to = lua_gettop(L), list = from;
    for (lua_Integer width = 1; width < count; width *= 2) {
        for (lua_Integer left = 1; left <= count; left += 2 * width) {
            lua_Integer middle = left + width < count + 1 ? left + width : count + 1;
            lua_Integer right = left + 2 * width < count + 1 ? left + 2 * width : count + 1;
            merge(L, from, to, left, middle, right, comparator);
        }
        int other = from;
        from = to;
        to = other;
    }
    if (from != list) {
        for (lua_Integer i = 1; i <= count; i++) {
            lua_rawgeti(L, from, i);
            lua_rawseti(L, list, i);
        }
    }
    lua_pop(L, 1);
}

lua_Integer library_push_keys(lua_State *L, int index) {
    int table = lua_absindex(L, index);
    lua_newtable(L);
    lua_Integer count = 0;
    for (lua_pushnil(L); lua_next(L, table);) {
        lua_pop(L, 1);
        check_key(L, -1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
        sandbox_spend(L, 1);
    }
    sort_list(L, -1, count, ORDER_OF_KEYS);
    return count;
}

/* ---- Basic functions ---- */

static int base_assert(lua_State *L) {
    luaL_checkany(L, 1);
    if (lua_toboolean(L, 1)) {
        return lua_gettop(L);
    }
    if (lua_gettop(L) == 1) {
        return luaL_error(L, "assertion failed!");
    }
    lua_settop(L, 2);
    return lua_error(L);
}

static int base_error(lua_State *L) {
    int level = (int)luaL_optinteger(L, 2, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
        luaL_where(L, level);
        lua_insert(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int ipairs_next(lua_State *L) {
    lua_Integer i = luaL_checkinteger(L, 2) + 1;
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushcfunction(L, ipairs_next);
    lua_insert(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* Upvalues: the sorted keys, how many, the next one's position. A key whose value has gone in the meantime is passed over. */
static int pairs_next(lua_State *L) {
    lua_Integer count = lua_tointeger(L, lua_upvalueindex(2));
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    luaL_checktype(L, 1, LUA_TTABLE);
    while (i < count) {
        lua_settop(L, 1);
        lua_rawgeti(L, lua_upvalueindex(1), ++i);
        lua_pushvalue(L, -1);
        sandbox_spend(L, 1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            lua_pushinteger(L, i);
            lua_replace(L, lua_upvalueindex(3));
            return 2;
        }
    }
    lua_pushinteger(L, count);
    lua_replace(L, lua_upvalueindex(3));
    lua_pushnil(L);
    return 1;
}

static int base_pairs(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_Integer count = library_push_keys(L, 1);
    lua_pushinteger(L, count);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, pairs_next, 3);
    lua_insert(L, 1);
    return 2;
}

/* The smallest key that is greater than the given one. */
static int base_next(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    bool is_first = lua_isnil(L, 2);
    if (!is_first) {
        check_key(L, 2);
    }
    lua_pushnil(L); /* 3: the best so far */
    for (lua_pushnil(L); lua_next(L, 1);) {
        lua_pop(L, 1);
        check_key(L, 4);
        sandbox_spend(L, 1);
        if ((is_first || key_is_less(L, 2, 4)) && (lua_isnil(L, 3) || key_is_less(L, 4, 3))) {
            lua_copy(L, 4, 3);
        }
    }
    if (lua_isnil(L, 3)) {
        return 1;
    }
    lua_pushvalue(L, 3);
    lua_rawget(L, 1);
    return 2;
}

/* An exhausted budget is not an error that a rule may catch. */
static int base_pcall(lua_State *L) {
    luaL_checkany(L, 1);
    int depth = sandbox_budget(L)->depth;
    enter(L);
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    sandbox_budget(L)->depth = depth;
    sandbox_spend(L, status == LUA_OK ? STEPS_PER_CALL : STEPS_PER_ERROR);
    lua_pushboolean(L, status == LUA_OK);
    lua_insert(L, 1);
    return lua_gettop(L);
}

static int base_select(lua_State *L) {
    int count = lua_gettop(L);
    sandbox_spend(L, (size_t)count);
    if (lua_type(L, 1) == LUA_TSTRING && *lua_tostring(L, 1) == '#') {
        lua_pushinteger(L, count - 1);
        return 1;
    }
    lua_Integer first = luaL_checkinteger(L, 1);
    first = first < 0 ? count + first : first > count ? count : first;
    luaL_argcheck(L, first >= 1, 1, "index out of range");
    return count - (int)first;
}

static int base_tonumber(lua_State *L) {
    luaL_checkany(L, 1);
    sandbox_spend(L, lua_type(L, 1) == LUA_TSTRING ? (size_t)lua_rawlen(L, 1) / BYTES_PER_STEP : 0);
    if (lua_isnoneornil(L, 2)) {
        size_t size_bytes;
        const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size_bytes) : NULL;
        if (lua_type(L, 1) == LUA_TNUMBER) {
            lua_settop(L, 1);
        } else if (text == NULL || lua_stringtonumber(L, text) != size_bytes + 1) {
            lua_pushnil(L);
        }
        return 1;
    }
    lua_Integer base = luaL_checkinteger(L, 2);
    luaL_checktype(L, 1, LUA_TSTRING);
    luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
    const char *text = lua_tostring(L, 1);
    text += strspn(text, " \f\n\r\t\v");
    bool is_negative = *text == '-';
    text += *text == '-' || *text == '+';
    lua_Unsigned number = 0;
    int digits = 0;
    for (;; text++, digits++) {
        int digit = *text >= '0' && *text <= '9'                     ? *text - '0'
                    : (*text | 0x20) >= 'a' && (*text | 0x20) <= 'z' ? (*text | 0x20) - 'a' + 10
                                                                     : 36;
        if (digit >= base) {
            break;
        }
        number = number * (lua_Unsigned)base + (lua_Unsigned)digit;
    }
    text += strspn(text, " \f\n\r\t\v");
    if (digits == 0 || text != lua_tostring(L, 1) + lua_rawlen(L, 1)) {
        lua_pushnil(L);
    } else {
        lua_pushinteger(L, (lua_Integer)(is_negative ? 0 - number : number));
    }
    return 1;
}

/* Without addresses, and with one name for all numbers that are none. */
static int base_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TNUMBER:
        if (lua_compare(L, 1, 1, LUA_OPEQ)) {
            lua_settop(L, 1);
            lua_tostring(L, 1);
        } else {
            lua_pushliteral(L, "nan");
        }
        return 1;
    case LUA_TSTRING:
        lua_settop(L, 1);
        return 1;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, 1) ? "true" : "false");
        return 1;
    default:
        lua_pushstring(L, luaL_typename(L, 1));
        return 1;
    }
}

static int base_type(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

/* ---- Functions of Lua's libraries, metered ---- */

/* Charges for left times right steps, so far as the budget goes. */
static void spend_product(lua_State *L, lua_Unsigned left, lua_Unsigned right) {
    lua_Unsigned limit = INT32_MAX;
    sandbox_spend(L, (size_t)(right > 0 && left > limit / right ? limit : left * right));
}

static void spend_on_strings(lua_State *L, int first) {
    int top = lua_gettop(L);
    size_t steps = STEPS_PER_CALL + (size_t)(top - first + 1);
    for (int i = first; i <= top; i++) {
        if (lua_type(L, i) == LUA_TSTRING) {
            steps += lua_rawlen(L, i) / BYTES_PER_STEP;
        }
    }
    sandbox_spend(L, steps);
}

/* Runs the C function in upvalue 1 in place of this one, so that its messages name it. Charges for all strings that go in and
 * come out, and for the list that it may go through. */
static int call_metered(lua_State *L) {
    spend_on_strings(L, 1);
    if (lua_istable(L, 1)) {
        spend_product(L, lua_rawlen(L, 1), 1);
    }
    int count = lua_tocfunction(L, lua_upvalueindex(1))(L);
    spend_on_strings(L, lua_gettop(L) - count + 1);
    return count > VALUE_LIMIT ? luaL_error(L, "more than %d values at once", VALUE_LIMIT) : count;
}

/* A plain find can compare at every place. */
static int call_find(lua_State *L) {
    if (lua_type(L, 1) == LUA_TSTRING && lua_type(L, 2) == LUA_TSTRING) {
        spend_product(L, lua_rawlen(L, 1) / 8, lua_rawlen(L, 2) / 8);
    }
    return call_metered(L);
}

/* The replacement is read once for every match, of which there can be one more than there are bytes. */
static int call_gsub(lua_State *L) {
    if (lua_type(L, 3) == LUA_TSTRING) {
        spend_product(L, lua_rawlen(L, 1) + 1, (lua_rawlen(L, 3) + BYTES_PER_STEP - 1) / BYTES_PER_STEP);
    }
    enter(L);
    int count = call_metered(L);
    leave(L);
    return count;
}

/* It goes through its loop also when there is nothing to repeat. */
static int call_rep(lua_State *L) {
    lua_Integer count = luaL_checkinteger(L, 2);
    if (count > 0) {
        spend_product(L, (lua_Unsigned)count, 1);
    }
    return call_metered(L);
}

/* Only values whose text is the same everywhere, and no %a, %p, %q. */
static int call_format(lua_State *L) {
    size_t size_bytes;
    const char *format = luaL_checklstring(L, 1, &size_bytes);
    const char *end = format + size_bytes;
    for (const char *at = format; (at = memchr(at, '%', (size_t)(end - at))) != NULL; at++) {
        sandbox_spend(L, STEPS_PER_CONVERSION);
        at += 1 + strspn(at + 1, "-+ #0123456789.");
        if (*at == '\0' || strchr("%diucsxXoeEfgG", *at) == NULL) {
            return luaL_error(L, "'%%%c' is not available in format", *at == '\0' ? ' ' : *at);
        }
    }
    for (int i = 2; i <= lua_gettop(L); i++) {
        int type = lua_type(L, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN && type != LUA_TNIL) {
            return luaL_argerror(L, i, "a table or function has no text");
        }
    }
    return call_metered(L);
}

static int table_sort(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Unsigned count = lua_rawlen(L, 1);
    bool has_comparator = !lua_isnoneornil(L, 2);
    if (has_comparator) {
        luaL_checktype(L, 2, LUA_TFUNCTION);
    }
    lua_settop(L, 2);
    spend_product(L, count, 1);
    sandbox_spend(L, STEPS_PER_CALL);
    enter(L);
    sort_list(L, 1, (lua_Integer)count, has_comparator ? 2 : ORDER_OF_VALUES);
    leave(L);
    return 0;
}

typedef struct Kept {
    const char *name;
    lua_CFunction run; /* NULL: keep the library's value as it is; else metered by this */
} Kept;

static const Kept kept_math[] = {
    {"abs", NULL},       {"ceil", NULL},       {"floor", NULL}, {"fmod", NULL},       {"huge", NULL},
    {"max", NULL},       {"maxinteger", NULL}, {"min", NULL},   {"mininteger", NULL}, {"sqrt", NULL},
    {"tointeger", NULL}, {"type", NULL},       {"ult", NULL},   {NULL, NULL},
};

static const Kept kept_string[] = {
    {"byte", call_metered},
    {"char", call_metered},
    {"find", call_find},
    {"format", call_format},
    {"gmatch", call_metered},
    {"gsub", call_gsub},
    {"len", NULL},
    {"lower", call_metered},
    {"match", call_metered},
    {"rep", call_rep},
    {"reverse", call_metered},
    {"sub", call_metered},
    {"upper", call_metered},
    {NULL, NULL},
};

static const Kept kept_table[] = {
    {"concat", call_metered}, {"insert", call_metered}, {"pack", call_metered},
    {"remove", call_metered}, {"unpack", call_metered}, {NULL, NULL},
};

static const Kept kept_utf8[] = {
    {"char", call_metered},
    {"charpattern", NULL},
    {"codepoint", call_metered},
    {"codes", call_metered},
    {"len", call_metered},
    {"offset", call_metered},
    {NULL, NULL},
};

static const luaL_Reg base_functions[] = {
    {"assert", base_assert},
    {"error", base_error},
    {"ipairs", base_ipairs},
    {"next", base_next},
    {"pairs", base_pairs},
    {"pcall", base_pcall},
    {"select", base_select},
    {"tonumber", base_tonumber},
    {"tostring", base_tostring},
    {"type", base_type},
    {NULL, NULL},
};

/* Pushes a new table with the kept part of the library. */
static void push_kept(lua_State *L, lua_CFunction open, const Kept *kept) {
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    lua_newtable(L);
    for (; kept->name != NULL; kept++) {
        lua_getfield(L, -2, kept->name);
        if (kept->run != NULL) {
            lua_pushcclosure(L, kept->run, 1);
        }
        lua_setfield(L, -2, kept->name);
    }
    lua_remove(L, -2);
}

/* Also makes the methods of strings (("x"):rep(3)) a table of their own, which no rule can reach to change it. */
static void push_string(lua_State *L) {
    push_kept(L, strings_open, kept_string);
    lua_pushliteral(L, "");
    push_kept(L, strings_open, kept_string);
    lua_getmetatable(L, -2);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 2);
}

void library_push(lua_State *L) {
    luaL_newlib(L, base_functions);
    push_kept(L, numbers_open, kept_math);
    lua_setfield(L, -2, "math");
    push_string(L);
    lua_setfield(L, -2, "string");
    push_kept(L, luaopen_table, kept_table);
    lua_pushcfunction(L, table_sort);
    lua_setfield(L, -2, "sort");
    lua_setfield(L, -2, "table");
    push_kept(L, luaopen_utf8, kept_utf8);
    lua_setfield(L, -2, "utf8");
}
