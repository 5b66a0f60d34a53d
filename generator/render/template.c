/*
 * A layout becomes one Lua function. While the tags are translated, the HTML around them is followed closely enough to
 * know where each value stands, so that every value is escaped for its place, and a value where no escaping can help is
 * refused.
 *
 * One line of Lua for each line of the layout; an included file's lines are put in, and `origins` tells whose line each
 * one is.
 */
#include "render/internal.h"

#include <stdlib.h>
#include <string.h>

enum { INCLUDE_DEPTH_LIMIT = 12, BLOCK_DEPTH_LIMIT = 32 };

typedef struct Block {
    char kind; /* i: if, f: for */
    HtmlPlace place;
    uint32_t line;
} Block;

typedef struct Compiler {
    Arena *arena;
    const Layouts *layouts;
    const Messages *messages;
    Diagnostics *diagnostics;
    Buffer lua, literal;
    TemplateOrigin *origins;
    size_t line_count, line_capacity;
    HtmlPlace place;
    Block blocks[BLOCK_DEPTH_LIMIT];
    int block_depth, include_depth;
    const LayoutFile *file;
    uint32_t line; /* of the tag that is being read */
    bool failed;
} Compiler;

static void compile_file(Compiler *compiler, const LayoutFile *file);

static void complain(Compiler *compiler, const char *message, Text about) {
    Text whole = about.size ? text_format(compiler->arena, "%s: %.*s", message, TEXT_ARG(about)) : text_from(message);
    diagnostics_add(compiler->diagnostics, DIAGNOSTIC_LAYOUT_SYNTAX, compiler->file->path, (Place){compiler->line, 0},
                    whole.data);
    compiler->failed = true;
}

/* ---- Writing Lua ---- */

static void add_origin(Compiler *compiler, uint32_t line) {
    if (compiler->line_count == compiler->line_capacity) {
        size_t capacity = compiler->line_capacity ? compiler->line_capacity * 2 : 256;
        TemplateOrigin *grown = arena_new(compiler->arena, TemplateOrigin, capacity);
        if (compiler->line_count)
            memcpy(grown, compiler->origins, compiler->line_count * sizeof *grown);
        compiler->origins = grown;
        compiler->line_capacity = capacity;
    }
    uint32_t file = (uint32_t)(compiler->file - compiler->layouts->files);
    compiler->origins[compiler->line_count++] = (TemplateOrigin){file, line};
}

static void new_line(Compiler *compiler, uint32_t line) {
    buffer_put_char(&compiler->lua, '\n');
    add_origin(compiler, line);
}

static void put_lua_string(Buffer *lua, Text text) {
    buffer_put_char(lua, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '\n')
            buffer_put_literal(lua, "\\n");
        else if (c == '"' || c == '\\' || c < 0x20)
            buffer_format(lua, "\\%03u", c);
        else
            buffer_put_char(lua, (char)c);
    }
    buffer_put_char(lua, '"');
}

/* Literal HTML waits until the next value and is written by the same call. */
static void put_literal_argument(Compiler *compiler) {
    put_lua_string(&compiler->lua, buffer_text(&compiler->literal));
    buffer_clear(&compiler->literal);
}

static void flush_literal(Compiler *compiler) {
    if (!compiler->literal.size)
        return;
    buffer_put_literal(&compiler->lua, " _p(");
    put_literal_argument(compiler);
    buffer_put_char(&compiler->lua, ')');
}

