/* What C gives to a layout: a tree of named values, made into Lua tables when the layout runs. */
#include "render/internal.h"

typedef enum ValueKind { VALUE_TEXT, VALUE_HTML, VALUE_NUMBER, VALUE_FLAG, VALUE_VIEW, VALUE_LIST } ValueKind;

typedef struct Value Value;

struct Value {
    ValueKind kind;
    const char *key; /* the caller's, a literal */
    Text text;
    int64_t number;
    View *view; /* a view, or the first of a list */
    View *last; /* of a list */
    Value *next;
};

struct View {
    Arena *arena;
    Value *first, *last;
    View *next; /* in a list */
};

View *view_new(Arena *arena) {
    View *view = arena_new(arena, View, 1);
    view->arena = arena;
    return view;
}

static Value *add_value(View *view, const char *key, ValueKind kind) {
    Value *value = arena_new(view->arena, Value, 1);
    value->kind = kind;
    value->key = key;
    if (view->last)
        view->last->next = value;
    else
        view->first = value;
    view->last = value;
    return value;
}

void view_set_text(View *view, const char *key, Text text) {
    add_value(view, key, VALUE_TEXT)->text = text;
}

void view_set_html(View *view, const char *key, Text xhtml) {
    add_value(view, key, VALUE_HTML)->text = xhtml;
}

void view_set_number(View *view, const char *key, int64_t number) {
    add_value(view, key, VALUE_NUMBER)->number = number;
}

void view_set_flag(View *view, const char *key, bool flag) {
    add_value(view, key, VALUE_FLAG)->number = flag;
}

View *view_set_view(View *view, const char *key) {
    return add_value(view, key, VALUE_VIEW)->view = view_new(view->arena);
}

static Value *find_list(View *view, const char *key) {
    for (Value *value = view->first; value; value = value->next)
        if (value->kind == VALUE_LIST && text_equal(text_from(value->key), text_from(key)))
            return value;
    return add_value(view, key, VALUE_LIST);
}

void view_begin_list(View *view, const char *key) {
    find_list(view, key);
}

View *view_append_view(View *view, const char *key) {
    Value *list = find_list(view, key);
    View *entry = view_new(view->arena);
    if (list->last)
        list->last->next = entry;
    else
        list->view = entry;
    list->last = entry;
    return entry;
}

static void push_value(lua_State *lua, const Value *value);

/* Views are as deep as C code nests them, never as deep as content. */
void view_fill(lua_State *lua, const View *view) {
    luaL_checkstack(lua, 8, "view");
    for (const Value *value = view->first; value; value = value->next) {
        push_value(lua, value);
        lua_setfield(lua, -2, value->key);
    }
}

static void push_value(lua_State *lua, const Value *value) {
    switch (value->kind) {
    case VALUE_TEXT:
        layout_push_text(lua, value->text);
        break;
    case VALUE_HTML:
        layout_push_html(lua, value->text);
        break;
    case VALUE_NUMBER:
        lua_pushinteger(lua, value->number);
        break;
    case VALUE_FLAG:
        lua_pushboolean(lua, value->number != 0);
        break;
    case VALUE_VIEW:
        lua_newtable(lua);
        view_fill(lua, value->view);
        break;
    case VALUE_LIST: {
        lua_newtable(lua);
        lua_Integer index = 1;
        for (const View *entry = value->view; entry; entry = entry->next) {
            lua_newtable(lua);
            view_fill(lua, entry);
            lua_rawseti(lua, -2, index++);
        }
        break;
    }
    }
}
