/* cmi5 packages: one for each course, since its structure has titles in every language and the learner's comes with the
   launch. */
#include "package/package.h"

static const char *const no_control_files[] = {NULL};

static void write_words(xmlTextWriterPtr writer, const char *element, const PackageFacts *facts, bool are_summaries) {
    manifest_start(writer, element);
    for (size_t i = 0; i < facts->language_count; i++) {
        const PackageWords *words = &facts->words[i];
        manifest_start(writer, "langstring");
        manifest_attribute(writer, "lang", language_info(words->language)->tag);
        /* It may not be empty. */
        manifest_content(writer, are_summaries && words->summary.size ? words->summary : words->title);
        manifest_end(writer);
    }
    manifest_end(writer);
}

static void write_titles(xmlTextWriterPtr writer, const PackageFacts *facts) {
    write_words(writer, "title", facts, false);
    write_words(writer, "description", facts, true);
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

static void write_structure(xmlTextWriterPtr writer, const PackageStandard *standard, const PackageFacts *facts) {
    (void)standard;
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
    .target = {.name = "cmi5", .help = "course packages, cmi5", .plan = package_plan},
    .family = FAMILY_CMI5,
    .edition = "cmi5",
    .dialect = "cmi5",
    .manifest = "cmi5.xml",
    .root_element = "courseStructure",
    .control_files = no_control_files,
    .is_together_only = true,
    .write_manifest = write_structure,
};
