/*
 * base: memory, text, diagnostics, escaping, digests and files. It knows nothing of sites or courses.
 * Every room may include it; it includes libc and libxxhash alone.
 *
 * Ownership: whatever is returned lives in the arena that was passed in. Failure: NULL or false, and the reason is
 * already in the Diagnostics. There is one answer to a lack of memory: memory_exhausted() ends the process with status 3;
 * a site that is being built is not yet published then, so the one that stood goes on standing.
 */
#ifndef PROBITY_BASE_H
#define PROBITY_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/* ---- Memory: everything lives as long as its arena; nothing is freed one by one. ---- */

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *block;
    size_t block_size_bytes; /* of the next block; 0 means the default */
} Arena;

typedef struct ArenaMark {
    ArenaBlock *block;
    size_t used;
} ArenaMark;

/* Zeroed memory. Never NULL. */
void *arena_allocate(Arena *arena, size_t size_bytes, size_t alignment);
/* Memory with anything in it, for bytes that are written over at once. */
char *arena_allocate_bytes(Arena *arena, size_t size_bytes);
#define arena_new(arena, type, count) ((type *)arena_allocate_array((arena), (count), sizeof(type), _Alignof(type)))
void *arena_allocate_array(Arena *arena, size_t count, size_t size_bytes, size_t alignment);
/* Forgets everything allocated, keeps one block for the next use. */
void arena_reset(Arena *arena);
void arena_free(Arena *arena);

_Noreturn void memory_exhausted(void);

/* ---- Text: a slice with a length. `data` of a Text made in an arena is followed by a NUL. ---- */

typedef struct Text {
    const char *data;
    size_t size;
} Text;

#define TEXT(literal) ((Text){(literal), sizeof(literal) - 1})
/* For printf: "%.*s", TEXT_ARG(text) */
#define TEXT_ARG(text) (int)(text).size, (text).data

Text text_from(const char *nul_terminated); /* NULL gives an empty text */
Text text_copy(Arena *arena, Text text);
Text text_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Text text_join(Arena *arena, Text left, Text right);
bool text_equal(Text left, Text right);
int text_compare(Text left, Text right); /* bytewise */
bool text_starts(Text text, Text prefix);
bool text_ends(Text text, Text suffix);
Text text_slice(Text text, size_t from, size_t to); /* clamps */
Text text_trim(Text text);                          /* ASCII white space at both ends */
/* The position of the first `byte` at or after `from`, or text.size. */
size_t text_find(Text text, char byte, size_t from);
/* Letters a-z, digits and hyphens, beginning with a letter or digit, at most 100 bytes. */
bool text_is_id(Text text);
/* The offset of the first byte that is not well-formed UTF-8 or is NUL; text.size when all is well. */
size_t text_find_invalid(Text text);
/* The one of `candidates` that `text` most probably meant, or an empty text. */
Text text_nearest(Text text, const char *const *candidates, size_t count);

/* ---- Buffer: bytes that grow. Always followed by a NUL. Owned by whoever declared it; buffer_free ends it. ---- */

typedef struct Buffer {
    char *data;
    size_t size, capacity;
} Buffer;

/* Makes room for `size` bytes more and the NUL. */
void buffer_grow(Buffer *buffer, size_t size);