/* ---- Expressions ---- */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The next token of `text` from *at: a path of names, a number, a string, or an operator. Empty at the end. */
static Text next_token(Text text, size_t *at) {
    size_t i = *at;
    while (i < text.size && (text.data[i] == ' ' || text.data[i] == '\t' || text.data[i] == '\n'))
        i++;
    size_t start = i;
    if (i >= text.size) {
        *at = i;
        return (Text){"", 0};
    }
    char c = text.data[i];
    if (is_letter(c)) {
        while (i < text.size && (is_letter(text.data[i]) || is_digit(text.data[i]) || text.data[i] == '_' ||
                                 (text.data[i] == '.' && i + 1 < text.size && is_letter(text.data[i + 1]))))
            i++;
    } else if (is_digit(c)) {
        while (i < text.size && is_digit(text.data[i]))
            i++;
    } else if (c == '"') {
        i = text_find(text, '"', i + 1);
        i = i < text.size ? i + 1 : i;
    } else {
        i += i + 1 < text.size && text.data[i + 1] == '=' ? 2 : 1;
    }
    *at = i;
    return text_slice(text, start, i);
}

static bool is_word(Text token, const char *const *words) {
    for (; *words; words++)
        if (text_equal(token, text_from(*words)))
            return true;
    return false;
}

static bool is_operand(Text token) {
    static const char *const reserved[] = {"and",    "or",     "not",      "break", "do",    "else", "elseif",
                                           "end",    "for",    "function", "goto",  "if",    "in",   "local",
                                           "repeat", "return", "then",     "until", "while", NULL};
    if (!token.size)
        return false;
    if (token.data[0] == '"')
        return token.size >= 2 && token.data[token.size - 1] == '"' && text_find(token, '\\', 0) == token.size &&
               text_find(token, '\n', 0) == token.size;
    if (is_digit(token.data[0]))
        return token.size < 10;
    if (!is_letter(token.data[0]) || is_word(token, reserved))
        return false;
    /* No part of a path may be a word of Lua's. */
    for (size_t from = 0; from < token.size;) {
        size_t dot = text_find(token, '.', from);
        if (is_word(text_slice(token, from, dot), reserved))
            return false;
        from = dot + 1;
    }
    return true;
}

/*
 * Operands and operators in turn; everything else (calls, tables, assignments) is refused here, the rest by Lua's
 * parser.
 */
static void put_expression(Compiler *compiler, Text expression) {
    static const char *const binary[] = {"and", "or", "==", "~=", "<", ">", "<=", ">=", NULL};
    Buffer *lua = &compiler->lua;
    size_t at = 0;
    int parentheses = 0;
    bool wants_operand = true;
    for (Text token = next_token(expression, &at); token.size; token = next_token(expression, &at)) {
        bool is_good;
        if (wants_operand && (text_equal(token, TEXT("not")) || text_equal(token, TEXT("#")))) {
            is_good = true;
        } else if (wants_operand && text_equal(token, TEXT("("))) {
            parentheses++;
            is_good = true;
        } else if (wants_operand) {
            is_good = is_operand(token);
            wants_operand = false;
        } else if (text_equal(token, TEXT(")"))) {
            is_good = parentheses-- > 0;
        } else {
            is_good = is_word(token, binary);
            wants_operand = true;
        }
        if (!is_good) {
            complain(compiler, "this cannot stand in an expression", token);
            return;
        }
        buffer_put_char(lua, ' ');
        buffer_put_text(lua, token);
    }
    if (wants_operand || parentheses)
        complain(compiler, "the expression is not complete", text_trim(expression));
}

/* ---- Values: {{ … }} ---- */

static void put_arguments(Compiler *compiler, Text text, size_t at) {
    for (Text token = next_token(text, &at); token.size; token = next_token(text, &at)) {
        if (!is_operand(token)) {
            complain(compiler, "an argument is a name, a number or a string", token);
            return;
        }
        buffer_put_char(&compiler->lua, ',');
        buffer_put_text(&compiler->lua, token);
    }
}

