/* load/yaml: YAML 1.2 as a small tree with places, and checks against a table of keys. For this room alone. */
#ifndef PROBITY_LOAD_YAML_H
#define PROBITY_LOAD_YAML_H

#include "base/base.h"

typedef enum YamlKind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING } YamlKind;

typedef struct YamlNode YamlNode;
struct YamlNode {
    YamlKind kind;
    Place place;
    Text text;     /* of a scalar */
    bool is_plain; /* a scalar without quotation marks */
    Text key;      /* of a child of a mapping */
    Place key_place;
    YamlNode *first_child, *last_child, *next;
};

/* What a key may hold. */
typedef enum YamlType {
    YAML_TEXT,
    YAML_ID,
    YAML_INTEGER,
    YAML_BOOLEAN,
    YAML_DATE,
    YAML_TEXTS,
    YAML_MAP,
    YAML_LIST
} YamlType;

typedef struct YamlKey {
    const char *name;
    YamlType type;
    bool is_required;
    int64_t least, most; /* of a YAML_INTEGER, where most is not 0 */
} YamlKey;

/* A parser can be used again and belongs to one thread. */
typedef struct YamlReader YamlReader;
YamlReader *yaml_open(void);
void yaml_close(YamlReader *reader);

/* The root mapping, or NULL with a diagnostic. `line` is that of the source's first line in its file. */
YamlNode *yaml_read(YamlReader *reader, Arena *arena, Text source, Text path, uint32_t line, Diagnostics *diagnostics);
/* Unknown, missing and doubled keys and wrong types become diagnostics; false where there was one. */
bool yaml_check(const YamlNode *mapping, const YamlKey *keys, size_t key_count, Text path, Diagnostics *diagnostics);
/* NULL where there is none, or where it is not of the type that yaml_check was told. */
const YamlNode *yaml_find(const YamlNode *mapping, const char *key);
int64_t yaml_integer(const YamlNode *scalar);
bool yaml_is_true(const YamlNode *scalar);

#endif
