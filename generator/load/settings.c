/* content/site.yaml and locales/<code>/messages.yaml. */
#include "load/parts.h"

#include <stdlib.h>
#include <string.h>

static const YamlKey site_keys[] = {
    {.name = "base_url", .type = YAML_TEXT, .is_required = true},
    {.name = "source_language", .type = YAML_ID, .is_required = true},
    {.name = "languages", .type = YAML_TEXTS, .is_required = true},
    {.name = "title", .type = YAML_MAP, .is_required = true},
    {.name = "organization", .type = YAML_MAP, .is_required = true},
    {.name = "menu", .type = YAML_TEXTS},
    {.name = "profile", .type = YAML_TEXT},
};

static Language find_language(const YamlNode *node, Text code, Text path, Diagnostics *diagnostics) {
    Language language = language_find(code);
    if (language < 0)
        diagnostics_add(diagnostics, DIAGNOSTIC_LANGUAGE_UNKNOWN, path, node->place, code.data, "");
    return language;
}

bool names_read(Site *site, const YamlNode *map, const char *key, Text *names, Text path, Diagnostics *diagnostics) {
    bool well = true;
    for (const YamlNode *child = map->first_child; child; child = child->next) {
        Language language = find_language(child, child->key, path, diagnostics);
        if (language < 0) {
            well = false;
        } else if (child->kind != YAML_SCALAR || !child->text.size) {
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, path, child->place, child->key.data, "a text");
            well = false;
        } else {
            names[language] = text_copy(site->arena, child->text);
        }
    }
    for (size_t i = 0; i < site->settings.language_count; i++) {
        if (!names[site->settings.languages[i]].size) {
            Text missing = text_format(site->arena, "%s: %s", key, language_info(site->settings.languages[i])->code);
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_MISSING_KEY, path, map->place, missing.data);
            well = false;
        }
    }
    return well;
}

static bool read_languages(Settings *settings, const YamlNode *root, Text path, Diagnostics *diagnostics) {
    bool well = true;
    const YamlNode *list = yaml_find(root, "languages"), *source = yaml_find(root, "source_language");
    for (const YamlNode *child = list->first_child; child; child = child->next) {
        Language language = find_language(child, child->text, path, diagnostics);
        for (size_t i = 0; i < settings->language_count && language >= 0; i++) {
            if (settings->languages[i] == language) {
                diagnostics_add(diagnostics, DIAGNOSTIC_YAML_DUPLICATE_KEY, path, child->place, child->text.data);
                language = -1;
            }
        }
        if (language < 0)
            well = false;
        else
            settings->languages[settings->language_count++] = language;
    }
    settings->source_language = find_language(source, source->text, path, diagnostics);
    bool is_listed = false;
    for (size_t i = 0; i < settings->language_count; i++)
        is_listed = is_listed || settings->languages[i] == settings->source_language;
    if (settings->source_language >= 0 && !is_listed) {
        diagnostics_add(diagnostics, DIAGNOSTIC_YAML_VALUE, path, source->place, source->text.data, "source_language",
                        "; it is not among the languages");
        well = false;
    }
    return well && settings->source_language >= 0;
}

void profile_read(const YamlNode *node, Text path, const Profile **profile, Diagnostics *diagnostics) {
    const Profile *found = node ? profile_find(node->text) : NULL;
    if (found) {
        *profile = found;
    } else if (node) {
        Arena arena = {.block_size_bytes = 1024};
        Text nearest = profile_nearest(node->text);
        diagnostics_add(diagnostics, DIAGNOSTIC_PROFILE_UNKNOWN, path, node->place, node->text.data,
                        profile_names(&arena).data,
                        nearest.size ? text_format(&arena, "; did you mean \"%s\"?", nearest.data).data : "");
        arena_free(&arena);
    }
}

