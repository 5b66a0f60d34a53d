/* Arenas: blocks in a chain, the newest first. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_BLOCK_BYTES = 64 * 1024 };

struct ArenaBlock {
    ArenaBlock *before;
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
};

_Noreturn void memory_exhausted(void) {
    static const char message[] = "probity: error: out of memory; nothing was published\n";
    /* Nothing can be done about a failed write of the last words. */
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(3);
}

static ArenaBlock *block_new(size_t size, ArenaBlock *before) {
    ArenaBlock *block = malloc(sizeof *block + size);
    if (!block)
        memory_exhausted();
    *block = (ArenaBlock){.before = before, .size = size};
    return block;
}

static char *allocate(Arena *arena, size_t size_bytes, size_t alignment) {
    ArenaBlock *block = arena->block;
    if (size_bytes > SIZE_MAX / 2)
        memory_exhausted();
    size_t start = block ? (block->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!block || start > block->size || block->size - start < size_bytes) {
        size_t wanted = arena->block_size_bytes ? arena->block_size_bytes : DEFAULT_BLOCK_BYTES;
        if (block && size_bytes > wanted / 4) {
            /* A large piece gets a block of its own behind the current one, which keeps its free room. */
            ArenaBlock *own = block_new(size_bytes, block->before);
            block->before = own;
            own->used = size_bytes;
            return own->bytes;
        }
        block = arena->block = block_new(size_bytes > wanted ? size_bytes : wanted, block);
        start = 0;
    }
    block->used = start + size_bytes;
    return block->bytes + start;
}

void *arena_allocate(Arena *arena, size_t size_bytes, size_t alignment) {
    return memset(allocate(arena, size_bytes, alignment), 0, size_bytes);
}

char *arena_allocate_bytes(Arena *arena, size_t size_bytes) {
    return allocate(arena, size_bytes, 1);
}

void *arena_allocate_array(Arena *arena, size_t count, size_t size_bytes, size_t alignment) {
    if (size_bytes && count > SIZE_MAX / size_bytes)
        memory_exhausted();
    return arena_allocate(arena, count * size_bytes, alignment);
}

void arena_reset(Arena *arena) {
    ArenaBlock *kept = arena->block;
    if (!kept)
        return;
    for (ArenaBlock *block = kept->before; block;) {
        ArenaBlock *before = block->before;
        free(block);
        block = before;
    }
    kept->before = NULL;
    kept->used = 0;
}

void arena_free(Arena *arena) {
    for (ArenaBlock *block = arena->block; block;) {
        ArenaBlock *before = block->before;
        free(block);
        block = before;
    }
    arena->block = NULL;
}

void buffer_grow(Buffer *buffer, size_t size) {
    if (size > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4)
        memory_exhausted();
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    while (capacity - buffer->size <= size)
        capacity *= 2;
    char *data = realloc(buffer->data, capacity);
    if (!data)
        memory_exhausted();
    buffer->data = data;
    buffer->capacity = capacity;
}

void buffer_clear(Buffer *buffer) {
    buffer->size = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void buffer_free(Buffer *buffer) {
    free(buffer->data);
    *buffer = (Buffer){0};
}
