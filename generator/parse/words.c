/* Runs of text: what is dropped from between them, line breaks in scripts without spaces, and what XML cannot carry. */
#include "parse/parts.h"

#include <string.h>

/* cmark writes &#xFFFE; and &#xFFFF; as the single bytes FE and FF, which are no UTF-8 either. */
static bool is_forbidden(const unsigned char *at, const unsigned char *end) {
    if (*at < 0x20)
        return *at != '\t' && *at != '\n';
    return *at >= 0xFE || (*at == 0xEF && end - at >= 3 && at[1] == 0xBF && at[2] >= 0xBE); /* U+FFFE, U+FFFF */
}

/* Character references such as &#1; put into a text what no XML may hold; it becomes U+FFFD, as cmark does with &#0;.
 */
Text parse_keep_text(Parse *parse, const char *bytes, size_t size) {
    const unsigned char *from = (const unsigned char *)bytes, *end = from + size;
    size_t forbidden = 0;
    /* Every letter of the site comes by here: sixteen bytes at a time tell whether one of them needs a closer look. */
    typedef unsigned char Bytes __attribute__((vector_size(16)));
    for (const unsigned char *at = from; at < end;) {
        Bytes some;
        size_t step = (size_t)(end - at) < sizeof some ? (size_t)(end - at) : sizeof some;
        if (step == sizeof some) {
            memcpy(&some, at, sizeof some);
            some = (Bytes)((some < 0x20) | (some >= 0xEF));
            uint64_t halves[2];
            memcpy(halves, &some, sizeof halves);
            if (!(halves[0] | halves[1])) {
                at += step;
                continue;
            }
        }
        for (const unsigned char *stop = at + step; at < stop; at++)
            forbidden += is_forbidden(at, end);
    }
    if (forbidden == 0)
        return text_copy(parse->arena, (Text){bytes, size});
    char *data = arena_allocate_bytes(parse->arena, size + 2 * forbidden + 1);
    size_t kept = 0;
    for (const unsigned char *at = from; at < end; at++) {
        if (!is_forbidden(at, end)) {
            data[kept++] = (char)*at;
            continue;
        }
        memcpy(data + kept, "\xEF\xBF\xBD", 3);
        kept += 3;
        at += *at == 0xEF ? 2 : 0;
    }
    data[kept] = '\0';
    return (Text){data, kept};
}

void words_check_html(Parse *parse, const char *html, Place place) {
    Text rest = text_trim(text_from(html));
    while (text_starts(rest, TEXT("<!--"))) {
        const char *end = strstr(rest.data + 2, "-->");
        if (!end)
            break; /* it swallows the rest of the page */
        rest = text_trim(text_slice(rest, (size_t)(end - rest.data) + 3, rest.size));
    }
    /* One complaint for <b>…</b>. */
    if (rest.size == 0 || (text_starts(rest, TEXT("</")) && parse->has_html))
        return;
    parse->has_html = true;
    size_t size = text_find(rest, '\n', 0), shown = size < 60 ? size : 60;
    while (shown < size && ((unsigned char)rest.data[shown] & 0xC0) == 0x80)
        shown--;
    Text snippet = text_copy(parse->scratch, text_slice(rest, 0, shown));
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_MARKDOWN_HTML, parse->input->path, place, snippet.data);
}

/* ---- Text ---- */

/* Scripts that write no spaces between words, and their punctuation. */
static bool is_spaceless(uint32_t c) {
    return (c >= 0x2E80 && c <= 0x312F) || (c >= 0x31A0 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF01 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* Quotation marks, dash and ellipsis that Chinese shares with other scripts: what stands on the other side decides. */
static bool is_shared_punctuation(uint32_t c) {
    return c == 0x2014 || (c >= 0x2018 && c <= 0x201D) || c == 0x2026;
}

static uint32_t code_point(const unsigned char *at) {
    if (at[0] < 0x80 || at[0] >= 0xFE) /* see is_forbidden */
        return at[0];
    if (at[0] < 0xE0)
        return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    if (at[0] < 0xF0)
        return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
}

enum { WIDE_PUNCTUATION = 0x3000 };

/* The last character before a break, or the first after it; 0 where it is not simply found. */
static uint32_t edge_character(cmark_node *node, bool last) {
    for (int depth = 0; node && depth < 8; depth++) {
        while (node && cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_REFERENCE)
            node = last ? cmark_node_previous(node) : cmark_node_next(node);
        switch (node ? (int)cmark_node_get_type(node) : 0) {
        case CMARK_NODE_TEXT: {
            const char *text = cmark_node_get_literal(node);
            if (!text || !*text)
                return 0;
            size_t at = last ? strlen(text) - 1 : 0;
            while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
                at--;
            uint32_t edge = code_point((const unsigned char *)text + at);
            /* A dash or an ellipsis of double width is Chinese. */
            size_t twin = last ? at - 3 : at + 3;
            bool is_double =
                (edge == 0x2014 || edge == 0x2026) && (!last || at >= 3) && strncmp(text + twin, text + at, 3) == 0;
            return is_double ? WIDE_PUNCTUATION : edge;
        }
        case CMARK_NODE_EMPH:
        case CMARK_NODE_STRONG:
        case CMARK_NODE_LINK:
            node = last ? cmark_node_last_child(node) : cmark_node_first_child(node);
            break;
        default:
            return 0;
        }
    }
    return 0;
}

static bool joins_without_space(cmark_node *soft_break) {
    uint32_t before = edge_character(cmark_node_previous(soft_break), true);
    uint32_t after = edge_character(cmark_node_next(soft_break), false);
    return (is_spaceless(before) && (is_spaceless(after) || is_shared_punctuation(after))) ||
           (is_shared_punctuation(before) && is_spaceless(after));
}

bool words_are_run(cmark_node *node) {
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
        return true;
    case CMARK_NODE_SOFTBREAK:
        return joins_without_space(node);
    default:
        return false;
    }
}

cmark_node *words_convert(Parse *parse, cmark_node *first, Node *to) {
    size_t size = 0, pieces = 0;
    const char *only = NULL;
    Place place = parse_last_place(to);
    cmark_node *end = first;
    for (; end && words_are_run(end); end = cmark_node_next(end)) {
        if (cmark_node_get_type(end) == CMARK_NODE_HTML_INLINE)
            words_check_html(parse, cmark_node_get_literal(end), parse_place_of(parse, end, place));
        if (cmark_node_get_type(end) != CMARK_NODE_TEXT)
            continue;
        const char *piece = cmark_node_get_literal(end);
        Place piece_place = parse_place_of(parse, end, place);
        footnote_check_missing(parse, piece, piece_place);
        if (pieces++ == 0) {
            only = piece;
            place = piece_place;
        }
        size += strlen(piece);
    }
    if (size == 0)
        return end;
    Node *node = parse_new_node(parse, NODE_TEXT, place);
    node_append(to, node);
    if (pieces == 1) {
        node->text = parse_keep_text(parse, only, size);
        return end;
    }
    char *joined = arena_allocate_bytes(parse->scratch, size), *at = joined;
    for (cmark_node *piece = first; piece != end; piece = cmark_node_next(piece)) {
        if (cmark_node_get_type(piece) != CMARK_NODE_TEXT)
            continue;
        const char *text = cmark_node_get_literal(piece);
        size_t piece_size = strlen(text);
        memcpy(at, text, piece_size);
        at += piece_size;
    }
    node->text = parse_keep_text(parse, joined, size);
    return end;
}
