/* What stands in braces, behind a directive's name or behind a choice: reading it, and checking it against rules. */
#include "parse/parts.h"

#include <string.h>

/* ---- Reading ---- */

Place line_place(const Line *line, size_t at) {
    return (Place){line->place.line, line->place.column + (uint32_t)at};
}

char line_peek(const Line *line) {
    return line->at < line->text.size ? line->text.data[line->at] : '\0';
}

void line_skip_spaces(Line *line) {
    while (line_peek(line) == ' ' || line_peek(line) == '\t')
        line->at++;
}

static bool is_key_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_';
}

void line_complain(Line *line, size_t at, const char *fault) {
    if (!line->has_error)
        diagnostics_add(line->parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_SYNTAX, line->parse->input->path,
                        line_place(line, at), fault);
    line->has_error = true;
}

Text line_read_label(Line *line) {
    size_t opening = line->at++;
    char *label = arena_allocate(line->parse->scratch, line->text.size, 1);
    size_t size = 0;
    for (int depth = 1; line->at < line->text.size; line->at++) {
        char byte = line->text.data[line->at];
        char next = line->at + 1 < line->text.size ? line->text.data[line->at + 1] : '\0';
        if (byte == '\\' && (next == '[' || next == ']' || next == '\\')) {
            byte = next;
            line->at++;
        } else if (byte == '[') {
            depth++;
        } else if (byte == ']' && --depth == 0) {
            line->at++;
            Text trimmed = text_trim((Text){label, size});
            return parse_keep_text(line->parse, trimmed.data, trimmed.size);
        }
        label[size++] = byte;
    }
    line_complain(line, opening, "the bracket [ is not closed");
    return TEXT("");
}

static void add_attribute(Line *line, Text key, Text value, size_t at) {
    for (size_t i = 0; i < line->attribute_count; i++) {
        if (text_equal(line->attributes[i].key, key)) {
            line_complain(line, at, "the same attribute stands twice");
            return;
        }
    }
    /* No owner has more; the rest would be unknown, and comparing each with each must stay cheap. */
    if (line->attribute_count == ATTRIBUTE_LIMIT) {
        line_complain(line, at, "there are too many attributes");
        return;
    }
    if (!line->attributes)
        line->attributes = arena_new(line->parse->arena, Attribute, ATTRIBUTE_LIMIT);
    line->attributes[line->attribute_count++] =
        (Attribute){text_copy(line->parse->arena, key), value, line_place(line, at)};
}

static Text read_value(Line *line) {
    char quote = line_peek(line);
    size_t from = line->at;
    if (quote != '"' && quote != '\'') {
        while (line->at < line->text.size && !memchr(" \t}\"'", line_peek(line), 5))
            line->at++;
        if (line->at == from)
            line_complain(line, from, "a value is missing after =");
    } else {
        from = ++line->at;
        line->at = text_find(line->text, quote, from);
        if (line->at == line->text.size)
            line_complain(line, from - 1, "a quotation mark is not closed");
    }
    Text value = text_slice(line->text, from, line->at);
    if (line->at < line->text.size && (quote == '"' || quote == '\''))
        line->at++;
    return parse_keep_text(line->parse, value.data, value.size);
}

void line_read_attributes(Line *line) {
    size_t opening = line->at++;
    while (!line->has_error) {
        line_skip_spaces(line);
        size_t from = line->at;
        char byte = line_peek(line);
        if (byte == '}') {
            line->at++;
            return;
        }
        if (byte == '\0') {
            line_complain(line, opening, "the brace { is not closed");
            return;
        }
        bool is_short = byte == '#' || byte == '.';
        line->at += is_short;
        size_t word = line->at;
        while (line->at < line->text.size &&
               (byte == '#' ? !memchr(" \t}", line_peek(line), 3) : is_key_byte(line_peek(line))))
            line->at++;
        Text name = text_slice(line->text, word, line->at);
        if (name.size == 0) {
            line_complain(line, from, "a name was expected here");
        } else if (byte == '#') {
            if (line->id.size)
                line_complain(line, from, "there are two ids");
            line->id = text_copy(line->parse->arena, name);
            line->id_place = line_place(line, from);
        } else if (byte == '.') {
            add_attribute(line, TEXT("class"), text_copy(line->parse->arena, name), from);
        } else if (line_peek(line) != '=') {
            line_complain(line, from, "an attribute has no value");
        } else {
            line->at++;
            Text value = read_value(line);
            add_attribute(line, name, value, from);
        }
    }
}

