/* course.yaml: the order of modules and screens, the pass mark, the rules. */
#include "load/parts.h"

static const YamlKey course_keys[] = {
    {.name = "pass_mark", .type = YAML_INTEGER, .is_required = true, .least = 1, .most = 100},
    {.name = "completion", .type = YAML_TEXT},
    {.name = "minutes", .type = YAML_INTEGER, .least = 1, .most = 10000},
    {.name = "rules", .type = YAML_TEXT},
    {.name = "retakes", .type = YAML_INTEGER, .most = 1000},
    {.name = "certificate", .type = YAML_BOOLEAN},
    {.name = "profile", .type = YAML_TEXT},
    {.name = "objectives", .type = YAML_LIST},
    {.name = "modules", .type = YAML_LIST, .is_required = true},
};

static const YamlKey module_keys[] = {
    {.name = "id", .type = YAML_ID, .is_required = true},
    {.name = "screens", .type = YAML_TEXTS, .is_required = true},
    {.name = "after", .type = YAML_TEXTS},
    {.name = "audience", .type = YAML_TEXT},
    {.name = "pretest", .type = YAML_TEXT},
    {.name = "pretest_mark", .type = YAML_INTEGER, .least = 1, .most = 100},
};

static const YamlKey objective_keys[] = {
    {.name = "id", .type = YAML_ID, .is_required = true},
    {.name = "behaviour", .type = YAML_TEXT},
    {.name = "title", .type = YAML_MAP, .is_required = true},
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

/* What the screen's own page says, but not for more than its module is. */
static Audience screen_audience(const Site *site, const Unit *screen, Audience module) {
    const Page *page = screen->pages[site->settings.source_language];
    Audience own = page && page->neutral ? page->neutral->audience : AUDIENCE_ALL;
    return own > module ? own : module;
}

static void report_pretest(const Course *course, const YamlNode *node, const char *fault, Diagnostics *diagnostics) {
    diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_PRETEST, course->settings_path, node->place, node->text.data, fault);
}

static void read_pretest(const Course *course, Module *module, const YamlNode *node, Diagnostics *diagnostics) {
    const YamlNode *pretest = yaml_find(node, "pretest"), *mark = yaml_find(node, "pretest_mark");
    module->pretest_permille = mark ? (int)yaml_integer(mark) * 10 : 1000;
    if (!pretest) {
        if (mark)
            diagnostics_add(diagnostics, DIAGNOSTIC_YAML_MISSING_KEY, course->settings_path, mark->key_place,
                            "pretest");
        return;
    }
    module->pretest_place = pretest->place;
    for (size_t s = 0; s < module->screen_count; s++) {
        const Screen *screen = &module->screens[s];
        if (!text_equal(screen->unit->name, pretest->text))
            continue;
        module->pretest = screen->unit;
        if (screen->audience > module->audience)
            report_pretest(course, pretest, "not everyone whom the module is for sees it", diagnostics);
    }
    if (!module->pretest)
        report_pretest(course, pretest, "it is none of the module's screens", diagnostics);
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
    module->place = node->place;
    audience_read(yaml_find(node, "audience"), path, &module->audience, diagnostics);
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
            module->screens[module->screen_count++] =
                (Screen){.unit = screen, .audience = screen_audience(site, screen, module->audience)};
    }
    read_pretest(course, module, node, diagnostics);
}

/* ---- What is to be done before what ---- */

static Module *find_module(const Course *course, Text name) {
    for (size_t i = 0; i < course->module_count; i++)
        if (text_equal(course->modules[i].unit->name, name))
            return &course->modules[i];
    return NULL;
}

static void read_after(const Site *site, Course *course, const YamlNode *node, Diagnostics *diagnostics) {
    const YamlNode *id = yaml_find(node, "id"), *after = yaml_find(node, "after");
    Module *module = id && after ? find_module(course, id->text) : NULL;
    if (!module || after->kind != YAML_SEQUENCE)
        return;
    const char **names = arena_new(site->arena, const char *, course->module_count);
    size_t count = 0;
    for (size_t i = 0; i < course->module_count; i++)
        names[i] = course->modules[i].unit->name.data;
    for (const YamlNode *child = after->first_child; child; child = child->next)
        count++;
    module->after = arena_new(site->arena, const Unit *, count + 1);
    for (const YamlNode *child = after->first_child; child; child = child->next) {
        const Module *before = find_module(course, child->text);
        if (before) {
            module->after[module->after_count++] = before->unit;
            continue;
        }
        Text nearest = text_nearest(child->text, names, course->module_count);
        Text hint = nearest.size ? text_format(site->arena, "; did you mean \"%s\"?", nearest.data) : TEXT("");
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_AFTER, course->settings_path, child->place, child->text.data,
                        hint.data);
    }
}

