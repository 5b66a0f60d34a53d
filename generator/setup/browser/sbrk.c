/*
 * The C library's source of memory, with a limit of our own. wasm2js takes no notice of the limit in the module, and when its
 * memory cannot grow it says that it has grown; an allocation too large has to be refused before it gets there.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define PAGE_BYTES 65536u
#define LIMIT_BYTES (64u * 1024u * 1024u)

void *sbrk(intptr_t increment) {
    size_t size_bytes = __builtin_wasm_memory_size(0) * PAGE_BYTES;
    if (increment == 0) {
        return (void *)size_bytes;
    }
    if (increment < 0 || (size_t)increment % PAGE_BYTES != 0 || (size_t)increment > LIMIT_BYTES - size_bytes) {
        errno = ENOMEM;
        return (void *)-1;
    }
    return (void *)(__builtin_wasm_memory_grow(0, (size_t)increment / PAGE_BYTES) * PAGE_BYTES);
}
