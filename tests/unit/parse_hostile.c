/*
 * Texts that are made to be slow, deep or large. Time is the thread's own CPU time, and what is asked is how it grows:
 * an input of eight times the size may take 28 times as long and 30 ms, where a quadratic one takes 64 times as long.
 */
#include "parse_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GROWTH = 8, ALLOWED_GROWTH = 28, DEPTH_LIMIT = 110 };

static int passed, failed;

static void check(bool holds, const char *name, const char *what) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("%s: not so: %s\n", name, what);
    }
}

/* The parts in turn, each `times` times; 0 times: as many as the size asks for. %d in a part is the number of its copy.
 */
typedef struct Pattern {
    const char *name;
    int large; /* the larger of the two sizes; a line ends at 64 KB */
    struct {
        const char *unit;
        int times;
    } parts[6];
} Pattern;

static const Pattern patterns[] = {
    {"table of one row", 20000, {{"|a|", 0}}},
    {"rows that are too short", 16000, {{"|a", 300}, {"|\n", 1}, {"|-", 300}, {"|\n", 1}, {"|a|\n", 0}}},
    {"pictures that never end", 10000, {{"![[]()", 0}}},
    {"quotations before emphasis", 16000, {{">", 0}, {"a*", 0}}},
    {"list marks before empty lines", 30000, {{" -", 0}, {"x", 1}, {"\n", 0}}},
    {"list marks in a quotation", 30000, {{"> ", 1}, {"- ", 0}, {"x\n", 1}, {">\n", 0}}},
    {"CDATA that never ends", 6000, {{"a<![CDATA[", 0}}},
    {"declarations that never end", 12000, {{"a<!A ", 0}}},
    {"processing that never ends", 20000, {{"a<?", 0}}},
    {"comments that never end", 12000, {{"a<!--", 0}}},
    {"lines before a table's rule", 80000, {{"a\n", 0}, {"|-|", 1}}},
    {"underscores", 30000, {{"_", 0}, {"a", 1}, {"_", 0}}},
    {"list marks", 30000, {{"- ", 0}}},
    {"quotations", 60000, {{">", 0}}},
    {"brackets", 60000, {{"[", 0}}},
    {"links that never end", 15000, {{"[a](", 0}}},
    {"links with angles", 12000, {{"[a](<b", 0}}},
    {"stars", 60000, {{"*", 0}}},
    {"emphasis that never ends", 20000, {{"*a ", 0}}},
    {"emphasis over lines", 80000, {{"*a\n", 0}}},
    {"emphasis and strong", 8000, {{"*a **a ", 0}}},
    {"code marks", 15000, {{"`a``", 0}}},
    {"entities", 30000, {{"&a", 0}}},
    {"definitions of links", 40000, {{"[a%d]: /u\n", 0}, {"[a1] ", 100}}},
    {"references to a long address", 40000, {{"[a]: /", 1}, {"u", 50000}, {"\n\n", 1}, {"[a]\n", 0}}},
    {"references to one footnote", 40000, {{"[^a]\n", 0}, {"\n[^a]: x", 1}}},
    {"footnotes that refer to the next", 40000, {{"[^%d]: x\n", 0}, {"\n[^1] [^2] [^3]", 1}}},
    {"footnotes that nobody refers to", 40000, {{"[^%d]: x\n", 0}}},
    {"footnotes that are missing, one line", 7000, {{"[^%d]", 0}}},
    {"footnotes that are missing, many lines", 40000, {{"[^%d]\n", 0}}},
    {"footnotes that only look like it", 8000, {{"&#91;^x]", 0}}},
    {"footnotes that never end", 30000, {{"[^", 0}}},
    {"directives in each other", 80000, {{":::note\n", 0}, {":::\n", 0}}},
    {"directives one after another", 40000, {{":::note\nx\n:::\n", 0}}},
    {"fences", 100000, {{":::\n", 0}}},
    {"directives that are not closed", 40000, {{"- :::note\n", 0}}},
    {"directives closed by count", 40000, {{"::::::case\n:::note\nx\n::::::\n", 0}}},
    {"directives in deep quotations", 400, {{"> ", 90}, {":::note\n\n", 1}, {"> > > :::note\n> > > :::\n\n", 0}}},
    {"brackets in a title", 60000, {{":::note[", 1}, {"[", 0}, {"\n:::", 1}}},
    {"attributes", 15000, {{":::note{", 1}, {"a%d=b ", 0}, {"}\n:::", 1}}},
    {"classes", 30000, {{":::note{", 1}, {".b", 0}, {"}\n:::", 1}}},
    {"colons", 60000, {{":", 0}}},
    {"headings with one id", 40000, {{"## h {#a}\n", 0}}},
    {"headings with braces", 30000, {{"## ", 1}, {"{#", 0}, {"}\n", 1}}},
    {"comments between texts", 7000, {{"a<!-- -->", 0}}},
    {"tags", 20000, {{"<b>", 0}}},
    {"Chinese lines", 80000, {{"\xE4\xB8\xAD\n", 0}}},
    {"Chinese lines with emphasis", 40000, {{"*\xE4\xB8\xAD\n\xE4\xB8\xAD*", 0}}},
    {"Chinese lines with footnotes", 40000, {{"\xE4\xB8\xAD[^a]\n", 0}, {"\n[^a]: x", 1}}},
    {"choices", 20000, {{":::question{#q}\ns\n\n", 1}, {"- [ ] a\n  > f\n", 0}, {":::\n", 1}}},
    {"lists of choices", 20000, {{":::question{#q}\ns\n\n", 1}, {"- [ ] a\n* [ ] b\n", 0}, {":::\n", 1}}},
    {"quotations under a choice", 20000, {{":::question{#q}\ns\n\n- [ ] a\n", 1}, {"  > f\n\n", 0}, {":::\n", 1}}},
    {"steps", 20000, {{":::scenario{#s}\n", 1}, {":::step{#a}\nx\n\n- [a](#b)\n:::\n", 0}, {":::\n", 1}}},
    {"lists of moves",
     20000,
     {{":::scenario{#s}\n:::step{#a}\n", 1}, {"- [a](#b)\n* [a](#b)\n", 0}, {":::\n:::\n", 1}}},
    {"blanks", 8000, {{":::question{#q kind=fill-in}\n", 1}, {"[[a]] ", 0}, {"\n:::\n", 1}}},
    {"blanks on lines", 20000, {{":::question{#q kind=fill-in}\n", 1}, {"[[a%d: b]]\n", 0}, {":::\n", 1}}},
    {"blanks that never end", 20000, {{":::question{#q kind=fill-in}\n", 1}, {"[[", 0}, {"\n:::\n", 1}}},
    {"variants of a blank", 20000, {{":::question{#q kind=fill-in}\n[[", 1}, {"a|", 0}, {"]]\n:::\n", 1}}},
    {"pairs", 9000, {{":::question{#q kind=matching}\ns\n\n|a|b|\n|-|-|\n", 1}, {"|a|b%d|\n", 0}, {":::\n", 1}}},
    {"things that nothing belongs to",
     9000,
     {{":::question{#q kind=matching}\ns\n\n|a|b|\n|-|-|\n||", 1},
      {"b", 9000},
      {"|\n", 1},
      {"||b|\n", 0},
      {":::\n", 1}}},
    {"items in order", 20000, {{":::question{#q kind=ordering}\ns\n\n", 1}, {"1. a\n", 0}, {":::\n", 1}}},
    {"hints", 20000, {{":::question{#q}\ns\n\n- [ ] a\n\n", 1}, {":::hint\nx\n:::\n", 0}, {":::\n", 1}}},
    {"questions of a bank", 10000, {{":::bank{#b}\n", 1}, {":::question{#q}\ns\n\n- [ ] a\n:::\n", 0}, {":::\n", 1}}},
    {"changes of variables",
     6000,
     {{":::scenario{#s}\n:::step{#a}\n- [a](#b){set=\"", 1}, {"a+1 ", 0}, {"\"}\n:::\n:::\n", 1}}},
    {"braces behind a choice", 20000, {{":::scenario{#s}\n:::step{#a}\n- [a](#b)", 1}, {"{", 0}, {"\n:::\n:::\n", 1}}},
    {"lines behind a choice",
     20000,
     {{":::scenario{#s}\n:::step{#a}\n- [a](#b){set=a=1\n", 1}, {"  if=a>1\n", 0}, {"  }\n:::\n:::\n", 1}}},
    {"code with footnotes", 30000, {{"```\n[^x]: a\n```\n", 0}}},
};

