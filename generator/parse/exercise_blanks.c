/* Blanks in the stem of a fill-in: [[answer|variant]] or [[key: answer|variant]]. */
#include "parse/parts.h"

#include <stdlib.h>
#include <string.h>

enum { BLANK_LIMIT = 10 };

static size_t find_pair(Text text, const char *pair, size_t from) {
    for (size_t at = from; at + 1 < text.size; at++)
        if (text.data[at] == pair[0] && text.data[at + 1] == pair[1])
            return at;
    return text.size;
}

static void complain(Parse *parse, Place place, const char *fault) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_BLANK_SYNTAX, parse->input->path, place, fault);
}

/* Takes "key: " from the front; an answer can hold a colon, too, so that only an id and a space make a key. */
static Text take_key(Text *inside) {
    size_t colon = text_find(*inside, ':', 0);
    Text key = text_trim(text_slice(*inside, 0, colon));
    if (colon + 1 >= inside->size || inside->data[colon + 1] != ' ' || !text_is_id(key))
        return TEXT("");
    *inside = text_slice(*inside, colon + 1, inside->size);
    return key;
}

static void read_accepted(Parse *parse, Blank *blank, Text inside) {
    size_t most = 1;
    for (size_t i = 0; i < inside.size; i++)
        most += inside.data[i] == '|';
    blank->accepted = arena_new(parse->arena, Text, most);
    for (size_t at = 0; at <= inside.size;) {
        size_t end = text_find(inside, '|', at);
        Text word = text_trim(text_slice(inside, at, end));
        if (word.size)
            blank->accepted[blank->accepted_count++] = text_copy(parse->arena, word);
        at = end + 1;
    }
    if (blank->accepted_count == 0)
        complain(parse, blank->place, "it accepts no answer");
}

static int count_characters(Text text) {
    int count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

static Node *make_blank(Parse *parse, Exercise *question, Text inside, Place place, size_t *written) {
    Node *node = parse_new_node(parse, NODE_BLANK, place);
    node->blank.key = TEXT("");
    if (++*written > BLANK_LIMIT)
        return node;
    Blank *blank = &question->blanks[question->blank_count++];
    blank->place = place;
    Text key = take_key(&inside);
    blank->key = key.size ? text_copy(parse->arena, key) : text_format(parse->arena, "%zu", *written);
    for (size_t i = 0; i + 1 < question->blank_count; i++)
        if (text_equal(question->blanks[i].key, blank->key))
            complain(parse, place,
                     text_format(parse->scratch, "there is a blank \"%s\" already", blank->key.data).data);
    read_accepted(parse, blank, inside);
    node->blank.key = blank->key;
    node->blank.number = (int)*written;
    for (size_t i = 0; i < blank->accepted_count; i++) {
        int characters = count_characters(blank->accepted[i]);
        node->blank.characters = characters > node->blank.characters ? characters : node->blank.characters;
    }
    return node;
}

static void insert_after(Node *node, Node *inserted) {
    inserted->parent = node->parent;
    inserted->next = node->next;
    node->next = inserted;
    if (node->parent->last_child == node)
        node->parent->last_child = inserted;
}

/* Splits the text round its first blank. */
static void split(Parse *parse, Exercise *question, Node *text, size_t *written) {
    size_t open = find_pair(text->text, "[[", 0);
    if (open == text->text.size)
        return;
    Place place = {text->place.line, text->place.column + (uint32_t)open};
    size_t close = find_pair(text->text, "]]", open + 2);
    if (close == text->text.size) {
        complain(parse, place, "it is not closed by ]] in the same line, or has *, _ or a link in it");
        return;
    }
    Text all = text->text;
    Node *blank = make_blank(parse, question, text_slice(all, open + 2, close), place, written);
    if (open > 0) {
        text->text = text_slice(all, 0, open);
        insert_after(text, blank);
    } else {
        text->kind = NODE_BLANK; /* a text that says nothing is none */
        text->blank = blank->blank;
        blank = text;
    }
    if (close + 2 < all.size) {
        Node *rest = parse_new_node(parse, NODE_TEXT, place);
        rest->place.column += (uint32_t)(close + 2 - open);
        rest->text = text_slice(all, close + 2, all.size);
        insert_after(blank, rest);
    }
}

static int compare_keys(const void *left, const void *right) {
    const Blank *one = left, *other = right;
    if (one->key.size != other->key.size)
        return one->key.size < other->key.size ? -1 : 1;
    return text_compare(one->key, other->key);
}

void blanks_read(Parse *parse, Exercise *question) {
    size_t written = 0;
    question->blanks = arena_new(parse->arena, Blank, BLANK_LIMIT);
    for (Node *node = question->node; node; node = node_following(question->node, node))
        if (node->kind == NODE_TEXT)
            split(parse, question, node, &written);
    if (written == 0)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_PART, parse->input->path, question->place, "fill-in",
                        "a blank: [[answer]]");
    else if (written > BLANK_LIMIT)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_ITEMS, parse->input->path, question->place, written,
                        "blanks", "fill-in", "from 1 to 10");
    /* In an order that is the same in every language. */
    qsort(question->blanks, question->blank_count, sizeof *question->blanks, compare_keys);
}

void blanks_check_none(Parse *parse, const Exercise *question) {
    for (const Node *node = question->node; node; node = node_following(question->node, node)) {
        if (node->kind != NODE_TEXT)
            continue;
        size_t open = find_pair(node->text, "[[", 0);
        if (find_pair(node->text, "]]", open) < node->text.size)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_FOREIGN, parse->input->path,
                            (Place){node->place.line, node->place.column + (uint32_t)open},
                            exercise_kind_name(question->kind), "blanks [[…]]");
    }
}
