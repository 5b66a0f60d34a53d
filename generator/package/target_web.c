/* Courses to be played without a platform, from a web server or from a folder: this device alone keeps the answers. */
#include "package/package.h"

static const char *const no_control_files[] = {NULL};

const PackageStandard package_web = {
    .target = {.name = "web", .help = "courses to be played without a platform", .plan = package_plan},
    .family = FAMILY_WEB,
    .edition = "web",
    .dialect = "web",
    .control_files = no_control_files,
    .is_together_only = true,
};
