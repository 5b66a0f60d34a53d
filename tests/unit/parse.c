/*
 * What becomes of a text: tests/unit/parse_cases.txt holds the cases (see cases.h), with the tree and its diagnostics.
 * "=== name (page)" is a page that is no course screen.
 */
#include "cases.h"
#include "parse_support.h"

static bool run(void *context, Text title, Text source, Buffer *found) {
    (void)context;
    Buffer tree = parse_to_text(source, text_ends(title, TEXT(" (page)")) ? UNIT_PAGE : UNIT_SCREEN);
    buffer_put_text(found, buffer_text(&tree));
    buffer_free(&tree);
    return true;
}

int main(int count, char **arguments) {
    parse_start();
    return cases_run("tests/unit/parse_cases.txt", count, arguments, run, NULL);
}
