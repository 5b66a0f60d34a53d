/* Several threads that parse at the same time get what one gets: cmark shares nothing that parsing changes. */
#include "parse_support.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { PAGES = 60, ROUNDS = 25, THREADS = 4 };

static Text sources[PAGES];
static Buffer expected[PAGES];

static void *parse_all(void *argument) {
    size_t *differences = argument;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PAGES; i++) {
            /* Threads meet in different pages. */
            int page = (i * 7 + round) % PAGES;
            Buffer found = parse_to_text(sources[page], UNIT_SCREEN);
            *differences += !text_equal(buffer_text(&found), buffer_text(&expected[page]));
            buffer_free(&found);
        }
    }
    return NULL;
}

int main(void) {
    static const char *const pieces[] = {
        "## Heading %d {#h%d}\n\n",
        "Words with [a link](/guides/x%d), *emphasis*, **strong**, `code` and ~~tildes~~ www.example.org/%d.\n\n",
        "| a | b |\n|--:|---|\n| %d | ~x~ %d |\n\n",
        ":::note[Title %d]\nInside, with [a link](#h%d).\n:::\n\n",
        "- [x] task %d\n- [ ] task %d\n\n",
        ":::question{#q%d}\nWhat?\n\n- [x] this\n  > Yes.\n- [ ] that %d\n:::\n\n",
        "A note[^%d] and <b>HTML</b>, ![a picture](%d.png).\n\n",
        "[^%d]: The note %d.\n\n",
    };
    size_t piece_count = sizeof pieces / sizeof *pieces;
    Arena arena = {0};
    parse_start();
    for (size_t i = 0; i < PAGES; i++) {
        Buffer page = {0};
        for (size_t j = 0; j < 20; j++) {
            const char *at = pieces[(i * 3 + j * 5 + i / piece_count) % piece_count];
            for (const char *number; (number = strstr(at, "%d")) != NULL; at = number + 2) {
                buffer_put(&page, at, (size_t)(number - at));
                buffer_put_number(&page, (int64_t)(i * 100 + j / 2));
            }
            buffer_put(&page, at, strlen(at));
        }
        sources[i] = text_copy(&arena, buffer_text(&page));
        buffer_free(&page);
        expected[i] = parse_to_text(sources[i], UNIT_SCREEN);
    }

    int passed = 0, failed = 0;
    pthread_t threads[THREADS];
    size_t differences[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, parse_all, &differences[i]) != 0)
            memory_exhausted();
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        if (differences[i] == 0)
            passed++;
        else
            failed++;
        if (differences[i])
            printf("thread %d: %zu of %d pages differ\n", i, differences[i], PAGES * ROUNDS);
    }
    for (size_t i = 0; i < PAGES; i++)
        buffer_free(&expected[i]);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
