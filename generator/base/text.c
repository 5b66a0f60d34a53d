/* Slices of text, and buffers made of them. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Text text_from(const char *nul_terminated) {
    return nul_terminated ? (Text){nul_terminated, strlen(nul_terminated)} : (Text){"", 0};
}

Text text_copy(Arena *arena, Text text) {
    char *data = arena_allocate_bytes(arena, text.size + 1);
    if (text.size)
        memcpy(data, text.data, text.size);
    data[text.size] = '\0';
    return (Text){data, text.size};
}

Text text_format(Arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *data = arena_allocate_bytes(arena, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(data, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return (Text){data, (size_t)size};
}

Text text_join(Arena *arena, Text left, Text right) {
    char *data = arena_allocate_bytes(arena, left.size + right.size + 1);
    if (left.size)
        memcpy(data, left.data, left.size);
    if (right.size)
        memcpy(data + left.size, right.data, right.size);
    data[left.size + right.size] = '\0';
    return (Text){data, left.size + right.size};
}

bool text_equal(Text left, Text right) {
    return left.size == right.size && (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

int text_compare(Text left, Text right) {
    size_t common = left.size < right.size ? left.size : right.size;
    int order = common ? memcmp(left.data, right.data, common) : 0;
    return order ? order : (left.size > right.size) - (left.size < right.size);
}

bool text_starts(Text text, Text prefix) {
    return text.size >= prefix.size && memcmp(text.data, prefix.data, prefix.size) == 0;
}

bool text_ends(Text text, Text suffix) {
    return text.size >= suffix.size && memcmp(text.data + text.size - suffix.size, suffix.data, suffix.size) == 0;
}

Text text_slice(Text text, size_t from, size_t to) {
    if (to > text.size)
        to = text.size;
    if (from > to)
        from = to;
    return (Text){text.data + from, to - from};
}

static bool is_white(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

Text text_trim(Text text) {
    while (text.size && is_white(text.data[text.size - 1]))
        text.size--;
    while (text.size && is_white(text.data[0]))
        text = text_slice(text, 1, text.size);
    return text;
}

size_t text_find(Text text, char byte, size_t from) {
    if (from >= text.size)
        return text.size;
    const char *found = memchr(text.data + from, byte, text.size - from);
    return found ? (size_t)(found - text.data) : text.size;
}

bool text_is_id(Text text) {
    if (text.size == 0 || text.size > 100)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0)))
            return false;
    }
    return true;
}

/* Table 3-7 of the Unicode Standard: lead byte, then the range of the second byte; the others are 80..BF. */
static size_t sequence_size(const unsigned char *bytes, size_t left) {
    unsigned char lead = bytes[0], low = 0x80, high = 0xBF;
    size_t size;
    if (lead >= 0xC2 && lead <= 0xDF) {
        size = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        size = 3;
        low = lead == 0xE0 ? 0xA0 : 0x80;
        high = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        size = 4;
        low = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (left < size || bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if (bytes[i] < 0x80 || bytes[i] > 0xBF)
            return 0;
    return size;
}

size_t text_find_invalid(Text text) {
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t at = 0;
    while (at < text.size) {
        uint64_t eight;
        while (text.size - at >= sizeof eight) {
            memcpy(&eight, bytes + at, sizeof eight);
            bool has_nul = ((eight - 0x0101010101010101u) & ~eight & 0x8080808080808080u) != 0;
            if ((eight & 0x8080808080808080u) || has_nul)
                break;
            at += sizeof eight;
        }
        /* Then letter by letter, until some of ASCII follow each other again. */
        for (size_t plain = 0; at < text.size && plain < sizeof eight;) {
            unsigned char lead = bytes[at];
            if (lead == 0)
                return at;
            if (lead < 0x80) {
                at++;
                plain++;
                continue;
            }
            plain = 0;
            size_t size = lead >= 0xC2 && lead <= 0xDF && text.size - at > 1 && (bytes[at + 1] & 0xC0) == 0x80
                              ? 2
                              : sequence_size(bytes + at, text.size - at);
            if (size == 0)
                return at;
            at += size;
        }
    }
    return text.size;
}

/* Edits (insert, remove, replace, swap neighbours) between two short names. */
static size_t edit_distance(Text left, Text right) {
    enum { LIMIT = 80 };
    if (left.size > LIMIT || right.size > LIMIT)
        return LIMIT;
    size_t rows[3][LIMIT + 1];
    for (size_t j = 0; j <= right.size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= left.size; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= right.size; j++) {
            size_t best = above[j - 1] + (left.data[i - 1] != right.data[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && left.data[i - 1] == right.data[j - 2] && left.data[i - 2] == right.data[j - 1] &&
                second[j - 2] + 1 < best)
                best = second[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[left.size % 3][right.size];
}

Text text_nearest(Text text, const char *const *candidates, size_t count) {
    Text best = {"", 0};
    size_t least = text.size / 3 + 2 < 6 ? text.size / 3 + 2 : 6;
    for (size_t i = 0; i < count; i++) {
        Text candidate = text_from(candidates[i]);
        size_t difference = candidate.size > text.size ? candidate.size - text.size : text.size - candidate.size;
        if (difference >= least)
            continue;
        size_t distance = edit_distance(text, candidate);
        if (distance < least && distance < candidate.size) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

void buffer_put_number(Buffer *buffer, int64_t number) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        digits[--at] = '-';
    buffer_put(buffer, digits + at, sizeof digits - at);
}

void buffer_format(Buffer *buffer, const char *format, ...) {
    char small[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    if ((size_t)size < sizeof small) {
        buffer_put(buffer, small, (size_t)size);
        return;
    }
    char *large = malloc((size_t)size + 1);
    if (!large)
        memory_exhausted();
    va_start(arguments, format);
    vsnprintf(large, (size_t)size + 1, format, arguments);
    va_end(arguments);
    buffer_put(buffer, large, (size_t)size);
    free(large);
}

Text buffer_text(const Buffer *buffer) {
    return (Text){buffer->data ? buffer->data : "", buffer->size};
}
