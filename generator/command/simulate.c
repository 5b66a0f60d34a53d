/* probity simulate: what becomes of a learner who does this and that. */
#include "command/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_LIMIT = (1 << 20) - 1 };

typedef struct Simulation {
    const char *learner_path;
    Language language; /* -1: the learner's own, else the source language */
    int audience;      /* -1: the learner's own */
    const char *standard;
    int seed;
    bool is_json;
    Buffer out;
} Simulation;

static bool play_learner(Simulation *simulation, const Site *site, const Course *course, Diagnostics *diagnostics) {
    Arena arena = {0};
    Learner learner;
    SimulateOutcome outcome;
    bool is_well = load_learner(&arena, simulation->learner_path, &learner, diagnostics);
    const Simulator *simulator = is_well ? simulator_open(&arena, diagnostics) : NULL;
    SimulateCourse input = {.course = course,
                            .language = simulation->language,
                            .standard = simulation->standard,
                            .profile = course->profile};
    if (simulation->audience < 0 && is_well)
        input.course = course_for_audience(&arena, course, learner.audience);
    if (input.language < 0)
        input.language = is_well && learner.language >= 0 ? learner.language : site->settings.source_language;
    is_well = simulator && simulate_check_learner(input.course, input.language, &learner, diagnostics);
    if (is_well) {
        is_well = simulate_learner(simulator, &input, &learner, simulation->is_json ? SIMULATE_JSON : SIMULATE_TEXT,
                                   &simulation->out, &outcome, diagnostics);
    }
    arena_free(&arena);
    return is_well;
}

static bool simulate(void *context, const Site *site, const Course *course, Diagnostics *diagnostics) {
    Simulation *simulation = context;
    if (simulation->language >= 0 && !site_has_language(site, simulation->language)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_LANGUAGE_UNKNOWN, site->settings.path, (Place){0, 0},
                        language_info(simulation->language)->code, "; site.yaml does not list it");
        return false;
    }
    Arena arena = {0};
    if (simulation->audience >= 0)
        course = course_for_audience(&arena, course, (Audience)simulation->audience);
    Language language = simulation->language < 0 ? site->settings.source_language : simulation->language;
    bool is_well = simulation->learner_path ? play_learner(simulation, site, course, diagnostics)
                                            : simulate_report(course, language, simulation->seed,
                                                              simulation->is_json ? SIMULATE_JSON : SIMULATE_TEXT,
                                                              &simulation->out, diagnostics);
    arena_free(&arena);
    return is_well;
}

static bool parse_standard(const char *value) {
    if (strcmp(value, "scorm12") == 0 || strcmp(value, "scorm2004") == 0)
        return true;
    fprintf(stderr, "probity: --standard takes scorm12 or scorm2004, not \"%s\"\n", value);
    return false;
}

static bool parse_audience(const char *value, int *audience) {
    Audience found;
    if (audience_find(text_from(value), &found)) {
        *audience = (int)found;
        return true;
    }
    fprintf(stderr, "probity: --audience takes all, managers or leaders, not \"%s\"\n", value);
    return false;
}

static int run_simulate(const char *folder, int argument_count, char **arguments) {
    enum { OPTION_FORMAT = 256, OPTION_AUDIENCE, OPTION_LEARNER, OPTION_SEED, OPTION_STANDARD };
    static const struct option long_options[] = {
        {"learner", required_argument, NULL, OPTION_LEARNER},
        {"language", required_argument, NULL, 'l'},
        {"seed", required_argument, NULL, OPTION_SEED},
        {"standard", required_argument, NULL, OPTION_STANDARD},
        {"format", required_argument, NULL, OPTION_FORMAT},
        {"audience", required_argument, NULL, OPTION_AUDIENCE},
        {NULL, 0, NULL, 0},
    };
    Simulation simulation = {.language = -1, .audience = -1, .standard = "scorm2004"};
    opterr = 0;
    for (int option; (option = getopt_long(argument_count, arguments, ":l:", long_options, NULL)) != -1;) {
        switch (option) {
        case OPTION_LEARNER:
            simulation.learner_path = optarg;
            break;
        case 'l':
            if (!command_parse_language(optarg, &simulation.language))
                return EXIT_USAGE;
            break;
        case OPTION_AUDIENCE:
            if (!parse_audience(optarg, &simulation.audience))
                return EXIT_USAGE;
            break;
        case OPTION_SEED:
            if (!command_parse_number("--seed", optarg, 0, SEED_LIMIT, &simulation.seed))
                return EXIT_USAGE;
            break;
        case OPTION_STANDARD:
            if (!parse_standard(optarg))
                return EXIT_USAGE;
            simulation.standard = optarg;
            break;
        case OPTION_FORMAT:
            if (!command_parse_format(optarg, &simulation.is_json))
                return EXIT_USAGE;
            break;
        case ':':
            return command_usage_error(&command_simulate, "%s needs a value", arguments[optind - 1]);
        default:
            return command_usage_error(&command_simulate, "\"%s\" is not an option", arguments[optind - 1]);
        }
    }
    if (optind == argument_count)
        return command_usage_error(&command_simulate, "which course?");
    if (optind + 1 < argument_count)
        return command_usage_error(&command_simulate, "\"%s\" is one word too many", arguments[optind + 1]);
    Diagnostics *diagnostics = diagnostics_open();
    bool is_well = publish_use_course(folder, text_from(arguments[optind]), simulate, &simulation, diagnostics);
    if (simulation.out.size)
        fwrite(simulation.out.data, 1, simulation.out.size, stdout);
    command_print_diagnostics(diagnostics, simulation.is_json);
    is_well = is_well && diagnostics_count(diagnostics, SEVERITY_ERROR) == 0;
    diagnostics_close(diagnostics);
    buffer_free(&simulation.out);
    return is_well ? EXIT_DONE : EXIT_FOUND_ERRORS;
}

const Command command_simulate = {
    .name = "simulate",
    .summary = "play a course with a scripted learner, or all answers to it",
    .help =
        "usage: probity [-C FOLDER] simulate COURSE [OPTION…]\n\n"
        "Plays a course, named by its folder, without a browser. With --learner: one scripted learner, by the player that learners\n"
        "have and the rules of the course; prints of each step the score, the stored state and every call that a platform would\n"
        "see. The scripts beside course.yaml, in learners/, are also played by every check and build.\n"
        "Without --learner: every way to answer the course where there are 100,000 at most, else a sample; prints the best and\n"
        "the worst score, the share that pass, questions that never matter, and the paths of each case study.\n\n"
        "options:\n"
        "      --learner FILE     what the learner does, in YAML; content/README.md describes it\n"
        "  -l, --language CODE    in this language (the script's own, else the source language)\n"
        "      --audience NAME    the version for all, managers or leaders (the script's own, else all of the course)\n"
        "      --standard NAME    scorm2004 or scorm12: whose calls are shown (scorm2004)\n"
        "      --seed NUMBER      draws the sample, and the questions of a bank (0)\n"
        "      --format FORMAT    text or json: one JSON object\n"
        "      --help             this text\n\n"
        "exit status: 0 done; 1 there are errors, or what the script expects did not come about; 2 the command is wrong\n\n"
        "examples:\n"
        "  probity simulate essentials\n"
        "  probity simulate essentials --learner content/courses/essentials/learners/passes-first-time.yaml\n",
    .run = run_simulate,
};
