/*
 * Runs layouts. One Lua state for each renderer; a layout's only names are those of its view, and it can call nothing
 * but the functions below. Its loops run over finite lists and there are no other jumps backwards, so it ends; counting
 * the rounds of its loops bounds how late.
 */
#include "render/internal.h"

#include <stdlib.h>
#include <string.h>

static const size_t step_limit = 5000000;
static const size_t memory_limit_bytes = (size_t)128 << 20;
static const size_t output_limit_bytes = (size_t)256 << 20;

static Renderer *renderer_of(lua_State *lua) {
    return *(Renderer **)lua_getextraspace(lua);
}

static void *allocate(void *context, void *block, size_t old_size, size_t size) {
    Renderer *renderer = context;
    if (!block)
        old_size = 0; /* then it tells a kind of object */
    if (!size) {
        free(block);
        renderer->memory_bytes -= old_size;
        return NULL;
    }
    if (size > old_size && renderer->memory_bytes + (size - old_size) > memory_limit_bytes)
        return NULL;
    void *moved = realloc(block, size);
    if (moved)
        renderer->memory_bytes += size - old_size;
    return moved;
}

/* ---- What a layout's tags call. The first argument is the literal HTML before the value. ---- */

static Buffer *put_literal(lua_State *lua) {
    Buffer *out = renderer_of(lua)->out;
    size_t size;
    const char *literal = lua_tolstring(lua, 1, &size);
    buffer_put(out, literal, size);
    return out;
}

/* An empty text is false, and writes nothing; what the view does not have is a mistake of the layout's. */
static int no_value(lua_State *lua) {
    if (lua_isboolean(lua, 2) && !lua_toboolean(lua, 2))
        return 0;
    return luaL_error(lua, "there is no value to write here (%s)", luaL_typename(lua, 2));
}

