/* SCORM 1.2 packages. */
#include "package/package.h"

static const char *const control_files[] = {"adlcp_rootv1p2.xsd", "ims_xml.xsd", "imscp_rootv1p1p2.xsd",
                                            "imsmd_rootv1p2p1.xsd", NULL};

static void write_manifest(xmlTextWriterPtr writer, const PackageStandard *standard, const PackageFacts *facts) {
    manifest_attribute_text(writer, "identifier", facts->identifier);
    manifest_attribute(writer, "version", "1.0");
    manifest_attribute(writer, "xmlns", "http://www.imsproject.org/xsd/imscp_rootv1p1p2");
    manifest_attribute(writer, "xmlns:adlcp", "http://www.adlnet.org/xsd/adlcp_rootv1p2");
    manifest_attribute(writer, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    manifest_attribute(writer, "xsi:schemaLocation",
                       "http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd "
                       "http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd");
    manifest_metadata(writer, standard->edition);
    manifest_start(writer, "organizations");
    manifest_attribute(writer, "default", "organization");
    manifest_start(writer, "organization");
    manifest_attribute(writer, "identifier", "organization");
    manifest_text(writer, "title", facts->words[0].title);
    manifest_start(writer, "item");
    manifest_attribute(writer, "identifier", "item");
    manifest_attribute(writer, "identifierref", "resource");
    manifest_attribute(writer, "isvisible", "true");
    manifest_text(writer, "title", facts->words[0].title);
    if (facts->pass_permille >= 0) {
        Arena arena = {0};
        manifest_text(writer, "adlcp:masteryscore", text_format(&arena, "%d", facts->pass_permille / 10));
        arena_free(&arena);
    }
    manifest_end(writer);
    manifest_end(writer);
    manifest_end(writer);
    manifest_resources(writer, "adlcp:scormtype", facts);
}

const PackageStandard package_scorm12 = {
    .target = {.name = "scorm12", .help = "course packages, SCORM 1.2", .plan = package_plan},
    .family = FAMILY_SCORM12,
    .edition = "1.2",
    .dialect = "scorm12",
    .manifest = "imsmanifest.xml",
    .root_element = "manifest",
    .schema_folder = "scorm12edition",
    .control_files = control_files,
    .state_limit_characters = 4096,
    .write_manifest = write_manifest,
};
