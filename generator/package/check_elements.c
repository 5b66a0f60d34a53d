/*
 * Which elements a SCORM manifest may have, where and in which namespace. The schemas of both standards let foreign
 * elements pass, so that a misspelt one, or one in another edition's namespace, is valid and does nothing.
 */
#include "package/check.h"

#include <string.h>

typedef enum Space { CONTENT, ADL, SEQUENCING, ADL_SEQUENCING, NAVIGATION } Space;

static const char *const names_12[] = {"http://www.imsproject.org/xsd/imscp_rootv1p1p2",
                                       "http://www.adlnet.org/xsd/adlcp_rootv1p2"};
static const char *const names_2004[] = {"http://www.imsglobal.org/xsd/imscp_v1p1",
                                         "http://www.adlnet.org/xsd/adlcp_v1p3", "http://www.imsglobal.org/xsd/imsss",
                                         "http://www.adlnet.org/xsd/adlseq_v1p3",
                                         "http://www.adlnet.org/xsd/adlnav_v1p3"};

typedef struct Rule {
    const char *parent, *element;
    Space space;
    bool is_once;
} Rule;

/* The schemas and books allow more; what a course of this program has no use for is left out. */
static const Rule rules_12[] = {
    {"manifest", "metadata", CONTENT, true},
    {"manifest", "organizations", CONTENT, true},
    {"manifest", "resources", CONTENT, true},
    {"metadata", "schema", CONTENT, true},
    {"metadata", "schemaversion", CONTENT, true},
    {"organizations", "organization", CONTENT, false},
    {"organization", "title", CONTENT, false},
    {"organization", "item", CONTENT, false},
    {"item", "title", CONTENT, false},
    {"item", "item", CONTENT, false},
    {"item", "masteryscore", ADL, true},
    {"item", "maxtimeallowed", ADL, true},
    {"item", "timelimitaction", ADL, true},
    {"item", "datafromlms", ADL, true},
    {"item", "prerequisites", ADL, true},
    {"resources", "resource", CONTENT, false},
    {"resource", "file", CONTENT, false},
};

static const Rule rules_2004[] = {
    {"manifest", "metadata", CONTENT, true},
    {"manifest", "organizations", CONTENT, true},
    {"manifest", "resources", CONTENT, true},
    {"metadata", "schema", CONTENT, true},
    {"metadata", "schemaversion", CONTENT, true},
    {"organizations", "organization", CONTENT, false},
    {"organization", "title", CONTENT, false},
    {"organization", "item", CONTENT, false},
    {"organization", "sequencing", SEQUENCING, true},
    {"item", "title", CONTENT, false},
    {"item", "item", CONTENT, false},
    {"item", "completionThreshold", ADL, true},
    {"item", "timeLimitAction", ADL, true},
    {"item", "dataFromLMS", ADL, true},
    {"item", "sequencing", SEQUENCING, true},
    {"item", "presentation", NAVIGATION, true},
    {"presentation", "navigationInterface", NAVIGATION, true},
    {"navigationInterface", "hideLMSUI", NAVIGATION, false},
    {"sequencing", "controlMode", SEQUENCING, true},
    {"sequencing", "objectives", SEQUENCING, true},
    {"sequencing", "deliveryControls", SEQUENCING, true},
    {"objectives", "primaryObjective", SEQUENCING, true},
    {"objectives", "objective", SEQUENCING, false},
    {"primaryObjective", "minNormalizedMeasure", SEQUENCING, true},
    {"primaryObjective", "mapInfo", SEQUENCING, false},
    {"objective", "minNormalizedMeasure", SEQUENCING, true},
    {"objective", "mapInfo", SEQUENCING, false},
    {"resources", "resource", CONTENT, false},
    {"resource", "file", CONTENT, false},
};

static const Rule *find_rule(const Rule *rules, size_t count, const xmlNode *node) {
    for (size_t i = 0; i < count; i++)
        if (check_is_element(node->parent, rules[i].parent) && check_is_element(node, rules[i].element))
            return &rules[i];
    return NULL;
}

/* ---- What an edition writes differently ---- */

static void check_threshold(Check *check, const xmlNode *node) {
    Text words = check_content(check, node), measure = check_attribute(check, node, "minProgressMeasure");
    bool is_plain = check->standard->has_plain_threshold;
    if (is_plain && node->properties)
        check_complain(check, node, "the 3rd edition has the completion threshold as a number, without attributes",
                       TEXT(""));
    else if (!is_plain && words.size)
        check_complain(check, node, "the 4th edition has the completion threshold in attributes", words);
    else if (!check_is_number_between(is_plain ? words : measure, 0, 1))
        check_complain(check, node, "the completion threshold is not between 0 and 1", is_plain ? words : measure);
}