/* Whether `module` waits for `wanted`. `seen` has a flag for each module. */
static bool waits_for(const Course *course, const Module *module, const Module *wanted, bool *seen) {
    seen[module - course->modules] = true;
    for (size_t i = 0; i < module->after_count; i++) {
        const Module *before = find_module(course, module->after[i]->name);
        if (before == wanted || (!seen[before - course->modules] && waits_for(course, before, wanted, seen)))
            return true;
    }
    return false;
}

static void check_after(const Course *course, Diagnostics *diagnostics) {
    Arena arena = {.block_size_bytes = 4096};
    for (size_t i = 0; i < course->module_count; i++) {
        const Module *module = &course->modules[i];
        bool *seen = arena_new(&arena, bool, course->module_count);
        if (waits_for(course, module, module, seen))
            diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_AFTER_CYCLE, course->settings_path, module->place,
                            module->unit->name.data);
    }
    arena_free(&arena);
}

/* ---- Objectives ---- */

static void read_objective(Site *site, Course *course, const YamlNode *node, Diagnostics *diagnostics) {
    Text path = course->settings_path;
    if (node->kind != YAML_MAPPING) {
        diagnostics_add(diagnostics, DIAGNOSTIC_YAML_TYPE, path, node->place, "objectives",
                        "entries with id and title");
        return;
    }
    if (!yaml_check(node, objective_keys, sizeof objective_keys / sizeof *objective_keys, path, diagnostics))
        return;
    const YamlNode *id = yaml_find(node, "id"), *behaviour = yaml_find(node, "behaviour");
    if (course_find_objective(course, id->text)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_COURSE_OBJECTIVE, path, id->place, id->text.data, "stands here twice");
        return;
    }
    Objective *objective = &course->objectives[course->objective_count++];
    objective->id = text_copy(site->arena, id->text);
    objective->place = id->place;
    objective->behaviour = TEXT("");
    names_read(site, yaml_find(node, "title"), "title", objective->title, path, diagnostics);
    if (!behaviour)
        return;
    objective->behaviour = text_format(site->arena, "framework/%.*s", TEXT_ARG(behaviour->text));
    if (!site_find_unit(site, objective->behaviour))
        diagnostics_add(
            diagnostics, DIAGNOSTIC_COURSE_OBJECTIVE, path, behaviour->place, id->text.data,
            text_format(site->arena, "names a behaviour, and there is no page \"%s\"", objective->behaviour.data).data);
}

static void read_objectives(Site *site, Course *course, const YamlNode *list, Diagnostics *diagnostics) {
    size_t count = 0;
    for (const YamlNode *child = list ? list->first_child : NULL; child; child = child->next)
        count++;
    course->objectives = arena_new(site->arena, Objective, count + 1);
    for (const YamlNode *child = list ? list->first_child : NULL; child; child = child->next)
        read_objective(site, course, child, diagnostics);
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
        const YamlNode *retakes = yaml_find(root, "retakes");
        course->retakes = retakes ? (int)yaml_integer(retakes) : -1;
        course->certificate = yaml_is_true(yaml_find(root, "certificate"));
        course->profile = site->settings.profile;
        profile_read(yaml_find(root, "profile"), course->settings_path, &course->profile, diagnostics);
        read_objectives(site, course, yaml_find(root, "objectives"), diagnostics);
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
        for (const YamlNode *child = modules->first_child; child; child = child->next)
            if (child->kind == YAML_MAPPING)
                read_after(site, course, child, diagnostics);
        check_after(course, diagnostics);
        report_unlisted(site, course, diagnostics);
        learners_read(site, course, reader, diagnostics);
    }
    arena_free(&scratch);
    return well ? course : NULL;
}
