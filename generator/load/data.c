/*
 * Figures from .csv files (RFC 4180: commas, quotation marks, a first row of names). Read here rather than by a library because every complaint
 * needs its line and column.
 */
#include "load/parts.h"

enum { COLUMN_LIMIT = 100, CELL_LIMIT = 200000 };

typedef struct DataFile {
    Text path;
    size_t column_count, row_count; /* without the first row */
    Text *names, *cells;
} DataFile;

typedef struct CsvReader {
    Text source, path;
    size_t at;
    Place place;
    Diagnostics *diagnostics;
} CsvReader;

static char peek(const CsvReader *reader) {
    return reader->at < reader->source.size ? reader->source.data[reader->at] : '\0';
}

static void advance(CsvReader *reader) {
    if (reader->source.data[reader->at++] == '\n')
        reader->place = (Place){reader->place.line + 1, 1};
    else
        reader->place.column++;
}

/* One cell; the separator after it is left. */
static bool read_cell(CsvReader *reader, Arena *arena, Text *cell) {
    Buffer text = {0};
    Place start = reader->place;
    bool well = true;
    if (peek(reader) == '"') {
        advance(reader);
        for (;;) {
            if (reader->at == reader->source.size) {
                diagnostics_add(reader->diagnostics, DIAGNOSTIC_DATA_SYNTAX, reader->path, start,
                                "a quotation mark is not closed");
                well = false;
                break;
            }
            char c = peek(reader);
            advance(reader);
            if (c == '"' && peek(reader) != '"')
                break;
            if (c == '"')
                advance(reader);
            buffer_put_char(&text, c);
        }
        if (well && reader->at < reader->source.size && peek(reader) != ',' && peek(reader) != '\n') {
            diagnostics_add(reader->diagnostics, DIAGNOSTIC_DATA_SYNTAX, reader->path, reader->place,
                            "after a closing quotation mark a comma is expected");
            well = false;
        }
    } else {
        while (reader->at < reader->source.size && peek(reader) != ',' && peek(reader) != '\n') {
            buffer_put_char(&text, peek(reader));
            advance(reader);
        }
    }
    *cell = text_copy(arena, text_trim(buffer_text(&text)));
    buffer_free(&text);
    return well;
}

static bool read_row(CsvReader *reader, Arena *arena, Text *cells, size_t *count) {
    *count = 0;
    for (;;) {
        if (*count == COLUMN_LIMIT) {
            diagnostics_add(reader->diagnostics, DIAGNOSTIC_DATA_SYNTAX, reader->path, reader->place,
                            "there are more than 100 columns");
            return false;
        }
        if (!read_cell(reader, arena, &cells[(*count)++]))
            return false;
        bool goes_on = peek(reader) == ',';
        if (reader->at < reader->source.size)
            advance(reader);
        if (!goes_on)
            return true;
    }
}

static bool read_data(Arena *arena, Text path, DataFile *data, Diagnostics *diagnostics) {
    CsvReader reader = {.path = path, .place = {1, 1}, .diagnostics = diagnostics};
    if (!file_read_text(arena, path.data, &reader.source, diagnostics))
        return false;
    Text row[COLUMN_LIMIT];
    *data = (DataFile){.path = path};
    if (!read_row(&reader, arena, row, &data->column_count))
        return false;
    data->names = arena_new(arena, Text, data->column_count);
    for (size_t i = 0; i < data->column_count; i++)
        data->names[i] = row[i];
    size_t line_count = 1;
    for (size_t i = 0; i < reader.source.size; i++)
        line_count += reader.source.data[i] == '\n';
    if (line_count * data->column_count > CELL_LIMIT) {
        diagnostics_add(diagnostics, DIAGNOSTIC_DATA_SYNTAX, path, (Place){0, 0}, "there are more than 200,000 cells");
        return false;
    }
    data->cells = arena_new(arena, Text, line_count * data->column_count);
    while (reader.at < reader.source.size) {
        Place start = reader.place;
        size_t count;
        if (!read_row(&reader, arena, row, &count))
            return false;
        if (count == 1 && !row[0].size)
            continue; /* an empty line */
        if (count != data->column_count) {
            Text reason = text_format(arena, "%zu cells in this row, %zu in the first", count, data->column_count);
            diagnostics_add(diagnostics, DIAGNOSTIC_DATA_SYNTAX, path, start, reason.data);
            return false;
        }
        for (size_t i = 0; i < count; i++)
            data->cells[data->row_count * count + i] = row[i];
        data->row_count++;
    }
    return true;
}

