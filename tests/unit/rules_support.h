/* Asking the engine of the rules, and counting what is as it should be. */
#ifndef PROBITY_TESTS_RULES_SUPPORT_H
#define PROBITY_TESTS_RULES_SUPPORT_H

#include "rules/rules.h"

#include <stdio.h>
#include <string.h>

static int passed, failed;
static Rules *rules;

static inline void check(bool holds, const char *what, const char *seen) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("not so: %s\n    seen: %s\n", what, seen);
    }
}

/* The result, or the message where there is none; good until the next. */
static inline const char *answer(const char *function, const char *json) {
    static char text[16384];
    RulesError error;
    size_t size_bytes;
    const char *result = rules_call(rules, function, json, strlen(json), &size_bytes, &error);
    if (result != NULL && size_bytes != strlen(result))
        return "a result whose size is wrong";
    snprintf(text, sizeof text, "%s%s", result == NULL ? "! " : "", result == NULL ? error.message : result);
    return text;
}

static inline void expect_part(const char *function, const char *json, const char *wanted) {
    const char *seen = answer(function, json);
    char what[20000];
    snprintf(what, sizeof what, "%s %s gives something with %s", function, json, wanted);
    check(strstr(seen, wanted) != NULL, what, seen);
}

#endif