static void put_word_call(Compiler *compiler, Text tag, size_t at) {
    Text key = next_token(tag, &at);
    if (!is_operand(key) || key.data[0] != '"') {
        complain(compiler, "t wants a key between quotation marks", key);
        return;
    }
    Text name = text_slice(key, 1, key.size - 1);
    if (compiler->messages && compiler->messages->count && !messages_find(compiler->messages, name).size) {
        complain(compiler, "there is no such message", name);
        return;
    }
    buffer_put_literal(&compiler->lua, " _t(");
    put_literal_argument(compiler);
    buffer_put_char(&compiler->lua, ',');
    buffer_put_text(&compiler->lua, key);
    put_arguments(compiler, tag, at);
    buffer_put_char(&compiler->lua, ')');
}

static void compile_value(Compiler *compiler, Text tag) {
    const HtmlPlace *place = &compiler->place;
    if (place->state != HTML_TEXT && place->state != HTML_VALUE && place->state != HTML_RAW) {
        complain(compiler, "a value may stand in text or in a quoted attribute alone", tag);
        return;
    }
    size_t at = 0;
    Text first = next_token(tag, &at);
    const char *function = place->state == HTML_TEXT  ? "_e"
                           : place->state == HTML_RAW ? "_h"
                           : !place->is_address       ? "_a"
                           : place->has_begun         ? "_v"
                                                      : "_u";
    if (place->state != HTML_RAW && text_equal(first, TEXT("t"))) {
        put_word_call(compiler, tag, at);
    } else {
        bool is_formatted =
            place->state != HTML_RAW && (text_equal(first, TEXT("number")) || text_equal(first, TEXT("date")));
        if (is_formatted)
            function = text_equal(first, TEXT("number")) ? "_n" : "_d";
        buffer_format(&compiler->lua, " %s(", function);
        put_literal_argument(compiler);
        buffer_put_char(&compiler->lua, ',');
        put_expression(compiler, is_formatted ? text_slice(tag, at, tag.size) : tag);
        buffer_put_char(&compiler->lua, ')');
    }
    compiler->place.has_begun = true;
}

/* ---- Tags: {% … %} ---- */

static void block_open(Compiler *compiler, char kind) {
    if (compiler->block_depth == BLOCK_DEPTH_LIMIT) {
        complain(compiler, "blocks are nested too deeply", (Text){"", 0});
        return;
    }
    compiler->blocks[compiler->block_depth++] = (Block){kind, compiler->place, compiler->line};
}

/* Whatever branch is taken, the HTML after it must be at the same place. */
static bool block_matches(Compiler *compiler, Text tag) {
    if (!compiler->block_depth) {
        complain(compiler, "nothing is open here", tag);
        return false;
    }
    if (!place_equal(&compiler->place, &compiler->blocks[compiler->block_depth - 1].place)) {
        complain(compiler, "the HTML is at another place here than where the block began", tag);
        return false;
    }
    return true;
}

static void compile_for(Compiler *compiler, Text tag, size_t at) {
    Text name = next_token(tag, &at);
    Text in = next_token(tag, &at);
    if (!is_operand(name) || !is_letter(name.data[0]) || text_find(name, '.', 0) < name.size ||
        !text_equal(in, TEXT("in"))) {
        complain(compiler, "a loop is written: for item in list", tag);
        return;
    }
    buffer_format(&compiler->lua, " for _,%.*s in _i,", TEXT_ARG(name));
    put_expression(compiler, text_slice(tag, at, tag.size));
    buffer_put_literal(&compiler->lua, ",0 do");
    block_open(compiler, 'f');
}

