/*
 * package: course packages, the targets that make them. A package is one zip for one course, one language and one
 * standard:
 *
 *   imsmanifest.xml        target_<standard>.c
 *   index.html style.css   page.c: every screen, readable without script
 *   course.js              data.c: the course's skeleton with its right answers, and the player's words
 *   player.js rules.js     from what the program brings with it
 *   media/                 pictures of the course
 *   *.xsd *.dtd            the standard's own control files
 *
 * To add a standard: one file target_<standard>.c with its PackageStandard and Target, its manifest, a dialect in
 * generator/player/, rows in command/targets.c and tests/browser/lib/packages.js.
 * May include publish and what publish may include; commands include it.
 */
#ifndef PROBITY_PACKAGE_H
#define PROBITY_PACKAGE_H

#include "publish/publish.h"

#include <libxml/xmlwriter.h>

typedef struct PackageFacts {
    Text identifier; /* an XML name, ASCII */
    Text title;
    int pass_permille; /* -1: nothing in the course is graded */
    const Text *files; /* without manifest and control files; the first is what is launched */
    size_t file_count;
} PackageFacts;

typedef struct PackageStandard {
    const char *name;                 /* of the target, of the player's dialect, in the zip's name */
    const char *schema_folder;        /* below schemas/ of what the program brings with it */
    const char *const *control_files; /* ends with NULL */
    size_t state_limit_characters;    /* what a platform keeps of a learner */
    void (*write_manifest)(xmlTextWriterPtr writer, const PackageFacts *facts);
} PackageStandard;

/* A job for every course and language. */
void package_plan(const Target *target, const PackageStandard *standard, const Site *site, const Layouts *layouts,
                  Plan *plan);

/* index.html */
bool package_write_page(Buffer *out, Worker *worker, const PackageStandard *standard, const Course *course,
                        Language language);
/* course.js */
void package_write_data(Buffer *out, const Site *site, const Course *course, Language language);
/* imsmanifest.xml */
void package_write_manifest(Buffer *out, const PackageStandard *standard, const PackageFacts *facts);

/*
 * Whether the manifest keeps the rules of its standard that no schema says. `names`: every file of the package,
 * sorted. False where not, with a diagnostic for `path`.
 */
bool package_check(const PackageStandard *standard, Text manifest, const Text *names, size_t count, Text path,
                   Diagnostics *diagnostics);

/*
 * The most characters that a platform can have to keep of a learner; `largest` becomes the exercise that needs most of
 * them. generator/player/state.js writes the text that is measured.
 */
size_t package_state_size(const Course *course, Language language, Arena *arena, Text *largest);
/* Whether they fit, and no two ids have the same code in them. */
bool package_check_state(const PackageStandard *standard, const Course *course, Language language,
                         Diagnostics *diagnostics);

/* ---- Elements of a manifest. Titles come from YAML, which has no characters that XML lacks. ---- */

void manifest_start(xmlTextWriterPtr writer, const char *element);
void manifest_end(xmlTextWriterPtr writer);
void manifest_attribute(xmlTextWriterPtr writer, const char *name, const char *value);
void manifest_attribute_text(xmlTextWriterPtr writer, const char *name, Text value);
void manifest_text(xmlTextWriterPtr writer, const char *element, Text value);
/* <metadata>, with the standard's version */
void manifest_metadata(xmlTextWriterPtr writer, const char *version);
/* <resources> with one resource, the course; `type_attribute` is how the standard spells it */
void manifest_resources(xmlTextWriterPtr writer, const char *type_attribute, const PackageFacts *facts);
/* 800 gives "0.8", 1000 "1" */
Text manifest_ratio(Arena *arena, int permille);

extern const PackageStandard package_scorm12, package_scorm2004;
extern const Target target_scorm12, target_scorm2004;

#endif
