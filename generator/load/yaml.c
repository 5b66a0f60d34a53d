#include "load/yaml.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

/* Settings are lists of mappings at most; deeper nesting is a mistake or an attack. */
enum { DEPTH_LIMIT = 8, NODE_LIMIT = 100000 };

struct YamlReader {
    struct fy_diag *diag;
    struct fy_parser *parser;
};

YamlReader *yaml_open(void) {
    YamlReader *reader = calloc(1, sizeof *reader);
    if (!reader)
        memory_exhausted();
    return reader;
}

static void close_parser(YamlReader *reader) {
    if (reader->parser)
        fy_parser_destroy(reader->parser);
    if (reader->diag)
        fy_diag_destroy(reader->diag);
    reader->parser = NULL;
    reader->diag = NULL;
}

void yaml_close(YamlReader *reader) {
    if (!reader)
        return;
    close_parser(reader);
    free(reader);
}

static void open_parser(YamlReader *reader) {
    struct fy_diag_cfg diag_settings;
    fy_diag_cfg_default(&diag_settings);
    diag_settings.fp = NULL;
    diag_settings.colorize = false;
    reader->diag = fy_diag_create(&diag_settings);
    if (!reader->diag)
        memory_exhausted();
    fy_diag_set_collect_errors(reader->diag, true);
    struct fy_parse_cfg settings = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2,
                                    .diag = reader->diag};
    reader->parser = fy_parser_create(&settings);
    if (!reader->parser)
        memory_exhausted();
}

typedef struct Reading {
    Arena *arena;
    Text path;
    uint32_t line;
    Diagnostics *diagnostics;
    YamlNode *open[DEPTH_LIMIT + 1];
    size_t depth, count;
    bool key_awaits[DEPTH_LIMIT + 1];
    Text key[DEPTH_LIMIT + 1];
    Place key_place[DEPTH_LIMIT + 1];
    YamlNode *root;
} Reading;

static Place place_from(const Reading *reading, const struct fy_mark *mark) {
    if (!mark)
        return (Place){reading->line, 0};
    return (Place){reading->line + (uint32_t)mark->line, (uint32_t)mark->column + 1};
}

static bool refuse(Reading *reading, Place place, const char *reason) {
    diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_SYNTAX, reading->path, place, reason);
    return false;
}

/* Puts a new node where it belongs; a collection becomes the innermost one. */
static bool place_node(Reading *reading, YamlNode *node) {
    if (++reading->count > NODE_LIMIT)
        return refuse(reading, node->place, "there are too many values");
    size_t depth = reading->depth;
    if (depth == 0) {
        if (node->kind != YAML_MAPPING)
            return refuse(reading, node->place, "a list of \"key: value\" lines is expected");
        reading->root = node;
    } else {
        YamlNode *parent = reading->open[depth - 1];
        if (parent->kind == YAML_MAPPING) {
            if (!reading->key_awaits[depth - 1]) {
                if (node->kind != YAML_SCALAR)
                    return refuse(reading, node->place, "a key must be a word");
                reading->key[depth - 1] = node->text;
                reading->key_place[depth - 1] = node->place;
                reading->key_awaits[depth - 1] = true;
                return true;
            }
            node->key = reading->key[depth - 1];
            node->key_place = reading->key_place[depth - 1];
            reading->key_awaits[depth - 1] = false;
        }
        if (parent->last_child)
            parent->last_child->next = node;
        else
            parent->first_child = node;
        parent->last_child = node;
    }
    if (node->kind != YAML_SCALAR) {
        if (depth == DEPTH_LIMIT)
            return refuse(reading, node->place, "the values are nested too deep");
        reading->open[reading->depth] = node;
        reading->key_awaits[reading->depth++] = false;
    }
    return true;
}