static void compile_include(Compiler *compiler, Text tag, size_t at) {
    Text name = next_token(tag, &at);
    if (!is_operand(name) || name.data[0] != '"' || next_token(tag, &at).size) {
        complain(compiler, "include wants the name of a file between quotation marks", tag);
        return;
    }
    name = text_slice(name, 1, name.size - 1);
    Text folder = text_slice(compiler->file->name, 0, text_find(compiler->file->name, '/', 0));
    LayoutFile *included =
        layouts_find(compiler->layouts, text_format(compiler->arena, "%.*s/%.*s", TEXT_ARG(folder), TEXT_ARG(name)));
    if (!included) {
        diagnostics_add(compiler->diagnostics, DIAGNOSTIC_LAYOUT_MISSING, compiler->file->path,
                        (Place){compiler->line, 0}, text_copy(compiler->arena, name).data);
        compiler->failed = true;
        return;
    }
    if (compiler->include_depth == INCLUDE_DEPTH_LIMIT) {
        complain(compiler, "files include each other too deeply; perhaps in a circle", name);
        return;
    }
    const LayoutFile *outer = compiler->file;
    uint32_t line = compiler->line;
    compiler->include_depth++;
    new_line(compiler, 1);
    compiler->origins[compiler->line_count - 1].file = (uint32_t)(included - compiler->layouts->files);
    buffer_put_literal(&compiler->lua, " do");
    compile_file(compiler, included);
    flush_literal(compiler);
    buffer_put_literal(&compiler->lua, " end");
    compiler->include_depth--;
    compiler->file = outer;
    compiler->line = line;
    new_line(compiler, line);
}

static void compile_tag(Compiler *compiler, Text tag) {
    size_t at = 0;
    Text word = next_token(tag, &at);
    Buffer *lua = &compiler->lua;
    flush_literal(compiler);
    place_end_name(&compiler->place);
    if (text_equal(word, TEXT("if"))) {
        buffer_put_literal(lua, " if");
        put_expression(compiler, text_slice(tag, at, tag.size));
        buffer_put_literal(lua, " then");
        block_open(compiler, 'i');
    } else if (text_equal(word, TEXT("elseif"))) {
        if (!block_matches(compiler, tag))
            return;
        buffer_put_literal(lua, " elseif");
        put_expression(compiler, text_slice(tag, at, tag.size));
        buffer_put_literal(lua, " then");
    } else if (text_equal(word, TEXT("else"))) {
        if (!block_matches(compiler, tag))
            return;
        buffer_put_literal(lua, " else");
    } else if (text_equal(word, TEXT("end"))) {
        if (!block_matches(compiler, tag))
            return;
        compiler->block_depth--;
        buffer_put_literal(lua, " end");
    } else if (text_equal(word, TEXT("for"))) {
        compile_for(compiler, tag, at);
    } else if (text_equal(word, TEXT("include"))) {
        compile_include(compiler, tag, at);
    } else {
        complain(compiler, "there is no such tag", tag);
    }
}

/* ---- Files ---- */

/*
 * A tag that has a line to itself takes the line with it: how far back the line's indentation is in `literal`, or -1.
 */
static ptrdiff_t standing_alone(const Buffer *literal, Text text, size_t open, size_t after) {
    size_t start = open;
    while (start > 0 && (text.data[start - 1] == ' ' || text.data[start - 1] == '\t'))
        start--;
    if (start > 0 && text.data[start - 1] != '\n')
        return -1;
    while (after < text.size && (text.data[after] == ' ' || text.data[after] == '\t'))
        after++;
    if (after < text.size && text.data[after] != '\n')
        return -1;
    size_t indentation = open - start;
    return indentation <= literal->size ? (ptrdiff_t)indentation : -1;
}

static size_t find_close(Text text, size_t from, char kind) {
    for (size_t i = from; i + 1 < text.size; i++)
        if (text.data[i] == kind && text.data[i + 1] == '}')
            return i;
    return text.size;
}

