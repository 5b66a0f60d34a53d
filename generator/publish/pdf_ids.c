/*
 * Chromium names the elements of a PDF's structure by a counter that other work of its own moves on now and then: node00000234 in one
 * run is node00000235 in the next. Names are given anew, in the old order, so that sorted trees of names stay sorted; their
 * length stays, so that no offset in the file moves.
 */
#include "publish/print.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_COUNT = 8 };
static const char prefix[] = "(node";
enum { PREFIX_SIZE = sizeof prefix - 1, NAME_SIZE = PREFIX_SIZE + DIGIT_COUNT + 1 };

/* The number of the name at `at`, or -1 where there is none. */
static int64_t number_at(const char *at, const char *end) {
    if (end - at < NAME_SIZE || memcmp(at, prefix, PREFIX_SIZE) != 0 || at[NAME_SIZE - 1] != ')')
        return -1;
    int64_t number = 0;
    for (const char *digit = at + PREFIX_SIZE; digit < at + PREFIX_SIZE + DIGIT_COUNT; digit++) {
        if (*digit < '0' || *digit > '9')
            return -1;
        number = number * 10 + (*digit - '0');
    }
    return number;
}

static int compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

void pdf_settle_ids(Buffer *pdf, Arena *arena) {
    char *end = pdf->data + pdf->size;
    size_t count = 0, distinct = 0;
    int64_t *numbers = NULL;
    /* Twice round: to count, then to gather. */
    for (int round = 0; round < 2; round++) {
        count = 0;
        for (char *at = pdf->data; (at = memmem(at, (size_t)(end - at), prefix, PREFIX_SIZE)); at++) {
            int64_t number = number_at(at, end);
            if (number >= 0 && numbers)
                numbers[count] = number;
            count += number >= 0;
        }
        if (!numbers)
            numbers = arena_new(arena, int64_t, count + 1);
    }
    qsort(numbers, count, sizeof *numbers, compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            numbers[distinct++] = numbers[i];
    for (char *at = pdf->data; (at = memmem(at, (size_t)(end - at), prefix, PREFIX_SIZE)); at++) {
        int64_t number = number_at(at, end);
        if (number < 0)
            continue;
        const int64_t *found = bsearch(&number, numbers, distinct, sizeof *numbers, compare);
        size_t rank = (size_t)(found - numbers) + 1;
        for (char *digit = at + PREFIX_SIZE + DIGIT_COUNT; digit-- > at + PREFIX_SIZE; rank /= 10)
            *digit = (char)('0' + rank % 10);
    }
}
