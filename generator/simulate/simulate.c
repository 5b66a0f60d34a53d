/* Scripted learners: what the player needs to know of a course beside its script, and what came of a learner. */
#include "simulate/parts.h"

#include <string.h>

enum { SCRIPT_LIMIT_BYTES = 4 << 20 };

static bool read_script(Arena *arena, Text name, Text *script, Diagnostics *diagnostics) {
    Text path = file_shared(arena, name.data);
    if (path.size)
        return file_read(arena, path.data, SCRIPT_LIMIT_BYTES, script, diagnostics);
    diagnostics_add(diagnostics, DIAGNOSTIC_PACKAGE_PART, TEXT(""), (Place){0, 0}, name.data);
    return false;
}

/* start.js runs as it is loaded, and wants a page: learner.js takes its place. */
static bool is_played(Text name) {
    return name.size && !text_equal(name, TEXT("start.js"));
}

static bool add_script(Arena *arena, Simulator *simulator, Text name, Diagnostics *diagnostics) {
    Text path = text_format(arena, "player/%.*s", TEXT_ARG(name));
    simulator->names[simulator->count] = path;
    return read_script(arena, path, &simulator->scripts[simulator->count++], diagnostics);
}

Simulator *simulator_open(Arena *arena, Diagnostics *diagnostics) {
    Simulator *simulator = arena_new(arena, Simulator, 1);
    Text order;
    if (!read_script(arena, TEXT("player/order.txt"), &order, diagnostics))
        return NULL;
    size_t lines = 2;
    for (size_t i = 0; i < order.size; i++)
        lines += order.data[i] == '\n';
    simulator->names = arena_new(arena, Text, lines);
    simulator->scripts = arena_new(arena, Text, lines);
    for (size_t at = 0; at < order.size;) {
        size_t end = text_find(order, '\n', at);
        Text name = text_trim(text_slice(order, at, end));
        at = end + 1;
        if (is_played(name) && !add_script(arena, simulator, name, diagnostics))
            return NULL;
    }
    /* Round the pages of a package of several languages. */
    return add_script(arena, simulator, TEXT("shell-scorm.js"), diagnostics) ? simulator : NULL;
}

/* ---- A request ---- */

static void put_place(Buffer *out, const char **comma, Text first, Text second) {
    buffer_format(out, "%s\"%.*s%s%.*s\"", *comma, TEXT_ARG(first), second.size ? "/" : "", TEXT_ARG(second));
    *comma = ",";
}

/* As the page of a package has them; ids need no escapes. */
static void put_places(Buffer *out, const Course *course, Language language) {
    const char *comma = "";
    put_place(out, &comma, TEXT("_about"), TEXT(""));
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        const Document *introduction = module->documents[language];
        if (introduction && (introduction->root->first_child || introduction->footnotes))
            put_place(out, &comma, module->unit->name, TEXT(""));
        for (size_t s = 0; s < module->screen_count; s++)
            put_place(out, &comma, module->unit->name, module->screens[s].unit->name);
    }
    put_place(out, &comma, TEXT("_result"), TEXT(""));
}

/* The words of a question, as its report gives them to a platform. */
static void put_stem(Buffer *out, const Exercise *exercise) {
    Buffer words = {0};
    for (const Node *child = exercise->node->first_child; child; child = child->next) {
        node_put_plain_text(&words, child);
        buffer_put_char(&words, ' ');
    }
    buffer_put_json(out, exercise->id);
    buffer_put_char(out, ':');
    buffer_put_json(out, text_trim(buffer_text(&words)));
    buffer_free(&words);
}

static void put_stems(Buffer *out, const Course *course, Language language) {
    Arena arena = {0};
    size_t count;
    Exercise **exercises = course_exercises(&arena, course, language, &count);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_put_char(out, ',');
        put_stem(out, exercises[i]);
    }
    arena_free(&arena);
}

/* What a manifest of this standard tells a platform of the pass mark. */
static void put_pass_mark(Buffer *out, const SimulateCourse *input) {
    int permille = input->course->pass_permille;
    if (!input->profile->gives_pass_mark)
        buffer_put_literal(out, "\"\"");
    else if (strcmp(input->standard, "scorm12") == 0)
        buffer_format(out, "\"%d\"", permille / 10);
    else if (permille == 1000)
        buffer_put_literal(out, "\"1\"");
    else
        buffer_format(out, "\"0.%03d\"", permille);
}

static const char *format_name(SimulateFormat format) {
    return format == SIMULATE_JSON ? "json" : format == SIMULATE_TEXT ? "text" : "";
}

