/* One function per context. Runs of harmless bytes are copied whole. */
#include "base/base.h"

#include <string.h>
#include <strings.h>

/* The position at or after `at` of the first byte that HTML escapes, or text.size. */
static size_t find_special(Text text, size_t at) {
    static const char is_special[256] = {['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1};
    /* Sixteen bytes at a time, in what every processor of today has for it. */
    typedef char Bytes __attribute__((vector_size(16)));
    for (Bytes bytes; text.size - at >= sizeof bytes; at += sizeof bytes) {
        memcpy(&bytes, text.data + at, sizeof bytes);
        bytes = (Bytes)((bytes == '&') | (bytes == '<') | (bytes == '>') | (bytes == '"') | (bytes == '\''));
        uint64_t halves[2];
        memcpy(halves, &bytes, sizeof halves);
        if (halves[0] | halves[1])
            break;
    }
    while (at < text.size && !is_special[(unsigned char)text.data[at]])
        at++;
    return at;
}

void buffer_put_html(Buffer *buffer, Text text) {
    for (size_t run = 0;; run++) {
        size_t end = find_special(text, run);
        buffer_put(buffer, text.data + run, end - run);
        if (end == text.size)
            return;
        switch (text.data[end]) {
        case '&':
            buffer_put_literal(buffer, "&amp;");
            break;
        case '<':
            buffer_put_literal(buffer, "&lt;");
            break;
        case '>':
            buffer_put_literal(buffer, "&gt;");
            break;
        case '"':
            buffer_put_literal(buffer, "&quot;");
            break;
        default:
            buffer_put_literal(buffer, "&#39;");
            break;
        }
        run = end;
    }
}

/* Letters, digits and -._~:/?#[]@!$()*+,;=% */
static const char stands_in_url[256] = {
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
    ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
    ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,
    ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1,
    ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,
    ['y'] = 1, ['z'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['-'] = 1, ['.'] = 1, ['_'] = 1, ['~'] = 1, [':'] = 1, ['/'] = 1, ['?'] = 1, ['#'] = 1,
    ['['] = 1, [']'] = 1, ['@'] = 1, ['!'] = 1, ['$'] = 1, ['('] = 1, [')'] = 1, ['*'] = 1, ['+'] = 1, [','] = 1,
    [';'] = 1, ['='] = 1, ['%'] = 1,
};

void buffer_put_url(Buffer *buffer, Text url) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t run = 0;; run++) {
        size_t end = run;
        while (end < url.size && stands_in_url[(unsigned char)url.data[end]])
            end++;
        buffer_put(buffer, url.data + run, end - run);
        if (end == url.size)
            return;
        unsigned char byte = (unsigned char)url.data[end];
        char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (byte == '&')
            buffer_put_literal(buffer, "&amp;");
        else
            buffer_put(buffer, escape, sizeof escape);
        run = end;
    }
}

void buffer_put_json(Buffer *buffer, Text text) {
    buffer_put_char(buffer, '"');
    size_t run = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        size_t width = 1;
        const char *escape = NULL;
        char code[7];
        if (c == '"') {
            escape = "\\\"";
        } else if (c == '\\') {
            escape = "\\\\";
        } else if (c == '\n') {
            escape = "\\n";
        } else if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7F) {
            static const char digits[] = "0123456789abcdef";
            memcpy(code, "\\u00", 4);
            code[4] = digits[c >> 4];
            code[5] = digits[c & 15];
            code[6] = '\0';
            escape = code;
        } else if (c == 0xE2 && i + 2 < text.size && (unsigned char)text.data[i + 1] == 0x80 &&
                   ((unsigned char)text.data[i + 2] == 0xA8 || (unsigned char)text.data[i + 2] == 0xA9)) {
            escape = (unsigned char)text.data[i + 2] == 0xA8 ? "\\u2028" : "\\u2029";
            width = 3;
        }
        if (!escape)
            continue;
        buffer_put(buffer, text.data + run, i - run);
        buffer_put(buffer, escape, strlen(escape));
        i += width - 1;
        run = i + 1;
    }
    buffer_put(buffer, text.data + run, text.size - run);
    buffer_put_char(buffer, '"');
}

void buffer_put_css(Buffer *buffer, Text text) {
    buffer_put_char(buffer, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        /* A numeric escape ends with a space; < is escaped so that no text can close a <style> element. */
        if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == 0x7F)
            buffer_format(buffer, "\\%x ", c);
        else
            buffer_put(buffer, text.data + i, 1);
    }
    buffer_put_char(buffer, '"');
}

/* The length of the scheme with its colon, or 0. */
static size_t scheme_size(Text url) {
    for (size_t i = 0; i < url.size; i++) {
        char c = url.data[i];
        if (c == ':')
            return i + 1;
        if (c == '/' || c == '?' || c == '#')
            return 0;
    }
    return 0;
}

bool url_is_external(Text url) {
    return scheme_size(url) > 0 || text_starts(url, TEXT("//")) || text_starts(url, TEXT("\\\\"));
}

bool url_is_safe(Text url) {
    static const char *const schemes[] = {"https:", "http:", "mailto:", "tel:"};
    for (size_t i = 0; i < url.size; i++)
        if ((unsigned char)url.data[i] <= 0x20 || url.data[i] == '\\' || url.data[i] == 0x7F)
            return false;
    if (text_starts(url, TEXT("//")))
        return false;
    size_t scheme = scheme_size(url);
    if (scheme == 0)
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strlen(schemes[i]) == scheme && strncasecmp(url.data, schemes[i], scheme) == 0)
            return true;
    return false;
}