static bool take_event(Reading *reading, const struct fy_event *event) {
    switch (event->type) {
    case FYET_SCALAR: {
        if (event->scalar.anchor || event->scalar.tag)
            return refuse(reading, place_from(reading, fy_token_start_mark(event->scalar.value)),
                          "anchors (&) and tags (!) are not used here");
        size_t size = 0;
        const char *text = event->scalar.value ? fy_token_get_text(event->scalar.value, &size) : "";
        YamlNode *node = arena_new(reading->arena, YamlNode, 1);
        node->kind = YAML_SCALAR;
        node->place = place_from(reading, event->scalar.value ? fy_token_start_mark(event->scalar.value) : NULL);
        node->text = text_copy(reading->arena, (Text){text ? text : "", text ? size : 0});
        node->is_plain = !event->scalar.value || fy_token_scalar_style(event->scalar.value) == FYSS_PLAIN;
        return place_node(reading, node);
    }
    case FYET_ALIAS:
        return refuse(reading, place_from(reading, fy_token_start_mark(event->alias.anchor)),
                      "aliases (*) are not used here");
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START: {
        bool is_mapping = event->type == FYET_MAPPING_START;
        struct fy_token *start = is_mapping ? event->mapping_start.mapping_start : event->sequence_start.sequence_start;
        struct fy_token *anchor = is_mapping ? event->mapping_start.anchor : event->sequence_start.anchor;
        Place place = place_from(reading, start ? fy_token_start_mark(start) : NULL);
        if (anchor)
            return refuse(reading, place, "anchors (&) are not used here");
        YamlNode *node = arena_new(reading->arena, YamlNode, 1);
        node->kind = is_mapping ? YAML_MAPPING : YAML_SEQUENCE;
        node->place = place;
        return place_node(reading, node);
    }
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        reading->depth--;
        return true;
    default:
        return true;
    }
}

static void report_parser_error(YamlReader *reader, Reading *reading) {
    void *before = NULL;
    struct fy_diag_error *error = fy_diag_errors_iterate(reader->diag, &before);
    if (!error) {
        refuse(reading, (Place){reading->line, 0}, "it cannot be read");
        return;
    }
    Place place = {reading->line + (uint32_t)(error->line > 0 ? error->line : 0),
                   (uint32_t)(error->column > 0 ? error->column : 0) + 1};
    /* libfyaml counts the first line as 1 in collected errors. */
    if (place.line > reading->line)
        place.line--;
    Text message = text_trim(text_from(error->msg));
    refuse(reading, place, text_copy(reading->arena, message).data);
}

YamlNode *yaml_read(YamlReader *reader, Arena *arena, Text source, Text path, uint32_t line, Diagnostics *diagnostics) {
    Reading reading = {.arena = arena, .path = path, .line = line, .diagnostics = diagnostics};
    if (!reader->parser)
        open_parser(reader);
    bool well = fy_parser_set_string(reader->parser, source.data, source.size) == 0;
    bool ended = false;
    while (well && !ended) {
        struct fy_event *event = fy_parser_parse(reader->parser);
        if (!event)
            break;
        ended = event->type == FYET_STREAM_END;
        well = take_event(&reading, event);
        fy_parser_event_free(reader->parser, event);
    }
    if (well && !ended) {
        report_parser_error(reader, &reading);
        well = false;
    }
    if (well)
        fy_parser_reset(reader->parser);
    else
        close_parser(reader); /* after an error its state is of no use */
    if (!well)
        return NULL;
    if (!reading.root) {
        reading.root = arena_new(arena, YamlNode, 1);
        reading.root->kind = YAML_MAPPING;
        reading.root->place = (Place){line, 1};
    }
    return reading.root;
}

/* ---- Checks ---- */