/* ---- Checking ---- */

Text attributes_hint(Parse *parse, Text word, const char *const *candidates, size_t count) {
    Text nearest = text_nearest(word, candidates, count);
    return nearest.size ? text_format(parse->scratch, "; did you mean \"%s\"?", nearest.data) : TEXT("");
}

bool attributes_decimal(Text value, int64_t *micro) {
    static const int64_t most_micro = (int64_t)NUMBER_LIMIT * 1000000;
    bool is_negative = text_starts(value, TEXT("-"));
    int64_t number = 0;
    int fraction_digits = -1, digits = 0;
    for (size_t i = is_negative; i < value.size; i++) {
        char byte = value.data[i];
        if (byte == '.' && fraction_digits < 0 && digits > 0) {
            fraction_digits = 0;
            continue;
        }
        if (byte < '0' || byte > '9' || ++digits > 16 || fraction_digits == 6)
            return false;
        number = number * 10 + (byte - '0');
        fraction_digits += fraction_digits >= 0;
    }
    if (digits == 0 || fraction_digits == 0)
        return false;
    for (int i = fraction_digits < 0 ? 0 : fraction_digits; i < 6; i++) {
        if (number > most_micro)
            return false;
        number *= 10;
    }
    *micro = is_negative ? -number : number;
    return number <= most_micro;
}

static bool value_is_right(const AttributeRule *rule, Text value) {
    switch (rule->kind) {
    case VALUE_NUMBER: {
        int number = 0;
        for (size_t i = 0; i < value.size && number <= rule->most; i++) {
            if (value.data[i] < '0' || value.data[i] > '9')
                return false;
            number = number * 10 + (value.data[i] - '0');
        }
        return value.size > 0 && number >= rule->least && number <= rule->most;
    }
    case VALUE_WORD:
        for (size_t i = 0; i < sizeof rule->words / sizeof *rule->words && rule->words[i]; i++)
            if (text_equal(value, text_from(rule->words[i])))
                return true;
        return false;
    case VALUE_DECIMAL: {
        int64_t micro;
        return attributes_decimal(value, &micro) && micro >= (int64_t)rule->least * 1000000;
    }
    case VALUE_ID:
        return text_is_id(value);
    case VALUE_TEXT:
        return text_trim(value).size > 0;
    case VALUE_CSV:
        return value.size > 4 && text_ends(value, TEXT(".csv"));
    }
    return false;
}

size_t attributes_check(Parse *parse, const char *owner, Place owner_place, const AttributeRule *rules,
                        Attribute *attributes, size_t count) {
    const char *keys[ATTRIBUTE_LIMIT];
    size_t key_count = 0, kept = 0;
    bool seen[ATTRIBUTE_LIMIT] = {false};
    for (; key_count < ATTRIBUTE_LIMIT && rules[key_count].key; key_count++)
        keys[key_count] = rules[key_count].key;
    for (size_t i = 0; i < count; i++) {
        const Attribute *attribute = &attributes[i];
        size_t found = 0;
        while (found < key_count && !text_equal(attribute->key, text_from(keys[found])))
            found++;
        if (found == key_count) {
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_UNKNOWN, parse->input->path, attribute->place,
                            owner, attribute->key.data, attributes_hint(parse, attribute->key, keys, key_count).data);
            continue;
        }
        seen[found] = true;
        if (!value_is_right(&rules[found], attribute->value))
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_VALUE, parse->input->path, attribute->place,
                            keys[found], rules[found].form);
        else
            attributes[kept++] = *attribute;
    }
    for (size_t i = 0; i < key_count; i++)
        if (rules[i].is_required && !seen[i])
            attributes_report_missing(parse, owner, owner_place, rules[i].key, rules[i].form);
    return kept;
}

void attributes_report_missing(Parse *parse, const char *owner, Place place, const char *key, const char *form) {
    Text wanted = text_format(parse->scratch, "%s=, %s", key, form);
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_ATTRIBUTE_MISSING, parse->input->path, place, owner, wanted.data);
}
