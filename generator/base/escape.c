/* One function per context. Runs of harmless bytes are copied whole. */
#include "base/base.h"

#include <string.h>
#include <strings.h>

void buffer_put_html(Buffer *buffer, Text text) {
    static const char *const entities[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
    };
    size_t run = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *entity = entities[(unsigned char)text.data[i]];
        if (!entity)
            continue;
        buffer_put(buffer, text.data + run, i - run);
        buffer_put(buffer, entity, strlen(entity));
        run = i + 1;
    }
    buffer_put(buffer, text.data + run, text.size - run);
}

static bool stands_in_url(unsigned char byte) {
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9'))
        return true;
    return byte != 0 && strchr("-._~:/?#[]@!$()*+,;=%", byte) != NULL;
}

void buffer_put_url(Buffer *buffer, Text url) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < url.size; i++) {
        unsigned char byte = (unsigned char)url.data[i];
        if (byte == '&') {
            buffer_put_literal(buffer, "&amp;");
        } else if (stands_in_url(byte)) {
            buffer_put(buffer, url.data + i, 1);
        } else {
            char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            buffer_put(buffer, escape, sizeof escape);
        }
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
