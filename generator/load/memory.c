/*
 * What the last build knew of the sources: records of pages and of other files, and a digest over all of it. Texts are followed by a NUL,
 * so that they are used where they lie; records are read when somebody asks for them. There are two such files: `memory`, and `memory.recent` with what has changed since
 * that was written, so that an edit of one page does not write thousands of records. A record is good whichever file it stands in: its
 * stamp says so.
 */
#include "load/parts.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMORY_LIMIT_BYTES = 1 << 30, BLOCK_BYTES = 1 << 20, RECENT_SHARE = 16 };
static const char magic[16] = "probity-memory2";

/* At the end of each file. */
typedef struct Trailer {
    int64_t written_ns;
    uint64_t count; /* of records */
    Digest seal;
} Trailer;

/* One of the two files. */
typedef struct MemoryPart {
    Text mapped;
    Text bytes; /* the records in it */
    size_t count;
    uint32_t *slots; /* open addressing by path; where the record begins, never 0 */
    size_t slot_count;
    int64_t written_ns;
} MemoryPart;

struct LoadMemory {
    Arena arena;
    const char *path, *recent_path;
    MemoryPart base, recent;
    pthread_t thread;
    bool is_reading;
};

/* ---- Reading ---- */

typedef struct Cursor {
    const char *at, *end;
    bool failed;
} Cursor;

static void take(Cursor *cursor, void *into, size_t size) {
    if ((size_t)(cursor->end - cursor->at) < size) {
        cursor->failed = true;
        memset(into, 0, size);
        return;
    }
    memcpy(into, cursor->at, size);
    cursor->at += size;
}

static uint32_t take_number(Cursor *cursor) {
    uint32_t number;
    take(cursor, &number, sizeof number);
    return number;
}

static Text take_text(Cursor *cursor) {
    uint32_t size = take_number(cursor);
    if ((size_t)(cursor->end - cursor->at) <= size || cursor->at[size] != '\0') {
        cursor->failed = true;
        return TEXT("");
    }
    Text text = {cursor->at, size};
    cursor->at += size + 1;
    return text;
}

/* Lives in the arena as far as it is not a piece of the memory itself. */
static void take_page(Cursor *cursor, Arena *arena, PageRecord *record) {
    const char *start = cursor->at;
    *record = (PageRecord){.path = take_text(cursor)};
    take(cursor, &record->stamp, sizeof record->stamp);
    record->head.title = take_text(cursor);
    record->head.summary = take_text(cursor);
    record->head.body_offset = take_number(cursor);
    record->head.body_line = take_number(cursor);
    take(cursor, &record->head.digest, sizeof record->head.digest);
    uint32_t flags = take_number(cursor);
    if (flags & 1) {
        NeutralKeys *neutral = arena_new(arena, NeutralKeys, 1);
        neutral->has_kind = flags & 2;
        neutral->has_order = flags & 4;
        neutral->has_print = flags & 8;
        neutral->print = flags & 16;
        neutral->has_audience = flags & 64;
        neutral->audience = (Audience)((flags >> 7 & 3) % AUDIENCE_COUNT);
        uint32_t kind = take_number(cursor);
        cursor->failed = cursor->failed || kind >= UNIT_KIND_COUNT;
        neutral->kind = (UnitKind)(kind % UNIT_KIND_COUNT);
        neutral->order = (int)take_number(cursor);
        neutral->symbol = take_text(cursor);
        neutral->date = take_text(cursor);
        record->head.neutral = neutral;
    }
    record->has_facts = flags & 32;
    if (record->has_facts)
        record->facts = take_text(cursor);
    record->bytes = (Text){start, (size_t)(cursor->at - start)};
}

static void take_file(Cursor *cursor, FileRecord *record) {
    record->path = take_text(cursor);
    take(cursor, &record->stamp, sizeof record->stamp);
    take(cursor, &record->digest, sizeof record->digest);
}

/* ---- Opening ---- */

