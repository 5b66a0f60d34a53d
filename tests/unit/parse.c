/*
 * What becomes of a text: tests/unit/parse_cases.txt holds the cases, each a line "=== name", the text, a line "=>",
 * and the tree with its diagnostics. "=== name (page)" is a page that is no course screen. With the argument --write
 * the file is written anew with what is the case now, to be read in the difference before it is believed.
 */
#include "parse_support.h"

#include <stdio.h>
#include <string.h>

static const char path[] = "tests/unit/parse_cases.txt";

/* The text up to a line that begins with `mark`, and what follows. */
static Text take_until(Text *rest, Text mark) {
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

static Text take_line(Text *rest) {
    size_t end = text_find(*rest, '\n', 0);
    Text line = text_slice(*rest, 0, end);
    *rest = text_slice(*rest, end + 1, rest->size);
    return line;
}

int main(int count, char **arguments) {
    bool writes = count > 1 && strcmp(arguments[1], "--write") == 0;
    int passed = 0, failed = 0;
    Arena arena = {0};
    Diagnostics *diagnostics = diagnostics_open();
    Text rest;
    parse_start();
    if (!file_read_text(&arena, path, &rest, diagnostics)) {
        printf("cannot read %s\n0 passed, 1 failed\n", path);
        return 1;
    }
    Buffer anew = {0};
    buffer_put_text(&anew, take_until(&rest, TEXT("=== ")));
    while (rest.size) {
        Text title = take_line(&rest);
        Text source = take_until(&rest, TEXT("=>"));
        take_line(&rest);
        Text expected = text_trim(take_until(&rest, TEXT("=== ")));
        Buffer found = parse_to_text(source, text_ends(title, TEXT(" (page)")) ? UNIT_PAGE : UNIT_SCREEN);
        buffer_put_text(&anew, title);
        buffer_put_literal(&anew, "\n");
        buffer_put_text(&anew, source);
        buffer_put_literal(&anew, "=>\n");
        buffer_put_text(&anew, buffer_text(&found));
        buffer_put_literal(&anew, "\n");
        if (text_equal(text_trim(buffer_text(&found)), expected)) {
            passed++;
        } else {
            failed++;
            printf("%.*s\n%.*s=> expected\n%.*s\n=> found\n%s\n", TEXT_ARG(title), TEXT_ARG(source), TEXT_ARG(expected),
                   found.data);
        }
        buffer_free(&found);
    }
    if (anew.size)
        anew.size--; /* no empty line at the end */
    if (writes && !file_write(path, anew.data, anew.size, diagnostics))
        failed++;
    buffer_free(&anew);
    diagnostics_close(diagnostics);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
