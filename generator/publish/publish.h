/*
 * publish: turns the const Site into files. A target plans jobs, each making one file; the publisher runs those whose inputs have
 * changed, stages what they make beside the site that stands, and exchanges the two in one rename.
 * May include render, simulate, model, rules, resolve, parse, load and base; commands include it.
 *
 * To add a target: a file target_<name>.c that defines a Target, here or in a room above (package), and a row in
 * command/targets.c: this room knows no target by name.
 *
 * A job says by a digest what it reads; where the digest and what stands are unchanged, it does not run. Two builds of one content give
 * the same bytes, whatever was built before, in which folder, by how many threads. No job may read a clock, a path of the
 * machine, the environment or the file system's order.
 *
 * Nothing is written into the folder that stands. False means that nothing was published: the former site is whole, and the reason is in the
 * Diagnostics.
 */
#ifndef PROBITY_PUBLISH_H
#define PROBITY_PUBLISH_H

#include "load/load.h"
#include "parse/parse.h"
#include "render/render.h"
#include "resolve/resolve.h"
#include "simulate/simulate.h"

typedef struct Job Job;

/* What a thread has for itself. */
typedef struct Worker {
    const Site *site;
    const Layouts *layouts;
    Renderer *renderer;
    Arena *scratch; /* reset after each job */
    Arena *facts;   /* lives as long as the build: what pages' facts and courses' documents live in */
    Diagnostics *diagnostics;
    const struct Plan *plan;
} Worker;

/* The size of a file that this build has made or left as it stands; 0: there is none. For jobs that come last. */
size_t worker_output_size(const Worker *worker, Text output);

/* Reads and parses a page, joins its tables and resolves its links. NULL where it cannot be read. Its facts are kept with the
   page where asked. */
Document *worker_read_page(Worker *worker, Page *page, const ResolveOptions *options, Arena *arena, bool keep_facts);

/* Makes the bytes of one file. False where a diagnostic says why it cannot. */
typedef bool (*JobFunction)(const Job *job, Worker *worker, Buffer *out);

struct Job {
    const struct Target *target;
    Text output;   /* path below the output folder: en/framework/index.html; lives as long as the plan */
    Digest inputs; /* of everything that the job reads */
    JobFunction run;
    const void *subject; /* a Page, a Course, a Unit, …: the target knows */
    Language language;   /* -1: of none */
    Audience audience;   /* of a course package: whom it is for */
    Page *page;          /* whose facts the job makes; NULL where none */
    Course *course;      /* whose documents the job reads: they are parsed before it runs; NULL where none */
    bool comes_last;     /* it reads what the other jobs made in its folder: their inputs become its own */
    Text source; /* the file that the job copies; then `run` is NULL and `inputs` the digest of the file's bytes */
    Text path;   /* for diagnostics; empty: none */
};

typedef struct Plan Plan;
Arena *plan_arena(Plan *plan);
Diagnostics *plan_diagnostics(Plan *plan);
/* Two jobs with one output (case folded, composed) are a diagnostic. */
void plan_add(Plan *plan, Job job);
/* A diagnostic about the target as a whole. Its sentence takes no arguments. */
void plan_complain(Plan *plan, DiagnosticCode code);
/* What the target could not plan, and why: a diagnostic whose sentence takes no arguments. */
void plan_note(Plan *plan, DiagnosticCode code);

/*
 * What jobs' digests are made of, beside what the target itself knows. Site.tool_digest stands for the program and its libraries.
 */
Digest date_digest(Digest digest);          /* SOURCE_DATE_EPOCH, for containers that carry it */
Digest unit_files_digest(const Unit *unit); /* pictures and data beside a page */
/* Everything of a course in one language: settings, rules, pages, files. */
Digest course_digest(const Site *site, const Course *course, Language language);

typedef struct BuildOptions {
    const char *folder; /* of the project */
    const char *output; /* public */
    Language languages[LANGUAGE_LIMIT];
    size_t language_count; /* 0: all; what stands of the others stays as it is */
    const char *targets[16];
    size_t target_count;    /* 0: all; likewise */
    const Profile *profile; /* of all courses, whatever their settings say; NULL: theirs */
    int jobs;
    bool dry;        /* check: everything but writing */
    bool is_passing; /* the output is thrown away soon: nothing waits until it is on the disk */
    void (*progress)(void *context, const char *phase, size_t done, size_t total);
    void *progress_context;
} BuildOptions;

typedef struct Target {
    const char *name, *help;
    void (*plan)(const struct Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                 Plan *plan);
    bool is_on_request; /* made only where it is named; a build of everything takes it away */
} Target;

extern const Target *const targets[]; /* command/targets.c; ends with NULL */
const Target *target_find(Text name);
extern const Target target_website, target_print, target_pdf;

typedef struct BuildReport {
    size_t pages, packages, guides, course_reports, files_written, files_unchanged, files_removed;
    double seconds;
    size_t peak_memory_bytes;
} BuildReport;

/* ---- One course, for commands that look into it ---- */

typedef bool (*CourseFunction)(void *context, const Site *site, const Course *course, Diagnostics *diagnostics);

/*
 * Reads the site, parses one course (its folder's name, or its path below content/) in all languages, checks it, and hands it over. False
 * where a diagnostic says why not, or where the function is false.
 */
bool publish_use_course(const char *folder, Text name, CourseFunction function, void *context,
                        Diagnostics *diagnostics);

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

/*
 * For the time of the build the process's umask is 022 and SIGXFSZ is ignored. Call it from one thread.
 * With `dry` every job runs, nothing is written, and every XML file is read again.
 */
bool publish_build(const BuildOptions *options, BuildReport *report, Diagnostics *diagnostics);
/* A signal handler: the build ends at the next file, nothing is published, publish_build returns false. */
void publish_interrupt(int signal);

#endif
