/* The languages against each other as far as files go, and the menu. */
#include "resolve/resolve.h"

static void check_languages(const Site *site, const Unit *unit, Diagnostics *diagnostics) {
    const Settings *settings = &site->settings;
    Language source = settings->source_language;
    Buffer folder = {0}, path = {0};
    buffer_format(&folder, "%.*s/%.*s%s", TEXT_ARG(site->content_folder), TEXT_ARG(unit->path),
                  unit->path.size ? "/" : "");
    if (!(unit->found_languages & 1u << source)) {
        Language present = -1;
        for (size_t i = 0; i < settings->language_count && present < 0; i++)
            if (unit->found_languages & 1u << settings->languages[i])
                present = settings->languages[i];
        if (present >= 0)
            buffer_format(&path, "%s%s.md", folder.data, language_info(present)->code);
        else
            buffer_put_text(&path, buffer_text(&folder));
        diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_SOURCE, buffer_text(&path), (Place){0, 0},
                        language_info(source)->code);
    } else {
        buffer_format(&path, "%s%s.md", folder.data, language_info(source)->code);
        for (size_t i = 0; i < settings->language_count; i++) {
            Language language = settings->languages[i];
            if (!(unit->found_languages & 1u << language))
                diagnostics_add(diagnostics, DIAGNOSTIC_PARITY_PAGE, buffer_text(&path), (Place){0, 0},
                                language_info(language)->code);
        }
    }
    buffer_free(&folder);
    buffer_free(&path);
}

void resolve_site(const Site *site, Diagnostics *diagnostics) {
    for (size_t i = 0; i < site->unit_count; i++)
        check_languages(site, site->units[i], diagnostics);
    for (size_t i = 0; i < site->settings.menu_count; i++) {
        Text path = site->settings.menu[i];
        const Unit *unit = path.size ? site_find_unit(site, path) : NULL;
        if (!unit || unit->kind == UNIT_MODULE || unit->kind == UNIT_SCREEN)
            diagnostics_add(diagnostics, DIAGNOSTIC_MENU_BROKEN, site->settings.path, site->settings.menu_places[i],
                            path.data);
    }
}
