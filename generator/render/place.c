/*
 * Follows the HTML of a layout, byte by byte, closely enough to know where a value would stand: in text, in an
 * attribute, in an address, or where none may. Layouts are our own, so this need not be a parser: what it does not
 * understand it takes for a place where no value may stand.
 */
#include "render/internal.h"

#include <string.h>

static const char *const address_attributes[] = {"href", "src", "action", "formaction", "poster", "cite", "data"};

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':' ||
           c == '_';
}

static void name_begin(HtmlPlace *place, char c) {
    place->name[0] = c;
    place->name_size = 1;
}

static void name_add(HtmlPlace *place, char c) {
    if (place->name_size + 1 < sizeof place->name)
        place->name[place->name_size++] = c;
    place->name[place->name_size] = 0;
}

static bool is_address_attribute(const HtmlPlace *place) {
    for (size_t i = 0; i < sizeof address_attributes / sizeof *address_attributes; i++)
        if (place->name_size == strlen(address_attributes[i]) &&
            memcmp(place->name, address_attributes[i], place->name_size) == 0)
            return true;
    return false;
}

/* A name ends before anything that is no part of it, a tag of the layout's included. */
void place_end_name(HtmlPlace *place) {
    if (place->state == HTML_TAG_NAME && place->name_size == 6 && memcmp(place->name, "script", 6) == 0)
        strcpy(place->raw_end, "</script");
    else if (place->state == HTML_TAG_NAME && place->name_size == 5 && memcmp(place->name, "style", 5) == 0)
        strcpy(place->raw_end, "</style");
    if (place->state == HTML_TAG_NAME || place->state == HTML_NAME)
        place->state = HTML_TAG;
}

static void tag_end(HtmlPlace *place) {
    place->state = place->raw_end[0] ? HTML_RAW : HTML_TEXT;
}

void place_follow(HtmlPlace *place, const char *data, size_t at, size_t size) {
    char c = data[at];
    switch (place->state) {
    case HTML_TEXT:
        if (c == '<' && size - at >= 4 && memcmp(data + at, "<!--", 4) == 0) {
            place->state = HTML_COMMENT;
        } else if (c == '<') {
            place->state = HTML_TAG_NAME;
            place->name_size = 0;
            place->raw_end[0] = 0;
        }
        break;
    case HTML_TAG_NAME:
        if (is_name_byte(c) || c == '/' || c == '!') {
            name_add(place, c);
            break;
        }
        place_end_name(place);
        if (c == '>')
            tag_end(place);
        break;
    case HTML_TAG:
    case HTML_NAME:
        if (c == '>') {
            tag_end(place);
        } else if (c == '=') {
            place->state = HTML_BEFORE;
        } else if (is_name_byte(c)) {
            if (place->state == HTML_TAG)
                name_begin(place, c);
            else
                name_add(place, c);
            place->state = HTML_NAME;
        } else {
            place->state = HTML_TAG;
        }
        break;
    case HTML_BEFORE:
        if (c == '"' || c == '\'') {
            place->state = HTML_VALUE;
            place->quote = c;
            place->is_address = is_address_attribute(place);
            place->has_begun = false;
        } else if (c == '>') {
            tag_end(place);
        }
        break;
    case HTML_VALUE:
        if (c == place->quote)
            place->state = HTML_TAG;
        place->has_begun = true;
        break;
    case HTML_COMMENT:
        if (c == '>' && at >= 2 && data[at - 1] == '-' && data[at - 2] == '-')
            place->state = HTML_TEXT;
        break;
    case HTML_RAW: {
        size_t length = strlen(place->raw_end);
        if (c == '<' && size - at >= length && memcmp(data + at, place->raw_end, length) == 0) {
            place->state = HTML_TAG_NAME;
            place->name_size = 0;
            place->raw_end[0] = 0;
        }
        break;
    }
    }
}

bool place_equal(const HtmlPlace *left, const HtmlPlace *right) {
    bool in_value = left->state == HTML_VALUE;
    return left->state == right->state &&
           (!in_value || (left->quote == right->quote && left->is_address == right->is_address));
}
