/*
 * JSON and Lua tables. Strict: RFC 8259, valid UTF-8, no key twice, nothing after the value. Lists become tables with a mark (a shared
 * metatable), so that an empty one is written as a list again. null becomes nil, so it stands in objects alone.
 * Numbers are whole; 2.0 and 1e3 are read as such. One text for every value: no spaces, keys in byte order, the shortest escapes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/inside.h"

enum { DEPTH_LIMIT = 32 };

#define INTEGER_LIMIT 9007199254740991LL /* 2^53 - 1: JavaScript's */
#define LIST_MARK "probity.list"

/* ---- Reading ---- */

typedef struct Reader {
    lua_State *L;
    const char *start, *at, *end;
    int depth;
} Reader;

static _Noreturn void fail(const Reader *reader, const char *problem) {
    luaL_error(reader->L, "JSON, byte %d: %s", (int)(reader->at - reader->start) + 1, problem);
    abort(); /* luaL_error does not return */
}

static void skip_space(Reader *reader) {
    while (reader->at < reader->end &&
           (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t')) {
        reader->at++;
    }
}

/* The next byte after space; 0 at the end. */
static char peek(Reader *reader) {
    skip_space(reader);
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool take(Reader *reader, char wanted) {
    if (peek(reader) != wanted || reader->at == reader->end) {
        return false;
    }
    reader->at++;
    return true;
}

static void expect(Reader *reader, char wanted, const char *problem) {
    if (!take(reader, wanted)) {
        fail(reader, problem);
    }
}

static size_t skip_digits(Reader *reader) {
    const char *first = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        reader->at++;
    }
    return (size_t)(reader->at - first);
}

static void push_number(Reader *reader) {
    const char *first = reader->at;
    bool is_fraction = false;
    reader->at += *reader->at == '-';
    const char *digits = reader->at;
    size_t count = skip_digits(reader);
    if (count == 0 || (count > 1 && *digits == '0')) {
        fail(reader, "a number is expected here");
    }
    if (reader->at < reader->end && *reader->at == '.') {
        reader->at++;
        is_fraction = true;
        if (skip_digits(reader) == 0) {
            fail(reader, "digits are expected after the point");
        }
    }
    if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
        reader->at++;
        is_fraction = true;
        reader->at += reader->at < reader->end && (*reader->at == '+' || *reader->at == '-');
        if (skip_digits(reader) == 0) {
            fail(reader, "digits are expected in the exponent");
        }
    }
    char text[64];
    size_t size = (size_t)(reader->at - first);
    if (size >= sizeof text) {
        fail(reader, "this number is too long");
    }
    memcpy(text, first, size);
    text[size] = '\0';
    double number = strtod(text, NULL);
    if (fabs(number) > (double)INTEGER_LIMIT) {
        fail(reader, "this number is too large");
    }
    if (is_fraction && number != floor(number)) {
        fail(reader, "numbers are whole here");
    }
    lua_pushinteger(reader->L, (lua_Integer)number);
}

static unsigned read_hex(Reader *reader) {
    unsigned code = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        char c = reader->at < reader->end ? *reader->at : '\0';
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            fail(reader, "four hexadecimal digits are expected after \\u");
        }
        code = code * 16 + (unsigned)digit;
    }
    return code;
}