static bool is_digits(Text text, size_t from, size_t to) {
    if (from >= to || to > text.size)
        return false;
    for (size_t i = from; i < to; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

static bool is_date(Text text) {
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-' || !is_digits(text, 0, 4) ||
        !is_digits(text, 5, 7) || !is_digits(text, 8, 10))
        return false;
    int year = atoi(text.data), month = atoi(text.data + 5), day = atoi(text.data + 8);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

int64_t yaml_integer(const YamlNode *scalar) {
    return scalar ? strtoll(scalar->text.data, NULL, 10) : 0;
}

bool yaml_is_true(const YamlNode *scalar) {
    return scalar && text_equal(scalar->text, TEXT("true"));
}

static bool is_integer(const YamlNode *node, const YamlKey *key) {
    Text text = node->text;
    size_t sign = text.size && text.data[0] == '-';
    if (!node->is_plain || text.size > 9 || !is_digits(text, sign, text.size))
        return false;
    int64_t number = yaml_integer(node);
    return key->most == 0 || (number >= key->least && number <= key->most);
}

/* NULL where the node is of the type; else what it should be. */
static const char *type_expected(Arena *arena, const YamlNode *node, const YamlKey *key) {
    bool is_scalar = node->kind == YAML_SCALAR;
    switch (key->type) {
    case YAML_TEXT:
        return is_scalar && node->text.size ? NULL : "a text";
    case YAML_ID:
        return is_scalar && text_is_id(node->text) ? NULL : "lower-case letters a-z, digits and hyphens";
    case YAML_INTEGER:
        if (is_scalar && is_integer(node, key))
            return NULL;
        return key->most
                   ? text_format(arena, "a whole number from %lld to %lld", (long long)key->least, (long long)key->most)
                         .data
                   : "a whole number";
    case YAML_BOOLEAN:
        return is_scalar && node->is_plain &&
                       (text_equal(node->text, TEXT("true")) || text_equal(node->text, TEXT("false")))
                   ? NULL
                   : "true or false";
    case YAML_DATE:
        return is_scalar && is_date(node->text) ? NULL : "a date such as 2025-03-31";
    case YAML_TEXTS:
        if (node->kind != YAML_SEQUENCE)
            return "a list of texts: [one, two]";
        for (const YamlNode *child = node->first_child; child; child = child->next)
            if (child->kind != YAML_SCALAR || !child->text.size)
                return "a list of texts: [one, two]";
        return NULL;
    case YAML_MAP:
        return node->kind == YAML_MAPPING ? NULL : "a list of \"key: value\" lines";
    case YAML_LIST:
        return node->kind == YAML_SEQUENCE ? NULL : "a list of entries that begin with a hyphen";
    }
    return NULL;
}

bool yaml_check(const YamlNode *mapping, const YamlKey *keys, size_t key_count, Text path, Diagnostics *diagnostics) {
    enum { KEY_LIMIT = 64 };
    const char *names[KEY_LIMIT];
    bool seen[KEY_LIMIT] = {false}, well = true;
    Arena arena = {.block_size_bytes = 512};
    for (size_t i = 0; i < key_count; i++)
        names[i] = keys[i].name;
    for (const YamlNode *child = mapping->first_child; child; child = child->next) {
        size_t i = 0;
        while (i < key_count && !text_equal(child->key, text_from(keys[i].name)))
            i++;
        if (i == key_count) {
            Text nearest = text_nearest(child->key, names, key_count);
            Text hint = nearest.size ? text_format(&arena, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)) : TEXT("");
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_UNKNOWN_KEY, path, child->key_place, child->key.data,
                            hint.data);
            well = false;
            continue;
        }
        const char *expected = type_expected(&arena, child, &keys[i]);
        if (seen[i])
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_DUPLICATE_KEY, path, child->key_place, keys[i].name);
        else if (expected)
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, path, child->place, keys[i].name, expected);
        well = well && !seen[i] && !expected;
        seen[i] = true;
    }
    for (size_t i = 0; i < key_count; i++) {
        if (keys[i].is_required && !seen[i]) {
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_MISSING_KEY, path, mapping->place, keys[i].name);
            well = false;
        }
    }
    arena_free(&arena);
    return well;
}

const YamlNode *yaml_find(const YamlNode *mapping, const char *key) {
    for (const YamlNode *child = mapping->first_child; child; child = child->next)
        if (text_equal(child->key, text_from(key)))
            return child;
    return NULL;
}
