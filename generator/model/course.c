/* A course as the learner meets it, and its neutral skeleton as the rules take it. */
#include "model/model.h"

const char *audience_name(Audience audience) {
    static const char *const names[] = {
        [AUDIENCE_ALL] = "all", [AUDIENCE_MANAGERS] = "managers", [AUDIENCE_LEADERS] = "leaders"};
    return names[audience];
}

bool audience_find(Text name, Audience *audience) {
    for (int i = 0; i < AUDIENCE_COUNT; i++) {
        if (!text_equal(name, text_from(audience_name((Audience)i))))
            continue;
        *audience = (Audience)i;
        return true;
    }
    return false;
}

bool course_has_version(const Course *course, Audience audience) {
    for (size_t m = 0; m < course->module_count; m++)
        for (size_t s = 0; s < course->modules[m].screen_count; s++)
            if (course->modules[m].screens[s].audience == audience)
                return true;
    return false;
}

static bool has_module(const Course *course, const Unit *unit) {
    for (size_t m = 0; m < course->module_count; m++)
        if (course->modules[m].unit == unit)
            return true;
    return false;
}

Course *course_for_audience(Arena *arena, const Course *course, Audience audience) {
    Course *narrowed = arena_new(arena, Course, 1);
    *narrowed = *course;
    narrowed->audience = audience;
    narrowed->modules = arena_new(arena, Module, course->module_count + 1);
    narrowed->module_count = 0;
    for (size_t m = 0; m < course->module_count; m++) {
        Module *module = &narrowed->modules[narrowed->module_count];
        *module = course->modules[m];
        module->screens = arena_new(arena, Screen, module->screen_count + 1);
        module->screen_count = 0;
        for (size_t s = 0; s < course->modules[m].screen_count; s++)
            if (course->modules[m].screens[s].audience <= audience)
                module->screens[module->screen_count++] = course->modules[m].screens[s];
        narrowed->module_count += module->screen_count > 0;
    }
    /* Nobody can be asked to do first what is not there. */
    for (size_t m = 0; m < narrowed->module_count; m++) {
        Module *module = &narrowed->modules[m];
        const Unit **after = arena_new(arena, const Unit *, module->after_count + 1);
        size_t count = 0;
        for (size_t i = 0; i < module->after_count; i++)
            if (has_module(narrowed, module->after[i]))
                after[count++] = module->after[i];
        module->after = after;
        module->after_count = count;
    }
    return narrowed;
}

const Objective *course_find_objective(const Course *course, Text id) {
    for (size_t i = 0; i < course->objective_count; i++)
        if (text_equal(course->objectives[i].id, id))
            return &course->objectives[i];
    return NULL;
}

const char *act_kind_name(ActKind kind) {
    static const char *const names[] = {
        [ACT_SEE] = "see",         [ACT_ANSWER] = "answer", [ACT_MOVE] = "move",   [ACT_AGAIN] = "again",
        [ACT_HINT] = "hint",       [ACT_SWITCH] = "switch", [ACT_LEAVE] = "leave", [ACT_RETURN] = "return",
        [ACT_RESTART] = "restart", [ACT_END] = "end",
    };
    return names[kind];
}

Exercise **course_exercises(Arena *arena, const Course *course, Language language, size_t *count) {
    size_t total = 0;
    Exercise **all = NULL;
    /* Twice round: to count, then to fill. */
    for (int round = 0; round < 2; round++) {
        size_t at = 0;
        for (size_t m = 0; m < course->module_count; m++) {
            const Module *module = &course->modules[m];
            for (size_t s = 0; s < module->screen_count; s++) {
                const Document *document = module->screens[s].documents[language];
                for (Exercise *exercise = document ? document->exercises : NULL; exercise;
                     exercise = exercise->next, at++)
                    if (all)
                        all[at] = exercise;
            }
        }
        total = at;
        if (!all)
            all = arena_new(arena, Exercise *, total ? total : 1);
    }
    *count = total;
    return all;
}

/* ---- The skeleton. Folder names and ids are ASCII: nothing in them needs escaping. ---- */

static void put_screens(Buffer *out, const Module *module, const char *comma) {
    for (size_t s = 0; s < module->screen_count; s++) {
        buffer_format(out, "%s\"%.*s/%.*s\"", comma, TEXT_ARG(module->unit->name),
                      TEXT_ARG(module->screens[s].unit->name));
        comma = ",";
    }
}