static void build(Buffer *out, const Pattern *pattern, int size) {
    buffer_clear(out);
    for (size_t i = 0; i < sizeof pattern->parts / sizeof *pattern->parts && pattern->parts[i].unit; i++) {
        const char *unit = pattern->parts[i].unit, *number = strstr(unit, "%d");
        int times = pattern->parts[i].times ? pattern->parts[i].times : size;
        for (int copy = 0; copy < times; copy++) {
            buffer_put(out, unit, number ? (size_t)(number - unit) : strlen(unit));
            if (number) {
                buffer_put_number(out, copy);
                buffer_put(out, number + 2, strlen(number + 2));
            }
        }
    }
}

static double thread_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void check_tree(const char *name, const Node *node, int depth) {
    if (depth > DEPTH_LIMIT) {
        check(false, name, "the tree is not too deep");
        return;
    }
    const Node *last = NULL;
    for (const Node *child = node->first_child; child; last = child, child = child->next) {
        if (child->parent != node)
            check(false, name, "a child knows its parent");
        check_tree(name, child, depth + 1);
    }
    if (last != node->last_child)
        check(false, name, "the last child is the last");
    if (node->kind == NODE_TEXT && (node->text.size == 0 || text_find_invalid(node->text) != node->text.size))
        check(false, name, "texts are UTF-8 and not empty");
}

