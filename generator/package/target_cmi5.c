/* cmi5 packages: one for each course, since its structure has titles in every language and the learner's comes with the
   launch. */
#include "package/package.h"

static const char *const no_control_files[] = {NULL};

static void write_titles(xmlTextWriterPtr writer, const PackageFacts *facts) {
    manifest_start(writer, "title");
    for (size_t i = 0; i < facts->language_count; i++) {
        manifest_start(writer, "langstring");
        manifest_attribute(writer, "lang", language_info(facts->words[i].language)->tag);
        manifest_content(writer, facts->words[i].title);
        manifest_end(writer);
    }
    manifest_end(writer);
    manifest_start(writer, "description");
    for (size_t i = 0; i < facts->language_count; i++) {
        const PackageWords *words = &facts->words[i];
        manifest_start(writer, "langstring");
        manifest_attribute(writer, "lang", language_info(words->language)->tag);
        /* It may not be empty. */
        manifest_content(writer, words->summary.size ? words->summary : words->title);
        manifest_end(writer);
    }
    manifest_end(writer);
}

/*
 * What has to be recorded for the course to be done. Where nothing is graded no learner can pass; where it is done when
 * its screens are seen, a score below the mark does not hold it up.
 */
static const char *move_on(const PackageFacts *facts) {
    if (facts->pass_permille < 0 || facts->completion == COMPLETION_SCREENS)
        return "Completed";
    return "CompletedAndPassed";
}

static void write_structure(xmlTextWriterPtr writer, const PackageFacts *facts) {
    Arena arena = {0};
    manifest_attribute(writer, "xmlns", "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd");
    manifest_start(writer, "course");
    manifest_attribute_text(writer, "id", facts->address);
    write_titles(writer, facts);
    manifest_end(writer);
    manifest_start(writer, "au");
    manifest_attribute_text(writer, "id", text_join(&arena, facts->address, TEXT("#play")));
    manifest_attribute(writer, "moveOn", move_on(facts));
    if (facts->pass_permille >= 0)
        manifest_attribute_text(writer, "masteryScore", manifest_ratio(&arena, facts->pass_permille));
    manifest_attribute(writer, "launchMethod", "AnyWindow");
    write_titles(writer, facts);
    manifest_text(writer, "url", facts->files[0]);
    manifest_end(writer);
    arena_free(&arena);
}

const PackageStandard package_cmi5 = {
    .name = "cmi5",
    .family = FAMILY_CMI5,
    .edition = "cmi5",
    .dialect = "cmi5",
    .manifest = "cmi5.xml",
    .root_element = "courseStructure",
    .control_files = no_control_files,
    .is_together_only = true,
    .write_manifest = write_structure,
};

static void plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                 Plan *jobs) {
    package_plan(target, &package_cmi5, site, layouts, jobs);
    (void)options;
}

const Target target_cmi5 = {.name = "cmi5", .help = "course packages, cmi5", .plan = plan};
