/* Packages hold the same bytes on every build and names that every system can unpack. */
#include "publish/publish.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int passed, failed;

static void check(bool holds, const char *what) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("not so: %s\n", what);
    }
}

static uint32_t number_at(const Buffer *zip, size_t at, int size_bytes) {
    uint32_t value = 0;
    for (int i = size_bytes; i-- > 0;)
        value = value << 8 | (unsigned char)zip->data[at + (size_t)i];
    return value;
}

/* The local headers in turn: their names joined by spaces; checks what must be fixed. */
static void read_headers(const Buffer *zip, Buffer *names, uint32_t dos_date) {
    for (size_t at = 0; at + 30 <= zip->size && number_at(zip, at, 4) == 0x04034b50;) {
        uint32_t name_size = number_at(zip, at + 26, 2);
        check(number_at(zip, at + 28, 2) == 0, "no extra fields in a local header");
        check((number_at(zip, at + 6, 2) & 8) == 0, "sizes stand in the header");
        check(number_at(zip, at + 12, 2) == dos_date, "the date is the given one");
        buffer_put(names, zip->data + at + 30, name_size);
        buffer_put_char(names, ' ');
        at += 30 + name_size + number_at(zip, at + 18, 4);
    }
    for (size_t at = 0; at + 46 <= zip->size; at++) {
        if (number_at(zip, at, 4) != 0x02014b50)
            continue;
        check(number_at(zip, at + 30, 2) == 0, "no extra fields in the directory");
        check(number_at(zip, at + 38, 4) == 0100644u << 16, "ordinary files that everybody may read");
    }
}

/* ---- The first containers of a process, made at the same moment ---- */

enum { THREADS = 4, PROCESSES = 300 };

static pthread_barrier_t at_once;

static void *write_at_once(void *is_written) {
    Diagnostics *diagnostics = diagnostics_open();
    ZipEntry entry = {TEXT("a"), TEXT("x")};
    Buffer out = {0};
    pthread_barrier_wait(&at_once);
    *(bool *)is_written = zip_write(&out, &entry, 1, TEXT("a.zip"), diagnostics);
    buffer_free(&out);
    diagnostics_close(diagnostics);
    return NULL;
}

static int write_in_threads(void) {
    pthread_t threads[THREADS];
    bool are_written[THREADS] = {false}, are_all_written = true;
    pthread_barrier_init(&at_once, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, write_at_once, &are_written[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        are_all_written = are_all_written && are_written[i];
    }
    return are_all_written ? 0 : 1;
}

/* Each in a process of its own: only the first use of the library is in question. Before anything else here uses it. */
static void test_first_use(void) {
    int broken = 0;
    for (int i = 0; i < PROCESSES; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(write_in_threads());
        int status;
        broken += waitpid(child, &status, 0) != child || status != 0;
    }
    check(broken == 0, "the first containers of a process can be made in several threads");
}

int main(void) {
    test_first_use();
    Diagnostics *diagnostics = diagnostics_open();
    char large[5000];
    memset(large, 'a', sizeof large);
    ZipEntry entries[] = {
        {TEXT("shared/player.js"), {large, sizeof large}}, {TEXT("data/الأخلاق.json"), TEXT("{}")},
        {TEXT("picture.png"), {large, sizeof large}},      {TEXT("empty.txt"), TEXT("")},
        {TEXT("imsmanifest.xml"), TEXT("<manifest/>")},    {TEXT("adlcp.xsd"), TEXT("<schema/>")},
    };
    size_t count = sizeof entries / sizeof *entries;

    unsetenv("SOURCE_DATE_EPOCH");
    Buffer first = {0}, second = {0}, names = {0};
    check(zip_write(&first, entries, count, TEXT("a.zip"), diagnostics), "a container is written");
    read_headers(&first, &names, 0x21);
    check(strcmp(names.data, "imsmanifest.xml adlcp.xsd data/الأخلاق.json empty.txt picture.png shared/player.js ") ==
              0,
          "the manifest is first, then names in order");
    check(first.size > sizeof large && first.size < 2 * sizeof large, "pictures are stored, text is compressed");

    setenv("TZ", "Pacific/Kiritimati", 1);
    tzset();
    ZipEntry swapped = entries[0];
    entries[0] = entries[5];
    entries[5] = swapped;
    check(zip_write(&second, entries, count, TEXT("a.zip"), diagnostics), "a second time");
    check(text_equal(buffer_text(&first), buffer_text(&second)), "the same bytes in any time zone and order");

    setenv("SOURCE_DATE_EPOCH", "1750000000", 1); /* 2025-06-15 15:06:40 UTC */
    buffer_clear(&second);
    buffer_clear(&names);
    check(zip_write(&second, entries, count, TEXT("a.zip"), diagnostics), "with a date");
    read_headers(&second, &names, (45 << 9) | (6 << 5) | 15);
    setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
    buffer_clear(&second);
    check(zip_write(&second, entries, count, TEXT("a.zip"), diagnostics) &&
              text_equal(buffer_text(&first), buffer_text(&second)),
          "a date that is none counts as none");

    check(diagnostics_count(diagnostics, SEVERITY_NOTE) == 0, "nothing to complain about so far");
    const char *refused[] = {"../a", "/a", "a/../b", "a\\b", "C:a", "a//b", "a/", "", "a\nb", "./a"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ZipEntry bad = {text_from(refused[i]), TEXT("x")};
        buffer_clear(&second);
        check(!zip_write(&second, &bad, 1, TEXT("a.zip"), diagnostics), refused[i]);
        check(second.size == 0, "nothing is written where a name is refused");
    }
    ZipEntry twice[] = {{TEXT("a"), TEXT("1")}, {TEXT("a"), TEXT("2")}};
    check(!zip_write(&second, twice, 2, TEXT("a.zip"), diagnostics), "one name twice");
    check(diagnostics_count(diagnostics, SEVERITY_ERROR) == sizeof refused / sizeof *refused + 1,
          "each refusal says why");

    buffer_free(&first);
    buffer_free(&second);
    buffer_free(&names);
    diagnostics_close(diagnostics);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
