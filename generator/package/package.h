/*
 * package: course packages, the targets that make them. A package is one zip for one course, one standard and either
 * one language
 *
 *   imsmanifest.xml        target_<standard>.c
 *   index.html style.css   page.c: every screen, readable without script
 *   course.js              data.c: the course's skeleton with its right answers, and the player's words
 *   player.js rules.js     from what the program brings with it
 *   media/                 pictures of the course
 *   *.xsd *.dtd            the standard's own control files
 *
 * or all of them, with en.html and en.js of each in place of the page and its data, and
 *
 *   index.html             languages.c: the languages as links
 *   shell.js               what holds the platform while the learner goes from one language to another
 *
 * To add a standard: one file target_<standard>.c with its PackageStandard, its manifest, a dialect in
 * generator/player/, rows in command/targets.c and tests/browser/lib/packages.js.
 * May include publish and what publish may include; commands include it.
 */
#ifndef PROBITY_PACKAGE_H
#define PROBITY_PACKAGE_H

#include "publish/publish.h"

#include <libxml/xmlwriter.h>

/* What a package says of its course in one of its languages. */
typedef struct PackageWords {
    Language language;
    Text title, summary;
} PackageWords;

typedef struct PackageFacts {
    Text identifier;           /* an XML name, ASCII */
    Text address;              /* of the course's page on the website, which no other course has: an IRI */
    const PackageWords *words; /* the source language first where it is one of them */
    size_t language_count;     /* at least 1 */
    int pass_permille;         /* -1: nothing in the course is graded */
    CompletionRule completion;
    const Text *objectives; /* ids of those to which exercises belong */
    size_t objective_count;
    const Text *files; /* without manifest and control files; the first is what is launched */
    size_t file_count;
} PackageFacts;

/* Which rules a manifest has to keep: those of an edition are its standard's. */
typedef enum PackageFamily { FAMILY_SCORM12, FAMILY_SCORM2004, FAMILY_CMI5, FAMILY_WEB } PackageFamily;

typedef struct PackageStandard {
    Target target; /* its plan is package_plan; its name stands in the zip's name */
    PackageFamily family;
    const char *edition;              /* as the manifest names it */
    bool has_plain_threshold;         /* of completion: a number, not attributes of an empty element */
    const char *dialect;              /* of the player */
    const char *manifest;             /* its file, at the root; NULL: none */
    const char *root_element;         /* of the manifest */
    const char *schema_folder;        /* below schemas/ of what the program brings with it */
    const char *const *control_files; /* ends with NULL */
    size_t state_limit_characters;    /* what a platform keeps of a learner; 0: any number */
    bool is_together_only;            /* one package holds all languages; else each language has one of its own, too */
    void (*write_manifest)(xmlTextWriterPtr writer, const struct PackageStandard *standard, const PackageFacts *facts);
} PackageStandard;

/* A job for every course and language, and one for all languages of a course. `target` is that of a PackageStandard. */
void package_plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                  Plan *plan);

/* packages/<course>/<course>-managers-en-scorm12.zip, of this version of the course; language -1: of all of them */
Text package_output(Arena *arena, const PackageStandard *standard, const Course *course, Language language);
/* What can be earned in the course; 0: nothing is graded. */
int package_points(Arena *arena, const Course *course, Language language);

/* The names of a language's page and its data in a package of several: en.html, en.js */
Text package_page_name(Arena *arena, Language language);
Text package_data_name(Arena *arena, Language language);

/* What a page is part of. */
typedef struct PackagePage {
    const PackageStandard *standard;
    const Course *course;
    Language language;
    const Language *languages; /* of the package, this one among them */
    size_t language_count;
} PackagePage;

/* index.html or en.html */
bool package_write_page(Buffer *out, Worker *worker, const PackagePage *page);
/* index.html of a package of several languages, in the words of `page->language` */
bool package_write_languages(Buffer *out, Worker *worker, const PackagePage *page);
/* course.js or en.js */
void package_write_data(Buffer *out, const Site *site, const Course *course, Language language);
/* imsmanifest.xml or cmi5.xml */
void package_write_manifest(Buffer *out, const PackageStandard *standard, const PackageFacts *facts);

/*
 * Whether the manifest keeps the rules of its standard that no schema says. `names`: every file of the package,
 * sorted. False where not, with a diagnostic for `path`.
 */
bool package_check(const PackageStandard *standard, Text manifest, const Text *names, size_t count, Text path,
                   Diagnostics *diagnostics);

typedef struct PackageReport {
    const PackageStandard *standard; /* NULL where that cannot be told */
    size_t file_count;
    uint64_t size_bytes; /* of the zip */
} PackageReport;

/*
 * Whether a platform can take the package at `path`, whoever made it: container, manifest, control files, and what its pages refer to.
 * Nothing is unpacked to the disk. False where not, with a diagnostic for each reason.
 */
bool package_inspect(const char *path, PackageReport *report, Diagnostics *diagnostics);

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
/* Words of the element that was started last. */
void manifest_content(xmlTextWriterPtr writer, Text value);
/* <metadata>, with the standard's version */
void manifest_metadata(xmlTextWriterPtr writer, const char *version);
/* <resources> with one resource, the course; `type_attribute` is how the standard spells it */
void manifest_resources(xmlTextWriterPtr writer, const char *type_attribute, const PackageFacts *facts);
/* 800 gives "0.8", 1000 "1" */
Text manifest_ratio(Arena *arena, int permille);

extern const PackageStandard package_scorm12, package_scorm2004_3, package_scorm2004, package_cmi5, package_web;
extern const Target target_dictionary, target_report;

#endif
