/*
 * The data dictionary of a course: what the ids in a platform's reports stand for, as a table (RFC 4180, in UTF-8 with
 * its mark, which spreadsheets want). A row is a question or case study, a step of one, or an objective.
 */
#include "package/package.h"

#include <inttypes.h>
#include <string.h>

#define SEPARATOR TEXT(" | ")

/* As generator/player/interaction.js names them. A reflection is a fill-in in SCORM 1.2, which has no longer ones. */
static const char *const types[EXERCISE_KIND_COUNT] = {
    [EXERCISE_SINGLE] = "choice",           [EXERCISE_MULTIPLE] = "choice",        [EXERCISE_TRUE_FALSE] = "true-false",
    [EXERCISE_LIKERT] = "likert",           [EXERCISE_ORDERING] = "sequencing",    [EXERCISE_MATCHING] = "matching",
    [EXERCISE_FILL_IN] = "fill-in",         [EXERCISE_NUMERIC] = "numeric",        [EXERCISE_HOTSPOT] = "choice",
    [EXERCISE_REFLECTION] = "long-fill-in", [EXERCISE_ATTESTATION] = "true-false", [EXERCISE_SCENARIO] = "performance",
};

/* The first cell of the table comes after the mark, that of a row after a line's end. */
static void put_cell(Buffer *out, Text text) {
    if (!out->size)
        buffer_put_literal(out, "\xef\xbb\xbf");
    else if (out->data[out->size - 1] != '\n')
        buffer_put_char(out, ',');
    buffer_put_char(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            buffer_put_char(out, '"');
        buffer_put_char(out, text.data[i]);
    }
    buffer_put_char(out, '"');
}

static void put_separator(Buffer *out) {
    if (out->size)
        buffer_put_text(out, SEPARATOR);
}

static void put_choices(Buffer *out, const Choice *choices, size_t count) {
    for (size_t i = 0; i < count; i++) {
        put_separator(out);
        buffer_format(out, "%s: ", choices[i].id);
        node_put_plain_text(out, choices[i].words);
    }
}

/* Millionths as a decimal number. */
static void put_micro(Buffer *out, int64_t micro) {
    int64_t size = micro < 0 ? -micro : micro;
    buffer_format(out, "%s%" PRId64 ".%06" PRId64, micro < 0 ? "-" : "", size / 1000000, size % 1000000);
    while (out->data[out->size - 1] == '0')
        out->size--;
    if (out->data[out->size - 1] == '.')
        out->size--;
}

static bool is_chosen_from(ExerciseKind kind) {
    return kind == EXERCISE_SINGLE || kind == EXERCISE_MULTIPLE || kind == EXERCISE_TRUE_FALSE ||
           kind == EXERCISE_HOTSPOT;
}

/* The right answer as platforms are told it, by the ids of what is chosen: the same in every language. */
static void put_right(Buffer *out, const Exercise *exercise) {
    for (size_t i = 0; i < exercise->choice_count; i++) {
        const Choice *choice = &exercise->choices[i];
        bool is_listed = exercise->kind == EXERCISE_ORDERING || (is_chosen_from(exercise->kind) && choice->is_right);
        if (is_listed && exercise->kind == EXERCISE_TRUE_FALSE)
            buffer_put_text(out, i == 0 ? TEXT("true") : TEXT("false"));
        else if (is_listed || exercise->kind == EXERCISE_MATCHING)
            buffer_format(out, "%s%s", out->size ? "," : "", choice->id);
        if (exercise->kind == EXERCISE_MATCHING)
            buffer_format(out, ".%s", choice->target);
    }
    if (exercise->kind == EXERCISE_NUMERIC)
        put_micro(out, exercise->answer_micro);
    if (exercise->kind == EXERCISE_NUMERIC && exercise->tolerance_micro) {
        buffer_put_literal(out, " \xc2\xb1 ");
        put_micro(out, exercise->tolerance_micro);
    }
}

static void put_target(Buffer *out, const Exercise *exercise, const char *id) {
    for (size_t i = 0; i < exercise->target_count; i++)
        if (strcmp(exercise->targets[i].id, id) == 0)
            node_put_plain_text(out, exercise->targets[i].words);
}

static void put_accepted(Buffer *out, const Blank *blank) {
    put_separator(out);
    buffer_put_text(out, blank->key);
    buffer_put_literal(out, ": ");
    for (size_t i = 0; i < blank->accepted_count; i++) {
        if (i)
            buffer_put_literal(out, " / ");
        buffer_put_text(out, blank->accepted[i]);
    }
}