static void index_record(MemoryPart *part, Text path, size_t offset) {
    size_t slot = (size_t)digest_bytes(path.data, path.size).low & (part->slot_count - 1);
    while (part->slots[slot])
        slot = (slot + 1) & (part->slot_count - 1);
    part->slots[slot] = (uint32_t)offset;
}

/* The digest of the whole, a block at a time, as it is written. */
static Digest seal_of(Text bytes) {
    Digest seal = {0, 0};
    for (size_t at = 0; at < bytes.size; at += BLOCK_BYTES)
        seal = digest_text(seal, text_slice(bytes, at, at + BLOCK_BYTES));
    return seal;
}

static Digest seal_trailer(Digest seal, const Trailer *trailer) {
    return digest_number(digest_number(seal, trailer->count), (uint64_t)trailer->written_ns);
}

/* The kernel's own copy of the file, or an empty text. The build's lock keeps others from changing it. */
static Text map_file(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;
    void *bytes = MAP_FAILED;
    if (file < 0)
        return TEXT("");
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        status.st_size < MEMORY_LIMIT_BYTES)
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    close(file);
    return bytes == MAP_FAILED ? TEXT("") : (Text){bytes, (size_t)status.st_size};
}

static void read_part(Arena *arena, const char *path, MemoryPart *result) {
    MemoryPart part = {.slot_count = 16, .bytes = map_file(path)};
    Trailer trailer;
    result->mapped = part.mapped = part.bytes;
    if (part.bytes.size < sizeof magic + sizeof trailer || memcmp(part.bytes.data, magic, sizeof magic) != 0)
        return;
    part.bytes.size -= sizeof trailer;
    memcpy(&trailer, part.bytes.data + part.bytes.size, sizeof trailer);
    if (!digest_equal(trailer.seal, seal_trailer(seal_of(part.bytes), &trailer)))
        return;
    part.written_ns = trailer.written_ns;
    part.count = (size_t)trailer.count;
    while (part.slot_count < 2 * part.count)
        part.slot_count *= 2;
    part.slots = arena_new(arena, uint32_t, part.slot_count);
    Cursor cursor = {part.bytes.data + sizeof magic, part.bytes.data + part.bytes.size, false};
    for (size_t i = 0; i < part.count && !cursor.failed; i++) {
        size_t offset = (size_t)(cursor.at - part.bytes.data);
        uint32_t size = take_number(&cursor);
        Cursor inside = cursor;
        index_record(&part, take_text(&inside), offset);
        cursor.failed = inside.failed || size > (size_t)(cursor.end - cursor.at);
        cursor.at += cursor.failed ? 0 : size;
    }
    if (!cursor.failed)
        *result = part;
}

static void *read_parts(void *context) {
    LoadMemory *memory = context;
    read_part(&memory->arena, memory->path, &memory->base);
    read_part(&memory->arena, memory->recent_path, &memory->recent);
    return NULL;
}

LoadMemory *load_memory_open(const char *path) {
    LoadMemory *memory = calloc(1, sizeof *memory);
    if (!memory)
        memory_exhausted();
    memory->path = text_copy(&memory->arena, text_from(path)).data;
    memory->recent_path = text_format(&memory->arena, "%s.recent", path).data;
    memory->is_reading = pthread_create(&memory->thread, NULL, read_parts, memory) == 0;
    if (!memory->is_reading)
        read_parts(memory);
    return memory;
}

void memory_wait(LoadMemory *memory) {
    if (memory && memory->is_reading)
        pthread_join(memory->thread, NULL);
    if (memory)
        memory->is_reading = false;
}

void load_memory_close(LoadMemory *memory) {
    if (!memory)
        return;
    memory_wait(memory);
    MemoryPart *const parts[] = {&memory->base, &memory->recent};
    for (size_t i = 0; i < 2; i++)
        if (parts[i]->mapped.size)
            munmap((char *)(uintptr_t)parts[i]->mapped.data, parts[i]->mapped.size);
    arena_free(&memory->arena);
    free(memory);
}