/* ---- A :::table of a page ---- */

/* One entry of the directive's list: "key: words". */
typedef struct Wording {
    Text key, words;
    Place place;
    size_t column; /* SIZE_MAX: words of cells */
    bool is_used;
} Wording;

static bool split_wording(Text text, Text *key, Text *words) {
    static const Text full_width = {"\xEF\xBC\x9A", 3};
    for (size_t i = 0; i < text.size; i++) {
        bool is_wide = text_starts(text_slice(text, i, text.size), full_width);
        if (text.data[i] != ':' && !is_wide)
            continue;
        *key = text_trim(text_slice(text, 0, i));
        *words = text_trim(text_slice(text, i + (is_wide ? 3 : 1), text.size));
        return key->size && words->size;
    }
    return false;
}

static size_t find_column(const DataFile *data, Text name) {
    for (size_t i = 0; i < data->column_count; i++)
        if (text_equal(data->names[i], name))
            return i;
    return SIZE_MAX;
}

static Node *take_list(Node *directive) {
    Node *before = NULL;
    for (Node *child = directive->first_child; child; before = child, child = child->next) {
        if (child->kind != NODE_LIST)
            continue;
        if (before)
            before->next = child->next;
        else
            directive->first_child = child->next;
        if (directive->last_child == child)
            directive->last_child = before;
        return child;
    }
    return NULL;
}

static Wording *read_wordings(Node *list, const DataFile *data, Text path, Arena *arena, size_t *count,
                              Diagnostics *diagnostics) {
    *count = 0;
    for (const Node *item = list ? list->first_child : NULL; item; item = item->next)
        (*count)++;
    Wording *wordings = arena_new(arena, Wording, *count);
    size_t at = 0;
    for (const Node *item = list ? list->first_child : NULL; item; item = item->next) {
        Buffer words = {0};
        node_put_plain_text(&words, item);
        Text text = text_copy(arena, text_trim(buffer_text(&words)));
        buffer_free(&words);
        Wording *wording = &wordings[at];
        if (!split_wording(text, &wording->key, &wording->words)) {
            diagnostics_add(diagnostics, DIAGNOSTIC_DATA_COLUMN, path, item->place, text.data,
                            "; write \"name: words\"");
            continue;
        }
        wording->key = text_copy(arena, wording->key);
        wording->words = text_copy(arena, wording->words);
        wording->place = item->place;
        wording->column = find_column(data, wording->key);
        at++;
    }
    *count = at;
    return wordings;
}

static bool is_number(Text cell) {
    size_t at = cell.size && (cell.data[0] == '-' || cell.data[0] == '+'), digits = 0, points = 0;
    for (; at < cell.size; at++) {
        if (cell.data[at] >= '0' && cell.data[at] <= '9')
            digits++;
        else if (cell.data[at] == '.' && digits)
            points++;
        else
            return false;
    }
    return digits > 0 && points <= 1;
}

