/* course.yaml: the order of modules and screens, the pass mark, the rules. */
#include "load/parts.h"

static const YamlKey course_keys[] = {
    {.name = "pass_mark", .type = YAML_INTEGER, .is_required = true, .least = 1, .most = 100},
    {.name = "completion", .type = YAML_TEXT},
    {.name = "minutes", .type = YAML_INTEGER, .least = 1, .most = 10000},
    {.name = "rules", .type = YAML_TEXT},
    {.name = "modules", .type = YAML_LIST, .is_required = true},
};

static const YamlKey module_keys[] = {
    {.name = "id", .type = YAML_ID, .is_required = true},
    {.name = "screens", .type = YAML_TEXTS, .is_required = true},
};

static Unit *find_child(const Site *site, const Unit *parent, Text name) {
    Buffer path = {0};
    buffer_format(&path, "%.*s/%.*s", TEXT_ARG(parent->path), TEXT_ARG(name));
    Unit *unit = site_find_unit(site, buffer_text(&path));
    buffer_free(&path);
    return unit;
}

/* The unit that the list names, put into its place in the order; NULL with a diagnostic. */
static Unit *take_listed(const Site *site, const Unit *parent, const YamlNode *node, UnitKind kind, int order,
                         Text path, Diagnostics *diagnostics) {
    Unit *unit = find_child(site, parent, node->text);
    if (!unit) {
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_SCREEN_MISSING, path, node->place, node->text.data);
        return NULL;
    }
    if (unit->kind == UNIT_MODULE || unit->kind == UNIT_SCREEN) {
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_CYCLE, path, node->place, node->text.data);
        return NULL;
    }
    unit->kind = kind;
    unit->order = order;
    return unit;
}

static void read_module(Site *site, Course *course, const YamlNode *node, Diagnostics *diagnostics) {
    Text path = course->settings_path;
    if (node->kind != YAML_MAPPING) {
        diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, path, node->place, "modules", "entries with id and screens");
        return;
    }
    if (!yaml_check(node, module_keys, sizeof module_keys / sizeof *module_keys, path, diagnostics))
        return;
    Unit *unit = take_listed(site, course->unit, yaml_find(node, "id"), UNIT_MODULE, (int)course->module_count + 1,
                             path, diagnostics);
    if (!unit)
        return;
    Module *module = &course->modules[course->module_count++];
    module->unit = unit;
    const YamlNode *screens = yaml_find(node, "screens");
    size_t count = 0;
    for (const YamlNode *child = screens->first_child; child; child = child->next)
        count++;
    if (count == 0)
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_EMPTY, path, screens->place, "screens in this module");
    module->screens = arena_new(site->arena, Screen, count + 1);
    for (const YamlNode *child = screens->first_child; child; child = child->next) {
        Unit *screen = take_listed(site, unit, child, UNIT_SCREEN, (int)module->screen_count + 1, path, diagnostics);
        if (screen)
            module->screens[module->screen_count++].unit = screen;
    }
}

static void report_unlisted(const Site *site, const Course *course, Diagnostics *diagnostics) {
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        bool is_below = unit->parent && (unit->parent == course->unit || unit->parent->parent == course->unit);
        if (!is_below || unit->kind == UNIT_MODULE || unit->kind == UNIT_SCREEN)
            continue;
        Text path = text_format(site->arena, "%.*s/%.*s", TEXT_ARG(site->content_folder), TEXT_ARG(unit->path));
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_SCREEN_UNLISTED, path, (Place){0, 0});
    }
}

static bool read_rules(Site *site, Course *course, const YamlNode *rules, Diagnostics *diagnostics) {
    if (!rules)
        return true;
    if (text_find(rules->text, '/', 0) < rules->text.size || !text_ends(rules->text, TEXT(".lua"))) {
        diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, course->settings_path, rules->place, "rules",
                        "a .lua file beside course.yaml");
        return false;
    }
    course->rules_path = text_format(site->arena, "%.*s/%.*s/%.*s", TEXT_ARG(site->content_folder),
                                     TEXT_ARG(course->unit->path), TEXT_ARG(rules->text));
    return file_read_text(site->arena, course->rules_path.data, &course->rules, diagnostics);
}

Course *course_read(Site *site, Unit *unit, YamlReader *reader, Diagnostics *diagnostics) {
    Course *course = arena_new(site->arena, Course, 1);
    course->unit = unit;
    course->retakes = -1;
    course->settings_path =
        text_format(site->arena, "%.*s/%.*s/course.yaml", TEXT_ARG(site->content_folder), TEXT_ARG(unit->path));
    Arena scratch = {0};
    Text source;
    if (!file_read_text(&scratch, course->settings_path.data, &source, diagnostics))
        return NULL;
    YamlNode *root = yaml_read(reader, &scratch, source, course->settings_path, 1, diagnostics);
    bool well = root && yaml_check(root, course_keys, sizeof course_keys / sizeof *course_keys, course->settings_path,
                                   diagnostics);
    if (well) {
        course->digest = digest_bytes(source.data, source.size);
        course->pass_permille = (int)yaml_integer(yaml_find(root, "pass_mark")) * 10;
        course->minutes = (int)yaml_integer(yaml_find(root, "minutes"));
        const YamlNode *completion = yaml_find(root, "completion");
        if (completion && text_equal(completion->text, TEXT("passed")))
            course->completion = COMPLETION_PASSED;
        else if (completion && !text_equal(completion->text, TEXT("screens")))
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_VALUE, course->settings_path, completion->place,
                            completion->text.data, "completion", "; use screens or passed");
        well = read_rules(site, course, yaml_find(root, "rules"), diagnostics);
        const YamlNode *modules = yaml_find(root, "modules");
        size_t count = 0;
        for (const YamlNode *child = modules->first_child; child; child = child->next)
            count++;
        course->modules = arena_new(site->arena, Module, count + 1);
        if (count == 0)
            diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_EMPTY, course->settings_path, modules->place, "modules");
        for (const YamlNode *child = modules->first_child; child; child = child->next)
            read_module(site, course, child, diagnostics);
        report_unlisted(site, course, diagnostics);
        learners_read(site, course, reader, diagnostics);
    }
    arena_free(&scratch);
    return well ? course : NULL;
}
