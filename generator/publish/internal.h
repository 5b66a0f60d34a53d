/*
 * What the files of this room share; nothing outside generator/publish/ includes it.
 *
 * On disk, beside the output folder `public`:
 *
 *   .probity/public/lock           held by the one build that may write; the kernel frees it when that build ends, however it ends
 *   .probity/public/manifest       what stands in the output folder: each file's inputs, bytes, size and time
 *   .probity/public/manifest.next  the same for the site about to be published
 *   .probity/public/memory         what load keeps between builds
 *   .probity/public/stage/         the site before the one that stands (its files are links to the same bytes, where they are the same)
 *   .probity/public/delta          the paths in which the stage differs from what stands
 *   .probity/public/work/          the stage while a build is changing it
 *
 * A site is recognized by the identity of its folder, so that no crash can leave a manifest that speaks of another site: the
 * next manifest is on disk before the exchange, and the one whose folder stands is the one that holds. Everything else here may
 * be lost at any moment: a stage without its delta, or found under the name of `work`, is made anew.
 */
#ifndef PROBITY_PUBLISH_INTERNAL_H
#define PROBITY_PUBLISH_INTERNAL_H

#include "publish/publish.h"

#include <stdatomic.h>

/* ---- What is kept between builds (records.c) ---- */

typedef struct FolderIdentity {
    uint64_t device, inode, born_ns; /* the time of birth tells a folder from a later one with its number */
} FolderIdentity;

typedef struct Record {
    Text output;
    Digest inputs, content;
    uint64_t size_bytes;
    int64_t modified_ns;
} Record;

typedef struct Manifest {
    FolderIdentity live;
    bool has_details; /* false: written by another version, of which the paths alone are known */
    Digest sound;     /* layouts_sound */
    Record *records;  /* by output */
    size_t count;
} Manifest;

typedef struct Delta {
    FolderIdentity live, stage;
    Text *paths; /* sorted */
    size_t count;
} Delta;

/* A job without a file is a check; its record keeps what it has looked at. */
static inline bool output_is_check(Text output) {
    return output.data[0] == '#';
}

bool folder_identity(int folder, FolderIdentity *identity);
bool folder_identity_equal(FolderIdentity left, FolderIdentity right);
/* False where there is none, or where it is damaged: then nothing is known. */
bool manifest_read(Arena *arena, int folder, const char *name, Manifest *manifest);
bool manifest_write(int folder, const char *name, const Manifest *manifest, bool sync);
const Record *manifest_find(const Manifest *manifest, Text output);
/* A delta of another boot is none: what it says was perhaps not on the disk when the power went. */
bool delta_read(Arena *arena, int folder, const char *name, Delta *delta);
bool delta_write(int folder, const char *name, const Delta *delta);

/* ---- Plan (plan.c) ---- */

typedef enum JobState {
    JOB_UNCHANGED, /* what stands is what it would make */
    JOB_TO_RUN,
    JOB_SAME, /* has run and made the bytes that stand */
    JOB_WRITTEN,
    JOB_FAILED
} JobState;

typedef struct PlannedJob {
    Job job;
    const Record *record; /* of the file that stands, where it is whole; else NULL */
    Record result;
    JobState state;
    bool stage_lacks; /* the stage has not got the file that stands */
    bool has_notes;   /* it complained: it runs again in every build, so that the complaint is repeated */
} PlannedJob;

struct Plan {
    Arena *arena;
    Diagnostics *diagnostics;
    Digest sound; /* of the layouts that the jobs use */
    PlannedJob *jobs;
    size_t count, capacity;
};

/* Sorts the jobs by output and complains of clashes. */
void plan_finish(Plan *plan);
void plan_close(Plan *plan);
PlannedJob *plan_find(const Plan *plan, Text output);

/* ---- The folder that stands and the working folder (workplace.c, live.c) ---- */

typedef struct Workplace {
    Text output;      /* as the user typed it */
    const char *name; /* the output folder's, in `parent` */
    const char *path; /* of the working folder */
    int parent, folder, lock;
    int live; /* the output folder, or -1 */
    FolderIdentity live_identity;
    bool is_passing; /* nothing is synced */
    bool has_manifest;
    Manifest manifest; /* of what stands; empty where unknown */
    Manifest former;   /* of what stood here once, where no manifest speaks for what stands: its paths are ours */
} Workplace;

