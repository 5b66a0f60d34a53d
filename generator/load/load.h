/*
 * load: reads folders, settings, front matter, courses, messages and data into the model. It knows no Markdown.
 * May include model and base; commands include it.
 *
 * What it returns lives in the site's arena. False means that nothing can be built; the reasons are in the Diagnostics. Errors
 * in single pages are diagnostics too and loading goes on, so that one run tells all.
 */
#ifndef PROBITY_LOAD_H
#define PROBITY_LOAD_H

#include "model/model.h"

/* What the last build knew of each source file: pages whose file has not changed are not read again. */
typedef struct LoadMemory LoadMemory;

/*
 * Never NULL. A missing or damaged memory is an empty one: everything is read again. It is read in a thread of its own while load_site
 * looks through the folders, and must live as long as the site, which has texts and facts from it.
 */
LoadMemory *load_memory_open(const char *path);
void load_memory_close(LoadMemory *memory); /* NULL is allowed */
/* Keeps what the site knows now, at the path the memory was opened with. Where that fails, the next build reads more. */
void load_memory_write(const Site *site, const LoadMemory *memory);

/* `folder` holds content/, layouts/ and locales/. `memory` may be NULL. */
bool load_site(Site *site, const char *folder, LoadMemory *memory, int threads, Diagnostics *diagnostics);
/* Frees what the threads of load_site have read. */
void load_end(Site *site);
/* One scripted learner: `path` as the user typed it. False where a diagnostic says why it cannot be used. */
bool load_learner(Arena *arena, const char *path, Learner *learner, Diagnostics *diagnostics);
/* The Markdown of a page, without its front matter. */
bool load_page_body(Arena *arena, const Page *page, Text *body, Diagnostics *diagnostics);
/*
 * What directives take from files beside the page: the figures of a :::table from a .csv file, in the page's words; the files of a :::video
 * or :::audio, which are looked into, and its captions, which are read.
 */
void load_document_files(const Site *site, const Page *page, Document *document, Arena *arena,
                         Diagnostics *diagnostics);
/* content/guides/speaking-up/ : the folder of a unit's files, as the user would type it. */
void load_put_unit_path(Buffer *out, const Site *site, const Unit *unit);

#endif