/* What the page of a language brings with it. */
static void put_page(Buffer *out, const Course *course, Language language) {
    buffer_format(out, "\"%s\":{\"tag\":\"%s\",\"accepted\":", language_info(language)->code,
                  language_info(language)->tag);
    course_put_accepted(out, course, language);
    buffer_put_literal(out, ",\"places\":[");
    put_places(out, course, language);
    buffer_put_literal(out, "],\"stems\":{");
    put_stems(out, course, language);
    buffer_put_literal(out, "}}");
}

/* The language in which the learner begins, and those to which it goes. */
static void put_pages(Buffer *out, const SimulateCourse *input, const Learner *learner) {
    bool is_put[LANGUAGE_LIMIT] = {false};
    put_page(out, input->course, input->language);
    is_put[input->language] = true;
    for (size_t i = 0; i < learner->act_count; i++) {
        const Act *act = &learner->acts[i];
        if (act->kind != ACT_SWITCH || is_put[act->language])
            continue;
        buffer_put_char(out, ',');
        put_page(out, input->course, act->language);
        is_put[act->language] = true;
    }
}

static void put_request(Buffer *out, const SimulateCourse *input, const Learner *learner, SimulateFormat format) {
    const LanguageInfo *language = language_info(input->language);
    buffer_put_literal(out, "{\"learner\":");
    buffer_put_json(out, learner->name);
    buffer_format(out, ",\"language\":\"%s\",\"standard\":\"%s\",\"format\":\"%s\",\"seed\":%d", language->code,
                  input->standard, format_name(format), learner->seed);
    /* What course.js brings into a page. */
    buffer_put_literal(out, ",\"course\":");
    course_put_json(out, input->course, input->language);
    buffer_put_literal(out, ",\"profile\":");
    profile_put_json(out, input->profile);
    buffer_put_literal(out, ",\"rules\":");
    buffer_put_json(out, input->course->rules);
    buffer_put_literal(out, ",\"passMark\":");
    put_pass_mark(out, input);
    buffer_put_literal(out, ",\"pages\":{");
    put_pages(out, input, learner);
    buffer_put_literal(out, "},\"acts\":");
    learner_put_json(out, learner);
    buffer_put_char(out, '}');
}

/* ---- Expectations ---- */

static void expect(const Learner *learner, Language language, const char *what, Text is, Text expected, Place place,
                   Diagnostics *diagnostics) {
    if (!text_equal(is, expected))
        diagnostics_add(diagnostics, DIAGNOSTIC_LEARNER_EXPECTATION, learner->path, place,
                        language_info(language)->code, what, is.data, expected.data);
}

static Text truth(bool value) {
    return value ? TEXT("true") : TEXT("false");
}

static void compare(const Learner *learner, Language language, const SimulateOutcome *outcome,
                    Diagnostics *diagnostics) {
    Arena arena = {0};
    if (learner->expects_score)
        expect(learner, language, "score", text_format(&arena, "%d", outcome->score_permille / 10),
               text_format(&arena, "%d", learner->score), learner->score_place, diagnostics);
    if (learner->expects_passed)
        expect(learner, language, "\"passed\"", truth(outcome->passed), truth(learner->passed), learner->passed_place,
               diagnostics);
    if (learner->expects_completed)
        expect(learner, language, "\"completed\"", truth(outcome->completed), truth(learner->completed),
               learner->completed_place, diagnostics);
    arena_free(&arena);
}

bool simulate_learner(const Simulator *simulator, const SimulateCourse *input, const Learner *learner,
                      SimulateFormat format, Buffer *out, SimulateOutcome *outcome, Diagnostics *diagnostics) {
    Rules *rules = rules_open();
    if (!rules)
        memory_exhausted();
    Arena arena = {0};
    Buffer request = {0};
    EngineAnswer answer = {0};
    Text message = TEXT("");
    put_request(&request, input, learner, format);
    bool is_well = engine_play(simulator, rules, buffer_text(&request), &arena, &answer, &message);
    if (is_well) {
        *outcome = answer.outcome;
        if (answer.refusal.size)
            diagnostics_add(diagnostics, DIAGNOSTIC_LEARNER_REFUSED, learner->path,
                            learner->acts[answer.refused_act].place, language_info(input->language)->code,
                            answer.refusal.data);
        else
            compare(learner, input->language, outcome, diagnostics);
        if (out)
            buffer_put_text(out, answer.text);
    } else {
        diagnostics_add(diagnostics, DIAGNOSTIC_LEARNER_RUN, learner->path, (Place){0, 0}, message.data);
    }
    buffer_free(&request);
    arena_free(&arena);
    rules_close(rules);
    return is_well;
}