static void put_module(Buffer *out, const Module *module) {
    buffer_format(out, "{\"id\":\"%.*s\",\"screens\":[", TEXT_ARG(module->unit->name));
    put_screens(out, module, "");
    buffer_put_literal(out, "],\"after\":[");
    for (size_t i = 0; i < module->after_count; i++)
        buffer_format(out, "%s\"%.*s\"", i ? "," : "", TEXT_ARG(module->after[i]->name));
    buffer_put_char(out, ']');
    if (module->pretest)
        buffer_format(out, ",\"pretest\":\"%.*s/%.*s\",\"pretest_permille\":%d", TEXT_ARG(module->unit->name),
                      TEXT_ARG(module->pretest->name), module->pretest_permille);
    buffer_put_char(out, '}');
}

static void put_bank(Buffer *out, const Bank *bank, const Exercise *exercises) {
    buffer_put_literal(out, "{\"id\":");
    buffer_put_json(out, bank->id);
    buffer_format(out, ",\"draw\":%d,\"exercises\":[", bank->draw);
    const char *comma = "";
    for (const Exercise *exercise = exercises; exercise; exercise = exercise->next) {
        if (exercise->bank != bank)
            continue;
        buffer_format(out, "%s", comma);
        buffer_put_json(out, exercise->id);
        comma = ",";
    }
    buffer_put_literal(out, "]}");
}

typedef enum Part { PART_EXERCISES, PART_BANKS } Part;

/* What the screens hold, in order. */
static void put_parts(Buffer *out, const Course *course, Language source, Part part) {
    const char *comma = "";
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        for (size_t s = 0; s < module->screen_count; s++) {
            const Document *document = module->screens[s].documents[source];
            if (!document)
                continue;
            const Exercise *exercise = part == PART_EXERCISES ? document->exercises : NULL;
            for (; exercise; exercise = exercise->next, comma = ",") {
                buffer_format(out, "%s", comma);
                exercise_put_json(out, exercise, module, &module->screens[s]);
            }
            const Bank *bank = part == PART_BANKS ? document->banks : NULL;
            for (; bank; bank = bank->next, comma = ",") {
                buffer_format(out, "%s", comma);
                put_bank(out, bank, document->exercises);
            }
        }
    }
}

void course_put_json(Buffer *out, const Course *course, Language source) {
    buffer_put_literal(out, "{\"id\":");
    buffer_put_json(out, course->unit->name);
    buffer_format(out, ",\"pass_permille\":%d,\"completion\":\"%s\",\"audience\":\"%s\",\"certificate\":%s",
                  course->pass_permille, course->completion == COMPLETION_PASSED ? "passed" : "screens",
                  audience_name(course->audience), course->certificate ? "true" : "false");
    if (course->retakes >= 0)
        buffer_format(out, ",\"retakes\":%d", course->retakes);
    buffer_put_literal(out, ",\"screens\":[");
    bool is_first = true;
    for (size_t m = 0; m < course->module_count; m++) {
        put_screens(out, &course->modules[m], is_first ? "" : ",");
        is_first = is_first && !course->modules[m].screen_count;
    }
    buffer_put_literal(out, "],\"modules\":[");
    for (size_t m = 0; m < course->module_count; m++) {
        if (m)
            buffer_put_char(out, ',');
        put_module(out, &course->modules[m]);
    }
    buffer_put_literal(out, "],\"objectives\":[");
    for (size_t i = 0; i < course->objective_count; i++)
        buffer_format(out, "%s\"%s\"", i ? "," : "", course->objectives[i].id.data);
    buffer_put_literal(out, "],\"exercises\":[");
    put_parts(out, course, source, PART_EXERCISES);
    buffer_put_literal(out, "],\"banks\":[");
    put_parts(out, course, source, PART_BANKS);
    buffer_put_literal(out, "]}");
}

static void put_blank(Buffer *out, const Blank *blank) {
    buffer_put_json(out, blank->key);
    buffer_put_literal(out, ":[");
    for (size_t i = 0; i < blank->accepted_count; i++) {
        if (i)
            buffer_put_char(out, ',');
        buffer_put_json(out, blank->accepted[i]);
    }
    buffer_put_char(out, ']');
}

void course_put_accepted(Buffer *out, const Course *course, Language language) {
    Arena arena = {0};
    size_t count;
    Exercise **exercises = course_exercises(&arena, course, language, &count);
    const char *comma = "";
    buffer_put_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (exercises[i]->kind != EXERCISE_FILL_IN)
            continue;
        buffer_format(out, "%s\n", comma);
        buffer_put_json(out, exercises[i]->id);
        buffer_put_literal(out, ":{");
        for (size_t b = 0; b < exercises[i]->blank_count; b++) {
            if (b)
                buffer_put_char(out, ',');
            put_blank(out, &exercises[i]->blanks[b]);
        }
        buffer_put_char(out, '}');
        comma = ",";
    }
    buffer_put_char(out, '}');
    arena_free(&arena);
}
