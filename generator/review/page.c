/* The page of a reviewer: numbers, case studies, questions with their right answers. */
#include "review/review.h"

#include <string.h>

typedef struct ReviewPage {
    Worker *worker;
    const Course *course;
    Language language;
    Arena *arena;
    View *view;
} ReviewPage;

/* ---- Numbers ---- */

/* 85.7 */
static Text percent(Arena *arena, int permille) {
    return text_format(arena, permille % 10 ? "%d.%d" : "%d", permille / 10, permille % 10);
}

static bool add_numbers(const ReviewPage *page) {
    CourseNumbers numbers;
    Arena *arena = page->arena;
    if (!simulate_patterns(arena, page->course, page->language, 0, &numbers, page->worker->diagnostics))
        return false;
    View *view = view_set_view(page->view, "numbers");
    view_set_number(view, "exercises", (int64_t)numbers.exercise_count);
    view_set_text(view, "pass_mark", percent(arena, page->course->pass_permille));
    view_set_number(view, "patterns",
                    (int64_t)(numbers.patterns > (uint64_t)1 << 53 ? (uint64_t)1 << 53 : numbers.patterns));
    view_set_flag(view, "patterns_are_more", numbers.patterns > (uint64_t)1 << 53);
    view_set_flag(view, "is_complete", numbers.is_complete);
    view_set_number(view, "evaluated", (int64_t)numbers.evaluated);
    view_set_text(view, "least", percent(arena, numbers.least_permille));
    view_set_text(view, "most", percent(arena, numbers.most_permille));
    view_set_text(view, "passing",
                  percent(arena, numbers.evaluated ? (int)(1000 * numbers.passing / numbers.evaluated) : 0));
    view_set_flag(view, "can_pass", numbers.can_pass);
    view_begin_list(view, "idle");
    for (size_t i = 0; i < numbers.idle_count; i++)
        view_set_text(view_append_view(view, "idle"), "id", numbers.idle[i]->id);
    return true;
}

/* ---- Case studies ---- */

static Text node_words(Arena *arena, const Node *node) {
    Buffer words = {0};
    if (node)
        node_put_plain_text(&words, node);
    Text copy = text_copy(arena, text_trim(buffer_text(&words)));
    buffer_free(&words);
    return copy;
}

static Text written(Arena *arena, void (*put)(Buffer *out, const Choice *choice), const Choice *choice) {
    Buffer out = {0};
    put(&out, choice);
    Text copy = text_copy(arena, buffer_text(&out));
    buffer_free(&out);
    return copy;
}

static void add_steps(const ReviewPage *page, View *story, const Exercise *scenario) {
    view_begin_list(story, "steps");
    for (size_t s = 0; s < scenario->step_count; s++) {
        const Step *step = &scenario->steps[s];
        View *row = view_append_view(story, "steps");
        view_set_text(row, "id", step->id);
        view_set_text(row, "words", step_words(page->arena, step));
        view_set_number(row, "points", step->points);
        view_set_text(row, "ending", step->end);
        view_set_flag(row, "is_start", s == 0);
        view_begin_list(row, "choices");
        for (size_t c = 0; c < step->choice_count; c++) {
            const Choice *choice = &step->choices[c];
            View *entry = view_append_view(row, "choices");
            view_set_text(entry, "letter", text_from(choice->id));
            view_set_text(entry, "words", node_words(page->arena, choice->words));
            view_set_text(entry, "move", choice->move);
            view_set_flag(entry, "has_points", choice->points != 0);
            view_set_number(entry, "points", choice->points);
            view_set_text(entry, "changes", written(page->arena, choice_put_changes, choice));
            view_set_text(entry, "tests", written(page->arena, choice_put_tests, choice));
        }
    }
}

static void add_story(const ReviewPage *page, const Exercise *scenario) {
    Arena *arena = page->arena;
    StoryNumbers numbers = story_count(arena, scenario);
    Text best = story_recommend(arena, scenario);
    Buffer letters = {0};
    for (size_t i = 0; i < best.size; i++)
        buffer_format(&letters, "%s%c", i ? " " : "", best.data[i]);
    View *story = view_append_view(page->view, "stories");
    view_set_text(story, "id", scenario->id);
    view_set_text(story, "image", text_format(arena, "%.*s.svg", TEXT_ARG(scenario->id)));
    view_set_number(story, "weight", scenario->points);
    view_set_number(story, "step_count", (int64_t)scenario->step_count);
    view_set_number(story, "situations", (int64_t)numbers.situations);
    view_set_number(story, "paths", (int64_t)numbers.paths);
    view_set_flag(story, "paths_are_more", !numbers.paths_are_exact);
    view_set_number(story, "shortest", (int64_t)numbers.shortest);
    view_set_number(story, "longest", (int64_t)numbers.longest);
    view_set_flag(story, "longest_is_more", !numbers.lengths_are_exact);
    view_set_number(story, "least", numbers.least_points);
    view_set_number(story, "most", numbers.most_points);
    view_set_flag(story, "points_are_more", !numbers.points_are_exact);
    view_set_text(story, "best", text_copy(arena, buffer_text(&letters)));
    buffer_free(&letters);
    add_steps(page, story, scenario);
}

