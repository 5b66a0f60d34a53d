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

/* What a document becomes part of. */
typedef struct ResolveOptions {
    /*
     * A book is one file with many pages in it: a printed guide, a course package. Links between its units become #anchors within the file, other
     * links lead to the website's full address. NULL: pages of the website, with relative links.
     */
    const Unit *book;
    Text media_prefix; /* how the folder media/ is reached from a book's file; for the website it is known */
} ResolveOptions;

/*
 * After parsing one page: gives every link and picture of the document its `url` and, where `facts_arena` is given, fills `page->facts`
 * (which live in it). Pictures and other files of a unit are published once, as media/<path of the unit>/<name>.
 */
void resolve_document(const Site *site, Page *page, Document *document, const ResolveOptions *options, Arena *arena,
                      Arena *facts_arena, Diagnostics *diagnostics);

/*
 * FACTS_NEW: units, files and languages are those of a build that found nothing wrong; then only the pages that were parsed now can be
 * wrong, and where these offer other ids, those that are compared with them and those that lead to them.
 */
typedef enum FactsScope { FACTS_ALL, FACTS_NEW } FactsScope;

/* The file that a PageLink's path names, and the unit in whose folder it is; NULL where it names a page, or nothing. */
const UnitFile *resolve_find_file(const Site *site, Text path, const Unit **unit);

/* After all pages have facts: links and anchors between pages, headings against the source language. */
void resolve_facts(const Site *site, FactsScope scope, Diagnostics *diagnostics);

/* A course with its documents: exercises against the source language, ids unique in the course, graphs, attainable score. */
void resolve_course(const Site *site, const Course *course, Diagnostics *diagnostics);

#endif
