/*
 * Rules for packages that no schema can say; they are those of the standards' own package checkers. A manifest of
 * ours that breaks one is our fault, but a platform's administrator would be the one to find out.
 */
#include "package/check.h"

#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void check_complain(Check *check, const xmlNode *node, const char *sentence, Text detail) {
    Place place = {node ? (uint32_t)xmlGetLineNo(node) : 0, 0};
    Text message =
        detail.size ? text_format(&check->arena, "%s: %.*s", sentence, TEXT_ARG(detail)) : text_from(sentence);
    diagnostics_add(check->diagnostics, DIAGNOSTIC_PACKAGE_INVALID, check->path, place, message.data);
    check->is_well = false;
}

bool check_is_element(const xmlNode *node, const char *name) {
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

Text check_namespace(const xmlNs *space) {
    return space && space->href ? text_from((const char *)space->href) : TEXT("");
}

Text check_attribute(Check *check, const xmlNode *node, const char *name) {
    xmlChar *value = NULL;
    for (xmlAttr *each = node->properties; each && !value; each = each->next)
        if (strcmp((const char *)each->name, name) == 0)
            value = xmlNodeListGetString(node->doc, each->children, 1);
    Text text = value ? text_copy(&check->arena, text_from((const char *)value)) : TEXT("");
    xmlFree(value);
    return text;
}

Text check_content(Check *check, const xmlNode *node) {
    xmlChar *value = xmlNodeGetContent(node);
    Text text = text_copy(&check->arena, text_trim(text_from((const char *)value)));
    xmlFree(value);
    return text;
}

size_t check_count_children(const xmlNode *node, const char *name) {
    size_t count = 0;
    for (const xmlNode *child = node->children; child; child = child->next)
        count += check_is_element(child, name);
    return count;
}

static int compare_texts(const void *left, const void *right) {
    return text_compare(*(const Text *)left, *(const Text *)right);
}

bool check_has_file(const Check *check, Text name) {
    return bsearch(&name, check->names, check->name_count, sizeof name, compare_texts) != NULL;
}

static size_t count_characters(Text text) {
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return count;
}

/* ---- Identifiers: XML names in ASCII, each once ---- */

static bool is_identifier(Text text) {
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.')))
            return false;
    }
    return text.size > 0;
}

void check_remember(Check *check, const xmlNode *node, Text identifier) {
    for (size_t i = 0; i < check->identifier_count; i++)
        if (text_equal(check->identifiers[i], identifier))
            check_complain(check, node, "this identifier stands twice", identifier);
    if (check->identifier_count < IDENTIFIER_LIMIT)
        check->identifiers[check->identifier_count++] = identifier;
    else
        check_complain(check, node, "this is one identifier too many", identifier);
}

static void check_identifier(Check *check, xmlNode *node) {
    Text identifier = check_attribute(check, node, "identifier");
    if (!is_identifier(identifier))
        check_complain(check, node, "this cannot be an identifier", identifier);
    check_remember(check, node, identifier);
}

/* ---- Organizations ---- */

static void check_title(Check *check, xmlNode *node) {
    if (check_count_children(node, "title") != 1)
        check_complain(check, node, "it needs one title", text_from((const char *)node->name));
    for (xmlNode *child = node->children; child; child = child->next) {
        if (!check_is_element(child, "title"))
            continue;
        Text title = check_content(check, child);
        if (!title.size)
            check_complain(check, child, "the title is empty", TEXT(""));
        else if (count_characters(title) > TITLE_LIMIT_CHARACTERS)
            check_complain(check, child, "the title is longer than 200 characters", title);
    }
}

bool check_is_number_between(Text text, double from, double to) {
    char *end;
    double number = strtod(text.data, &end);
    return text.size && *end == '\0' && number >= from && number <= to;
}

