/* Answers lines of `function<TAB>JSON` from standard input, one line each: the result, or `!` with the fault, line and message. A first argument
 * names a rules.lua. browser.js does the same in JavaScript. */
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void load(Rules *rules, const char *path) {
    static char source[1 << 17];
    FILE *file = fopen(path, "rb");
    size_t size_bytes = file ? fread(source, 1, sizeof source, file) : 0;
    RulesError error;
    if (file)
        fclose(file);
    if (!rules_load(rules, "rules.lua", source, size_bytes, &error))
        printf("! line %d: %s\n", error.line, error.message);
}

int main(int count, char **arguments) {
    Rules *rules = rules_open();
    if (!rules)
        return 1;
    if (count > 1)
        load(rules, arguments[1]);
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t size; (size = getline(&line, &capacity, stdin)) > 0;) {
        char *json = strchr(line, '\t');
        if (!json)
            return 1;
        *json++ = '\0';
        RulesError error;
        size_t size_bytes;
        size_t json_bytes = (size_t)(line + size - json) - (line[size - 1] == '\n' ? 1 : 0);
        json[json_bytes] = '\0';
        const char *result = rules_call(rules, line, json, json_bytes, &size_bytes, &error);
        if (result)
            puts(result);
        else
            printf("! line %d: %s\n", error.line, error.message);
    }
    free(line);
    rules_close(rules);
    return 0;
}
