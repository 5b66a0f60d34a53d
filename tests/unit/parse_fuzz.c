/*
 * Texts put together at random from the marks of the syntax, always the same ones: whatever comes, there is a sound tree.
 * Most is found by `make sanitize`. With a number as argument it begins with that text, with two it makes so many.
 */
#include "parse_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 4000, DEPTH_LIMIT = 110 };

static const char *const pieces[] = {
    ":::note\n",
    ":::\n",
    "::::case\n",
    "::::\n",
    ":::question{#q}\n",
    ":::scenario{#s}\n",
    ":::step{#t}\n",
    ":::note[a]{#b c=d}\n",
    "::table{src=a.csv}\n",
    "::x\n",
    "> ",
    "- ",
    "- [ ] ",
    "- [x] ",
    "1. ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "text",
    "*",
    "**",
    "_",
    "`",
    "```\n",
    "[",
    "](#t)",
    "]",
    "![",
    "](u)",
    "[^a]",
    "[^a]: ",
    "[a]: /u\n",
    "<b>",
    "<!--",
    "-->",
    "<div>\n",
    "| a | b |\n",
    "|---|---|\n",
    "|---|\n",
    "| a |\n",
    "## ",
    "{#id}",
    "# ",
    "===\n",
    "---\n",
    "\xE4\xB8\xAD",
    "\xE2\x80\x9D",
    "&amp;",
    "&#1;",
    "&#xFFFF;",
    "\\",
    ":",
    "::",
    "{",
    "}",
    "\"",
    "=",
    "x",
};

static uint64_t state;

static uint64_t next_random(uint64_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static void write_text(Buffer *out, uint64_t number) {
    state = (number + 1) * 0x9E3779B97F4A7C15u;
    buffer_clear(out);
    for (uint64_t left = 1 + next_random(60); left > 0; left--) {
        const char *piece = pieces[next_random(sizeof pieces / sizeof *pieces)];
        for (uint64_t times = next_random(20) ? 1 : 1 + next_random(120); times > 0; times--)
            buffer_put(out, piece, strlen(piece));
    }
}

static bool is_sound(const Node *node, int depth) {
    const Node *last = NULL;
    for (const Node *child = node->first_child; child; last = child, child = child->next)
        if (child->parent != node || depth == DEPTH_LIMIT || !is_sound(child, depth + 1))
            return false;
    return last == node->last_child;
}

static bool are_sound(const Choice *choices, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_sound(choices[i].words, 0) || (choices[i].feedback && !is_sound(choices[i].feedback, 0)))
            return false;
    return true;
}

static bool is_sound_document(const Document *document) {
    if (!is_sound(document->root, 0) || (document->footnotes && !is_sound(document->footnotes, 0)))
        return false;
    for (const Exercise *exercise = document->exercises; exercise; exercise = exercise->next) {
        if (!are_sound(exercise->choices, exercise->choice_count))
            return false;
        for (size_t i = 0; i < exercise->step_count; i++)
            if (!is_sound(exercise->steps[i].node, 0) ||
                !are_sound(exercise->steps[i].choices, exercise->steps[i].choice_count))
                return false;
    }
    return true;
}

int main(int count, char **arguments) {
    uint64_t first = count > 1 ? strtoull(arguments[1], NULL, 10) : 0;
    uint64_t texts = count > 2 ? strtoull(arguments[2], NULL, 10) : TEXTS;
    int failed = 0;
    Buffer source = {0}, dump = {0};
    parse_start();
    for (uint64_t number = first; number < first + texts; number++) {
        write_text(&source, number);
        Diagnostics *diagnostics = diagnostics_open();
        Arena arena = {0}, scratch = {0};
        ParseInput input = {.body = buffer_text(&source), .line = 1, .path = TEXT("page.md"), .kind = UNIT_SCREEN};
        Document *document = parse_document(&arena, &scratch, &input, diagnostics);
        arena_free(&scratch);
        buffer_clear(&dump);
        parse_dump(&dump, document);
        size_t complaints;
        const Diagnostic *list = diagnostics_list(diagnostics, &complaints);
        for (size_t i = 0; i < complaints; i++)
            buffer_put_text(&dump, list[i].message);
        bool is_well = is_sound_document(document) && text_find_invalid(buffer_text(&dump)) == dump.size;
        failed += !is_well;
        if (!is_well)
            printf("text %llu:\n%s\n", (unsigned long long)number, source.data);
        arena_free(&arena);
        diagnostics_close(diagnostics);
    }
    buffer_free(&dump);
    buffer_free(&source);
    /* All the texts together are one test. */
    printf("%d passed, %d failed\n", failed == 0, failed);
    return failed != 0;
}