/* ---- Questions ---- */

static Text stem_words(Arena *arena, const Exercise *question) {
    Buffer words = {0};
    for (const Node *child = question->node->first_child; child; child = child->next) {
        node_put_plain_text(&words, child);
        buffer_put_char(&words, ' ');
    }
    Text copy = text_copy(arena, text_trim(buffer_text(&words)));
    buffer_free(&words);
    return copy;
}

/* 12.5, of millionths */
static void put_micro(Buffer *out, int64_t micro) {
    uint64_t size = micro < 0 ? -(uint64_t)micro : (uint64_t)micro;
    buffer_format(out, "%s%llu.%06llu", micro < 0 ? "-" : "", (unsigned long long)(size / 1000000),
                  (unsigned long long)(size % 1000000));
    while (out->data[out->size - 1] == '0')
        out->data[--out->size] = '\0';
    if (out->data[out->size - 1] == '.')
        out->data[--out->size] = '\0';
}

/* What is right of questions that have no list of choices. */
static void put_right(Buffer *out, const Exercise *question) {
    const char *comma = "";
    for (size_t b = 0; b < question->blank_count; b++, comma = "; ") {
        const Blank *blank = &question->blanks[b];
        buffer_format(out, "%s%.*s: ", comma, TEXT_ARG(blank->key));
        for (size_t i = 0; i < blank->accepted_count; i++)
            buffer_format(out, "%s%.*s", i ? " | " : "", TEXT_ARG(blank->accepted[i]));
    }
    if (question->kind != EXERCISE_NUMERIC)
        return;
    put_micro(out, question->answer_micro);
    if (question->tolerance_micro) {
        buffer_put_literal(out, " ± ");
        put_micro(out, question->tolerance_micro);
    }
    if (question->unit.size)
        buffer_format(out, " %.*s", TEXT_ARG(question->unit));
}

static const Choice *find_target(const Exercise *question, const char *id) {
    for (size_t i = 0; i < question->target_count; i++)
        if (strcmp(question->targets[i].id, id) == 0)
            return &question->targets[i];
    return NULL;
}

static void add_question(const ReviewPage *page, const Exercise *question) {
    Arena *arena = page->arena;
    Buffer right = {0};
    View *entry = view_append_view(page->view, "questions");
    view_set_text(entry, "id", question->id);
    view_set_text(entry, "kind", text_from(exercise_kind_name(question->kind)));
    view_set_number(entry, "points", question->points);
    view_set_text(entry, "stem", stem_words(arena, question));
    put_right(&right, question);
    view_set_text(entry, "right", text_copy(arena, buffer_text(&right)));
    buffer_free(&right);
    view_begin_list(entry, "choices");
    for (size_t c = 0; c < question->choice_count; c++) {
        const Choice *choice = &question->choices[c];
        const Choice *target = question->kind == EXERCISE_MATCHING ? find_target(question, choice->target) : NULL;
        View *row = view_append_view(entry, "choices");
        view_set_text(row, "letter", text_from(choice->id));
        view_set_text(row, "words", node_words(arena, choice->words));
        view_set_flag(row, "is_right", choice->is_right);
        view_set_text(row, "target", target ? node_words(arena, target->words) : TEXT(""));
        view_set_text(row, "feedback", node_words(arena, choice->feedback));
    }
}

bool review_write_page(Buffer *out, Worker *worker, const Course *course, Language language) {
    ReviewPage page = {worker, course, language, worker->scratch, view_new(worker->scratch)};
    size_t count;
    Exercise **exercises = course_exercises(page.arena, course, language, &count);
    view_set_text(page.view, "title", course->unit->pages[language]->title);
    view_begin_list(page.view, "stories");
    view_begin_list(page.view, "questions");
    /* A course that is wrong has no numbers; why has been said. */
    if (diagnostics_count(worker->diagnostics, SEVERITY_ERROR) > 0 || !add_numbers(&page))
        return diagnostics_count(worker->diagnostics, SEVERITY_ERROR) > 0;
    for (size_t i = 0; i < count; i++) {
        if (exercises[i]->kind == EXERCISE_SCENARIO)
            add_story(&page, exercises[i]);
        else
            add_question(&page, exercises[i]);
    }
    return render_layout(worker->renderer, out, "review/index.html", language, page.view);
}
