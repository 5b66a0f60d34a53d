/* The list of commands, and what they share. */
#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const Command *const commands[] = {&command_build,    &command_check, &command_serve,
                                          &command_simulate, &command_tree,  &command_version};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_help(FILE *out) {
    fputs("usage: probity [-C FOLDER] COMMAND [OPTION…]\n\n"
          "Compiles one set of Markdown files into an office's multilingual website, its courses for learning\n"
          "platforms and its printable guides.\n\ncommands:\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\noptions:\n"
          "  -C FOLDER  work on the project in FOLDER, which holds content/, layouts/ and locales/ (here: .)\n"
          "  --help     this text; after a command, that command's help\n\n"
          "How pages and courses are written: content/README.md. All of it in detail: man probity\n",
          out);
}

int command_main(int argument_count, char **arguments) {
    const char *folder = ".";
    int at = 1;
    while (at + 1 < argument_count && strcmp(arguments[at], "-C") == 0) {
        folder = arguments[at + 1];
        at += 2;
    }
    if (at < argument_count && (strcmp(arguments[at], "--help") == 0 || strcmp(arguments[at], "-h") == 0 ||
                                strcmp(arguments[at], "help") == 0)) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (at < argument_count && strcmp(arguments[at], "--version") == 0)
        return command_version.run(folder, 1, arguments + at);
    if (at >= argument_count) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i]->name;
        if (strcmp(arguments[at], commands[i]->name) != 0)
            continue;
        for (int a = at + 1; a < argument_count; a++) {
            if (strcmp(arguments[a], "--help") == 0 || strcmp(arguments[a], "-h") == 0) {
                fputs(commands[i]->help, stdout);
                return EXIT_DONE;
            }
        }
        return commands[i]->run(folder, argument_count - at, arguments + at);
    }
    Text nearest = text_nearest(text_from(arguments[at]), names, COMMAND_COUNT);
    fprintf(stderr, "probity: there is no command \"%s\"", arguments[at]);
    if (nearest.size)
        fprintf(stderr, "; did you mean \"%s\"?", nearest.data);
    fputs("\nprobity --help lists the commands.\n", stderr);
    return EXIT_USAGE;
}

int command_usage_error(const Command *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "probity %s: ", command->name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nprobity %s --help lists the options.\n", command->name);
    va_end(arguments);
    return EXIT_USAGE;
}

bool command_parse_number(const char *option, const char *value, int least, int most, int *number) {
    char *end;
    errno = 0;
    long parsed = strtol(value, &end, 10);
    if (errno || *end || end == value || parsed < least || parsed > most) {
        fprintf(stderr, "probity: %s takes a whole number from %d to %d, not \"%s\"\n", option, least, most, value);
        return false;
    }
    *number = (int)parsed;
    return true;
}

bool command_parse_language(const char *value, Language *language) {
    *language = language_find(text_from(value));
    if (*language >= 0)
        return true;
    fprintf(stderr, "probity: the language \"%s\" is not known; these are:", value);
    for (Language known = 0; known < language_count(); known++)
        fprintf(stderr, " %s", language_info(known)->code);
    fputc('\n', stderr);
    return false;
}

bool command_parse_format(const char *value, bool *is_json) {
    *is_json = strcmp(value, "json") == 0;
    if (*is_json || strcmp(value, "text") == 0)
        return true;
    fprintf(stderr, "probity: --format takes text or json, not \"%s\"\n", value);
    return false;
}

void command_print_diagnostics(Diagnostics *diagnostics, bool is_json) {
    size_t count;
    const Diagnostic *list = diagnostics_list(diagnostics, &count);
    FILE *out = is_json ? stdout : stderr;
    /* NO_COLOR is what no-color.org asks of programs. */
    bool colour = !is_json && isatty(STDERR_FILENO) && !getenv("NO_COLOR");
    Buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&text);
        if (is_json) {
            diagnostic_print_json(&text, &list[i]);
            buffer_put_char(&text, '\n');
        } else {
            diagnostic_print(&text, &list[i], colour);
        }
        fwrite(text.data, 1, text.size, out);
    }
    buffer_free(&text);
    size_t errors = diagnostics_count(diagnostics, SEVERITY_ERROR);
    size_t warnings = diagnostics_count(diagnostics, SEVERITY_WARNING) - errors;
    if (!is_json && errors + warnings)
        fprintf(stderr, "%zu error%s, %zu warning%s\n", errors, errors == 1 ? "" : "s", warnings,
                warnings == 1 ? "" : "s");
}
