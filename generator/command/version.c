#include "command/command.h"

#include <cmark-gfm.h>
#include <libfyaml.h>
#include <libxml/xmlversion.h>
#include <lua.h>
#include <stdio.h>
#include <unicode/uversion.h>
#include <zip.h>

static int run(const char *folder, int argument_count, char **arguments) {
    (void)folder;
    if (argument_count > 1)
        return command_usage_error(&command_version, "\"%s\" is one word too many", arguments[1]);
    printf("probity %s\n", PROBITY_VERSION);
    printf("cmark-gfm %s, %s, libxml2 %s, ICU %s, libfyaml %s, libzip %s\n", cmark_version_string(), LUA_RELEASE,
           LIBXML_DOTTED_VERSION, U_ICU_VERSION, fy_library_version(), zip_libzip_version());
    return EXIT_DONE;
}

const Command command_version = {
    .name = "version",
    .summary = "print the versions of probity and of the libraries it was built with",
    .help = "usage: probity version\n\nPrints the version of probity and those of the libraries it was built with.\n",
    .run = run,
};