/* Pass marks stand at different places in the two standards; whichever are there are looked at. */
static void check_marks(Check *check, xmlNode *node) {
    for (xmlNode *child = node->children; child; child = child->next) {
        if (check_is_element(child, "masteryscore") && !check_is_number_between(check_content(check, child), 0, 100))
            check_complain(check, child, "the pass mark is not between 0 and 100", check_content(check, child));
        if (check_is_element(child, "minNormalizedMeasure") &&
            !check_is_number_between(check_content(check, child), -1, 1))
            check_complain(check, child, "the pass mark is not between -1 and 1", check_content(check, child));
        if (child->type == XML_ELEMENT_NODE && !check_is_element(child, "item"))
            check_marks(check, child);
    }
}

static bool has_resource(const xmlNode *manifest, Text identifier) {
    bool is_found = false;
    for (const xmlNode *resources = manifest->children; resources; resources = resources->next)
        for (xmlNode *resource = check_is_element(resources, "resources") ? resources->children : NULL;
             resource && !is_found; resource = resource->next) {
            xmlChar *value =
                check_is_element(resource, "resource") ? xmlGetNoNsProp(resource, BAD_CAST "identifier") : NULL;
            is_found = value && text_equal(text_from((const char *)value), identifier);
            xmlFree(value);
        }
    return is_found;
}

static void check_item(Check *check, const xmlNode *manifest, xmlNode *item) {
    if (check->identifier_count == IDENTIFIER_LIMIT)
        return; /* said already */
    check_identifier(check, item);
    check_title(check, item);
    check_marks(check, item);
    Text reference = check_attribute(check, item, "identifierref");
    bool is_leaf = check_count_children(item, "item") == 0;
    if (is_leaf && !has_resource(manifest, reference))
        check_complain(check, item, "an item leads to no resource", reference);
    if (!is_leaf && reference.size)
        check_complain(check, item, "an item with items of its own leads to a resource", reference);
    for (xmlNode *child = item->children; child; child = child->next)
        if (check_is_element(child, "item"))
            check_item(check, manifest, child);
}

static void check_organizations(Check *check, const xmlNode *manifest, xmlNode *organizations) {
    Text chosen = check_attribute(check, organizations, "default");
    bool is_found = false;
    for (xmlNode *organization = organizations->children; organization; organization = organization->next) {
        if (!check_is_element(organization, "organization"))
            continue;
        check_identifier(check, organization);
        check_title(check, organization);
        is_found = is_found || text_equal(check_attribute(check, organization, "identifier"), chosen);
        if (!check_count_children(organization, "item"))
            check_complain(check, organization, "an organization has no item", TEXT(""));
        for (xmlNode *item = organization->children; item; item = item->next)
            if (check_is_element(item, "item"))
                check_item(check, manifest, item);
    }
    if (!is_found)
        check_complain(check, organizations, "the default organization does not exist", chosen);
}

/* ---- Resources and files ---- */

static bool is_inner_path(Text path) {
    if (!path.size || path.data[0] == '/' || text_find(path, '\\', 0) < path.size ||
        text_find(path, ':', 0) < path.size)
        return false;
    return !text_starts(path, TEXT("../")) && !strstr(path.data, "/../");
}

static void check_resource(Check *check, xmlNode *resource, bool *is_listed) {
    bool is_2004 = check->standard->family == FAMILY_SCORM2004;
    Text href = check_attribute(check, resource, "href");
    bool lists_itself = false;
    check_identifier(check, resource);
    if (!text_equal(check_attribute(check, resource, "type"), TEXT("webcontent")))
        check_complain(check, resource, "the resource is no webcontent", check_attribute(check, resource, "type"));
    if (!text_equal(check_attribute(check, resource, is_2004 ? "scormType" : "scormtype"), TEXT("sco")))
        check_complain(check, resource, "the resource is no sco", TEXT(""));
    for (xmlNode *file = resource->children; file; file = file->next) {
        if (!check_is_element(file, "file"))
            continue;
        Text name = check_attribute(check, file, "href");
        lists_itself = lists_itself || text_equal(name, href);
        Text *found = bsearch(&name, check->names, check->name_count, sizeof name, compare_texts);
        if (!is_inner_path(name))
            check_complain(check, file, "the address leads out of the package", name);
        else if (!found)
            check_complain(check, file, "the file is not in the package", name);
        else
            is_listed[found - check->names] = true;
    }
    if (!lists_itself)
        check_complain(check, resource, "the resource does not list the file that it launches", href);
}

