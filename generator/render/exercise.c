/*
 * Exercises: what questions and case studies share, and case studies; question.c writes questions. In RENDER_COURSE the
 * markup is what render.h promises the player. Elsewhere the same is text to read: steps follow each other and links
 * lead from one to the next.
 */
#include "render/exercise.h"

bool exercise_is_in_course(const Walk *walk) {
    return walk->options->mode == RENDER_COURSE;
}

void exercise_put_part_id(Walk *walk, Text exercise, Text part) {
    walk_put_id(walk, exercise);
    if (!part.size)
        return;
    buffer_put_char(walk->out, '-');
    buffer_put_html(walk->out, part);
}

void exercise_put_inline_words(Walk *walk, const Node *words) {
    bool is_first = true;
    for (const Node *block = words->first_child; block; block = block->next) {
        if (block->kind != NODE_PARAGRAPH)
            continue;
        if (!is_first)
            buffer_put_literal(walk->out, "<br />\n");
        walk_nodes(walk, block->first_child, NULL);
        is_first = false;
    }
}

void exercise_put_block_words(Walk *walk, const Node *words) {
    for (const Node *block = words->first_child; block; block = block->next)
        if (block->kind != NODE_PARAGRAPH)
            walk_nodes(walk, block, block->next);
}

void exercise_write_feedback(Walk *walk, const Choice *choice) {
    if (!choice->feedback)
        return;
    buffer_put_literal(walk->out, "\n<div class=\"feedback\">\n");
    walk_nodes(walk, choice->feedback->first_child, NULL);
    buffer_put_literal(walk->out, "</div>");
}

void exercise_write_stem(Walk *walk, const Exercise *exercise) {
    buffer_put_literal(walk->out, "<div class=\"stem\" id=\"");
    exercise_put_part_id(walk, exercise->id, TEXT("stem"));
    buffer_put_literal(walk->out, "\">\n");
    walk_nodes(walk, exercise->node->first_child, NULL);
    buffer_put_literal(walk->out, "</div>\n");
}

void exercise_write_start(Walk *walk, const Exercise *exercise, const char *element, const char *class_name) {
    Buffer *out = walk->out;
    buffer_format(out, "<%s class=\"exercise %s\" id=\"", element, class_name);
    exercise_put_part_id(walk, exercise->id, (Text){"", 0});
    buffer_put_literal(out, "\" data-exercise=\"");
    buffer_put_html(out, exercise->id);
    buffer_format(out, "\" data-kind=\"%s\">\n", exercise_kind_name(exercise->kind));
}

/* ---- Case studies ---- */

static void write_move(Walk *walk, const Exercise *exercise, const Choice *choice) {
    Buffer *out = walk->out;
    buffer_format(out, "<li class=\"choice\" data-choice=\"%s\"><a class=\"move\" href=\"#", choice->id);
    exercise_put_part_id(walk, exercise->id, choice->move);
    buffer_put_literal(out, "\">");
    /* The author wrote the choice as a link to the step; this is that link. */
    walk->links_as_text = true;
    exercise_put_inline_words(walk, choice->words);
    walk->links_as_text = false;
    buffer_put_literal(out, "</a>");
    exercise_put_block_words(walk, choice->words);
    exercise_write_feedback(walk, choice);
    buffer_put_literal(out, "</li>\n");
}

static void write_step(Walk *walk, const Exercise *exercise, const Step *step) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<div class=\"step\" id=\"");
    exercise_put_part_id(walk, exercise->id, step->id);
    buffer_put_literal(out, "\" data-step=\"");
    buffer_put_html(out, step->id);
    if (step->end.size) {
        buffer_put_literal(out, "\" data-end=\"");
        buffer_put_html(out, step->end);
    }
    buffer_put_literal(out, "\">\n");
    walk_nodes(walk, step->node->first_child, NULL);
    if (step->choice_count) {
        buffer_put_literal(out, "<ul class=\"choices\">\n");
        for (size_t i = 0; i < step->choice_count; i++)
            write_move(walk, exercise, &step->choices[i]);
        buffer_put_literal(out, "</ul>\n");
    }
    buffer_put_literal(out, "</div>\n");
}

static void write_scenario(Walk *walk, const Exercise *exercise) {
    exercise_write_start(walk, exercise, "div", "scenario");
    exercise_write_stem(walk, exercise);
    for (size_t i = 0; i < exercise->step_count; i++)
        write_step(walk, exercise, &exercise->steps[i]);
    buffer_put_literal(walk->out, "</div>\n");
}

void exercise_write(Walk *walk, const Exercise *exercise) {
    walk->exercise = exercise;
    if (exercise->kind == EXERCISE_SCENARIO)
        write_scenario(walk, exercise);
    else
        question_write(walk, exercise);
    walk->exercise = NULL;
}

void bank_write_start(Walk *walk, const Bank *bank) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<div class=\"bank\" id=\"");
    walk_put_id(walk, bank->id);
    buffer_put_literal(out, "\" data-bank=\"");
    buffer_put_html(out, bank->id);
    buffer_format(out, "\" data-draw=\"%d\">\n", bank->draw);
}