/* Finds, makes and locks the working folder and reads the manifest. */
bool workplace_open(Workplace *workplace, Arena *arena, const char *output, Diagnostics *diagnostics);
void workplace_close(Workplace *workplace);
bool publish_fail(const Workplace *workplace, Text path, int reason, Diagnostics *diagnostics);

/* Folders carry this time, so that one that somebody has put a file into shows. */
#define FOLDER_TIME_SECONDS 315532800 /* 1980-01-01 */

typedef struct LiveCheck LiveCheck;
/* Compares what stands with the manifest, in `threads` threads of its own. */
LiveCheck *live_check_start(Arena *arena, const Workplace *workplace, int threads);
/* For each record: its file is missing or not as it was written. */
const bool *live_check_finish(LiveCheck *check);
/*
 * After that, and before the whole is exchanged: false where files stand that nobody here wrote. Where no manifest speaks for
 * the folder, all its files must be the plan's or have been ours.
 */
bool live_is_ours(LiveCheck *check, const Plan *plan, Diagnostics *diagnostics);

/* ---- Files below an open folder (tree.c); all return false with errno ---- */

typedef struct FileFacts {
    uint64_t size_bytes;
    int64_t modified_ns;
} FileFacts;

/* A fresh file, never one that stands: its name may be shared with the site that visitors read. Makes its folders. */
bool tree_write(int root, Text path, Text bytes, bool sync, FileFacts *facts);
bool tree_copy(int root, Text path, const char *source, bool sync, FileFacts *facts);
/* The same file under the same path; a copy with its time where the file system has no links. */
bool tree_link(int from_root, int root, Text path);
/* Removes the file and the folders that are empty then; a missing one is no error. */
bool tree_remove(int root, Text path);
/* Gives each folder above the paths (sorted), and the root, the fixed time; and syncs it where asked. */
bool tree_settle_folders(int root, const Text *paths, size_t count, bool sync);

/* ---- The site in the making (stage.c) ---- */

typedef struct Stage {
    const Workplace *workplace;
    Diagnostics *diagnostics;
    int folder;
    bool is_single;  /* one file changes: it alone is exchanged */
    bool syncs_each; /* few files: each is synced by itself */
    Text *touched;   /* sorted: whose folders have lost the fixed time */
    size_t touched_count;
    Text *changing; /* in which the stage, while jobs run, may differ from what stands */
    size_t changing_count;
    atomic_bool has_failed;
} Stage;

/* Brings the stage to the state that stands, less what the jobs to run will write and what is not planned any more. */
bool stage_open(Stage *stage, Arena *arena, const Workplace *workplace, LiveCheck *check, Plan *plan,
                Diagnostics *diagnostics);
/* What a job has made: its bytes, a copy of its source, or what stands already. From any thread. */
bool stage_put(Stage *stage, PlannedJob *planned, Text bytes);
bool stage_copy(Stage *stage, PlannedJob *planned);
bool stage_keep(Stage *stage, const PlannedJob *planned);
/* Makes the stage the site that stands, unless nothing differs; the manifest is then as the plan in any case. */
bool stage_publish(Stage *stage, Arena *arena, const Plan *plan);
/* Gives the stage up and remembers what is different in it. */
void stage_abandon(Stage *stage);
/* The files that stand and are planned no more, sorted. */
Text *stage_list_removed(Arena *arena, const Workplace *workplace, const Plan *plan, size_t *count);

/* ---- Running (workers.c) ---- */

typedef void (*PoolFunction)(void *context, size_t index, Worker *worker);
/* Calls the function for every index below `count`, in several threads; worker[0] is the caller's own. */
void pool_run(Worker *workers, size_t worker_count, size_t count, PoolFunction function, void *context);
bool publish_is_interrupted(void);

/* ---- Courses (courses.c) ---- */

/* For each course a job that makes no file: its checks. */
void courses_plan(const Site *site, Plan *plan);
/* Parses and checks the documents of the courses that the plan's jobs need. */
void courses_prepare(const Site *site, const Plan *plan, Worker *workers, size_t worker_count);
/* Parses one language of a course. */
void course_parse(Course *course, Language language, Worker *worker);
/* Plays the scripted learners of courses that are checked (learners.c). */
void learners_play(const Site *site, const Course *const *courses, size_t course_count, Worker *workers,
                   size_t worker_count);

/* ---- check (xml_check.c) ---- */

/* Whether the bytes are well-formed XML. */
bool xml_check(Text bytes, Text path, Diagnostics *diagnostics);

#endif