/* The right answer in words. */
static void put_right_words(Buffer *out, const Exercise *exercise) {
    for (size_t i = 0; i < exercise->choice_count; i++) {
        const Choice *choice = &exercise->choices[i];
        if (is_chosen_from(exercise->kind) ? !choice->is_right
                                           : exercise->kind != EXERCISE_ORDERING && exercise->kind != EXERCISE_MATCHING)
            continue;
        put_separator(out);
        node_put_plain_text(out, choice->words);
        if (exercise->kind == EXERCISE_MATCHING) {
            buffer_put_literal(out, " \xe2\x86\x92 ");
            put_target(out, exercise, choice->target);
        }
    }
    for (size_t i = 0; i < exercise->blank_count; i++)
        put_accepted(out, &exercise->blanks[i]);
    if (exercise->kind == EXERCISE_NUMERIC) {
        put_right(out, exercise);
        if (exercise->unit.size)
            buffer_format(out, " %.*s", TEXT_ARG(exercise->unit));
    }
}

/* ---- Rows ---- */

typedef struct Dictionary {
    const Course *course;
    const Settings *settings;
    Arena *arena;
    Buffer *out;
    Exercise **exercises[LANGUAGE_LIMIT]; /* the same ids in the same order; NULL where there is no course */
} Dictionary;

static void put_buffer(Dictionary *dictionary, Buffer *words) {
    put_cell(dictionary->out, text_trim(buffer_text(words)));
    buffer_clear(words);
}

static void put_words(Dictionary *dictionary, const Exercise *exercise) {
    Buffer words = {0};
    node_put_plain_text(&words, exercise->node);
    put_buffer(dictionary, &words);
    put_choices(&words, exercise->choices, exercise->choice_count);
    put_choices(&words, exercise->targets, exercise->target_count);
    put_buffer(dictionary, &words);
    put_right_words(&words, exercise);
    put_buffer(dictionary, &words);
    buffer_free(&words);
}

static void put_step_words(Dictionary *dictionary, const Step *step) {
    Buffer words = {0};
    node_put_plain_text(&words, step->node);
    put_buffer(dictionary, &words);
    put_choices(&words, step->choices, step->choice_count);
    put_buffer(dictionary, &words);
    put_cell(dictionary->out, step->end);
    buffer_free(&words);
}

/* Whose versions of the course have it: all, managers (and leaders), or leaders. */
static const char *audience_of(const Dictionary *dictionary, const Exercise *exercise) {
    for (size_t m = 0; m < dictionary->course->module_count; m++) {
        const Module *module = &dictionary->course->modules[m];
        for (size_t s = 0; s < module->screen_count; s++) {
            const Document *document = module->screens[s].documents[dictionary->settings->source_language];
            for (const Exercise *own = document ? document->exercises : NULL; own; own = own->next)
                if (own == exercise)
                    return audience_name(module->screens[s].audience);
        }
    }
    return audience_name(AUDIENCE_ALL);
}

static void put_neutral(Dictionary *dictionary, Text id, const char *kind, const char *type, const char *audience,
                        int points, Text right) {
    put_cell(dictionary->out, id);
    put_cell(dictionary->out, text_from(kind));
    put_cell(dictionary->out, text_from(type));
    put_cell(dictionary->out, text_from(audience));
    put_cell(dictionary->out, text_format(dictionary->arena, "%d", points));
    put_cell(dictionary->out, right);
}

static void put_row(Dictionary *dictionary, size_t index) {
    const Exercise *source = dictionary->exercises[dictionary->settings->source_language][index];
    Buffer right = {0};
    put_right(&right, source);
    put_neutral(dictionary, source->id, exercise_kind_name(source->kind), types[source->kind],
                audience_of(dictionary, source), source->points, buffer_text(&right));
    buffer_free(&right);
    for (size_t l = 0; l < dictionary->settings->language_count; l++)
        if (dictionary->exercises[dictionary->settings->languages[l]])
            put_words(dictionary, dictionary->exercises[dictionary->settings->languages[l]][index]);
    buffer_put_literal(dictionary->out, "\r\n");
}

/* Platforms report of a case study the steps and what was chosen there: begin.a */
static void put_step_row(Dictionary *dictionary, size_t index, size_t at) {
    const Exercise *source = dictionary->exercises[dictionary->settings->source_language][index];
    const Step *step = &source->steps[at];
    put_neutral(dictionary, text_format(dictionary->arena, "%.*s/%.*s", TEXT_ARG(source->id), TEXT_ARG(step->id)),
                "step", "", audience_of(dictionary, source), step->points, TEXT(""));
    for (size_t l = 0; l < dictionary->settings->language_count; l++)
        if (dictionary->exercises[dictionary->settings->languages[l]])
            put_step_words(dictionary, &dictionary->exercises[dictionary->settings->languages[l]][index]->steps[at]);
    buffer_put_literal(dictionary->out, "\r\n");
}

