/* Hostile rules: none escapes, each ends in time, and the default rules take over as if nothing had been. */
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Under a sanitizer everything takes longer. */
#ifdef __SANITIZE_ADDRESS__
#define TIME_LIMIT_SECONDS 20.0
#else
#define TIME_LIMIT_SECONDS 2.0
#endif

static int passed, failed;

static void check(bool holds, const char *what, const char *title, const char *seen) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("not so: %s: %s\n    seen: %s\n", title, what, seen);
    }
}

static const char course_and_state[] =
    "[{\"id\":\"c\",\"pass_permille\":800,\"completion\":\"screens\",\"screens\":[\"m/a\"],\"exercises\":["
    "{\"id\":\"one\",\"kind\":\"single\",\"choices\":[\"a\",\"b\"],\"right\":[\"a\"],\"points\":1},"
    "{\"id\":\"two\",\"kind\":\"multiple\",\"choices\":[\"a\",\"b\",\"c\"],\"right\":[\"a\",\"b\"],\"points\":1}]},"
    "{\"seen\":[\"m/a\"],\"answers\":{\"one\":{\"choices\":[\"a\"],\"attempts\":1},\"two\":{\"choices\":[\"a\",\"b\"],\"attempts\":1}}}]";
static const char default_tail[] =
    ",\"passed\":true,\"required\":{\"exercises\":[\"one\",\"two\"],\"screens\":[\"m/a\"]},\"results\":{\"one\":{\"answered\":true,\"correct\":true,\"permille\":1000},"
    "\"two\":{\"answered\":true,\"correct\":true,\"permille\":1000}},\"score_permille\":1000,\"score_raw\":100,\"skipped\":[],\"success\":\"passed\"}";
static const char completed_head[] =
    "{\"answered\":true,\"attempts_left\":{},\"completed\":true,\"completion\":\"completed\",\"drawn\":[\"one\",\"two\"],\"fallback\":[";

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool is_wanted(const char *wanted, bool is_loaded, const char *result) {
    bool is_steps = strstr(result, "took too many steps") != NULL,
         is_memory = strstr(result, "needed too much memory") != NULL;
    bool is_fallback = strstr(result, "\"fallback\":[{") != NULL;
    if (strcmp(wanted, "refused") == 0) {
        return !is_loaded;
    }
    return is_loaded && (strcmp(wanted, "steps") == 0     ? is_steps
                         : strcmp(wanted, "memory") == 0  ? is_memory
                         : strcmp(wanted, "stopped") == 0 ? is_steps || is_memory
                         : strcmp(wanted, "error") == 0   ? is_fallback && !is_steps && !is_memory
                                                          : strstr(result, "\"permille\":777") != NULL && !is_fallback);
}

static void try_hook(Rules *rules, const char *wanted, const char *title, const char *source) {
    RulesError error = {.message = ""};
    size_t size_bytes = 0;
    double start = seconds();
    bool is_loaded = rules_load(rules, "rules.lua", source, strlen(source), &error);
    double loaded = seconds();
    const char *result =
        rules_call(rules, "evaluate", course_and_state, sizeof course_and_state - 1, &size_bytes, &error);
    double ended = seconds();
    result = result == NULL ? error.message : result;
    char times[64];
    snprintf(times, sizeof times, "%.3f s to load, %.3f s to call", loaded - start, ended - loaded);
    printf("%6.1f ms %s\n", (ended - start) * 1000, title);
    check(loaded - start < TIME_LIMIT_SECONDS && ended - loaded < TIME_LIMIT_SECONDS, "it ends in time", title, times);
    check(is_wanted(wanted, is_loaded, result), wanted, title, is_loaded ? result : error.message);
    check(strncmp(result, completed_head, sizeof completed_head - 1) == 0, "the course is completed", title, result);
    if (strcmp(wanted, "harmless") != 0) {
        size_t tail = sizeof default_tail - 1;
        check(size_bytes > tail && strcmp(result + size_bytes - tail, default_tail) == 0, "the default rules take over",
              title, result);
    }
    /* The next course on the same Rules finds everything as it was. */
    check(rules_load(rules, "rules.lua", "return {}", 9, &error), "another file loads", title, error.message);
    result = rules_call(rules, "evaluate", course_and_state, sizeof course_and_state - 1, &size_bytes, &error);
    check(result != NULL && strstr(result, "\"fallback\":[],\"feedback\":{},") != NULL, "the next call is as ever",
          title, result == NULL ? error.message : result);
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    if (file == NULL || text == NULL || fread(text, 1, (1 << 20) - 1, file) == 0) {
        printf("cannot read %s\n0 passed, 1 failed\n", path);
        exit(1);
    }
    fclose(file);
    return text;
}

int main(int count, char **arguments) {
    static char source[70000];
    char *text = read_file(count > 1 ? arguments[1] : "tests/rules/hostile.lua.txt");
    Rules *rules = rules_open();
    for (char *section = strstr(text, "\n=== "); rules != NULL && section != NULL;) {
        char *next = strstr(section + 1, "\n=== ");
        char *wanted = section + 5, *title = strchr(wanted, ':') + 2, *body = strchr(title, '\n') + 1;
        title[-2] = body[-1] = '\0';
        if (next != NULL) {
            *next = '\0';
        }
        snprintf(source, sizeof source, "local function hook(f) return {score_question = f} end %s", body);
        try_hook(rules, wanted, title, source);
        section = next == NULL ? NULL : next;
    }
    /* Brackets that deep do not fit the file above. */
    snprintf(source, sizeof source, "return %060000d", 0);
    memset(source + 7, '(', 60000);
    try_hook(rules, "refused", "60,000 brackets", source);
    memset(source + 7, '{', 60000);
    try_hook(rules, "refused", "60,000 braces", source);
    memset(source + 7, '-', 1);
    for (size_t i = 8; i < 60000; i += 2) {
        memcpy(source + i, " -", 2);
    }
    try_hook(rules, "refused", "30,000 signs", source);
    rules_close(rules);
    free(text);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
