/*
 * publish: turns the const Site into files. A target plans jobs, each making one file; the publisher runs those whose inputs have
 * changed, stages what they make beside the site that stands, and exchanges the two in one rename.
 * May include render, model, rules, resolve, parse, load and base; commands include it.
 *
 * To add a target: one file publish/target_<name>.c that defines a Target, and one row in publish/targets.c.
 *
 * Nothing is written into the folder that stands. False means that nothing was published: the former site is whole, and the reason is in the
 * Diagnostics.
 */
#ifndef PROBITY_PUBLISH_H
#define PROBITY_PUBLISH_H

#include "load/load.h"
#include "render/render.h"

typedef struct Job Job;

/* What a thread has for itself. */
typedef struct Worker {
    const Site *site;
    const Layouts *layouts;
    Renderer *renderer;
    Arena *scratch;      /* reset after each job */
    Arena *facts;        /* lives as long as the build: what pages' facts live in */
    Diagnostics *diagnostics;
} Worker;

/* Makes the bytes of one file. False where a diagnostic says why it cannot. */
typedef bool (*JobFunction)(const Job *job, Worker *worker, Buffer *out);

struct Job {
    const struct Target *target;
    Text output;   /* path below the output folder: en/framework/index.html */
    Digest inputs; /* of everything that the job reads */
    JobFunction run;
    const void *subject; /* a Page, a Course, a Unit, …: the target knows */
    Language language;
    Page *page; /* whose facts the job makes; NULL where none */
};

typedef struct Plan Plan;
/* Two jobs with one output (case folded, NFC) are a diagnostic. */
void plan_add(Plan *plan, Job job);

typedef struct BuildOptions {
    const char *folder;  /* of the project */
    const char *output;  /* public */
    Language languages[LANGUAGE_LIMIT];
    size_t language_count; /* 0: all */
    const char *targets[16];
    size_t target_count; /* 0: all */
    int jobs;
    bool dry; /* check: everything but writing */
    void (*progress)(void *context, const char *phase, size_t done, size_t total);
    void *progress_context;
} BuildOptions;

typedef struct Target {
    const char *name, *help;
    void (*plan)(const struct Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options, Plan *plan);
} Target;

extern const Target *const targets[]; /* ends with NULL */
const Target *target_find(Text name);

typedef struct BuildReport {
    size_t pages, packages, guides, files_written, files_unchanged, files_removed;
    double seconds;
    size_t peak_memory_bytes;
} BuildReport;

/* ---- Containers ---- */

typedef struct ZipEntry {
    Text name; /* forward slashes, UTF-8; never absolute, never .. */
    Text bytes;
} ZipEntry;

/*
 * Appends a zip container to `out`: imsmanifest.xml first, then by name; every time is SOURCE_DATE_EPOCH or 1980-01-01. `path` names the
 * container in diagnostics.
 */
bool zip_write(Buffer *out, const ZipEntry *entries, size_t count, Text path, Diagnostics *diagnostics);

bool publish_build(const BuildOptions *options, BuildReport *report, Diagnostics *diagnostics);

#endif
