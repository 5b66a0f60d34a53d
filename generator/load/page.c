/* Front matter: the YAML between two lines of three hyphens at the beginning of a page. */
#include "load/parts.h"

#include <string.h>

static const YamlKey keys[] = {
    {.name = "title", .type = YAML_TEXT, .is_required = true},
    {.name = "summary", .type = YAML_TEXT},
    {.name = "kind", .type = YAML_TEXT},
    {.name = "order", .type = YAML_INTEGER, .least = -100000, .most = 100000},
    {.name = "symbol", .type = YAML_TEXT},
    {.name = "date", .type = YAML_DATE},
    {.name = "print", .type = YAML_BOOLEAN},
    {.name = "audience", .type = YAML_TEXT},
};

static Text find_text(Arena *arena, const YamlNode *root, const char *key) {
    const YamlNode *node = yaml_find(root, key);
    return node ? text_copy(arena, node->text) : TEXT("");
}

/* The offset of the line that ends the front matter, or source.size. */
static size_t find_end(Text source, uint32_t *line) {
    *line = 2;
    for (size_t at = 4; at < source.size; (*line)++) {
        size_t end = text_find(source, '\n', at);
        Text content = text_trim(text_slice(source, at, end));
        if (text_equal(content, TEXT("---")) && source.data[at] == '-')
            return at;
        at = end + 1;
    }
    return source.size;
}

static bool read_kind(const YamlNode *root, Text path, NeutralKeys *neutral, Diagnostics *diagnostics) {
    const YamlNode *kind = yaml_find(root, "kind");
    if (!kind)
        return true;
    neutral->has_kind = unit_kind_find(kind->text, &neutral->kind);
    if (neutral->has_kind)
        return true;
    const char *names[UNIT_KIND_COUNT];
    for (int i = 0; i < UNIT_KIND_COUNT; i++)
        names[i] = unit_kind_name((UnitKind)i);
    Text nearest = text_nearest(kind->text, names, UNIT_KIND_COUNT);
    Buffer hint = {0};
    if (nearest.size)
        buffer_format(&hint, "; did you mean \"%.*s\"?", TEXT_ARG(nearest));
    diagnostics_add(diagnostics, DIAGNOSTIC_YAML_VALUE, path, kind->place, kind->text.data, "kind",
                    buffer_text(&hint).data);
    buffer_free(&hint);
    return false;
}

void audience_read(const YamlNode *node, Text path, Audience *audience, Diagnostics *diagnostics) {
    if (node && !audience_find(node->text, audience))
        diagnostics_add(diagnostics, DIAGNOSTIC_YAML_VALUE, path, node->place, node->text.data, "audience",
                        "; use all, managers or leaders");
}

bool page_read_head(YamlReader *reader, Arena *arena, Text source, Text path, PageHead *head,
                    Diagnostics *diagnostics) {
    if (!text_starts(source, TEXT("---\n"))) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FRONT_MATTER_MISSING, path, (Place){1, 1});
        return false;
    }
    uint32_t end_line;
    size_t end = find_end(source, &end_line);
    if (end == source.size) {
        diagnostics_add(diagnostics, DIAGNOSTIC_FRONT_MATTER_OPEN, path, (Place){1, 1});
        return false;
    }
    size_t body = text_find(source, '\n', end);
    head->body_offset = (uint32_t)(body < source.size ? body + 1 : source.size);
    head->body_line = end_line + 1;

    Arena scratch = {.block_size_bytes = 4096};
    YamlNode *root = yaml_read(reader, &scratch, text_slice(source, 4, end), path, 2, diagnostics);
    bool well = root && yaml_check(root, keys, sizeof keys / sizeof *keys, path, diagnostics);
    NeutralKeys neutral = {0};
    const YamlNode *audience = well ? yaml_find(root, "audience") : NULL;
    well = well && read_kind(root, path, &neutral, diagnostics);
    if (well) {
        head->title = find_text(arena, root, "title");
        head->summary = find_text(arena, root, "summary");
        neutral.symbol = find_text(arena, root, "symbol");
        neutral.date = find_text(arena, root, "date");
        const YamlNode *order = yaml_find(root, "order"), *print = yaml_find(root, "print");
        neutral.has_order = order != NULL;
        neutral.order = (int)yaml_integer(order);
        neutral.has_print = print != NULL;
        neutral.print = yaml_is_true(print);
        neutral.has_audience = audience != NULL;
        audience_read(audience, path, &neutral.audience, diagnostics);
        if (neutral.has_kind || neutral.has_order || neutral.has_print || neutral.has_audience || neutral.symbol.size ||
            neutral.date.size) {
            NeutralKeys *kept = arena_new(arena, NeutralKeys, 1);
            *kept = neutral;
            head->neutral = kept;
        }
    }
    arena_free(&scratch);
    return well;
}

bool load_page_body(Arena *arena, const Page *page, Text *body, Diagnostics *diagnostics) {
    Text source;
    if (!file_read_again(arena, page->source.data, page->digest, &source, diagnostics))
        return false;
    *body = text_slice(source, page->body_offset, source.size);
    return true;
}
