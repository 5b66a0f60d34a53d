/* load/parts: what the files of this room share. For this room alone. */
#ifndef PROBITY_LOAD_PARTS_H
#define PROBITY_LOAD_PARTS_H

#include "load/load.h"
#include "load/yaml.h"

/* Front matter of one page, as written. */
typedef struct PageHead {
    Text title, summary;
    const NeutralKeys *neutral;
    uint32_t body_offset, body_line;
    Digest digest;
} PageHead;

typedef struct PageRecord {
    Text path;
    FileStamp stamp;
    PageHead head;
    bool has_facts;
    Text facts;
    Text bytes; /* the record itself */
} PageRecord;

typedef struct FileRecord {
    Text path;
    FileStamp stamp;
    Digest digest;
} FileRecord;

/* A file that the walk found. */
typedef struct Found {
    Unit *unit;
    Language language; /* of a page; -1: another file of the unit */
    Text path;
    FileStamp stamp;
    PageHead head;
    size_t file_index; /* in unit->files, of another file */
    bool is_read;
} Found;

struct SiteFiles {
    Found *found;
    size_t count, capacity;
};

/* memory.c; false where the last build did not know this very file: `record` is then of the former one, or empty. */
void memory_wait(LoadMemory *memory); /* until it is read; before anything is looked for */
bool memory_find_page(const LoadMemory *memory, Arena *arena, Text path, const FileStamp *stamp, PageRecord *record);
bool memory_find_file(const LoadMemory *memory, Text path, const FileStamp *stamp, FileRecord *record);

/* walk.c: units and their files, by folders. */
bool walk_content(Site *site, struct SiteFiles *files, Diagnostics *diagnostics);
/* page.c: the front matter at the beginning of `source`. */
bool page_read_head(YamlReader *reader, Arena *arena, Text source, Text path, PageHead *head, Diagnostics *diagnostics);
/* The value of the key audience, where there is one; with a diagnostic it stays as it is. */
void audience_read(const YamlNode *node, Text path, Audience *audience, Diagnostics *diagnostics);
/* media.c */
void media_load(const Site *site, const Page *page, Node *directive, Arena *arena, Diagnostics *diagnostics);
/* captions.c: whether the WebVTT file `path`, whose bytes these are, can be shown. */
bool captions_check(Text captions, Text path, Diagnostics *diagnostics);
/* settings.c */
/* The value of the key profile, where there is one; with a diagnostic it stays as it is. */
void profile_read(const YamlNode *node, Text path, const Profile **profile, Diagnostics *diagnostics);
/* One text for each language of the site: {en: …, ar: …}. `key` is what they are called in diagnostics. */
bool names_read(Site *site, const YamlNode *map, const char *key, Text *names, Text path, Diagnostics *diagnostics);
bool settings_read(Site *site, YamlReader *reader, Diagnostics *diagnostics);
bool messages_read(Site *site, YamlReader *reader, Diagnostics *diagnostics);
/* course.c */
Course *course_read(Site *site, Unit *unit, YamlReader *reader, Diagnostics *diagnostics);
/* learner.c: every learners/<name>.yaml beside course.yaml; they become part of the course's digest. */
void learners_read(Site *site, Course *course, YamlReader *reader, Diagnostics *diagnostics);

#endif
