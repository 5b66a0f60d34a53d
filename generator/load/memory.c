/*
 * What the last build knew of the sources: a header, records of pages and of other files, a digest over all of it. Texts are followed by
 * a NUL, so that they are used where they lie. There are two such files: `memory`, and `memory.recent` with what has changed since
 * that was written, so that an edit of one page does not write thousands of records. A record is good whichever file it stands in: its
 * stamp says so.
 */
#include "load/parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_LIMIT_BYTES = 1 << 30, COUNT_LIMIT = 10000000, RECENT_SHARE = 16 };
static const char magic[16] = "probity-memory1";

/* One of the two files. */
typedef struct MemoryPart {
    Text bytes;
    PageRecord *pages;
    FileRecord *files;
    size_t page_count, file_count;
    uint32_t *slots; /* open addressing over both; index + 1, files after pages */
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

static size_t take_count(Cursor *cursor) {
    uint32_t count = take_number(cursor);
    /* Every entry takes some bytes: a count that the rest cannot hold is damage. */
    if (count > COUNT_LIMIT || count > (size_t)(cursor->end - cursor->at)) {
        cursor->failed = true;
        return 0;
    }
    return count;
}

static void take_facts(Cursor *cursor, Arena *arena, PageFacts *facts) {
    facts->heading_count = take_count(cursor);
    facts->headings = arena_new(arena, PageHeading, facts->heading_count);
    for (size_t i = 0; i < facts->heading_count && !cursor->failed; i++) {
        facts->headings[i].id = take_text(cursor);
        facts->headings[i].level = (uint8_t)take_number(cursor);
        take(cursor, &facts->headings[i].place, sizeof(Place));
    }
    facts->link_count = take_count(cursor);
    facts->links = arena_new(arena, PageLink, facts->link_count);
    for (size_t i = 0; i < facts->link_count && !cursor->failed; i++) {
        facts->links[i].path = take_text(cursor);
        facts->links[i].anchor = take_text(cursor);
        take(cursor, &facts->links[i].place, sizeof(Place));
    }
}

static void take_page(Cursor *cursor, Arena *arena, PageRecord *record) {
    const char *start = cursor->at;
    record->path = take_text(cursor);
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
        take_facts(cursor, arena, &record->facts);
    record->bytes = (Text){start, (size_t)(cursor->at - start)};
}

static void index_record(MemoryPart *part, Text path, size_t number) {
    size_t slot = (size_t)digest_bytes(path.data, path.size).low & (part->slot_count - 1);
    while (part->slots[slot])
        slot = (slot + 1) & (part->slot_count - 1);
    part->slots[slot] = (uint32_t)number + 1;
}

static void read_part(Arena *arena, const char *path, MemoryPart *result) {
    MemoryPart part = {.page_count = 0};
    if (access(path, R_OK) != 0)
        return;
    Diagnostics *unheard = diagnostics_open();
    bool well = file_read(arena, path, MEMORY_LIMIT_BYTES, &part.bytes, unheard);
    diagnostics_close(unheard);
    Text bytes = part.bytes;
    Digest seal;
    if (!well || bytes.size < sizeof magic + sizeof seal || memcmp(bytes.data, magic, sizeof magic) != 0)
        return;
    memcpy(&seal, bytes.data + bytes.size - sizeof seal, sizeof seal);
    if (!digest_equal(seal, digest_bytes(bytes.data, bytes.size - sizeof seal)))
        return;
    Cursor cursor = {bytes.data + sizeof magic, bytes.data + bytes.size - sizeof seal, false};
    take(&cursor, &part.written_ns, sizeof part.written_ns);
    part.page_count = take_count(&cursor);
    part.file_count = take_count(&cursor);
    part.pages = arena_new(arena, PageRecord, part.page_count);
    part.files = arena_new(arena, FileRecord, part.file_count);
    part.slot_count = 16;
    while (part.slot_count < 2 * (part.page_count + part.file_count))
        part.slot_count *= 2;
    part.slots = arena_new(arena, uint32_t, part.slot_count);
    for (size_t i = 0; i < part.page_count && !cursor.failed; i++) {
        take_page(&cursor, arena, &part.pages[i]);
        index_record(&part, part.pages[i].path, i);
    }
    for (size_t i = 0; i < part.file_count && !cursor.failed; i++) {
        FileRecord *record = &part.files[i];
        record->path = take_text(&cursor);
        take(&cursor, &record->stamp, sizeof record->stamp);
        take(&cursor, &record->digest, sizeof record->digest);
        index_record(&part, record->path, part.page_count + i);
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
    arena_free(&memory->arena);
    free(memory);
}

/* A file that was changed so late that its time could not tell it from its next version is read again. */
static bool stamp_holds(const MemoryPart *part, const FileStamp *known, const FileStamp *now) {
    return known->size_bytes == now->size_bytes && known->inode == now->inode &&
           known->modified_ns == now->modified_ns && known->changed_ns == now->changed_ns &&
           known->changed_ns < part->written_ns && known->modified_ns < part->written_ns;
}

/* The number of the record of that path, or SIZE_MAX. */
static size_t find_record(const MemoryPart *part, Text path) {
    if (part->slot_count == 0)
        return SIZE_MAX;
    size_t slot = (size_t)digest_bytes(path.data, path.size).low & (part->slot_count - 1);
    for (; part->slots[slot]; slot = (slot + 1) & (part->slot_count - 1)) {
        size_t number = part->slots[slot] - 1;
        Text known = number < part->page_count ? part->pages[number].path : part->files[number - part->page_count].path;
        if (text_equal(known, path))
            return number;
    }
    return SIZE_MAX;
}

static const PageRecord *find_page(const MemoryPart *part, Text path, const FileStamp *stamp) {
    size_t number = find_record(part, path);
    if (number == SIZE_MAX || number >= part->page_count)
        return NULL;
    const PageRecord *record = &part->pages[number];
    return stamp_holds(part, &record->stamp, stamp) ? record : NULL;
}

const PageRecord *memory_find_page(const LoadMemory *memory, Text path, const FileStamp *stamp) {
    if (!memory)
        return NULL;
    const PageRecord *recent = find_page(&memory->recent, path, stamp);
    return recent ? recent : find_page(&memory->base, path, stamp);
}

static const FileRecord *find_file(const MemoryPart *part, Text path, const FileStamp *stamp) {
    size_t number = find_record(part, path);
    if (number == SIZE_MAX || number < part->page_count)
        return NULL;
    const FileRecord *record = &part->files[number - part->page_count];
    return stamp_holds(part, &record->stamp, stamp) ? record : NULL;
}

const FileRecord *memory_find_file(const LoadMemory *memory, Text path, const FileStamp *stamp) {
    if (!memory)
        return NULL;
    const FileRecord *recent = find_file(&memory->recent, path, stamp);
    return recent ? recent : find_file(&memory->base, path, stamp);
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
                 (neutral->print ? 16u : 0);
    put_number(out, flags);
    if (neutral) {
        put_number(out, (uint32_t)neutral->kind);
        put_number(out, (uint32_t)neutral->order);
        put_text(out, neutral->symbol);
        put_text(out, neutral->date);
    }
    if (!page->has_facts)
        return;
    put_number(out, (uint32_t)page->facts.heading_count);
    for (size_t i = 0; i < page->facts.heading_count; i++) {
        put_text(out, page->facts.headings[i].id);
        put_number(out, page->facts.headings[i].level);
        put(out, &page->facts.headings[i].place, sizeof(Place));
    }
    put_number(out, (uint32_t)page->facts.link_count);
    for (size_t i = 0; i < page->facts.link_count; i++) {
        put_text(out, page->facts.links[i].path);
        put_text(out, page->facts.links[i].anchor);
        put(out, &page->facts.links[i].place, sizeof(Place));
    }
}

/* Whether the page's record stands in the larger file and is good as it is. */
static bool is_in_base(const LoadMemory *memory, const Page *page) {
    const Text *base = &memory->base.bytes;
    return page->kept.size && !page->facts_are_new && page->kept.data >= base->data &&
           page->kept.data < base->data + base->size;
}

static uint32_t put_pages(Buffer *out, const Site *site, const LoadMemory *memory, bool is_recent) {
    uint32_t count = 0;
    for (size_t i = 0; i < site->unit_count; i++) {
        for (int language = 0; language < language_count(); language++) {
            const Page *page = site->units[i]->pages[language];
            if (!page || (is_recent && is_in_base(memory, page)))
                continue;
            put_page(out, page);
            count++;
        }
    }
    return count;
}

static uint32_t put_files(Buffer *out, const Site *site) {
    Buffer path = {0};
    uint32_t count = 0;
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        for (size_t f = 0; f < unit->file_count; f++) {
            buffer_clear(&path);
            load_put_unit_path(&path, site, unit);
            buffer_put_text(&path, unit->files[f].name);
            put_text(out, buffer_text(&path));
            put(out, &unit->files[f].stamp, sizeof unit->files[f].stamp);
            put(out, &unit->files[f].digest, sizeof unit->files[f].digest);
            count++;
        }
    }
    buffer_free(&path);
    return count;
}

static bool write_part(const Site *site, const LoadMemory *memory, bool is_recent, Diagnostics *diagnostics) {
    Buffer out = {0};
    put(&out, magic, sizeof magic);
    put(&out, &site->started_ns, sizeof site->started_ns);
    size_t counts_at = out.size;
    put_number(&out, 0);
    put_number(&out, 0);
    uint32_t counts[2];
    counts[0] = put_pages(&out, site, memory, is_recent);
    counts[1] = put_files(&out, site);
    memcpy(out.data + counts_at, counts, sizeof counts);
    Digest seal = digest_bytes(out.data, out.size);
    put(&out, &seal, sizeof seal);
    bool written = file_write(is_recent ? memory->recent_path : memory->path, out.data, out.size, diagnostics);
    buffer_free(&out);
    return written;
}

bool load_memory_write(const Site *site, const LoadMemory *memory, Diagnostics *diagnostics) {
    size_t changed = 0;
    for (size_t i = 0; i < site->unit_count; i++)
        for (int language = 0; language < language_count(); language++)
            changed += site->units[i]->pages[language] && !is_in_base(memory, site->units[i]->pages[language]);
    bool is_recent = changed < memory->base.page_count / RECENT_SHARE;
    if (!write_part(site, memory, is_recent, diagnostics))
        return false;
    if (!is_recent)
        unlink(memory->recent_path);
    return true;
}
