/* Courses to be played without a platform, from a web server or from a folder: this device alone keeps the answers. */
#include "package/package.h"

static const char *const no_control_files[] = {NULL};

const PackageStandard package_web = {
    .name = "web",
    .family = FAMILY_WEB,
    .edition = "web",
    .dialect = "web",
    .control_files = no_control_files,
    .is_together_only = true,
};

static void plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                 Plan *jobs) {
    package_plan(target, &package_web, site, layouts, jobs);
    (void)options;
}

const Target target_web = {.name = "web", .help = "courses to be played without a platform", .plan = plan};
