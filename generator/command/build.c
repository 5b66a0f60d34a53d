/* probity build: publish everything. probity check: the same without writing. */
#include "command/command.h"
#include "package/package.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct Progress {
    bool is_shown;
    int64_t last_ms;
} Progress;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One line that rewrites itself, at most ten times a second. */
static void show_progress(void *context, const char *phase, size_t done, size_t total) {
    Progress *progress = context;
    int64_t now = now_ms();
    if (!progress->is_shown || (now - progress->last_ms < 100 && done != total))
        return;
    progress->last_ms = now;
    if (total)
        fprintf(stderr, "\r\033[K%s %zu/%zu", phase, done, total);
    else
        fprintf(stderr, "\r\033[K%s", phase);
    fflush(stderr);
}

static void end_progress(const Progress *progress) {
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
}

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

static void print_report(const BuildReport *report, const BuildOptions *options, bool is_json) {
    if (is_json) {
        printf("{\"pages\":%zu,\"packages\":%zu,\"guides\":%zu,\"written\":%zu,\"unchanged\":%zu,\"removed\":%zu,"
               "\"seconds\":%.3f,\"peak_memory_bytes\":%zu}\n",
               report->pages, report->packages, report->guides, report->files_written, report->files_unchanged,
               report->files_removed, report->seconds, report->peak_memory_bytes);
        return;
    }
    if (options->dry) {
        printf("checked: %zu page%s, %zu package%s; %.2f s, %.0f MB\n", report->pages, plural(report->pages),
               report->packages, plural(report->packages), report->seconds, (double)report->peak_memory_bytes / 1e6);
        return;
    }
    if (report->course_reports)
        printf("%s/packages/*/report.txt: what learning platforms will be told by the packages\n", options->output);
    printf(
        "%s: %zu page%s, %zu package%s, %zu guide%s; %zu file%s written, %zu unchanged, %zu removed; %.2f s, %.0f MB\n",
        options->output, report->pages, plural(report->pages), report->packages, plural(report->packages),
        report->guides, plural(report->guides), report->files_written, plural(report->files_written),
        report->files_unchanged, report->files_removed, report->seconds, (double)report->peak_memory_bytes / 1e6);
}

static bool add_target(BuildOptions *options, const char *name) {
    enum { TARGET_LIMIT = sizeof options->targets / sizeof *options->targets };
    if (target_find(text_from(name)) && options->target_count < TARGET_LIMIT) {
        options->targets[options->target_count++] = name;
        return true;
    }
    fprintf(stderr, "probity: there is no target \"%s\"; these are:", name);
    for (size_t i = 0; targets[i]; i++)
        fprintf(stderr, " %s", targets[i]->name);
    fputc('\n', stderr);
    return false;
}

static bool choose_profile(BuildOptions *options, const char *name) {
    options->profile = profile_find(text_from(name));
    if (options->profile)
        return true;
    Arena arena = {0};
    Text nearest = profile_nearest(text_from(name));
    fprintf(stderr, "probity: there is no platform profile \"%s\"; there are %s", name, profile_names(&arena).data);
    if (nearest.size)
        fprintf(stderr, "; did you mean \"%s\"?", nearest.data);
    fputc('\n', stderr);
    arena_free(&arena);
    return false;
}

