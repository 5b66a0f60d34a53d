/* probity serve: the site in a browser while it is written. */
#include "command/command.h"
#include "preview/preview.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void say_ready(void *context, const char *url) {
    (void)context;
    printf("Preview: %s\nCourses: %sconsole/\nIt follows every edit; Ctrl-C ends it.\n", url, url);
    fflush(stdout);
}

static void say_built(void *context, const BuildReport *report, bool is_well, Diagnostics *diagnostics) {
    (void)context;
    command_print_diagnostics(diagnostics, false);
    char clock[16];
    time_t now = time(NULL);
    struct tm local;
    strftime(clock, sizeof clock, "%H:%M:%S", localtime_r(&now, &local));
    if (is_well)
        printf("%s: %zu written, %zu removed; %.0f ms\n", clock, report->files_written, report->files_removed,
               report->seconds * 1000);
    else
        printf("%s: there are errors; the pages of the last good build stand\n", clock);
    fflush(stdout);
}

static void say_troubled(void *context, const char *what) {
    (void)context;
    fprintf(stderr, "probity serve: %s\n", what);
}

/* The first signal ends it in order; a second one at once, which may leave the temporary folder. */
static void end_on_signals(void) {
    struct sigaction action = {.sa_handler = preview_end, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    /* A reader that goes away while it is answered. */
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
}

static int run(const char *folder, int argument_count, char **arguments) {
    static const struct option long_options[] = {
        {"port", required_argument, NULL, 'p'},
        {"address", required_argument, NULL, 'a'},
        {"output", required_argument, NULL, 'o'},
        {"jobs", required_argument, NULL, 'j'},
        {NULL, 0, NULL, 0},
    };
    PreviewOptions options = {.folder = folder,
                              .address = "127.0.0.1",
                              .port = -1,
                              .is_ready = say_ready,
                              .has_built = say_built,
                              .is_troubled = say_troubled};
    opterr = 0;
    for (int option; (option = getopt_long(argument_count, arguments, ":p:a:o:j:", long_options, NULL)) != -1;) {
        switch (option) {
        case 'p':
            if (!command_parse_number("--port", optarg, 0, 65535, &options.port))
                return EXIT_USAGE;
            break;
        case 'a':
            options.address = strcmp(optarg, "localhost") == 0 ? "127.0.0.1" : optarg;
            break;
        case 'o':
            options.output = optarg;
            break;
        case 'j':
            if (!command_parse_number("--jobs", optarg, 1, 64, &options.jobs))
                return EXIT_USAGE;
            break;
        case ':':
            return command_usage_error(&command_serve, "%s needs a value", arguments[optind - 1]);
        default:
            return command_usage_error(&command_serve, "\"%s\" is not an option", arguments[optind - 1]);
        }
    }
    if (optind < argument_count)
        return command_usage_error(&command_serve, "\"%s\" is one word too many", arguments[optind]);
    end_on_signals();
    return preview_run(&options) ? EXIT_DONE : EXIT_FOUND_ERRORS;
}

const Command command_serve = {
    .name = "serve",
    .summary = "show the site in a browser while it is written, and play its courses",
    .help =
        "usage: probity [-C FOLDER] serve [OPTION…]\n\n"
        "Builds the site and serves it on this machine alone. Every edit of content/, layouts/ and locales/ is built at once\n"
        "and shown by the pages that are open; what is wrong is shown over the page, and the last good build stands. Below\n"
        "/console/ each course can be played as on a learning platform that fails when it is told to. Ctrl-C ends it.\n\n"
        "options:\n"
        "  -p, --port NUMBER      where to listen (8000, or any that is free where that is taken; 0: any that is free)\n"
        "  -a, --address NUMBER   of which network (127.0.0.1: this machine alone)\n"
        "  -o, --output FOLDER    build there, and leave it there (a temporary folder)\n"
        "  -j, --jobs NUMBER      threads (as many as there are processors)\n"
        "      --help             this text\n\n"
        "Printable guides are not made; probity build --target pdf makes them.\n\n"
        "exit status: 0 ended by Ctrl-C; 1 it cannot begin; 2 the command is wrong\n",
    .run = run,
};
