/*
 * Looks through a rules.lua for the two things of Lua that rules may not use:
 *
 * - `...`: with it a function can pass thousands of values on in one instruction, which no budget of instructions bounds.
 * - `^`: powers come from the C library, whose last digits differ between the build machine and the browser.
 *
 * Only enough of Lua is read to tell code from comments and strings. Where this reading and Lua's could differ, in a string
 * that does not end in its line, Lua refuses the file.
 */
#include <stdio.h>
#include <string.h>

#include "rules/inside.h"

typedef struct Cursor {
    const char *at, *end;
    int line;
} Cursor;

static void step(Cursor *cursor) {
    cursor->line += *cursor->at == '\n';
    cursor->at++;
}

static bool looks_at(const Cursor *cursor, const char *text) {
    size_t size = strlen(text);
    return (size_t)(cursor->end - cursor->at) >= size && memcmp(cursor->at, text, size) == 0;
}

/* At "[": skips a long bracket with all that is in it, and tells whether there was one. */
static bool skip_long_bracket(Cursor *cursor) {
    const char *at = cursor->at + 1;
    while (at < cursor->end && *at == '=') {
        at++;
    }
    if (at == cursor->end || *at != '[') {
        return false;
    }
    size_t level = (size_t)(at - cursor->at) - 1;
    while (cursor->at < at) {
        step(cursor);
    }
    while (cursor->at < cursor->end) {
        step(cursor);
        if (cursor->at < cursor->end && *cursor->at == ']') {
            size_t equals = 0;
            while (cursor->at + 1 + equals < cursor->end && cursor->at[1 + equals] == '=') {
                equals++;
            }
            if (equals == level && cursor->at + 1 + equals < cursor->end && cursor->at[1 + equals] == ']') {
                cursor->at += equals + 2;
                return true;
            }
        }
    }
    return true;
}

static void skip_comment(Cursor *cursor) {
    cursor->at += 2;
    if (cursor->at < cursor->end && *cursor->at == '[' && skip_long_bracket(cursor)) {
        return;
    }
    while (cursor->at < cursor->end && *cursor->at != '\n' && *cursor->at != '\r') {
        step(cursor);
    }
}

static void skip_quoted(Cursor *cursor) {
    char quote = *cursor->at;
    step(cursor);
    while (cursor->at < cursor->end && *cursor->at != quote) {
        if (*cursor->at == '\\' && cursor->at + 1 < cursor->end) {
            step(cursor);
        }
        step(cursor);
    }
    if (cursor->at < cursor->end) {
        step(cursor);
    }
}

static bool refuse(RulesError *error, int line, const char *message) {
    *error = (RulesError){.fault = RULES_SYNTAX, .line = line};
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

bool source_check(const char *source, size_t size_bytes, RulesError *error) {
    Cursor cursor = {.at = source, .end = source + size_bytes, .line = 1};
    while (cursor.at < cursor.end) {
        if (looks_at(&cursor, "--")) {
            skip_comment(&cursor);
        } else if (*cursor.at == '"' || *cursor.at == '\'') {
            skip_quoted(&cursor);
        } else if (*cursor.at == '[' && skip_long_bracket(&cursor)) {
            continue;
        } else if (looks_at(&cursor, "...")) {
            return refuse(error, cursor.line, "rules may not use '...'; name the parameters, or pass a table");
        } else if (*cursor.at == '^') {
            return refuse(error, cursor.line,
                          "rules may not use '^', whose result differs between machines; multiply instead");
        } else {
            step(&cursor);
        }
    }
    return true;
}
