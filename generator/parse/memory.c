/*
 * cmark's memory: pieces cut one after another from blocks of the scratch arena. cmark passes no context to its
 * allocator, so the state is one per thread. A piece is preceded by its size, for realloc. Only the newest piece is
 * given back by free: cmark frees most of its temporary strings in that order, and the arena takes the rest.
 */
#include "parse/parts.h"

#include <string.h>

enum { PIECE_ALIGNMENT = 8, HEAD_BYTES = PIECE_ALIGNMENT, SMALL_BLOCK_BYTES = 64 * 1024, LARGE_BLOCK_BYTES = 1 << 20 };

typedef struct CmarkMemory {
    Arena *arena;
    jmp_buf *escape;
    char *at; /* zeroed from here to `end` */
    char *end;
    size_t taken_bytes;
} CmarkMemory;

static _Thread_local CmarkMemory memory;

static void take_block(size_t size_bytes) {
    size_t block_bytes = memory.taken_bytes < LARGE_BLOCK_BYTES ? SMALL_BLOCK_BYTES : LARGE_BLOCK_BYTES;
    if (block_bytes < size_bytes)
        block_bytes = size_bytes;
    if (block_bytes > ((size_t)MEMORY_LIMIT_MB << 20) - memory.taken_bytes)
        longjmp(*memory.escape, 1);
    memory.taken_bytes += block_bytes;
    memory.at = arena_allocate(memory.arena, block_bytes, PIECE_ALIGNMENT);
    memory.end = memory.at + block_bytes;
}

static size_t piece_bytes(const void *piece) {
    size_t size_bytes;
    memcpy(&size_bytes, (const char *)piece - HEAD_BYTES, sizeof size_bytes);
    return size_bytes;
}

static void set_piece_bytes(void *piece, size_t size_bytes) {
    memcpy((char *)piece - HEAD_BYTES, &size_bytes, sizeof size_bytes);
}

void *cmark_memory_allocate(size_t size_bytes) {
    if (size_bytes > (size_t)MEMORY_LIMIT_MB << 20)
        longjmp(*memory.escape, 1);
    size_bytes = (size_bytes + PIECE_ALIGNMENT - 1) & ~(size_t)(PIECE_ALIGNMENT - 1);
    if ((size_t)(memory.end - memory.at) < size_bytes + HEAD_BYTES)
        take_block(size_bytes + HEAD_BYTES);
    void *piece = memory.at + HEAD_BYTES;
    memory.at += HEAD_BYTES + size_bytes;
    set_piece_bytes(piece, size_bytes);
    return piece;
}

static void *memory_calloc(size_t count, size_t size_bytes) {
    if (size_bytes && count > SIZE_MAX / size_bytes)
        longjmp(*memory.escape, 1);
    return cmark_memory_allocate(count * size_bytes);
}

static void memory_free(void *piece) {
    if (!piece)
        return;
    size_t size_bytes = piece_bytes(piece);
    if ((char *)piece + size_bytes != memory.at)
        return;
    memory.at = (char *)piece - HEAD_BYTES;
    memset(memory.at, 0, HEAD_BYTES + size_bytes);
}

static void *memory_realloc(void *piece, size_t size_bytes) {
    if (!piece)
        return cmark_memory_allocate(size_bytes);
    size_t old_bytes = piece_bytes(piece);
    if (size_bytes <= old_bytes)
        return piece;
    size_t rounded = (size_bytes + PIECE_ALIGNMENT - 1) & ~(size_t)(PIECE_ALIGNMENT - 1);
    if ((char *)piece + old_bytes == memory.at && rounded >= size_bytes &&
        (size_t)(memory.end - memory.at) >= rounded - old_bytes) {
        memory.at += rounded - old_bytes;
        set_piece_bytes(piece, rounded);
        return piece;
    }
    void *larger = cmark_memory_allocate(size_bytes);
    memcpy(larger, piece, old_bytes);
    return larger;
}

static cmark_mem allocator = {memory_calloc, memory_realloc, memory_free};

cmark_mem *cmark_memory_start(Arena *scratch, jmp_buf *escape) {
    memory = (CmarkMemory){.arena = scratch, .escape = escape};
    return &allocator;
}
