/* Finding units and writing addresses. */
#include "model/model.h"

static const char *const unit_kind_names[UNIT_KIND_COUNT] = {
    [UNIT_HOME] = "home",     [UNIT_SECTION] = "section", [UNIT_PAGE] = "page",     [UNIT_FRAMEWORK] = "framework",
    [UNIT_GUIDE] = "guide",   [UNIT_CHAPTER] = "chapter", [UNIT_REPORT] = "report", [UNIT_COURSE] = "course",
    [UNIT_MODULE] = "module", [UNIT_SCREEN] = "screen",
};

const char *unit_kind_name(UnitKind kind) {
    return unit_kind_names[kind];
}

bool unit_kind_find(Text name, UnitKind *kind) {
    for (int i = 0; i < UNIT_KIND_COUNT; i++) {
        if (text_equal(name, text_from(unit_kind_names[i]))) {
            *kind = (UnitKind)i;
            return true;
        }
    }
    return false;
}

Unit *site_find_unit(const Site *site, Text path) {
    size_t low = 0, high = site->unit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(site->units[middle]->path, path);
        if (order == 0)
            return site->units[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool site_has_language(const Site *site, Language language) {
    for (size_t i = 0; i < site->settings.language_count; i++)
        if (site->settings.languages[i] == language)
            return true;
    return false;
}

Text messages_find(const Messages *messages, Text key) {
    size_t low = 0, high = messages->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(messages->messages[middle].key, key);
        if (order == 0)
            return messages->messages[middle].pattern;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (Text){"", 0};
}

void page_put_path(Buffer *out, const Unit *unit, Language language) {
    buffer_put_text(out, text_from(language_info(language)->code));
    buffer_put_char(out, '/');
    if (unit->path.size) {
        buffer_put_text(out, unit->path);
        buffer_put_char(out, '/');
    }
}

void page_put_relative(Buffer *out, const Unit *from, const Unit *to, Language to_language) {
    /* Up to the folder of all languages, then down: short enough, and the same whatever the two pages share. */
    if (from->path.size) {
        for (size_t i = 0; i < from->path.size; i++)
            if (from->path.data[i] == '/')
                buffer_put_literal(out, "../");
        buffer_put_literal(out, "../");
    }
    buffer_put_literal(out, "../");
    page_put_path(out, to, to_language);
}

void book_put_anchor(Buffer *out, const Unit *book, const Unit *unit, Text anchor) {
    if (unit == book) {
        buffer_put_text(out, unit->name);
    } else {
        Text below = text_slice(unit->path, book->path.size ? book->path.size + 1 : 0, unit->path.size);
        for (size_t i = 0; i < below.size; i++)
            buffer_put_char(out, below.data[i] == '/' ? '_' : below.data[i]);
    }
    if (anchor.size) {
        buffer_put_char(out, '_');
        buffer_put_text(out, anchor);
    }
}
