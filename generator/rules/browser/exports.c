/* What the browser's glue calls: rules.h with texts that end in NUL, and one error at a time. */
#include <string.h>

#include "rules/rules.h"

#define EXPORT(name) __attribute__((export_name(name)))

Rules *browser_open(void);
int browser_load(Rules *rules, const char *chunk_name, const char *source);
const char *browser_call(Rules *rules, const char *function, const char *json);
const char *browser_message(void);
int browser_line(void);

static RulesError last_error;

EXPORT("open") Rules *browser_open(void) {
    return rules_open();
}

EXPORT("load") int browser_load(Rules *rules, const char *chunk_name, const char *source) {
    return rules_load(rules, chunk_name, source, strlen(source), &last_error);
}

EXPORT("call") const char *browser_call(Rules *rules, const char *function, const char *json) {
    size_t size_bytes;
    return rules_call(rules, function, json, strlen(json), &size_bytes, &last_error);
}

EXPORT("message") const char *browser_message(void) {
    return last_error.message;
}

EXPORT("line") int browser_line(void) {
    return last_error.line;
}
