/* Comparing by words: the C library's loop over bytes is what long equal texts spend their time in. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int memcmp(const void *left, const void *right, size_t size) {
    const unsigned char *a = left, *b = right;
    if ((((uintptr_t)a | (uintptr_t)b) & 3) == 0) {
        while (size >= 4 && *(const uint32_t *)(const void *)a == *(const uint32_t *)(const void *)b) {
            a += 4;
            b += 4;
            size -= 4;
        }
    }
    for (; size > 0; size--, a++, b++) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}