static void compile_file(Compiler *compiler, const LayoutFile *file) {
    Text text = file->bytes;
    uint32_t line = 1;
    int depth = compiler->block_depth;
    HtmlPlace place = compiler->place;
    compiler->file = file;
    for (size_t at = 0; at < text.size && !compiler->failed;) {
        char c = text.data[at], next = at + 1 < text.size ? text.data[at + 1] : 0;
        compiler->line = line;
        if (c != '{' || (next != '{' && next != '%' && next != '#')) {
            place_follow(&compiler->place, text.data, at, text.size);
            buffer_put_char(&compiler->literal, c);
            if (c == '\n') {
                line++;
                new_line(compiler, line);
            }
            at++;
            continue;
        }
        size_t close = find_close(text, at + 2, next == '{' ? '}' : next);
        if (close == text.size) {
            complain(compiler, "the tag is not closed", text_slice(text, at, text_find(text, '\n', at)));
            return;
        }
        size_t after = close + 2;
        Text inside = text_slice(text, at + 2, close);
        ptrdiff_t indentation = next == '{' ? -1 : standing_alone(&compiler->literal, text, at, after);
        if (indentation >= 0) {
            compiler->literal.size -= (size_t)indentation;
            after = text_find(text, '\n', after);
            after = after < text.size ? after + 1 : after;
        }
        if (next == '{')
            compile_value(compiler, text_trim(inside));
        else if (next == '%')
            compile_tag(compiler, text_trim(inside));
        for (size_t i = at; i < after; i++) {
            if (text.data[i] == '\n') {
                line++;
                new_line(compiler, line);
            }
        }
        at = after;
    }
    if (compiler->failed)
        return;
    if (compiler->block_depth > depth) {
        compiler->line = compiler->blocks[compiler->block_depth - 1].line;
        complain(compiler, "this block has no end", (Text){"", 0});
    } else if (!place_equal(&place, &compiler->place)) {
        complain(compiler, "the file ends inside a tag", (Text){"", 0});
    }
}

static bool is_lua(const LayoutFile *file, const Layouts *layouts, Diagnostics *diagnostics) {
    lua_State *lua = luaL_newstate();
    if (!lua)
        memory_exhausted();
    bool good = luaL_loadbufferx(lua, file->lua.data, file->lua.size, "=layout", "t") == LUA_OK;
    if (!good)
        template_report(layouts, file, DIAGNOSTIC_LAYOUT_SYNTAX, lua_tostring(lua, -1), diagnostics);
    lua_close(lua);
    return good;
}

bool template_compile(Arena *arena, const Layouts *layouts, LayoutFile *file, const Messages *messages,
                      Diagnostics *diagnostics) {
    Compiler compiler = {
        .arena = arena, .layouts = layouts, .messages = messages, .diagnostics = diagnostics, .file = file};
    compiler.place.state = HTML_TEXT;
    add_origin(&compiler, 1);
    buffer_put_literal(&compiler.lua, "local _p,_e,_h,_a,_u,_v,_t,_n,_d,_i=... return function(_ENV)");
    compile_file(&compiler, file);
    flush_literal(&compiler);
    buffer_put_literal(&compiler.lua, " end");
    if (!compiler.failed) {
        file->lua = text_copy(arena, buffer_text(&compiler.lua));
        file->origins = compiler.origins;
        file->line_count = compiler.line_count;
        compiler.failed = !is_lua(file, layouts, diagnostics);
    }
    buffer_free(&compiler.lua);
    buffer_free(&compiler.literal);
    return !compiler.failed;
}

void template_report(const Layouts *layouts, const LayoutFile *file, DiagnosticCode code, const char *lua_message,
                     Diagnostics *diagnostics) {
    const char *message = lua_message ? lua_message : "unknown";
    const char *colon = strchr(message, ':');
    Text path = file->path;
    Place place = {0, 0};
    if (strncmp(message, "layout:", 7) == 0 && colon) {
        size_t line = strtoul(colon + 1, NULL, 10);
        const char *rest = strchr(colon + 1, ':');
        if (line >= 1 && line <= file->line_count && rest) {
            TemplateOrigin origin = file->origins[line - 1];
            path = layouts->files[origin.file].path;
            place.line = origin.line;
            message = rest[1] == ' ' ? rest + 2 : rest + 1;
        }
    }
    diagnostics_add(diagnostics, code, path, place, message);
}
