/*
 * resolve: makes the whole consistent: links and ids, the languages against each other, the graph of each case study, what a
 * course can score. After it the Site is const.
 * May include model, rules and base.
 */
#ifndef PROBITY_RESOLVE_H
#define PROBITY_RESOLVE_H

#include "model/model.h"

/* After loading: every language has every page, no two pages at one address, menus lead somewhere. */
void resolve_site(const Site *site, Diagnostics *diagnostics);

/* Where links of a document lead. Pictures stay relative to the unit's folder in the output. */
typedef enum ResolveBase {
    RESOLVE_WEBSITE, /* relative to the page's own address */
    RESOLVE_ABSOLUTE /* to the website's full address: for print and course packages; #anchors stay as they are */
} ResolveBase;

/*
 * After parsing one page: gives every link and picture of the document its `url`, checks ids, and fills `page->facts` where
 * `facts_arena` is given (they live in it).
 */
void resolve_document(const Site *site, Page *page, Document *document, ResolveBase base, Arena *arena, Arena *facts_arena,
                      Diagnostics *diagnostics);

/* After all pages have facts: anchors of other pages, headings against the source language. */
void resolve_facts(const Site *site, Diagnostics *diagnostics);

/* A course with its documents: exercises against the source language, ids unique in the course, graphs, attainable score. */
void resolve_course(const Site *site, const Course *course, Diagnostics *diagnostics);

#endif
