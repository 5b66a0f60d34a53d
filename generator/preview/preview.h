/*
 * preview: a web server for whoever writes: it builds the site, serves it on this machine alone, builds again what an edit has
 * changed, and tells the open pages to show it. With it comes a page that plays the role of a learning platform (console/).
 * May include publish and what stands below; commands include it.
 *
 * What is served is what publish makes, but for one script that the server adds to each page: it listens for news, reloads the
 * page, and shows over it what is wrong while a build has errors. The pages of the last good build stand meanwhile.
 *
 * Nothing is printed here: whoever calls is told through the functions in PreviewOptions, in the thread that called preview_run.
 */
#ifndef PROBITY_PREVIEW_H
#define PROBITY_PREVIEW_H

#include "publish/publish.h"

enum { PREVIEW_PORT = 8000 };

typedef struct PreviewOptions {
    const char *folder;  /* of the project */
    const char *output;  /* where to build; NULL: a folder of its own, which goes when the preview ends */
    const char *address; /* to listen at: a number such as 127.0.0.1 or ::1 */
    int port;            /* 0: any that is free; -1: PREVIEW_PORT, or any where that one is taken */
    int jobs;            /* threads of a build; 0: as many as there are processors */
    void *context;
    /* Once, after the first build, well or not: the site can be looked at here. `url` ends with a slash. */
    void (*is_ready)(void *context, const char *url);
    /* After each build that changed anything or found something. The diagnostics are this build's. */
    void (*has_built)(void *context, const BuildReport *report, bool is_well, Diagnostics *diagnostics);
    /* Why the preview cannot go on, or not as it should: a sentence without a full stop. */
    void (*is_troubled)(void *context, const char *what);
} PreviewOptions;

/* Serves until preview_end. False where it cannot begin; is_troubled has said why. Call it once, from one thread. */
bool preview_run(const PreviewOptions *options);
/* A signal handler: a build that is running is given up, preview_run returns true. */
void preview_end(int signal);

#endif