/* A file that was changed so late that its time could not tell it from its next version is read again. */
static bool stamp_holds(const MemoryPart *part, const FileStamp *known, const FileStamp *now) {
    return known->size_bytes == now->size_bytes && known->inode == now->inode &&
           known->modified_ns == now->modified_ns && known->changed_ns == now->changed_ns &&
           known->changed_ns < part->written_ns && known->modified_ns < part->written_ns;
}

/* At the record of that path; false where there is none. */
static bool find_record(const MemoryPart *part, Text path, Cursor *record) {
    if (part->slot_count == 0)
        return false;
    size_t slot = (size_t)digest_bytes(path.data, path.size).low & (part->slot_count - 1);
    for (; part->slots[slot]; slot = (slot + 1) & (part->slot_count - 1)) {
        Cursor cursor = {part->bytes.data + part->slots[slot], part->bytes.data + part->bytes.size, false};
        take_number(&cursor);
        *record = cursor;
        if (text_equal(take_text(&cursor), path))
            return true;
    }
    return false;
}

bool memory_find_page(const LoadMemory *memory, Arena *arena, Text path, const FileStamp *stamp, PageRecord *record) {
    const MemoryPart *const parts[] = {memory ? &memory->recent : NULL, memory ? &memory->base : NULL};
    *record = (PageRecord){.has_facts = false};
    for (size_t i = 0; i < 2 && memory; i++) {
        Cursor cursor;
        PageRecord found;
        if (!find_record(parts[i], path, &cursor))
            continue;
        take_page(&cursor, arena, &found);
        if (cursor.failed)
            continue;
        bool holds = stamp_holds(parts[i], &found.stamp, stamp);
        if (holds || !record->path.size)
            *record = found;
        if (holds)
            return true;
    }
    return false;
}

bool memory_find_file(const LoadMemory *memory, Text path, const FileStamp *stamp, FileRecord *record) {
    const MemoryPart *const parts[] = {memory ? &memory->recent : NULL, memory ? &memory->base : NULL};
    for (size_t i = 0; i < 2 && memory; i++) {
        Cursor cursor;
        if (!find_record(parts[i], path, &cursor))
            continue;
        take_file(&cursor, record);
        if (!cursor.failed && stamp_holds(parts[i], &record->stamp, stamp))
            return true;
    }
    return false;
}

/* ---- Writing ---- */

static void put(Buffer *out, const void *bytes, size_t size) {
    buffer_put(out, bytes, size);
}

static void put_number(Buffer *out, uint32_t number) {
    put(out, &number, sizeof number);
}

static void put_text(Buffer *out, Text text) {
    put_number(out, (uint32_t)text.size);
    buffer_put_text(out, text);
    buffer_put_char(out, '\0');
}

static void put_page(Buffer *out, const Page *page) {
    /* What has not been read again stands as it stood: an edit costs what it changes. */
    if (page->kept.size && !page->facts_are_new) {
        buffer_put_text(out, page->kept);
        return;
    }
    const NeutralKeys *neutral = page->neutral;
    put_text(out, page->source);
    put(out, &page->stamp, sizeof page->stamp);
    put_text(out, page->title);
    put_text(out, page->summary);
    put_number(out, page->body_offset);
    put_number(out, page->body_line);
    put(out, &page->digest, sizeof page->digest);
    uint32_t flags = page->has_facts ? 32 : 0;
    if (neutral)
        flags |= 1u | (neutral->has_kind ? 2u : 0) | (neutral->has_order ? 4u : 0) | (neutral->has_print ? 8u : 0) |
                 (neutral->print ? 16u : 0) | (neutral->has_audience ? 64u : 0) | (uint32_t)neutral->audience << 7;
    put_number(out, flags);
    if (neutral) {
        put_number(out, (uint32_t)neutral->kind);
        put_number(out, (uint32_t)neutral->order);
        put_text(out, neutral->symbol);
        put_text(out, neutral->date);
    }
    if (page->has_facts)
        put_text(out, page->facts);
}