static void add_character(luaL_Buffer *buffer, unsigned code) {
    if (code < 0x80) {
        luaL_addchar(buffer, (char)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    luaL_addchar(buffer, (char)(lead[more] | (code >> (6 * more))));
    while (more-- > 0) {
        luaL_addchar(buffer, (char)(0x80 | ((code >> (6 * more)) & 0x3F)));
    }
}

static void add_escape(Reader *reader, luaL_Buffer *buffer) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char name = reader->at < reader->end ? *reader->at : '\0';
    const char *found = name == '\0' ? NULL : strchr(names, name);
    if (found != NULL) {
        reader->at++;
        luaL_addchar(buffer, values[found - names]);
        return;
    }
    if (name != 'u') {
        fail(reader, "no such escape");
    }
    reader->at++;
    unsigned code = read_hex(reader);
    if (code >= 0xD800 && code < 0xDC00 && reader->end - reader->at >= 2 && reader->at[0] == '\\' &&
        reader->at[1] == 'u') {
        reader->at += 2;
        unsigned low = read_hex(reader);
        code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0xD800;
    }
    if (code >= 0xD800 && code < 0xE000) {
        fail(reader, "half of a surrogate pair");
    }
    add_character(buffer, code);
}

static void push_string(Reader *reader) {
    luaL_Buffer buffer;
    luaL_buffinit(reader->L, &buffer);
    reader->at++;
    for (;;) {
        const char *plain = reader->at;
        while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' &&
               (unsigned char)*reader->at >= 0x20) {
            size_t size = sandbox_character_size((const unsigned char *)reader->at, (size_t)(reader->end - reader->at));
            if (size == 0) {
                fail(reader, "this is not UTF-8");
            }
            reader->at += size;
        }
        luaL_addlstring(&buffer, plain, (size_t)(reader->at - plain));
        if (reader->at == reader->end) {
            fail(reader, "the text does not end");
        }
        char c = *reader->at;
        if (c != '"' && c != '\\') {
            fail(reader, "a control character in a text");
        }
        reader->at++;
        if (c == '"') {
            break;
        }
        add_escape(reader, &buffer);
    }
    luaL_pushresult(&buffer);
}

static void push_value(Reader *reader);

static void push_object(Reader *reader) {
    lua_State *L = reader->L;
    reader->at++;
    lua_newtable(L);
    if (take(reader, '}')) {
        return;
    }
    do {
        if (peek(reader) != '"') {
            fail(reader, "a name in quotes is expected here");
        }
        push_string(reader);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, -3) != LUA_TNIL) {
            fail(reader, "this name stands twice in one object");
        }
        lua_pop(L, 1);
        expect(reader, ':', "':' is expected here");
        push_value(reader);
        lua_rawset(L, -3);
    } while (take(reader, ','));
    expect(reader, '}', "',' or '}' is expected here");
}

static void push_list(Reader *reader) {
    lua_State *L = reader->L;
    reader->at++;
    lua_newtable(L);
    json_mark_list(L);
    if (take(reader, ']')) {
        return;
    }
    lua_Integer count = 0;
    do {
        push_value(reader);
        if (lua_isnil(L, -1)) {
            fail(reader, "null has no place in a list");
        }
        lua_rawseti(L, -2, ++count);
    } while (take(reader, ','));
    expect(reader, ']', "',' or ']' is expected here");
}

static bool take_word(Reader *reader, const char *word) {
    size_t size = strlen(word);
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0) {
        return false;
    }
    reader->at += size;
    return true;
}

static void push_value(Reader *reader) {
    lua_State *L = reader->L;
    if (++reader->depth > DEPTH_LIMIT) {
        fail(reader, "nested too deeply");
    }
    luaL_checkstack(L, 8, "JSON");
    char c = peek(reader);
    if (c == '{') {
        push_object(reader);
    } else if (c == '[') {
        push_list(reader);
    } else if (c == '"') {
        push_string(reader);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        push_number(reader);
    } else if (take_word(reader, "true") || take_word(reader, "false")) {
        lua_pushboolean(L, c == 't');
    } else if (take_word(reader, "null")) {
        lua_pushnil(L);
    } else {
        fail(reader, "a value is expected here");
    }
    reader->depth--;
}

void json_push(lua_State *L, const char *json, size_t size_bytes) {
    Reader reader = {.L = L, .start = json, .at = json, .end = json + size_bytes};
    push_value(&reader);
    skip_space(&reader);
    if (reader.at != reader.end) {
        fail(&reader, "something follows the value");
    }
}

void json_mark_list(lua_State *L) {
    luaL_newmetatable(L, LIST_MARK);
    lua_setmetatable(L, -2);
}

/* ---- Writing ---- */