/* Pages are put together from some thousand pieces of a few bytes: here the compiler sees their sizes. */
static inline void buffer_put(Buffer *buffer, const char *bytes, size_t size) {
    if (buffer->capacity - buffer->size <= size)
        buffer_grow(buffer, size);
    if (size)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

static inline void buffer_put_text(Buffer *buffer, Text text) {
    buffer_put(buffer, text.data, text.size);
}

static inline void buffer_put_char(Buffer *buffer, char byte) {
    buffer_put(buffer, &byte, 1);
}

#define buffer_put_literal(buffer, literal) buffer_put((buffer), (literal), sizeof(literal) - 1)
void buffer_put_number(Buffer *buffer, int64_t number);
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_clear(Buffer *buffer); /* keeps the memory */
void buffer_free(Buffer *buffer);
Text buffer_text(const Buffer *buffer); /* a view, until the next change */

/* Escaping is by context; nothing that came from content reaches an output without one of these. */
void buffer_put_html(Buffer *buffer, Text text); /* text or quoted attribute of HTML, XHTML and XML: & < > " ' */
void buffer_put_url(Buffer *buffer, Text url); /* percent-encodes what may not stand in a URL, then escapes as above */
void buffer_put_json(Buffer *buffer,
                     Text text); /* a quoted JSON string, safe inside <script>: < > & and U+2028/9 as \u */
void buffer_put_css(Buffer *buffer, Text text); /* a quoted CSS string */

/* Whether the URL is relative or of an allowed scheme: https, http, mailto, tel. Control characters make it unsafe. */
bool url_is_safe(Text url);
bool url_is_external(Text url); /* has a scheme, or begins with // */

/* ---- Places and diagnostics ---- */

typedef struct Place {
    uint32_t line;   /* from 1; 0: the whole file */
    uint32_t column; /* in bytes, from 1; 0: the whole line */
} Place;

typedef enum Severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

/*
 * Every complaint the program can make. To add one: a row in base/diagnostics.def (slug, severity, sentence with printf
 * directives, remedy), a call of diagnostics_add, and a golden case under tests/golden/ that provokes it.
 */
typedef enum DiagnosticCode {
#define DIAGNOSTIC(code, slug, severity, sentence, remedy) DIAGNOSTIC_##code,
#include "base/diagnostics.def"
#undef DIAGNOSTIC
    DIAGNOSTIC_COUNT
} DiagnosticCode;

typedef struct Diagnostic {
    DiagnosticCode code;
    Severity severity;
    Text path; /* as the user would type it; empty: no file */
    Place place;
    Text message, remedy;
} Diagnostic;

/* Collects from several threads; sorted by place when listed. Owns its memory. */
typedef struct Diagnostics Diagnostics;

Diagnostics *diagnostics_open(void);
void diagnostics_close(Diagnostics *diagnostics);
/* The variable arguments fill the sentence's directives. */
void diagnostics_add(Diagnostics *diagnostics, DiagnosticCode code, Text path, Place place, ...);
size_t diagnostics_count(const Diagnostics *diagnostics, Severity at_least);
/* Whether there is an error in this file: what depends on it is not worth a complaint of its own then. */
bool diagnostics_has_error_in(Diagnostics *diagnostics, Text path);
/* Sorted by path, line, column, slug; the same complaint at the same place once. Until the next add. */
const Diagnostic *diagnostics_list(Diagnostics *diagnostics, size_t *count);
const char *diagnostic_slug(DiagnosticCode code);
/* One diagnostic for people: place, sentence, the line with a caret (read from the file), remedy. */
void diagnostic_print(Buffer *out, const Diagnostic *diagnostic, bool colour);
void diagnostic_print_json(Buffer *out, const Diagnostic *diagnostic);

/* ---- Digests: 128 bits of XXH3. They tell changes apart; they are no defence against forgery. ---- */

typedef struct Digest {
    uint64_t high, low;
} Digest;

Digest digest_bytes(const void *bytes, size_t size);
Digest digest_text(Digest seed, Text text);
Digest digest_join(Digest left, Digest right);
Digest digest_number(Digest seed, uint64_t number);
bool digest_equal(Digest left, Digest right);

/* ---- Files ---- */

#define FILE_TEXT_LIMIT_BYTES ((size_t)16 << 20)
#define FILE_MEDIA_LIMIT_BYTES ((size_t)1 << 30)

/* Reads a regular file whole. Refuses other kinds, larger files, and names that leave through a link, each with a diagnostic. */
bool file_read(Arena *arena, const char *path, size_t limit_bytes, Text *contents, Diagnostics *diagnostics);
/* The same, and refuses what is not UTF-8 or holds NUL; drops a byte order mark and turns CR LF and CR into LF. */
bool file_read_text(Arena *arena, const char *path, Text *contents, Diagnostics *diagnostics);
/* The same contents once more, known by their digest and therefore not examined again; other contents are a diagnostic. */
bool file_read_again(Arena *arena, const char *path, Digest digest, Text *contents, Diagnostics *diagnostics);
/* Makes the folder and its parents. */
bool file_make_folders(const char *path, Diagnostics *diagnostics);
/* Writes a new file, replacing the name at the end in one step (never writing into a file that stands). */
bool file_write(const char *path, const void *bytes, size_t size, Diagnostics *diagnostics);
/* All of it, however often the system is interrupted. Where it returns false, errno says why. */
bool file_write_bytes(int file, const char *bytes, size_t size);
/* Removes a folder and all in it; a missing one is no error. Never follows links. */
bool file_remove_tree(const char *path, Diagnostics *diagnostics);

/*
 * What the program brings with it (layouts, locales, player, schemas, fonts), whether it stands in build/ or is installed: the path of
 * `name` in build/share or PREFIX/share/probity, or an empty text where there is none.
 */
Text file_shared(Arena *arena, const char *name);

#endif