/* The least of three, for a machine that others use too. */
static double measure(const char *name, Text source) {
    double least = 1e9;
    for (int turn = 0; turn < 3; turn++) {
        Diagnostics *diagnostics = diagnostics_open();
        Arena arena = {0}, scratch = {0};
        ParseInput input = {.body = source, .line = 1, .path = TEXT("page.md"), .kind = UNIT_SCREEN};
        double start = thread_ms();
        Document *document = parse_document(&arena, &scratch, &input, diagnostics);
        double took = thread_ms() - start;
        least = took < least ? took : least;
        if (turn == 0)
            check_tree(name, document->root, 0);
        arena_free(&scratch);
        arena_free(&arena);
        diagnostics_close(diagnostics);
    }
    return least;
}

/* Whether the tree with its diagnostics holds a text. */
static bool says(const Buffer *source, const char *words) {
    Buffer out = parse_to_text(buffer_text(source), UNIT_SCREEN);
    bool found = strstr(out.data, words) != NULL;
    buffer_free(&out);
    return found;
}

static void repeat(Buffer *out, const char *unit, int times) {
    buffer_clear(out);
    for (int i = 0; i < times; i++)
        buffer_put(out, unit, strlen(unit));
}

static void check_limits(void) {
    Buffer text = {0};
    repeat(&text, "x", 65536);
    check(says(&text, "paragraph 1:1") && !says(&text, "\n!"), "limits", "64 KB are a line");
    repeat(&text, "x", 65537);
    buffer_put_literal(&text, "\n## text");
    check(says(&text, "document 1:1\n! 1:0 the line has 65537 bytes; 65536 are allowed [markdown-line-size]"), "limits",
          "a longer line is refused, and the page is not read");
    repeat(&text, ">", 99);
    check(says(&text, "quote 1:99\n") && !says(&text, "\n!"), "limits", "99 quotations nest");
    repeat(&text, ">", 30000);
    check(says(&text, "[markdown-nesting]"), "limits", "30,000 quotations are too deep");
    repeat(&text, "*a **a ", 100);
    for (int i = 0; i < 100; i++)
        buffer_put_literal(&text, "b** b*");
    check(says(&text, "[markdown-nesting]"), "limits", "emphasis can be too deep");
    repeat(&text, ":::note\n", 10000);
    for (int i = 0; i < 10000; i++)
        buffer_put_literal(&text, ":::\n");
    check(says(&text, "[markdown-nesting]"), "limits", "directives can be too deep");
    check(!says(&text, "stray-close") && !says(&text, "unclosed"), "limits",
          "and their fences are no second complaint");
    repeat(&text, "|a", 200);
    buffer_put_literal(&text, "|\n");
    for (int i = 0; i < 200; i++)
        buffer_put_literal(&text, "|-");
    buffer_put_literal(&text, "|\n");
    for (int i = 0; i < 200; i++)
        buffer_put_literal(&text, "|a|\n");
    check(says(&text, "[markdown-cells]"), "limits", "a table can be too large");
    /* Every star is a node of cmark's. */
    repeat(&text, "*a", 30000);
    size_t line = text.size;
    buffer_put_char(&text, '\n');
    char *copy = malloc(line + 1);
    if (!copy)
        memory_exhausted();
    memcpy(copy, text.data, line + 1);
    for (int i = 0; i < 60; i++)
        buffer_put(&text, copy, line + 1);
    free(copy);
    check(says(&text, "document 1:1\n! 0:0 the page needs more than 256 MB of memory [markdown-memory]"), "limits",
          "memory has a limit");
    repeat(&text, "still here", 1);
    check(says(&text, "text 1:1 \"still here\""), "limits", "and the next page is read as if nothing was");
    buffer_free(&text);
}

int main(void) {
    parse_start();
    Buffer text = {0};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        const Pattern *pattern = &patterns[i];
        build(&text, pattern, pattern->large / GROWTH);
        double small = measure(pattern->name, buffer_text(&text));
        build(&text, pattern, pattern->large);
        double large = measure(pattern->name, buffer_text(&text));
        if (large > small * ALLOWED_GROWTH + 30)
            printf("%s: %.1f ms, then %.1f ms\n", pattern->name, small, large);
        check(large <= small * ALLOWED_GROWTH + 30, pattern->name, "time grows with the size");
    }
    buffer_free(&text);
    check_limits();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