static void put(lua_State *L, JsonText *out, const char *data, size_t size_bytes) {
    if (out->capacity_bytes - out->size_bytes < size_bytes + 1) {
        size_t capacity_bytes = (out->size_bytes + size_bytes + 512) * 2;
        char *grown = realloc(out->data, capacity_bytes);
        if (grown == NULL) {
            luaL_error(L, "not enough memory");
            return;
        }
        out->data = grown;
        out->capacity_bytes = capacity_bytes;
    }
    memcpy(out->data + out->size_bytes, data, size_bytes);
    out->size_bytes += size_bytes;
    out->data[out->size_bytes] = '\0';
}

static void put_text(lua_State *L, JsonText *out, const char *text) {
    put(L, out, text, strlen(text));
}

static void put_string(lua_State *L, JsonText *out, int index) {
    size_t size_bytes;
    const char *text = lua_tolstring(L, index, &size_bytes);
    const char *end = text + size_bytes;
    put(L, out, "\"", 1);
    while (text < end) {
        unsigned char c = (unsigned char)*text;
        size_t size = sandbox_character_size((const unsigned char *)text, (size_t)(end - text));
        if (size == 0) {
            luaL_error(L, "a text in the result is not UTF-8");
        } else if (c == '"' || c == '\\') {
            put(L, out, "\\", 1);
            put(L, out, text, 1);
        } else if (c == '\n' || c == '\t') {
            put_text(L, out, c == '\n' ? "\\n" : "\\t");
        } else if (c < 0x20) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", c);
            put_text(L, out, escape);
        } else {
            put(L, out, text, size);
        }
        text += size;
    }
    put(L, out, "\"", 1);
}

static void put_number(lua_State *L, JsonText *out, int index) {
    int is_whole;
    lua_Integer number = lua_tointegerx(L, index, &is_whole);
    if (!is_whole || number > INTEGER_LIMIT || number < -INTEGER_LIMIT) {
        luaL_error(L, "a number in the result is not whole, or too large");
    }
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    put_text(L, out, text);
}

static bool is_marked_list(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) {
        return false;
    }
    luaL_getmetatable(L, LIST_MARK);
    bool is_list = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return is_list;
}

static void put_value(lua_State *L, JsonText *out, int index, int depth);

static void put_table(lua_State *L, JsonText *out, int table, int depth) {
    lua_Integer count = library_push_keys(L, table);
    int keys = lua_gettop(L);
    bool is_list = is_marked_list(L, table) || (lua_rawgeti(L, keys, 1) == LUA_TNUMBER);
    lua_settop(L, keys);
    put(L, out, is_list ? "[" : "{", 1);
    for (lua_Integer i = 1; i <= count; i++) {
        if (i > 1) {
            put(L, out, ",", 1);
        }
        lua_rawgeti(L, keys, i);
        if (is_list && (!lua_isinteger(L, -1) || lua_tointeger(L, -1) != i)) {
            luaL_error(L, "a list in the result has gaps or names");
        } else if (!is_list && lua_type(L, -1) != LUA_TSTRING) {
            luaL_error(L, "a name in the result is not a text");
        }
        if (!is_list) {
            put_string(L, out, -1);
            put(L, out, ":", 1);
        }
        lua_rawget(L, table);
        put_value(L, out, lua_gettop(L), depth + 1);
        lua_settop(L, keys);
    }
    put(L, out, is_list ? "]" : "}", 1);
    lua_settop(L, keys - 1);
}

static void put_value(lua_State *L, JsonText *out, int index, int depth) {
    if (depth > DEPTH_LIMIT) {
        luaL_error(L, "the result is nested too deeply");
    }
    luaL_checkstack(L, 12, "JSON");
    switch (lua_type(L, index)) {
    case LUA_TTABLE:
        put_table(L, out, index, depth);
        break;
    case LUA_TSTRING:
        put_string(L, out, index);
        break;
    case LUA_TNUMBER:
        put_number(L, out, index);
        break;
    case LUA_TBOOLEAN:
        put_text(L, out, lua_toboolean(L, index) ? "true" : "false");
        break;
    case LUA_TNIL:
        put_text(L, out, "null");
        break;
    default:
        luaL_error(L, "a %s in the result", luaL_typename(L, index));
    }
}

void json_write(lua_State *L, int index, JsonText *out) {
    out->size_bytes = 0;
    put_value(L, out, lua_absindex(L, index), 1);
}
