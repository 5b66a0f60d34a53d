/*
 * Questions and case studies. In RENDER_COURSE the markup is what render.h promises the player. Elsewhere the same is
 * text to read: choices are a list with letters, steps follow each other and links lead from one to the next. Which
 * answers are right is in neither.
 */
#include "render/internal.h"

static bool is_course(const Walk *walk) {
    return walk->options->mode == RENDER_COURSE;
}

/* PREFIX ID or PREFIX ID-PART */
static void put_part_id(Walk *walk, Text exercise, Text part) {
    walk_put_id(walk, exercise);
    if (!part.size)
        return;
    buffer_put_char(walk->out, '-');
    buffer_put_html(walk->out, part);
}

/* Words of a choice, as one run of text: a label or a link can hold no blocks. What is no paragraph comes after it. */
static void put_inline_words(Walk *walk, const Node *words) {
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

static void put_block_words(Walk *walk, const Node *words) {
    for (const Node *block = words->first_child; block; block = block->next)
        if (block->kind != NODE_PARAGRAPH)
            walk_nodes(walk, block, block->next);
}

static void write_feedback(Walk *walk, const Choice *choice) {
    if (!choice->feedback)
        return;
    buffer_put_literal(walk->out, "\n<div class=\"feedback\">\n");
    walk_nodes(walk, choice->feedback->first_child, NULL);
    buffer_put_literal(walk->out, "</div>");
}

static void write_stem(Walk *walk, const Exercise *exercise) {
    buffer_put_literal(walk->out, "<div class=\"stem\" id=\"");
    put_part_id(walk, exercise->id, TEXT("stem"));
    buffer_put_literal(walk->out, "\">\n");
    walk_nodes(walk, exercise->node->first_child, NULL);
    buffer_put_literal(walk->out, "</div>\n");
}

static void write_start(Walk *walk, const Exercise *exercise, const char *element, const char *class_name) {
    Buffer *out = walk->out;
    buffer_format(out, "<%s class=\"exercise %s\" id=\"", element, class_name);
    put_part_id(walk, exercise->id, (Text){"", 0});
    buffer_put_literal(out, "\" data-exercise=\"");
    buffer_put_html(out, exercise->id);
    buffer_format(out, "\" data-kind=\"%s\">\n", exercise_kind_name(exercise->kind));
}

/* ---- Questions ---- */

static void write_control(Walk *walk, const Exercise *exercise, const Choice *choice) {
    Buffer *out = walk->out;
    buffer_format(out, "<div class=\"choice\" data-choice=\"%s\">\n", choice->id);
    buffer_format(out, "<label><input type=\"%s\" name=\"", exercise->kind == EXERCISE_MULTIPLE ? "checkbox" : "radio");
    walk_put_id(walk, exercise->id);
    buffer_format(out, "\" value=\"%s\" /> <span class=\"words\">", choice->id);
    put_inline_words(walk, choice->words);
    buffer_put_literal(out, "</span></label>");
    put_block_words(walk, choice->words);
    write_feedback(walk, choice);
    buffer_put_literal(out, "\n</div>\n");
}

static void write_form(Walk *walk, const Exercise *exercise) {
    Buffer *out = walk->out;
    write_start(walk, exercise, "form", "question");
    write_stem(walk, exercise);
    buffer_put_literal(out, "<fieldset aria-labelledby=\"");
    put_part_id(walk, exercise->id, TEXT("stem"));
    buffer_put_literal(out, "\">\n");
    for (size_t i = 0; i < exercise->choice_count; i++)
        write_control(walk, exercise, &exercise->choices[i]);
    buffer_put_literal(out, "</fieldset>\n</form>\n");
}

static void write_question_text(Walk *walk, const Exercise *exercise) {
    Buffer *out = walk->out;
    write_start(walk, exercise, "div", "question");
    write_stem(walk, exercise);
    buffer_put_literal(out, "<ol class=\"choices\" type=\"a\">\n");
    for (size_t i = 0; i < exercise->choice_count; i++) {
        buffer_put_literal(out, "<li>");
        put_inline_words(walk, exercise->choices[i].words);
        put_block_words(walk, exercise->choices[i].words);
        buffer_put_literal(out, "</li>\n");
    }
    buffer_put_literal(out, "</ol>\n</div>\n");
}

/* ---- Case studies ---- */

static void write_move(Walk *walk, const Exercise *exercise, const Choice *choice) {
    Buffer *out = walk->out;
    buffer_format(out, "<li class=\"choice\" data-choice=\"%s\"><a class=\"move\" href=\"#", choice->id);
    put_part_id(walk, exercise->id, choice->move);
    buffer_put_literal(out, "\">");
    /* The author wrote the choice as a link to the step; this is that link. */
    walk->links_as_text = true;
    put_inline_words(walk, choice->words);
    walk->links_as_text = false;
    buffer_put_literal(out, "</a>");
    put_block_words(walk, choice->words);
    write_feedback(walk, choice);
    buffer_put_literal(out, "</li>\n");
}

static void write_step(Walk *walk, const Exercise *exercise, const Step *step) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<div class=\"step\" id=\"");
    put_part_id(walk, exercise->id, step->id);
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
    write_start(walk, exercise, "div", "scenario");
    write_stem(walk, exercise);
    for (size_t i = 0; i < exercise->step_count; i++)
        write_step(walk, exercise, &exercise->steps[i]);
    buffer_put_literal(walk->out, "</div>\n");
}

void exercise_write(Walk *walk, const Exercise *exercise) {
    if (exercise->kind == EXERCISE_SCENARIO)
        write_scenario(walk, exercise);
    else if (is_course(walk))
        write_form(walk, exercise);
    else
        write_question_text(walk, exercise);
}
