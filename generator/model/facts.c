/* Facts of a page in a row of bytes: kind, line, column, text, and for a link its anchor. Texts end with a NUL. */
#include "model/model.h"

#include <string.h>

enum { KIND_LINK = 255 };

static void put_size(Buffer *out, size_t number) {
    for (; number >= 0x80; number >>= 7)
        buffer_put_char(out, (char)(0x80 | (number & 0x7F)));
    buffer_put_char(out, (char)number);
}

static void put_text(Buffer *out, Text text) {
    put_size(out, text.size);
    buffer_put_text(out, text);
    buffer_put_char(out, '\0');
}

void facts_put_id(Buffer *out, Text id, int level, Place place) {
    buffer_put_char(out, (char)level);
    put_size(out, place.line);
    put_size(out, place.column);
    put_text(out, id);
}

void facts_put_link(Buffer *out, Text path, Text anchor, Place place) {
    buffer_put_char(out, (char)KIND_LINK);
    put_size(out, place.line);
    put_size(out, place.column);
    put_text(out, path);
    put_text(out, anchor);
}

static size_t take_size(Text facts, size_t *at) {
    size_t number = 0;
    for (unsigned shift = 0; *at < facts.size && shift < 35; shift += 7) {
        unsigned char byte = (unsigned char)facts.data[(*at)++];
        number |= (size_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    return number;
}

static Text take_text(Text facts, size_t *at) {
    size_t size = take_size(facts, at);
    if (size >= facts.size - *at) {
        *at = facts.size;
        return TEXT("");
    }
    Text text = {facts.data + *at, size};
    *at += size + 1;
    return text;
}

bool facts_next(Text facts, size_t *at, PageFact *fact) {
    if (*at >= facts.size)
        return false;
    int kind = (unsigned char)facts.data[(*at)++];
    fact->is_link = kind == KIND_LINK;
    fact->level = fact->is_link ? 0 : kind;
    fact->place.line = (uint32_t)take_size(facts, at);
    fact->place.column = (uint32_t)take_size(facts, at);
    fact->text = take_text(facts, at);
    fact->anchor = fact->is_link ? take_text(facts, at) : TEXT("");
    return true;
}

bool facts_next_id(Text facts, size_t *at, PageFact *fact) {
    while (facts_next(facts, at, fact))
        if (!fact->is_link)
            return true;
    return false;
}

bool facts_next_link(Text facts, size_t *at, PageFact *fact) {
    while (facts_next(facts, at, fact))
        if (fact->is_link)
            return true;
    return false;
}

bool facts_ids_equal(Text left, Text right) {
    size_t left_at = 0, right_at = 0;
    for (;;) {
        PageFact here, there;
        bool is_left = facts_next_id(left, &left_at, &here), is_right = facts_next_id(right, &right_at, &there);
        if (!is_left || !is_right)
            return is_left == is_right;
        if (here.level != there.level || !text_equal(here.text, there.text))
            return false;
    }
}