static bool is_control_file(const Check *check, Text name) {
    for (size_t i = 0; check->standard->control_files[i]; i++)
        if (text_equal(name, text_from(check->standard->control_files[i])))
            return true;
    return text_equal(name, text_from(check->standard->manifest));
}

static void check_resources(Check *check, xmlNode *resources) {
    bool *is_listed = arena_new(&check->arena, bool, check->name_count + 1);
    for (xmlNode *resource = resources->children; resource; resource = resource->next)
        if (check_is_element(resource, "resource"))
            check_resource(check, resource, is_listed);
    for (size_t i = 0; i < check->name_count; i++)
        if (!is_listed[i] && !is_control_file(check, check->names[i]))
            check_complain(check, resources, "no resource lists this file", check->names[i]);
}

/* ---- The whole ---- */

static void check_manifest(Check *check, xmlNode *manifest) {
    static const char *const parts[] = {"metadata", "organizations", "resources"};
    if (!check_is_element(manifest, "manifest")) {
        check_complain(check, manifest, "this is no manifest", text_from((const char *)manifest->name));
        return;
    }
    check_identifier(check, manifest);
    check_elements(check, manifest);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (check_count_children(manifest, parts[i]) != 1)
            check_complain(check, manifest, "it needs this element once", text_from(parts[i]));
    for (xmlNode *child = manifest->children; child; child = child->next) {
        if (check_is_element(child, "organizations"))
            check_organizations(check, manifest, child);
        else if (check_is_element(child, "resources"))
            check_resources(check, child);
    }
    for (size_t i = 0; check->standard->control_files[i]; i++)
        if (!check_has_file(check, text_from(check->standard->control_files[i])))
            check_complain(check, NULL, "a control file is missing", text_from(check->standard->control_files[i]));
}

/* What XML allows and platforms stumble over. Nothing that a manifest needs is in a document type; entities are how small files become large. */
static const char *encoding_fault(Text manifest) {
    if (text_starts(manifest, TEXT("\xEF\xBB\xBF")))
        return "it begins with a byte order mark";
    if (text_find_invalid(manifest) < manifest.size)
        return "it is not UTF-8";
    Text head = text_slice(manifest, 0, text_find(manifest, '>', 0));
    const char *encoding = text_starts(head, TEXT("<?xml")) ? strstr(head.data, "encoding=") : NULL;
    if (encoding && encoding < head.data + head.size && strncasecmp(encoding + sizeof "encoding=", "UTF-8", 5) != 0)
        return "it says that it is not UTF-8";
    return strstr(manifest.data, "<!DOCTYPE") ? "it has a document type of its own" : NULL;
}

bool package_check(const PackageStandard *standard, Text manifest, const Text *names, size_t count, Text path,
                   Diagnostics *diagnostics) {
    Check check = {.standard = standard,
                   .names = names,
                   .name_count = count,
                   .path = path,
                   .diagnostics = diagnostics,
                   .is_well = true};
    if (manifest.size > INT_MAX)
        memory_exhausted();
    const char *fault = encoding_fault(manifest);
    if (fault) {
        check_complain(&check, NULL, fault, TEXT(""));
        return false;
    }
    xmlDocPtr document = xmlReadMemory(manifest.data, (int)manifest.size, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    if (root && standard->family == FAMILY_CMI5)
        check_cmi5(&check, root);
    else if (root)
        check_manifest(&check, root);
    else
        check_complain(&check, NULL, "it is not well-formed", TEXT(""));
    xmlFreeDoc(document);
    arena_free(&check.arena);
    return check.is_well;
}
