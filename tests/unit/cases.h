/*
 * Files of cases, each a line "=== title", a text, a line "=>", and what is to become of it. With the argument --write a
 * file is written anew with what is the case now, to be read in the difference before it is believed.
 */
#ifndef PROBITY_TESTS_CASES_H
#define PROBITY_TESTS_CASES_H

#include "base/base.h"

#include <stdio.h>
#include <string.h>

/* Appends what becomes of `source`; false where that can never be right, whatever is expected. */
typedef bool CaseRunner(void *context, Text title, Text source, Buffer *found);

/* The text up to a line that begins with `mark`; `rest` keeps what follows. */
static inline Text cases_take_until(Text *rest, Text mark) {
    for (size_t at = 0; at < rest->size; at = text_find(*rest, '\n', at) + 1) {
        if (text_starts(text_slice(*rest, at, rest->size), mark)) {
            Text before = text_slice(*rest, 0, at);
            *rest = text_slice(*rest, at, rest->size);
            return before;
        }
    }
    Text all = *rest;
    *rest = TEXT("");
    return all;
}

static inline Text cases_take_line(Text *rest) {
    size_t end = text_find(*rest, '\n', 0);
    Text line = text_slice(*rest, 0, end);
    *rest = text_slice(*rest, end + 1, rest->size);
    return line;
}

/* Runs every case, prints those that differ and the line of results. Returns the exit status. */
static inline int cases_run(const char *path, int count, char **arguments, CaseRunner *run, void *context) {
    bool writes = count > 1 && strcmp(arguments[1], "--write") == 0;
    int passed = 0, failed = 0;
    Arena arena = {0};
    Diagnostics *diagnostics = diagnostics_open();
    Buffer anew = {0}, found = {0};
    Text rest;
    if (!file_read_text(&arena, path, &rest, diagnostics)) {
        printf("cannot read %s\n0 passed, 1 failed\n", path);
        return 1;
    }
    buffer_put_text(&anew, cases_take_until(&rest, TEXT("=== ")));
    while (rest.size) {
        Text title = cases_take_line(&rest);
        Text source = cases_take_until(&rest, TEXT("=>"));
        cases_take_line(&rest);
        Text expected = text_trim(cases_take_until(&rest, TEXT("=== ")));
        buffer_clear(&found);
        bool is_sound = run(context, title, source, &found);
        Text seen = buffer_text(&found);
        buffer_format(&anew, "%.*s\n%.*s=>\n%.*s\n", TEXT_ARG(title), TEXT_ARG(source), TEXT_ARG(seen));
        if (is_sound && text_equal(text_trim(seen), expected)) {
            passed++;
        } else {
            failed++;
            printf("%.*s\n%.*s=> expected\n%.*s\n=> found%s\n%.*s\n", TEXT_ARG(title), TEXT_ARG(source),
                   TEXT_ARG(expected), is_sound ? "" : ", and not sound", TEXT_ARG(seen));
        }
    }
    if (anew.size)
        anew.size--; /* no empty line at the end */
    if (writes && !file_write(path, anew.data, anew.size, diagnostics))
        failed++;
    buffer_free(&anew);
    buffer_free(&found);
    diagnostics_close(diagnostics);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

#endif