static void check_metadata(Check *check, const xmlNode *metadata) {
    for (const xmlNode *child = metadata->children; child; child = child->next) {
        if (check_is_element(child, "schema") && !text_equal(check_content(check, child), TEXT("ADL SCORM")))
            check_complain(check, child, "the schema is not ADL SCORM", check_content(check, child));
        if (check_is_element(child, "schemaversion") &&
            !text_equal(check_content(check, child), text_from(check->standard->edition)))
            check_complain(check, child, "this is another edition", check_content(check, child));
    }
    if (!check_count_children(metadata, "schema") || !check_count_children(metadata, "schemaversion"))
        check_complain(check, metadata, "the metadata does not say which standard this is", TEXT(""));
}

/* A mark that is not to be used, or one that is and is not there: platforms read either as they like. */
static void check_objective(Check *check, const xmlNode *objective) {
    bool is_by_measure = text_equal(check_attribute(check, objective, "satisfiedByMeasure"), TEXT("true"));
    if (is_by_measure != (check_count_children(objective, "minNormalizedMeasure") > 0))
        check_complain(check, objective, "satisfiedByMeasure and minNormalizedMeasure do not go together", TEXT(""));
    Text id = check_attribute(check, objective, "objectiveID");
    bool needs_id = check_is_element(objective, "objective");
    if (check_count_children(objective, "mapInfo") && !id.size)
        check_complain(check, objective, "an objective that is mapped has no objectiveID", TEXT(""));
    else if (needs_id && !id.size)
        check_complain(check, objective, "an objective has no objectiveID", TEXT(""));
    for (const xmlNode *other = objective->prev; other && id.size; other = other->prev)
        if (other->type == XML_ELEMENT_NODE && text_equal(check_attribute(check, other, "objectiveID"), id))
            check_complain(check, objective, "two objectives have one objectiveID", id);
}

static void check_button(Check *check, const xmlNode *node) {
    static const char *const buttons[] = {"previous", "continue",   "exit",      "exitAll",
                                          "abandon",  "abandonAll", "suspendAll"};
    Text button = check_content(check, node);
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++)
        if (text_equal(button, text_from(buttons[i])))
            return;
    check_complain(check, node, "platforms have no such button", button);
}

static void check_kind_attribute(Check *check, const xmlNode *resource, const char *space) {
    for (const xmlAttr *each = resource->properties; each; each = each->next)
        if (text_starts(text_from((const char *)each->name), TEXT("scorm")) &&
            !text_equal(check_namespace(each->ns), text_from(space)))
            check_complain(check, resource, "the kind of the resource is in the wrong namespace",
                           check_namespace(each->ns));
}

/* ---- The whole ---- */

static void check_one(Check *check, const xmlNode *node) {
    bool is_12 = check->standard->family == FAMILY_SCORM12;
    const char *const *spaces = is_12 ? names_12 : names_2004;
    const Rule *rule = is_12 ? find_rule(rules_12, sizeof rules_12 / sizeof *rules_12, node)
                             : find_rule(rules_2004, sizeof rules_2004 / sizeof *rules_2004, node);
    Text name = text_from((const char *)node->name);
    if (!rule) {
        check_complain(check, node, "this element does not belong here",
                       text_format(&check->arena, "%.*s in %s", TEXT_ARG(name), (const char *)node->parent->name));
        return;
    }
    if (!text_equal(check_namespace(node->ns), text_from(spaces[rule->space])))
        check_complain(check, node, "this element is in the wrong namespace",
                       text_format(&check->arena, "%.*s in %.*s", TEXT_ARG(name), TEXT_ARG(check_namespace(node->ns))));
    if (rule->is_once && check_count_children(node->parent, rule->element) > 1)
        check_complain(check, node, "this element stands more than once", name);
    if (check_is_element(node, "completionThreshold"))
        check_threshold(check, node);
    else if (check_is_element(node, "primaryObjective") || check_is_element(node, "objective"))
        check_objective(check, node);
    else if (check_is_element(node, "hideLMSUI"))
        check_button(check, node);
    else if (check_is_element(node, "metadata"))
        check_metadata(check, node);
    else if (check_is_element(node, "resource"))
        check_kind_attribute(check, node, spaces[ADL]);
}

void check_elements(Check *check, const xmlNode *parent) {
    for (const xmlNode *node = parent->children; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        check_one(check, node);
        check_elements(check, node);
    }
}
