/* What the checks of the standards share; for this room alone. */
#ifndef PROBITY_PACKAGE_CHECK_H
#define PROBITY_PACKAGE_CHECK_H

#include "package/package.h"

#include <libxml/tree.h>

enum { TITLE_LIMIT_CHARACTERS = 200, IDENTIFIER_LIMIT = 256 };

typedef struct Check {
    const PackageStandard *standard;
    const Text *names; /* sorted */
    size_t name_count;
    Text path;
    Diagnostics *diagnostics;
    Arena arena;
    Text identifiers[IDENTIFIER_LIMIT];
    size_t identifier_count;
    bool is_well;
} Check;

/* The rule that is broken, and by what; `node` may be NULL, `detail` empty. */
void check_complain(Check *check, const xmlNode *node, const char *sentence, Text detail);
bool check_is_element(const xmlNode *node, const char *name);
/* The name of the namespace, or an empty text. */
Text check_namespace(const xmlNs *space);
/* By its local name: which prefix stands for a namespace is the writer's affair. Empty where there is none. */
Text check_attribute(Check *check, const xmlNode *node, const char *name);
Text check_content(Check *check, const xmlNode *node);
size_t check_count_children(const xmlNode *node, const char *name);
bool check_has_file(const Check *check, Text name);
bool check_is_number_between(Text text, double from, double to);
/* Complains where it stands in the manifest already. */
void check_remember(Check *check, const xmlNode *node, Text identifier);

void check_cmi5(Check *check, const xmlNode *structure);
/* Where each element of a SCORM manifest stands, in which namespace, and what an edition writes differently. */
void check_elements(Check *check, const xmlNode *manifest);

#endif