static void fill_table(DataTable *table, const DataFile *data, Wording *wordings, size_t wording_count, Arena *arena) {
    size_t chosen[COLUMN_LIMIT];
    for (size_t i = 0; i < wording_count; i++)
        if (wordings[i].column != SIZE_MAX && table->column_count < COLUMN_LIMIT)
            chosen[table->column_count++] = i;
    bool names_columns = table->column_count > 0;
    if (!names_columns)
        table->column_count = data->column_count;
    table->row_count = data->row_count;
    table->headings = arena_new(arena, Text, table->column_count);
    table->is_number = arena_new(arena, bool, table->column_count);
    table->cells = arena_new(arena, Text, table->column_count * table->row_count);
    for (size_t c = 0; c < table->column_count; c++) {
        size_t from = names_columns ? wordings[chosen[c]].column : c;
        table->headings[c] = names_columns ? wordings[chosen[c]].words : data->names[c];
        /* A year is a name, not a quantity: no separator of thousands. */
        table->is_number[c] = !text_equal(data->names[from], TEXT("year"));
        for (size_t r = 0; r < table->row_count; r++) {
            Text cell = data->cells[r * data->column_count + from];
            table->is_number[c] = table->is_number[c] && (cell.size == 0 || is_number(cell));
            for (size_t w = 0; w < wording_count; w++) {
                if (wordings[w].column == SIZE_MAX && text_equal(wordings[w].key, cell)) {
                    wordings[w].is_used = true;
                    cell = wordings[w].words;
                    break;
                }
            }
            table->cells[r * table->column_count + c] = cell;
        }
    }
}

static void load_table(const Site *site, const Page *page, Node *directive, Arena *arena, Diagnostics *diagnostics) {
    Text name = directive_attribute(directive, "src");
    if (!name.size)
        return; /* parse has complained */
    bool exists = false;
    for (size_t i = 0; i < page->unit->file_count; i++)
        exists = exists || text_equal(page->unit->files[i].name, name);
    if (!exists) {
        bool leaves = text_starts(name, TEXT("/")) || text_starts(name, TEXT("../")) || text_ends(name, TEXT("/..")) ||
                      text_find(name, '\\', 0) < name.size;
        diagnostics_add(diagnostics, leaves ? DIAGNOSTIC_FILE_OUTSIDE : DIAGNOSTIC_DATA_MISSING, page->source,
                        directive->place, name.data);
        return;
    }
    Buffer path = {0};
    load_put_unit_path(&path, site, page->unit);
    buffer_put_text(&path, name);
    DataFile data;
    Text kept = text_copy(arena, buffer_text(&path));
    buffer_free(&path);
    if (!read_data(arena, kept, &data, diagnostics))
        return;
    size_t count;
    Wording *wordings = read_wordings(take_list(directive), &data, page->source, arena, &count, diagnostics);
    DataTable *table = arena_new(arena, DataTable, 1);
    fill_table(table, &data, wordings, count, arena);
    for (size_t i = 0; i < count; i++) {
        if (wordings[i].column != SIZE_MAX || wordings[i].is_used)
            continue;
        const char *names[COLUMN_LIMIT];
        for (size_t c = 0; c < data.column_count; c++)
            names[c] = data.names[c].data;
        Text nearest = text_nearest(wordings[i].key, names, data.column_count);
        Text hint = nearest.size ? text_format(arena, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)) : TEXT("");
        diagnostics_add(diagnostics, DIAGNOSTIC_DATA_COLUMN, page->source, wordings[i].place, wordings[i].key.data,
                        hint.data);
    }
    directive->directive.table = table;
}

static void load_below(const Site *site, const Page *page, Node *root, Arena *arena, Diagnostics *diagnostics) {
    for (Node *node = root; node; node = node_following(root, node)) {
        if (node->kind != NODE_DIRECTIVE)
            continue;
        if (node->directive.kind == DIRECTIVE_TABLE)
            load_table(site, page, node, arena, diagnostics);
        else if (node->directive.kind == DIRECTIVE_VIDEO || node->directive.kind == DIRECTIVE_AUDIO)
            media_load(site, page, node, arena, diagnostics);
    }
}

void load_document_files(const Site *site, const Page *page, Document *document, Arena *arena,
                         Diagnostics *diagnostics) {
    load_below(site, page, document->root, arena, diagnostics);
    load_below(site, page, document->footnotes, arena, diagnostics);
    for (const Exercise *exercise = document->exercises; exercise; exercise = exercise->next)
        for (size_t i = 0; i < exercise->tree_count; i++)
            load_below(site, page, exercise->trees[i], arena, diagnostics);
}
