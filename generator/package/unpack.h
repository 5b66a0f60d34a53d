/* The container of a package that somebody hands in; for this room alone. */
#ifndef PROBITY_PACKAGE_UNPACK_H
#define PROBITY_PACKAGE_UNPACK_H

#include "package/package.h"

typedef struct UnpackedFile {
    Text name;
    uint64_t size_bytes;
    Text bytes; /* of scripts, pages and what else is text; of other files nothing is kept */
} UnpackedFile;

typedef struct Unpacked {
    UnpackedFile *files; /* by name */
    size_t count;
} Unpacked;

/*
 * Reads every file of a zip from anywhere, to its last byte, and writes none. False where it is damaged, would not unpack alike on every
 * system, or would unpack to more than a package can be, with a diagnostic for each reason.
 */
bool unpack(Arena *arena, Text zip, Text path, Unpacked *unpacked, Diagnostics *diagnostics);

#endif
