/*
 * A page as the preview serves it: with a script in its head that listens for news. The page's own policy says which scripts may run and
 * whom they may speak to; here, and here alone, it is widened by what that script needs of this server.
 */
#include "preview/internal.h"

#include <string.h>

static const char policy_mark[] = "http-equiv=\"Content-Security-Policy\" content=\"";

static size_t find(Text text, const char *what) {
    const char *found = text.size ? memmem(text.data, text.size, what, strlen(what)) : NULL;
    return found ? (size_t)(found - text.data) : text.size;
}

/* A directive of the policy with 'self' among its sources: 'none' is only allowed alone. */
static void put_directive(Buffer *out, Text name, Text sources) {
    buffer_put_text(out, name);
    buffer_put_literal(out, " 'self'");
    for (size_t at = 0; at < sources.size;) {
        size_t end = text_find(sources, ' ', at);
        Text source = text_slice(sources, at, end);
        if (source.size && !text_equal(source, TEXT("'none'")) && !text_equal(source, TEXT("'self'"))) {
            buffer_put_char(out, ' ');
            buffer_put_text(out, source);
        }
        at = end + 1;
    }
}

/* The script runs, has a style sheet and opens a stream. */
static void put_policy(Buffer *out, Text policy) {
    static const char *const needed[] = {"script-src", "style-src", "connect-src"};
    enum { NEEDED_COUNT = sizeof needed / sizeof *needed };
    bool is_there[NEEDED_COUNT] = {false};
    const char *separator = "";
    for (size_t at = 0; at < policy.size;) {
        size_t end = text_find(policy, ';', at);
        Text directive = text_trim(text_slice(policy, at, end));
        size_t name_end = text_find(directive, ' ', 0);
        Text name = text_slice(directive, 0, name_end);
        at = end + 1;
        if (!directive.size)
            continue;
        size_t which = 0;
        while (which < NEEDED_COUNT && !text_equal(name, text_from(needed[which])))
            which++;
        buffer_put_text(out, text_from(separator));
        separator = "; ";
        if (which == NEEDED_COUNT) {
            buffer_put_text(out, directive);
            continue;
        }
        is_there[which] = true;
        put_directive(out, name, text_slice(directive, name_end, directive.size));
    }
    for (size_t i = 0; i < NEEDED_COUNT; i++) {
        if (is_there[i])
            continue;
        buffer_put_text(out, text_from(separator));
        separator = "; ";
        put_directive(out, text_from(needed[i]), TEXT(""));
    }
}

void page_put_listening(Buffer *out, Text page, const char *build) {
    size_t head_end = find(page, "</head>");
    Text head = text_slice(page, 0, head_end);
    size_t mark = find(head, policy_mark);
    if (mark < head.size) {
        size_t from = mark + sizeof policy_mark - 1, to = text_find(head, '"', from);
        buffer_put_text(out, text_slice(head, 0, from));
        put_policy(out, text_slice(head, from, to));
        buffer_put_text(out, text_slice(head, to, head.size));
    } else {
        buffer_put_text(out, head);
    }
    if (head_end < page.size)
        buffer_format(out, "<script defer=\"defer\" src=\"/_probity/reload.js?build=%s\"></script>\n", build);
    buffer_put_text(out, text_slice(page, head_end, page.size));
}
