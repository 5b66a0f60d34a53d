/* What a request may ask: its path, and the name by which it calls this machine. */
#include "preview/internal.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

static int hexadecimal(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char lower = (char)(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_plain_segment(Text segment) {
    return segment.size && !text_equal(segment, TEXT(".")) && !text_equal(segment, TEXT(".."));
}

/* Every segment but the last, which is empty where a folder is asked for. */
static bool has_plain_segments(Text path) {
    for (size_t at = 0; at < path.size;) {
        size_t end = text_find(path, '/', at);
        if (!is_plain_segment(text_slice(path, at, end)))
            return false;
        at = end + 1;
    }
    return true;
}

bool request_read_path(Buffer *out, Text raw) {
    if (!text_starts(raw, TEXT("/")) || raw.size > PATH_LIMIT_BYTES)
        return false;
    for (size_t i = 1; i < raw.size; i++) {
        unsigned char byte = (unsigned char)raw.data[i];
        if (byte == '%') {
            int high = i + 2 < raw.size ? hexadecimal(raw.data[i + 1]) : -1;
            int low = high >= 0 ? hexadecimal(raw.data[i + 2]) : -1;
            if (low < 0)
                return false;
            byte = (unsigned char)(high << 4 | low);
            if (byte == '/')
                return false;
            i += 2;
        }
        if (byte < 0x20 || byte == 0x7f || byte == '\\')
            return false;
        buffer_put_char(out, (char)byte);
    }
    Text path = buffer_text(out);
    return text_find_invalid(path) == path.size && has_plain_segments(path);
}

Text request_host_name(Text host) {
    if (text_starts(host, TEXT("["))) {
        size_t end = text_find(host, ']', 0);
        bool is_ended = end + 1 == host.size || (end < host.size && host.data[end + 1] == ':');
        return is_ended ? text_slice(host, 1, end) : TEXT("");
    }
    return text_slice(host, 0, text_find(host, ':', 0));
}

static bool is_number(const char *name, bool *is_loopback) {
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, name, &four) == 1) {
        *is_loopback = ntohl(four.s_addr) >> 24 == 127;
        return true;
    }
    if (inet_pton(AF_INET6, name, &six) == 1) {
        *is_loopback = IN6_IS_ADDR_LOOPBACK(&six);
        return true;
    }
    return false;
}

bool request_is_for_us(Text host, const char *address) {
    char name[256], own[256] = "";
    Text asked = request_host_name(host);
    if (asked.size == 0 || asked.size >= sizeof name || memchr(asked.data, '\0', asked.size))
        return false;
    memcpy(name, asked.data, asked.size);
    name[asked.size] = '\0';
    bool asks_loopback = false, is_listening_on_loopback = false;
    bool asks_number = is_number(name, &asks_loopback);
    is_number(address, &is_listening_on_loopback);
    if (strcasecmp(name, "localhost") == 0 || asks_loopback)
        return true;
    if (is_listening_on_loopback)
        return false;
    return asks_number || (gethostname(own, sizeof own - 1) == 0 && own[0] && strcasecmp(name, own) == 0);
}