bool settings_read(Site *site, YamlReader *reader, Diagnostics *diagnostics) {
    Settings *settings = &site->settings;
    Text path = text_format(site->arena, "%.*s/site.yaml", TEXT_ARG(site->content_folder)), source;
    settings->path = path;
    Arena scratch = {0};
    bool well = file_read_text(&scratch, path.data, &source, diagnostics);
    YamlNode *root = well ? yaml_read(reader, &scratch, source, path, 1, diagnostics) : NULL;
    well = root && yaml_check(root, site_keys, sizeof site_keys / sizeof *site_keys, path, diagnostics) &&
           read_languages(settings, root, path, diagnostics);
    if (well) {
        settings->digest = digest_bytes(source.data, source.size);
        const YamlNode *base = yaml_find(root, "base_url");
        well = text_starts(base->text, TEXT("https://")) || text_starts(base->text, TEXT("http://"));
        if (!well || !url_is_safe(base->text)) {
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, path, base->place, "base_url",
                            "an address that begins with https:// or http://");
            well = false;
        }
        settings->base_url = text_ends(base->text, TEXT("/")) ? text_copy(site->arena, base->text)
                                                              : text_join(site->arena, base->text, TEXT("/"));
        bool titles = names_read(site, yaml_find(root, "title"), "title", settings->title, path, diagnostics);
        bool organizations = names_read(site, yaml_find(root, "organization"), "organization", settings->organization,
                                        path, diagnostics);
        well = well && titles && organizations;
        settings->profile = profiles;
        profile_read(yaml_find(root, "profile"), path, &settings->profile, diagnostics);
        const YamlNode *menu = yaml_find(root, "menu");
        for (const YamlNode *child = menu ? menu->first_child : NULL; child; child = child->next)
            settings->menu_count++;
        settings->menu = arena_new(site->arena, Text, settings->menu_count + 1);
        settings->menu_places = arena_new(site->arena, Place, settings->menu_count + 1);
        size_t at = 0;
        for (const YamlNode *child = menu ? menu->first_child : NULL; child; child = child->next) {
            /* With or without a slash before it, as in links. */
            Text folder =
                text_starts(child->text, TEXT("/")) ? text_slice(child->text, 1, child->text.size) : child->text;
            settings->menu[at] = text_copy(site->arena, folder);
            settings->menu_places[at++] = child->place;
        }
    }
    arena_free(&scratch);
    return well;
}

static int compare_messages(const void *left, const void *right) {
    return text_compare(((const Message *)left)->key, ((const Message *)right)->key);
}

static bool read_messages(Site *site, Language language, YamlReader *reader, Text path, Diagnostics *diagnostics) {
    Messages *messages = &site->messages[language];
    Arena scratch = {0};
    Text source;
    bool well = file_read_text(&scratch, path.data, &source, diagnostics);
    YamlNode *root = well ? yaml_read(reader, &scratch, source, path, 1, diagnostics) : NULL;
    well = root != NULL;
    size_t count = 0;
    for (const YamlNode *child = well ? root->first_child : NULL; child; child = child->next)
        count++;
    messages->messages = arena_new(site->arena, Message, count + 1);
    for (const YamlNode *child = well ? root->first_child : NULL; child; child = child->next) {
        if (child->kind != YAML_SCALAR || !child->text.size) {
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, path, child->place, child->key.data, "a text");
            well = false;
        } else {
            messages->messages[messages->count++] =
                (Message){text_copy(site->arena, child->key), text_copy(site->arena, child->text), child->place};
        }
    }
    if (messages->count)
        qsort(messages->messages, messages->count, sizeof *messages->messages, compare_messages);
    for (size_t i = 1; i < messages->count; i++) {
        if (text_equal(messages->messages[i].key, messages->messages[i - 1].key)) {
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_DUPLICATE_KEY, path, (Place){0, 0},
                            messages->messages[i].key.data);
            well = false;
        }
    }
    if (root)
        messages->digest = digest_bytes(source.data, source.size);
    arena_free(&scratch);
    return well;
}

bool messages_read(Site *site, YamlReader *reader, Diagnostics *diagnostics) {
    const Settings *settings = &site->settings;
    bool well = true;
    Text paths[LANGUAGE_LIMIT];
    for (size_t i = 0; i < settings->language_count; i++) {
        Language language = settings->languages[i];
        paths[language] = text_format(site->arena, "%.*s/%s/messages.yaml", TEXT_ARG(site->locales_folder),
                                      language_info(language)->code);
        well = read_messages(site, language, reader, paths[language], diagnostics) && well;
    }
    /* Every language says what the others say: what one has, all must have. */
    for (size_t i = 0; well && i < settings->language_count; i++) {
        for (size_t j = 0; j < settings->language_count; j++) {
            const Messages *here = &site->messages[settings->languages[i]],
                           *there = &site->messages[settings->languages[j]];
            for (size_t k = 0; k < there->count; k++) {
                if (messages_find(here, there->messages[k].key).size)
                    continue;
                diagnostics_add(diagnostics, DIAGNOSTIC_MESSAGE_MISSING, paths[settings->languages[i]], (Place){0, 0},
                                there->messages[k].key.data, language_info(settings->languages[j])->code);
                well = false;
            }
        }
    }
    return well;
}