/* The first signal asks the build to end where nothing is lost by it; a second one ends it at once, which harms no site either. */
static void end_on_signals(void) {
    struct sigaction action = {.sa_flags = (int)SA_RESETHAND | SA_RESTART};
    action.sa_handler = publish_interrupt;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- Packages that are handed in ---- */

static void print_package(const char *path, const PackageReport *report, bool is_json) {
    Buffer line = {0};
    if (is_json) {
        buffer_put_literal(&line, "{\"package\":");
        buffer_put_json(&line, text_from(path));
        buffer_format(&line, ",\"standard\":\"%s\",\"files\":%zu,\"bytes\":%llu}\n", report->standard->target.name,
                      report->file_count, (unsigned long long)report->size_bytes);
    } else {
        buffer_format(&line, "%s: nothing is wrong (%s, %zu file%s, %.0f KB)\n", path, report->standard->target.name,
                      report->file_count, plural(report->file_count), (double)report->size_bytes / 1e3);
    }
    fwrite(line.data, 1, line.size, stdout);
    buffer_free(&line);
}

static int check_packages(char **paths, int count, bool is_json) {
    Diagnostics *diagnostics = diagnostics_open();
    bool are_well = true;
    for (int i = 0; i < count; i++) {
        PackageReport report;
        if (package_inspect(paths[i], &report, diagnostics))
            print_package(paths[i], &report, is_json);
        else
            are_well = false;
    }
    command_print_diagnostics(diagnostics, is_json);
    diagnostics_close(diagnostics);
    return are_well ? EXIT_DONE : EXIT_FOUND_ERRORS;
}

/* ---- Both commands ---- */

static int run_build(const Command *command, const char *folder, int argument_count, char **arguments, bool dry) {
    enum { OPTION_FORMAT = 256, OPTION_PROFILE };
    static const struct option long_options[] = {
        {"language", required_argument, NULL, 'l'},
        {"target", required_argument, NULL, 't'},
        {"jobs", required_argument, NULL, 'j'},
        {"output", required_argument, NULL, 'o'},
        {"format", required_argument, NULL, OPTION_FORMAT},
        {"profile", required_argument, NULL, OPTION_PROFILE},
        {NULL, 0, NULL, 0},
    };
    Progress progress = {.is_shown = isatty(STDERR_FILENO)};
    BuildOptions options = {
        .folder = folder, .output = NULL, .dry = dry, .progress = show_progress, .progress_context = &progress};
    bool is_json = false;
    opterr = 0;
    for (int option; (option = getopt_long(argument_count, arguments, ":l:t:j:o:", long_options, NULL)) != -1;) {
        Language language;
        switch (option) {
        case 'l':
            if (!command_parse_language(optarg, &language))
                return EXIT_USAGE;
            if (options.language_count < LANGUAGE_LIMIT)
                options.languages[options.language_count++] = language;
            break;
        case 't':
            if (!add_target(&options, optarg))
                return EXIT_USAGE;
            break;
        case 'j':
            if (!command_parse_number("--jobs", optarg, 1, 64, &options.jobs))
                return EXIT_USAGE;
            break;
        case 'o':
            options.output = optarg;
            break;
        case OPTION_FORMAT:
            if (!command_parse_format(optarg, &is_json))
                return EXIT_USAGE;
            break;
        case OPTION_PROFILE:
            if (!choose_profile(&options, optarg))
                return EXIT_USAGE;
            break;
        case ':':
            return command_usage_error(command, "%s needs a value", arguments[optind - 1]);
        default:
            return command_usage_error(command, "\"%s\" is not an option", arguments[optind - 1]);
        }
    }
    if (dry && optind < argument_count && (options.language_count || options.target_count || options.output))
        return command_usage_error(command, "a package is checked as it is: only --format goes with it");
    if (dry && optind < argument_count)
        return check_packages(arguments + optind, argument_count - optind, is_json);
    if (optind < argument_count)
        return command_usage_error(command, "\"%s\" is one word too many", arguments[optind]);

    Buffer output = {0};
    if (!options.output) {
        buffer_format(&output, "%s%spublic", strcmp(folder, ".") == 0 ? "" : folder,
                      strcmp(folder, ".") == 0 ? "" : "/");
        options.output = output.data;
    }
    progress.is_shown = progress.is_shown && !is_json;
    Diagnostics *diagnostics = diagnostics_open();
    BuildReport report = {0};
    end_on_signals();
    bool well = publish_build(&options, &report, diagnostics);
    end_progress(&progress);
    command_print_diagnostics(diagnostics, is_json);
    well = well && diagnostics_count(diagnostics, SEVERITY_ERROR) == 0;
    if (well)
        print_report(&report, &options, is_json);
    else if (!dry && !is_json)
        fprintf(stderr, "Nothing was published; %s is as it was.\n", options.output);
    diagnostics_close(diagnostics);
    buffer_free(&output);
    return well ? EXIT_DONE : EXIT_FOUND_ERRORS;
}

static int run_publishing(const char *folder, int argument_count, char **arguments) {
    return run_build(&command_build, folder, argument_count, arguments, false);
}

static int run_checking(const char *folder, int argument_count, char **arguments) {
    return run_build(&command_check, folder, argument_count, arguments, true);
}

const Command command_build = {
    .name = "build",
    .summary = "publish the website, the course packages and the printable guides",
    .help =
        "usage: probity [-C FOLDER] build [OPTION…]\n\n"
        "Reads content/, checks all of it and publishes it into one folder that any web server can serve. What has not\n"
        "changed is not made again. When anything is wrong nothing is published and the site that stood stays whole.\n\n"
        "options:\n"
        "  -o, --output FOLDER    where to publish (public)\n"
        "  -l, --language CODE    make this language alone and leave the others as they stand; may be given several times\n"
        "  -t, --target NAME      make this target alone and leave the others as they stand; may be given several times:\n"
        "                           website      the pages\n"
        "                           scorm12      course packages for SCORM 1.2\n"
        "                           scorm2004-3  the same for SCORM 2004, 3rd edition\n"
        "                           scorm2004    the same for SCORM 2004, 4th edition\n"
        "                           cmi5         the same for cmi5, all languages in one\n"
        "                           web          courses to be played without a platform\n"
        "                           dictionary   what the ids in platforms' reports stand for, as a table\n"
        "                           report       what platforms will be told, sizes, case studies in numbers: for whoever\n"
        "                                        uploads the packages\n"
        "                           print        paged XHTML of each guide\n"
        "                           pdf          the same as PDF (needs chromium)\n"
        "                           review       reviewers' copies of courses, with the right answers: confidential; made only\n"
        "                                        when named, and taken away by the next build of everything\n"
        "      --profile NAME     the learning platform that SCORM packages are for, whatever the settings say:\n"
        "                           generic        any; what is built where nothing is said\n"
        "                           moodle         Moodle\n"
        "                           cornerstone    Cornerstone OnDemand\n"
        "                           successfactors SAP SuccessFactors Learning\n"
        "                           strict         platforms that hold to the letter of the standard\n"
        "  -j, --jobs NUMBER      threads (as many as there are processors)\n"
        "      --format FORMAT    text or json: one JSON object a line\n"
        "      --help             this text\n\n"
        "exit status: 0 published; 1 there are errors, nothing was published; 2 the command is wrong\n\n"
        "examples:\n"
        "  probity build\n"
        "  probity build --language ar --target pdf\n"
        "  probity build --output /srv/www/ethics --format json\n",
    .run = run_publishing,
};

const Command command_check = {
    .name = "check",
    .summary = "say everything that is wrong with the content, and write nothing",
    .help =
        "usage: probity [-C FOLDER] check [OPTION…]\n"
        "       probity check [--format FORMAT] PACKAGE.zip…\n\n"
        "Does all that build does except writing: settings, front matter, Markdown, links, pictures, the languages against each\n"
        "other, questions, case studies, rules and layouts.\n\n"
        "With course packages: whether a platform can take them as they are now: the zip, its manifest, the standard's own files,\n"
        "and what their pages refer to. They may come from anywhere; nothing is unpacked to the disk.\n\n"
        "options:\n"
        "  -l, --language CODE    this language alone; may be given several times\n"
        "  -t, --target NAME      this target alone; may be given several times\n"
        "      --profile NAME     for this learning platform: generic, moodle, cornerstone, successfactors or strict\n"
        "  -j, --jobs NUMBER      threads\n"
        "      --format FORMAT    text or json: one JSON object a line\n"
        "      --help             this text\n\n"
        "exit status: 0 all is well (there may be warnings); 1 there are errors; 2 the command is wrong\n\n"
        "examples:\n"
        "  probity check --language ar\n"
        "  probity check public/packages/essentials/essentials-en-scorm12.zip\n",
    .run = run_checking,
};