static Text text_at(lua_State *lua, int index) {
    Text text;
    text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

static int call_literal(lua_State *lua) {
    put_literal(lua);
    return 0;
}

static int call_text(lua_State *lua) {
    Buffer *out = put_literal(lua);
    switch (lua_type(lua, 2)) {
    case LUA_TSTRING:
        buffer_put_html(out, text_at(lua, 2));
        return 0;
    case LUA_TNUMBER:
        buffer_put_number(out, lua_tointeger(lua, 2));
        return 0;
    case LUA_TUSERDATA:
        buffer_put_text(out, *(const Text *)lua_touserdata(lua, 2));
        return 0;
    default:
        return no_value(lua);
    }
}

static int call_html(lua_State *lua) {
    if (lua_type(lua, 2) == LUA_TSTRING)
        return luaL_error(lua, "a text cannot stand in a script or a style sheet");
    return call_text(lua);
}

static int call_attribute(lua_State *lua) {
    if (lua_type(lua, 2) == LUA_TUSERDATA)
        return luaL_error(lua, "HTML cannot stand in an attribute");
    return call_text(lua);
}

static int call_address(lua_State *lua) {
    Buffer *out = put_literal(lua);
    if (lua_type(lua, 2) != LUA_TSTRING)
        return no_value(lua);
    Text url = text_at(lua, 2);
    if (!url_is_safe(url))
        return luaL_error(lua, "\"%s\" is not a safe address", url.data);
    buffer_put_url(out, url);
    return 0;
}

static int call_address_rest(lua_State *lua) {
    Buffer *out = put_literal(lua);
    if (lua_type(lua, 2) == LUA_TNUMBER)
        buffer_put_number(out, lua_tointeger(lua, 2));
    else if (lua_type(lua, 2) == LUA_TSTRING)
        buffer_put_url(out, text_at(lua, 2));
    else
        return no_value(lua);
    return 0;
}

static int call_word(lua_State *lua) {
    Renderer *renderer = renderer_of(lua);
    Buffer *out = put_literal(lua);
    WordArgument arguments[WORD_ARGUMENT_LIMIT] = {0};
    int count = lua_gettop(lua) - 2;
    if (count > WORD_ARGUMENT_LIMIT)
        return luaL_error(lua, "a message takes at most %d arguments", WORD_ARGUMENT_LIMIT);
    for (int i = 0; i < count; i++) {
        switch (lua_type(lua, i + 3)) {
        case LUA_TNUMBER:
            arguments[i] = (WordArgument){.is_number = true, .number = lua_tointeger(lua, i + 3)};
            break;
        case LUA_TSTRING:
            arguments[i] = (WordArgument){.text = text_at(lua, i + 3)};
            break;
        case LUA_TBOOLEAN:
            break; /* an empty text */
        default:
            return luaL_error(lua, "argument %d of this message has no value", i + 1);
        }
    }
    buffer_clear(&renderer->word);
    words_put(renderer->words, &renderer->word, renderer->language, text_at(lua, 2), arguments, (size_t)count);
    buffer_put_html(out, buffer_text(&renderer->word));
    return 0;
}

static int call_number(lua_State *lua) {
    Buffer *out = put_literal(lua);
    if (!lua_isnumber(lua, 2))
        return no_value(lua);
    render_number(renderer_of(lua), out, renderer_of(lua)->language, text_at(lua, 2));
    return 0;
}

static int call_date(lua_State *lua) {
    Buffer *out = put_literal(lua);
    if (lua_type(lua, 2) != LUA_TSTRING)
        return no_value(lua);
    render_date(renderer_of(lua), out, renderer_of(lua)->language, text_at(lua, 2));
    return 0;
}

/* The step of a loop: list, index before; index, item. */
static int call_iterate(lua_State *lua) {
    Renderer *renderer = renderer_of(lua);
    if (lua_type(lua, 1) != LUA_TTABLE)
        return luaL_error(lua, "there is no list to go through here (%s)", luaL_typename(lua, 1));
    if (!renderer->steps_left || renderer->out->size > output_limit_bytes)
        return luaL_error(lua, "the layout does not come to an end");
    renderer->steps_left--;
    lua_Integer index = lua_tointeger(lua, 2) + 1;
    lua_pushinteger(lua, index);
    if (lua_rawgeti(lua, 1, index) == LUA_TNIL)
        return 1; /* nil ends the loop */
    return 2;
}

static const lua_CFunction functions[] = {call_literal,      call_text, call_html,   call_attribute, call_address,
                                          call_address_rest, call_word, call_number, call_date,      call_iterate};

enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

/* ---- The state ---- */

bool layout_state_open(Renderer *renderer) {
    renderer->lua = lua_newstate(allocate, renderer);
    if (!renderer->lua)
        memory_exhausted();
    *(Renderer **)lua_getextraspace(renderer->lua) = renderer;
    renderer->layout_refs = arena_new(&renderer->arena, int, renderer->layouts->file_count + 1);
    for (size_t i = 0; i < renderer->layouts->file_count; i++)
        renderer->layout_refs[i] = LUA_NOREF;
    return true;
}

void layout_state_close(Renderer *renderer) {
    if (renderer->lua)
        lua_close(renderer->lua);
}

void layout_push_html(lua_State *lua, Text xhtml) {
    *(Text *)lua_newuserdatauv(lua, sizeof(Text), 0) = xhtml;
}

void layout_push_text(lua_State *lua, Text text) {
    if (text.size)
        lua_pushlstring(lua, text.data, text.size);
    else
        lua_pushboolean(lua, false);
}

void layout_set_text(lua_State *lua, const char *key, Text value) {
    layout_push_text(lua, value);
    lua_setfield(lua, -2, key);
}

static int *reference_of(const Renderer *renderer, const LayoutFile *file) {
    return &renderer->layout_refs[file - renderer->layouts->files];
}

/* Leaves the layout's function on the stack. */
static void push_function(lua_State *lua, Renderer *renderer, const LayoutFile *file) {
    int *reference = reference_of(renderer, file);
    if (*reference == LUA_NOREF) {
        if (luaL_loadbufferx(lua, file->lua.data, file->lua.size, "=layout", "t") != LUA_OK)
            lua_error(lua);
        for (int i = 0; i < FUNCTION_COUNT; i++)
            lua_pushcfunction(lua, functions[i]);
        lua_call(lua, FUNCTION_COUNT, 1);
        *reference = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, *reference);
}

typedef struct Run {
    Renderer *renderer;
    const LayoutFile *file;
    ViewFunction push_view;
    const void *subject;
} Run;

static int run_protected(lua_State *lua) {
    const Run *run = lua_touserdata(lua, 1);
    push_function(lua, run->renderer, run->file);
    run->push_view(run->renderer, run->subject);
    lua_call(lua, 1, 0);
    return 0;
}

bool layout_run(Renderer *renderer, Buffer *out, const char *name, Language language, ViewFunction push_view,
                const void *subject) {
    lua_State *lua = renderer->lua;
    LayoutFile *file = layouts_find(renderer->layouts, text_from(name));
    if (!file || !file->is_template) {
        diagnostics_add(renderer->diagnostics, DIAGNOSTIC_LAYOUT_MISSING, renderer->site->layouts_folder, (Place){0, 0},
                        name);
        return false;
    }
    if (*reference_of(renderer, file) == LUA_NOREF && !layouts_compile(renderer->layouts, file, renderer->diagnostics))
        return false;
    renderer->out = out;
    renderer->language = language;
    renderer->steps_left = step_limit;
    Run run = {renderer, file, push_view, subject};
    lua_pushcfunction(lua, run_protected);
    lua_pushlightuserdata(lua, &run);
    int status = lua_pcall(lua, 1, 0, 0);
    if (status != LUA_OK) {
        template_report(renderer->layouts, file, DIAGNOSTIC_LAYOUT_RUN, lua_tostring(lua, -1), renderer->diagnostics);
        lua_pop(lua, 1);
    }
    return status == LUA_OK;
}

static void push_given_view(Renderer *renderer, const void *view) {
    lua_State *lua = renderer->lua;
    lua_newtable(lua);
    page_set_common(renderer, renderer->language);
    view_fill(lua, view);
}

bool render_layout(Renderer *renderer, Buffer *out, const char *layout, Language language, const View *view) {
    return layout_run(renderer, out, layout, language, push_given_view, view);
}

/* ---- Renderer ---- */

Renderer *renderer_open(const Site *site, Layouts *layouts, Diagnostics *diagnostics) {
    Renderer *renderer = calloc(1, sizeof *renderer);
    if (!renderer)
        memory_exhausted();
    renderer->site = site;
    renderer->layouts = layouts;
    renderer->diagnostics = diagnostics;
    renderer->words = words_open(site);
    layout_state_open(renderer);
    page_cache_open(renderer);
    return renderer;
}

void renderer_close(Renderer *renderer) {
    if (!renderer)
        return;
    layout_state_close(renderer);
    words_close(renderer->words);
    buffer_free(&renderer->word);
    buffer_free(&renderer->body);
    buffer_free(&renderer->plain);
    arena_free(&renderer->scratch);
    arena_free(&renderer->arena);
    free(renderer);
}
