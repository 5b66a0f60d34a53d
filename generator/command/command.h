/*
 * command: what a user types. The only room that prints and decides exit statuses. May include every other room.
 *
 * To add a command: one file command/<name>.c that defines a Command, a row in command/command.c, a section in probity.1.
 *
 * Exit statuses: 0 done; 1 the content has errors, or the site could not be written; 2 the command line is wrong; 3 out of memory.
 */
#ifndef PROBITY_COMMAND_H
#define PROBITY_COMMAND_H

#include "publish/publish.h"

enum { EXIT_DONE = 0, EXIT_FOUND_ERRORS = 1, EXIT_USAGE = 2 };

typedef struct Command {
    const char *name, *summary; /* one line, for the list of commands */
    const char *help;           /* the whole text of --help */
    int (*run)(const char *folder, int argument_count, char **arguments);
} Command;

extern const Command command_build, command_check, command_serve, command_simulate, command_tree, command_version;

int command_main(int argument_count, char **arguments);

/* Shared by the commands; each prints what is wrong and returns false. */
bool command_parse_number(const char *option, const char *value, int least, int most, int *number);
bool command_parse_language(const char *value, Language *language);
bool command_parse_format(const char *value, bool *is_json);
int command_usage_error(const Command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All diagnostics, then how many there were. For people to stderr; as JSON lines to stdout. */
void command_print_diagnostics(Diagnostics *diagnostics, bool is_json);

#endif