/* Whether the page's record stands in the larger file and is good as it is. */
static bool is_in_base(const LoadMemory *memory, const Page *page) {
    const Text *base = &memory->base.bytes;
    return page->kept.size && !page->facts_are_new && page->kept.data >= base->data &&
           page->kept.data < base->data + base->size;
}

/* A file in the making; its bytes leave the memory of this program a block at a time. */
typedef struct Writing {
    Buffer bytes;
    FILE *file;
    Digest seal;
    uint64_t count;
} Writing;

static void put_block(Writing *writing, size_t size) {
    writing->seal = digest_text(writing->seal, (Text){writing->bytes.data, size});
    fwrite(writing->bytes.data, 1, size, writing->file);
    writing->bytes.size -= size;
    memmove(writing->bytes.data, writing->bytes.data + size, writing->bytes.size);
}

/* What was put after `start` is a record. */
static void end_record(Writing *writing, size_t start) {
    uint32_t size = (uint32_t)(writing->bytes.size - start - sizeof size);
    memcpy(writing->bytes.data + start, &size, sizeof size);
    writing->count++;
    while (writing->bytes.size >= BLOCK_BYTES)
        put_block(writing, BLOCK_BYTES);
}

static size_t begin_record(Writing *writing) {
    size_t start = writing->bytes.size;
    put_number(&writing->bytes, 0);
    return start;
}

static void put_pages(Writing *writing, const Site *site, const LoadMemory *memory, bool is_recent) {
    for (size_t i = 0; i < site->unit_count; i++) {
        for (int language = 0; language < language_count(); language++) {
            const Page *page = site->units[i]->pages[language];
            if (!page || (is_recent && is_in_base(memory, page)))
                continue;
            size_t start = begin_record(writing);
            put_page(&writing->bytes, page);
            end_record(writing, start);
        }
    }
}

static void put_files(Writing *writing, const Site *site) {
    Buffer path = {0};
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        for (size_t f = 0; f < unit->file_count; f++) {
            buffer_clear(&path);
            load_put_unit_path(&path, site, unit);
            buffer_put_text(&path, unit->files[f].name);
            size_t start = begin_record(writing);
            put_text(&writing->bytes, buffer_text(&path));
            put(&writing->bytes, &unit->files[f].stamp, sizeof unit->files[f].stamp);
            put(&writing->bytes, &unit->files[f].digest, sizeof unit->files[f].digest);
            end_record(writing, start);
        }
    }
    buffer_free(&path);
}

static bool write_part(const Site *site, const LoadMemory *memory, bool is_recent) {
    Arena arena = {0};
    const char *path = is_recent ? memory->recent_path : memory->path;
    const char *fresh = text_format(&arena, "%s.new", path).data;
    Writing writing = {.file = fopen(fresh, "we")};
    bool well = writing.file != NULL;
    if (well) {
        put(&writing.bytes, magic, sizeof magic);
        put_pages(&writing, site, memory, is_recent);
        put_files(&writing, site);
        put_block(&writing, writing.bytes.size);
        Trailer trailer = {.written_ns = site->started_ns, .count = writing.count};
        trailer.seal = seal_trailer(writing.seal, &trailer);
        fwrite(&trailer, sizeof trailer, 1, writing.file);
        well = !ferror(writing.file);
        well = fclose(writing.file) == 0 && well && rename(fresh, path) == 0;
    }
    buffer_free(&writing.bytes);
    arena_free(&arena);
    return well;
}

void load_memory_write(const Site *site, const LoadMemory *memory) {
    size_t changed = 0;
    for (size_t i = 0; i < site->unit_count; i++)
        for (int language = 0; language < language_count(); language++)
            changed += site->units[i]->pages[language] && !is_in_base(memory, site->units[i]->pages[language]);
    bool is_recent = changed < memory->base.count / RECENT_SHARE;
    if (write_part(site, memory, is_recent) && !is_recent)
        unlink(memory->recent_path);
}