/* What an objective is worth: the points of what belongs to it. */
static void put_objective_row(Dictionary *dictionary, const Objective *objective, size_t exercise_count) {
    Exercise **exercises = dictionary->exercises[dictionary->settings->source_language];
    int points = 0;
    for (size_t i = 0; i < exercise_count; i++)
        points += text_equal(exercises[i]->objective, objective->id) ? exercises[i]->points : 0;
    put_neutral(dictionary, objective->id, "objective", "", audience_name(AUDIENCE_ALL), points, TEXT(""));
    for (size_t l = 0; l < dictionary->settings->language_count; l++) {
        Language language = dictionary->settings->languages[l];
        if (!dictionary->exercises[language])
            continue;
        put_cell(dictionary->out, objective->title[language]);
        put_cell(dictionary->out, TEXT(""));
        put_cell(dictionary->out, TEXT(""));
    }
    buffer_put_literal(dictionary->out, "\r\n");
}

static void put_head(Dictionary *dictionary) {
    static const char *const neutral[] = {"id", "kind", "type", "audience", "points", "right (ids)"};
    static const char *const words[] = {"question", "choices", "right"};
    for (size_t i = 0; i < sizeof neutral / sizeof *neutral; i++)
        put_cell(dictionary->out, text_from(neutral[i]));
    for (size_t l = 0; l < dictionary->settings->language_count; l++) {
        Language language = dictionary->settings->languages[l];
        for (size_t i = 0; dictionary->exercises[language] && i < sizeof words / sizeof *words; i++)
            put_cell(dictionary->out,
                     text_format(dictionary->arena, "%s (%s)", words[i], language_info(language)->code));
    }
    buffer_put_literal(dictionary->out, "\r\n");
}

/* Where a language lacks an exercise the checks of the course have said so, and nothing is published. */
static bool read_exercises(Dictionary *dictionary, size_t *count) {
    *count = 0;
    for (size_t l = 0; l < dictionary->settings->language_count; l++) {
        Language language = dictionary->settings->languages[l];
        size_t own_count;
        if (!dictionary->course->unit->pages[language])
            continue;
        dictionary->exercises[language] = course_exercises(dictionary->arena, dictionary->course, language, &own_count);
        if (*count && own_count != *count)
            return false;
        *count = own_count;
        const Exercise *const *own = (const Exercise *const *)dictionary->exercises[language];
        const Exercise *const *source =
            (const Exercise *const *)dictionary->exercises[dictionary->settings->languages[0]];
        for (size_t i = 0; source && i < own_count; i++)
            if (!text_equal(own[i]->id, source[i]->id) || own[i]->step_count != source[i]->step_count)
                return false;
    }
    return dictionary->exercises[dictionary->settings->source_language] != NULL;
}

static bool make_dictionary(const Job *job, Worker *worker, Buffer *out) {
    Dictionary dictionary = {
        .course = job->course, .settings = &worker->site->settings, .arena = worker->scratch, .out = out};
    size_t count;
    if (!read_exercises(&dictionary, &count))
        return false;
    put_head(&dictionary);
    for (size_t i = 0; i < count; i++) {
        put_row(&dictionary, i);
        for (size_t s = 0; s < dictionary.exercises[dictionary.settings->source_language][i]->step_count; s++)
            put_step_row(&dictionary, i, s);
    }
    for (size_t i = 0; i < job->course->objective_count; i++)
        put_objective_row(&dictionary, &job->course->objectives[i], count);
    return true;
}

static void plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                 Plan *jobs) {
    for (size_t c = 0; c < site->course_count; c++) {
        Course *course = site->courses[c];
        Text name = course->unit->name;
        Digest inputs = site->tool_digest;
        for (size_t l = 0; l < site->settings.language_count; l++)
            inputs = digest_join(inputs, course_digest(site, course, site->settings.languages[l]));
        if (!course->unit->pages[site->settings.source_language])
            continue;
        plan_add(jobs, (Job){
                           .target = target,
                           .output = text_format(plan_arena(jobs), "packages/%.*s/%.*s-dictionary.csv", TEXT_ARG(name),
                                                 TEXT_ARG(name)),
                           .inputs = inputs,
                           .run = make_dictionary,
                           .language = -1,
                           .course = course,
                           .path = course->settings_path,
                       });
    }
    (void)layouts;
    (void)options;
}

const Target target_dictionary = {
    .name = "dictionary", .help = "what the ids in platforms' reports stand for", .plan = plan};
