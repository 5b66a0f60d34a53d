/*
 * What the last build knew of the sources, in one file: a header, records of pages and of other files, a digest over all of it. Texts are followed by
 * a NUL, so that they are used where they lie.
 */
#include "load/parts.h"

#include <string.h>
#include <unistd.h>

enum { MEMORY_LIMIT_BYTES = 1 << 30, COUNT_LIMIT = 10000000 };
static const char magic[16] = "probity-memory1";

struct LoadMemory {
    PageRecord *pages;
    FileRecord *files;
    size_t page_count, file_count;
    uint32_t *slots; /* open addressing over both; index + 1, files after pages */
    size_t slot_count;
    int64_t written_ns;
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
}

static void index_record(LoadMemory *memory, Text path, size_t number) {
    size_t slot = (size_t)digest_bytes(path.data, path.size).low & (memory->slot_count - 1);
    while (memory->slots[slot])
        slot = (slot + 1) & (memory->slot_count - 1);
    memory->slots[slot] = (uint32_t)number + 1;
}

LoadMemory *load_memory_open(Arena *arena, const char *path) {
    LoadMemory *memory = arena_new(arena, LoadMemory, 1), *nothing = arena_new(arena, LoadMemory, 1);
    if (access(path, R_OK) != 0)
        return nothing;
    Diagnostics *unheard = diagnostics_open();
    Text bytes;
    bool well = file_read(arena, path, MEMORY_LIMIT_BYTES, &bytes, unheard);
    diagnostics_close(unheard);
    Digest seal;
    if (!well || bytes.size < sizeof magic + sizeof seal || memcmp(bytes.data, magic, sizeof magic) != 0)
        return nothing;
    memcpy(&seal, bytes.data + bytes.size - sizeof seal, sizeof seal);
    if (!digest_equal(seal, digest_bytes(bytes.data, bytes.size - sizeof seal)))
        return nothing;
    Cursor cursor = {bytes.data + sizeof magic, bytes.data + bytes.size - sizeof seal, false};
    take(&cursor, &memory->written_ns, sizeof memory->written_ns);
    memory->page_count = take_count(&cursor);
    memory->file_count = take_count(&cursor);
    memory->pages = arena_new(arena, PageRecord, memory->page_count);
    memory->files = arena_new(arena, FileRecord, memory->file_count);
    memory->slot_count = 16;
    while (memory->slot_count < 2 * (memory->page_count + memory->file_count))
        memory->slot_count *= 2;
    memory->slots = arena_new(arena, uint32_t, memory->slot_count);
    for (size_t i = 0; i < memory->page_count && !cursor.failed; i++) {
        take_page(&cursor, arena, &memory->pages[i]);
        index_record(memory, memory->pages[i].path, i);
    }
    for (size_t i = 0; i < memory->file_count && !cursor.failed; i++) {
        FileRecord *record = &memory->files[i];
        record->path = take_text(&cursor);
        take(&cursor, &record->stamp, sizeof record->stamp);
        take(&cursor, &record->digest, sizeof record->digest);
        index_record(memory, record->path, memory->page_count + i);
    }
    return cursor.failed ? nothing : memory;
}

/* A file that was changed so late that its time could not tell it from its next version is read again. */
static bool stamp_holds(const LoadMemory *memory, const FileStamp *known, const FileStamp *now) {
    return known->size_bytes == now->size_bytes && known->inode == now->inode && known->modified_ns == now->modified_ns &&
           known->changed_ns == now->changed_ns && known->changed_ns < memory->written_ns && known->modified_ns < memory->written_ns;
}

/* The number of the record of that path, or SIZE_MAX. */
static size_t find_record(const LoadMemory *memory, Text path) {
    if (!memory || memory->slot_count == 0)
        return SIZE_MAX;
    size_t slot = (size_t)digest_bytes(path.data, path.size).low & (memory->slot_count - 1);
    for (; memory->slots[slot]; slot = (slot + 1) & (memory->slot_count - 1)) {
        size_t number = memory->slots[slot] - 1;
        Text known = number < memory->page_count ? memory->pages[number].path : memory->files[number - memory->page_count].path;
        if (text_equal(known, path))
            return number;
    }
    return SIZE_MAX;
}

const PageRecord *memory_find_page(const LoadMemory *memory, Text path, const FileStamp *stamp) {
    size_t number = find_record(memory, path);
    if (number == SIZE_MAX || number >= memory->page_count)
        return NULL;
    const PageRecord *record = &memory->pages[number];
    return stamp_holds(memory, &record->stamp, stamp) ? record : NULL;
}

const FileRecord *memory_find_file(const LoadMemory *memory, Text path, const FileStamp *stamp) {
    size_t number = find_record(memory, path);
    if (number == SIZE_MAX || number < memory->page_count)
        return NULL;
    const FileRecord *record = &memory->files[number - memory->page_count];
    return stamp_holds(memory, &record->stamp, stamp) ? record : NULL;
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

bool load_memory_write(const Site *site, const char *path, Diagnostics *diagnostics) {
    Buffer out = {0}, file_path = {0};
    uint32_t page_count = 0, file_count = 0;
    put(&out, magic, sizeof magic);
    put(&out, &site->started_ns, sizeof site->started_ns);
    size_t counts_at = out.size;
    put_number(&out, 0);
    put_number(&out, 0);
    for (size_t i = 0; i < site->unit_count; i++) {
        for (int language = 0; language < language_count(); language++) {
            if (site->units[i]->pages[language]) {
                put_page(&out, site->units[i]->pages[language]);
                page_count++;
            }
        }
    }
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        for (size_t f = 0; f < unit->file_count; f++) {
            buffer_clear(&file_path);
            load_put_unit_path(&file_path, site, unit);
            buffer_put_text(&file_path, unit->files[f].name);
            put_text(&out, buffer_text(&file_path));
            put(&out, &unit->files[f].stamp, sizeof unit->files[f].stamp);
            put(&out, &unit->files[f].digest, sizeof unit->files[f].digest);
            file_count++;
        }
    }
    memcpy(out.data + counts_at, &page_count, sizeof page_count);
    memcpy(out.data + counts_at + sizeof page_count, &file_count, sizeof file_count);
    Digest seal = digest_bytes(out.data, out.size);
    put(&out, &seal, sizeof seal);
    bool written = file_write(path, out.data, out.size, diagnostics);
    buffer_free(&out);
    buffer_free(&file_path);
    return written;
}
