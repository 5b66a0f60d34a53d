/* SCORM 2004 packages, 3rd and 4th edition. */
#include "package/package.h"

static const char *const control_files[] = {"XMLSchema.dtd",
                                            "adlcp_v1p3.xsd",
                                            "adlnav_v1p3.xsd",
                                            "adlseq_v1p3.xsd",
                                            "datatypes.dtd",
                                            "imscp_v1p1.xsd",
                                            "imsss_v1p0.xsd",
                                            "imsss_v1p0auxresource.xsd",
                                            "imsss_v1p0control.xsd",
                                            "imsss_v1p0delivery.xsd",
                                            "imsss_v1p0limit.xsd",
                                            "imsss_v1p0objective.xsd",
                                            "imsss_v1p0random.xsd",
                                            "imsss_v1p0rollup.xsd",
                                            "imsss_v1p0seqrule.xsd",
                                            "imsss_v1p0util.xsd",
                                            "xml.xsd",
                                            NULL};

/*
 * A course of one piece leads from screen to screen by itself; the platform's own buttons for that would only
 * confuse.
 */
static const char *const hidden_buttons[] = {"previous", "continue", "exit", "abandon", "abandonAll"};

static void write_sequencing(xmlTextWriterPtr writer, const PackageFacts *facts) {
    Arena arena = {0};
    manifest_start(writer, "imsss:sequencing");
    manifest_start(writer, "imsss:objectives");
    manifest_start(writer, "imsss:primaryObjective");
    /* Ids of content have no underscore: no objective of the course is called so. */
    manifest_attribute(writer, "objectiveID", "course_pass");
    manifest_attribute(writer, "satisfiedByMeasure", facts->pass_permille >= 0 ? "true" : "false");
    if (facts->pass_permille >= 0)
        manifest_text(writer, "imsss:minNormalizedMeasure", manifest_ratio(&arena, facts->pass_permille));
    manifest_end(writer);
    /* The course itself says what becomes of them; here the platform learns that they are there. */
    for (size_t i = 0; i < facts->objective_count; i++) {
        manifest_start(writer, "imsss:objective");
        manifest_attribute_text(writer, "objectiveID", facts->objectives[i]);
        manifest_attribute(writer, "satisfiedByMeasure", "false");
        manifest_end(writer);
    }
    manifest_end(writer);
    manifest_start(writer, "imsss:deliveryControls");
    manifest_attribute(writer, "completionSetByContent", "true");
    manifest_attribute(writer, "objectiveSetByContent", "true");
    manifest_end(writer);
    manifest_end(writer);
    arena_free(&arena);
}

/* The 3rd edition has the measure as a number, the 4th as attributes of an empty element; each refuses the other's. */
static void write_threshold(xmlTextWriterPtr writer, const PackageStandard *standard) {
    if (standard->has_plain_threshold) {
        manifest_text(writer, "adlcp:completionThreshold", TEXT("1.0"));
        return;
    }
    manifest_start(writer, "adlcp:completionThreshold");
    manifest_attribute(writer, "completedByMeasure", "true");
    manifest_attribute(writer, "minProgressMeasure", "1.0");
    manifest_end(writer);
}

static void write_item(xmlTextWriterPtr writer, const PackageStandard *standard, const PackageFacts *facts) {
    manifest_start(writer, "item");
    manifest_attribute(writer, "identifier", "item");
    manifest_attribute(writer, "identifierref", "resource");
    manifest_attribute(writer, "isvisible", "true");
    manifest_text(writer, "title", facts->words[0].title);
    write_threshold(writer, standard);
    write_sequencing(writer, facts);
    manifest_start(writer, "adlnav:presentation");
    manifest_start(writer, "adlnav:navigationInterface");
    for (size_t i = 0; i < sizeof hidden_buttons / sizeof *hidden_buttons; i++)
        manifest_text(writer, "adlnav:hideLMSUI", text_from(hidden_buttons[i]));
    manifest_end(writer);
    manifest_end(writer);
    manifest_end(writer);
}

static void write_manifest(xmlTextWriterPtr writer, const PackageStandard *standard, const PackageFacts *facts) {
    manifest_attribute_text(writer, "identifier", facts->identifier);
    manifest_attribute(writer, "version", "1.0");
    manifest_attribute(writer, "xmlns", "http://www.imsglobal.org/xsd/imscp_v1p1");
    manifest_attribute(writer, "xmlns:adlcp", "http://www.adlnet.org/xsd/adlcp_v1p3");
    manifest_attribute(writer, "xmlns:adlseq", "http://www.adlnet.org/xsd/adlseq_v1p3");
    manifest_attribute(writer, "xmlns:adlnav", "http://www.adlnet.org/xsd/adlnav_v1p3");
    manifest_attribute(writer, "xmlns:imsss", "http://www.imsglobal.org/xsd/imsss");
    manifest_attribute(writer, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    manifest_attribute(
        writer, "xsi:schemaLocation",
        "http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd "
        "http://www.adlnet.org/xsd/adlseq_v1p3 adlseq_v1p3.xsd http://www.adlnet.org/xsd/adlnav_v1p3 adlnav_v1p3.xsd "
        "http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd");
    manifest_metadata(writer, standard->edition);
    manifest_start(writer, "organizations");
    manifest_attribute(writer, "default", "organization");
    manifest_start(writer, "organization");
    manifest_attribute(writer, "identifier", "organization");
    manifest_text(writer, "title", facts->words[0].title);
    write_item(writer, standard, facts);
    manifest_start(writer, "imsss:sequencing");
    manifest_start(writer, "imsss:controlMode");
    manifest_attribute(writer, "choice", "true");
    manifest_attribute(writer, "flow", "true");
    manifest_end(writer);
    manifest_end(writer);
    manifest_end(writer);
    manifest_end(writer);
    manifest_resources(writer, "adlcp:scormType", facts);
}

const PackageStandard package_scorm2004_3 = {
    .target = {.name = "scorm2004-3", .help = "course packages, SCORM 2004 3rd edition", .plan = package_plan},
    .family = FAMILY_SCORM2004,
    .edition = "2004 3rd Edition",
    .has_plain_threshold = true,
    .dialect = "scorm2004",
    .manifest = "imsmanifest.xml",
    .root_element = "manifest",
    .schema_folder = "scorm20043rdedition",
    .control_files = control_files,
    .state_limit_characters = 64000,
    .write_manifest = write_manifest,
};

const PackageStandard package_scorm2004 = {
    .target = {.name = "scorm2004", .help = "course packages, SCORM 2004 4th edition", .plan = package_plan},
    .family = FAMILY_SCORM2004,
    .edition = "2004 4th Edition",
    .dialect = "scorm2004",
    .manifest = "imsmanifest.xml",
    .root_element = "manifest",
    .schema_folder = "scorm20044thedition",
    .control_files = control_files,
    .state_limit_characters = 64000,
    .write_manifest = write_manifest,
};
