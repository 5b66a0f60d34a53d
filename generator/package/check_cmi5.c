/* The rules for cmi5.xml, by the sections of the specification that state them: 13 (the course structure), 14 (packages). */
#include "package/check.h"

#include <string.h>

#define SPACE "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"

enum { LANGSTRING_LIMIT = 100 };

static bool is_among(Text text, const char *const *words) {
    for (size_t i = 0; words[i]; i++)
        if (text_equal(text, text_from(words[i])))
            return true;
    return false;
}

/* 13.1.1, 13.1.4: an IRI with a scheme, and no two the same. */
static void check_iri(Check *check, const xmlNode *node) {
    Text iri = check_attribute(check, node, "id");
    size_t colon = text_find(iri, ':', 0);
    if (colon == 0 || colon == iri.size || text_find(iri, ' ', 0) < iri.size)
        check_complain(check, node, "the id is no IRI (13.1)", iri);
    check_remember(check, node, iri);
}

static void check_words(Check *check, const xmlNode *node, const char *element) {
    if (check_count_children(node, element) != 1) {
        check_complain(check, node, "it needs this element once (13.1)", text_from(element));
        return;
    }
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (!check_is_element(child, element))
            continue;
        size_t count = check_count_children(child, "langstring");
        if (count == 0 || count > LANGSTRING_LIMIT) {
            check_complain(check, child, count ? "it has too many langstrings" : "it has no langstring (13.1)",
                           text_from(element));
            continue;
        }
        for (const xmlNode *words = child->children; words; words = words->next) {
            if (!check_is_element(words, "langstring"))
                continue;
            Text language = check_attribute(check, words, "lang");
            if (!check_content(check, words).size)
                check_complain(check, words, "a langstring is empty", language);
            for (const xmlNode *other = words->next; other; other = other->next)
                if (check_is_element(other, "langstring") &&
                    text_equal(check_attribute(check, other, "lang"), language))
                    check_complain(check, other, "two langstrings are in one language", language);
        }
    }
}

static bool is_absolute(Text url) {
    return text_starts(url, TEXT("https://")) || text_starts(url, TEXT("http://"));
}

/* 13.1.4, 14.1: an address on the web, or a file of the package; what the launch adds must not be there already. */
static void check_url(Check *check, const xmlNode *unit) {
    static const char *const reserved[] = {"endpoint=", "fetch=", "actor=", "registration=", "activityId="};
    if (check_count_children(unit, "url") != 1) {
        check_complain(check, unit, "it needs this element once (13.1)", TEXT("url"));
        return;
    }
    for (const xmlNode *child = unit->children; child; child = child->next) {
        if (!check_is_element(child, "url"))
            continue;
        Text url = check_content(check, child);
        if (!is_absolute(url) && !check_has_file(check, text_slice(url, 0, text_find(url, '?', 0))))
            check_complain(check, child, "the file is not in the package (14.1)", url);
        for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
            if (strstr(url.data, reserved[i]))
                check_complain(check, child, "the address has a parameter of the launch (8.1)", url);
    }
}

static void check_unit(Check *check, const xmlNode *unit) {
    static const char *const move_on[] = {"NotApplicable",     "Passed", "Completed", "CompletedAndPassed",
                                          "CompletedOrPassed", NULL};
    static const char *const methods[] = {"AnyWindow", "OwnWindow", NULL};
    Text rule = check_attribute(check, unit, "moveOn"), mark = check_attribute(check, unit, "masteryScore");
    Text method = check_attribute(check, unit, "launchMethod");
    check_iri(check, unit);
    check_words(check, unit, "title");
    check_words(check, unit, "description");
    check_url(check, unit);
    if (rule.size && !is_among(rule, move_on))
        check_complain(check, unit, "there is no such moveOn (10.2.5)", rule);
    if (method.size && !is_among(method, methods))
        check_complain(check, unit, "there is no such launchMethod (13.1.4)", method);
    if (mark.size && !check_is_number_between(mark, 0, 1))
        check_complain(check, unit, "the masteryScore is not between 0 and 1 (10.2.4)", mark);
    if (!mark.size && strstr(rule.data, "Passed"))
        check_complain(check, unit, "nobody can pass: there is no masteryScore", rule);
}

void check_cmi5(Check *check, const xmlNode *structure) {
    if (!check_is_element(structure, "courseStructure") || !text_equal(check_namespace(structure->ns), TEXT(SPACE))) {
        check_complain(check, structure, "this is no course structure of cmi5 (13.1)",
                       text_from((const char *)structure->name));
        return;
    }
    if (!check_has_file(check, TEXT("cmi5.xml")))
        check_complain(check, NULL, "cmi5.xml is not in the package (14.1)", TEXT(""));
    if (check_count_children(structure, "course") != 1)
        check_complain(check, structure, "it needs this element once (13.1)", TEXT("course"));
    if (!check_count_children(structure, "au"))
        check_complain(check, structure, "it needs an assignable unit (13.1)", TEXT("au"));
    for (const xmlNode *node = structure->children; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (!text_equal(check_namespace(node->ns), TEXT(SPACE))) {
            check_complain(check, node, "this element is in the wrong namespace", text_from((const char *)node->name));
        } else if (check_is_element(node, "course")) {
            check_iri(check, node);
            check_words(check, node, "title");
            check_words(check, node, "description");
        } else if (check_is_element(node, "au")) {
            check_unit(check, node);
        } else {
            check_complain(check, node, "this element does not belong here", text_from((const char *)node->name));
        }
    }
}
