/* probity tree: what the compiler sees: the units of the site, or the document tree of one page. */
#include "command/command.h"
#include "parse/parse.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static void put_units(Buffer *out, const Site *site, bool is_json) {
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        const Page *source = unit->pages[site->settings.source_language];
        Text title = source ? source->title : TEXT("");
        size_t depth = unit->path.size ? 1 : 0;
        for (size_t c = 0; c < unit->path.size; c++)
            depth += unit->path.data[c] == '/';
        if (is_json) {
            buffer_put_literal(out, "{\"path\":");
            buffer_put_json(out, unit->path);
            buffer_format(out, ",\"kind\":\"%s\",\"languages\":[", unit_kind_name(unit->kind));
        } else {
            buffer_format(out, "%*s%-*s %-10s", (int)depth * 2, "", 36 - (int)depth * 2,
                          unit->path.size ? unit->name.data : "/", unit_kind_name(unit->kind));
        }
        const char *separator = "";
        for (Language language = 0; language < language_count(); language++) {
            if (!unit->pages[language])
                continue;
            buffer_format(out, is_json ? "%s\"%s\"" : "%s%s", separator, language_info(language)->code);
            separator = is_json ? "," : " ";
        }
        if (is_json) {
            buffer_put_literal(out, "],\"title\":");
            buffer_put_json(out, title);
            buffer_put_literal(out, "}\n");
        } else {
            buffer_format(out, "  %.*s\n", TEXT_ARG(title));
        }
    }
}

static bool put_document(Buffer *out, const Site *site, const char *path, Arena *arena, Diagnostics *diagnostics) {
    for (size_t i = 0; i < site->unit_count; i++) {
        for (Language language = 0; language < language_count(); language++) {
            const Page *page = site->units[i]->pages[language];
            if (!page || !text_equal(page->source, text_from(path)))
                continue;
            Arena scratch = {0};
            Text body;
            bool well = load_page_body(arena, page, &body, diagnostics);
            if (well) {
                ParseInput input = {body, page->body_line, page->source, page->unit->kind};
                parse_start();
                parse_dump(out, parse_document(arena, &scratch, &input, diagnostics));
            }
            arena_free(&scratch);
            return well;
        }
    }
    diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, text_from(path), (Place){0, 0},
                    "it is no page of this site; probity tree lists them by folder");
    return false;
}

static int run(const char *folder, int argument_count, char **arguments) {
    static const struct option long_options[] = {{"format", required_argument, NULL, 'f'}, {NULL, 0, NULL, 0}};
    bool is_json = false;
    opterr = 0;
    for (int option; (option = getopt_long(argument_count, arguments, ":", long_options, NULL)) != -1;) {
        if (option == ':')
            return command_usage_error(&command_tree, "%s needs a value", arguments[optind - 1]);
        if (option != 'f')
            return command_usage_error(&command_tree, "\"%s\" is not an option", arguments[optind - 1]);
        if (!command_parse_format(optarg, &is_json))
            return EXIT_USAGE;
    }
    Arena arena = {0};
    Site site = {.arena = &arena};
    Diagnostics *diagnostics = diagnostics_open();
    Buffer out = {0};
    bool well = load_site(&site, folder, NULL, 1, diagnostics);
    if (well && optind == argument_count)
        put_units(&out, &site, is_json);
    for (int i = optind; well && i < argument_count; i++)
        well = put_document(&out, &site, arguments[i], &arena, diagnostics);
    if (out.size)
        fwrite(out.data, 1, out.size, stdout);
    command_print_diagnostics(diagnostics, is_json);
    well = well && diagnostics_count(diagnostics, SEVERITY_ERROR) == 0;
    buffer_free(&out);
    diagnostics_close(diagnostics);
    load_end(&site);
    arena_free(&arena);
    return well ? EXIT_DONE : EXIT_FOUND_ERRORS;
}

const Command command_tree = {
    .name = "tree",
    .summary = "show the units of the site, or how a page's Markdown was understood",
    .help =
        "usage: probity [-C FOLDER] tree [--format FORMAT] [PAGE…]\n\n"
        "Without a page: every unit with its kind, its languages and its title in the source language. With pages, such as\n"
        "content/guides/speaking-up/en.md: the document tree of each, a node a line, with the place in the source.\n\n"
        "options:\n"
        "      --format FORMAT    text or json (for the list of units)\n"
        "      --help             this text\n",
    .run = run,
};
