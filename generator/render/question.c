/*
 * Questions. In a course each is a form of native controls, which the player makes work; elsewhere it is text to read:
 * choices with letters, pairs as a table, blanks as lines. Which answers are right is in neither: what is ordered or
 * matched stands in an order that has nothing to do with it.
 */
#include "render/exercise.h"

/* ---- An order that gives nothing away, and is the same in every language ---- */

/* FNV-1a of the question's id and the letter; then its bits are mixed, for letters that follow each other would do so here, too. */
static uint32_t hash_of(const Exercise *question, const Choice *choice) {
    uint32_t hash = 0x811c9dc5;
    for (size_t i = 0; i < question->id.size; i++)
        hash = (hash ^ (unsigned char)question->id.data[i]) * 0x01000193;
    hash = (hash ^ (unsigned char)choice->id[0]) * 0x01000193;
    hash = (hash ^ hash >> 16) * 0x85ebca6b;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35;
    return hash ^ hash >> 16;
}

static const Choice **mix(Walk *walk, const Exercise *question, const Choice *choices, size_t count) {
    const Choice **mixed = arena_new(&walk->renderer->scratch, const Choice *, count + 1);
    bool is_as_written = true;
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && hash_of(question, mixed[at - 1]) > hash_of(question, &choices[i]); at--)
            mixed[at] = mixed[at - 1];
        mixed[at] = &choices[i];
    }
    for (size_t i = 0; i < count; i++)
        is_as_written = is_as_written && mixed[i] == &choices[i];
    if (is_as_written && count > 1) {
        mixed[count] = mixed[0];
        mixed++;
    }
    return mixed;
}

/* ---- Parts of a form ---- */

static void put_reference(Walk *walk, const char *attribute, const Exercise *question, Text part) {
    buffer_format(walk->out, " %s=\"", attribute);
    exercise_put_part_id(walk, question->id, part);
    buffer_put_char(walk->out, '"');
}

static void write_words(Walk *walk, const Node *words) {
    buffer_put_literal(walk->out, "<span class=\"words\">");
    exercise_put_inline_words(walk, words);
    buffer_put_literal(walk->out, "</span>");
}

static void write_message(Walk *walk, const char *key) {
    buffer_put_literal(walk->out, "<span class=\"words\">");
    walk_put_word(walk, key);
    buffer_put_literal(walk->out, "</span>");
}

static void write_choice(Walk *walk, const Exercise *question, const Choice *choice) {
    Buffer *out = walk->out;
    buffer_format(out, "<div class=\"choice\" data-choice=\"%s\"", choice->id);
    if (choice->area.width)
        buffer_format(out, " data-area=\"%d %d %d %d\"", choice->area.x, choice->area.y, choice->area.width,
                      choice->area.height);
    buffer_format(out, ">\n<label><input type=\"%s\" name=\"", exercise_takes_several(question) ? "checkbox" : "radio");
    walk_put_id(walk, question->id);
    buffer_format(out, "\" value=\"%s\" /> ", choice->id);
    write_words(walk, choice->words);
    buffer_put_literal(out, "</label>");
    exercise_put_block_words(walk, choice->words);
    exercise_write_feedback(walk, choice);
    buffer_put_literal(out, "\n</div>\n");
}

static void write_image(Walk *walk, const Exercise *question) {
    if (!question->image)
        return;
    buffer_put_literal(walk->out, "<div class=\"hotspot\">");
    walk_nodes(walk, question->image, NULL);
    buffer_put_literal(walk->out, "</div>\n");
}

static void write_choices(Walk *walk, const Exercise *question) {
    write_image(walk, question);
    buffer_put_literal(walk->out, "<fieldset");
    put_reference(walk, "aria-labelledby", question, TEXT("stem"));
    buffer_put_literal(walk->out, ">\n");
    for (size_t i = 0; i < question->choice_count; i++)
        write_choice(walk, question, &question->choices[i]);
    buffer_put_literal(walk->out, "</fieldset>\n");
}

static void write_items(Walk *walk, const Exercise *question) {
    const Choice **items = mix(walk, question, question->choices, question->choice_count);
    buffer_put_literal(walk->out, "<ol class=\"items\"");
    put_reference(walk, "aria-labelledby", question, TEXT("stem"));
    buffer_put_literal(walk->out, ">\n");
    for (size_t i = 0; i < question->choice_count; i++) {
        buffer_format(walk->out, "<li class=\"item\" data-item=\"%s\">", items[i]->id);
        write_words(walk, items[i]->words);
        exercise_put_block_words(walk, items[i]->words);
        buffer_put_literal(walk->out, "</li>\n");
    }
    buffer_put_literal(walk->out, "</ol>\n");
}

static void put_left_part(Buffer *part, const Choice *left) {
    buffer_clear(part);
    buffer_format(part, "left-%s", left->id);
}

static void write_pair(Walk *walk, const Exercise *question, const Choice *left, const Choice **targets) {
    Buffer *out = walk->out, part = {0};
    put_left_part(&part, left);
    buffer_format(out, "<li class=\"pair\" data-left=\"%s\"><span class=\"words\"", left->id);
    put_reference(walk, "id", question, buffer_text(&part));
    buffer_put_char(out, '>');
    exercise_put_inline_words(walk, left->words);
    buffer_put_literal(out, "</span> <select");
    buffer_format(out, " name=\"");
    walk_put_id(walk, question->id);
    buffer_format(out, "-%s\"", left->id);
    put_reference(walk, "aria-labelledby", question, buffer_text(&part));
    buffer_put_literal(out, "><option value=\"\">\u2014</option>");
    for (size_t i = 0; i < question->target_count; i++) {
        buffer_format(out, "<option value=\"%s\">", targets[i]->id);
        buffer_clear(&part);
        node_put_plain_text(&part, targets[i]->words);
        buffer_put_html(out, text_trim(buffer_text(&part)));
        buffer_put_literal(out, "</option>");
    }
    buffer_put_literal(out, "</select></li>\n");
    buffer_free(&part);
}

static void write_heads(Walk *walk, const Exercise *question) {
    if (!question->heads[0])
        return;
    buffer_put_literal(walk->out, "<p class=\"pair-heads\">");
    write_words(walk, question->heads[0]);
    buffer_put_char(walk->out, ' ');
    write_words(walk, question->heads[1]);
    buffer_put_literal(walk->out, "</p>\n");
}

static void write_pairs(Walk *walk, const Exercise *question) {
    const Choice **targets = mix(walk, question, question->targets, question->target_count);
    write_heads(walk, question);
    buffer_put_literal(walk->out, "<ul class=\"pairs\"");
    put_reference(walk, "aria-labelledby", question, TEXT("stem"));
    buffer_put_literal(walk->out, ">\n");
    for (size_t i = 0; i < question->choice_count; i++)
        write_pair(walk, question, &question->choices[i], targets);
    buffer_put_literal(walk->out, "</ul>\n");
}

/* name="…" and what else every field of a question has. */
static void put_field(Walk *walk, const Exercise *question) {
    put_reference(walk, "name", question, TEXT(""));
    put_reference(walk, "aria-describedby", question, TEXT("stem"));
}

static void write_number(Walk *walk, const Exercise *question) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<label class=\"number\">");
    write_message(walk, "player.question.number");
    buffer_put_literal(out, " <input type=\"text\" inputmode=\"decimal\" autocomplete=\"off\" size=\"12\"");
    put_field(walk, question);
    buffer_put_literal(out, " />");
    if (question->unit.size) {
        buffer_put_literal(out, " <span class=\"unit\">");
        buffer_put_html(out, question->unit);
        buffer_put_literal(out, "</span>");
    }
    buffer_put_literal(out, "</label>\n");
}

static void write_reflection(Walk *walk, const Exercise *question) {
    buffer_put_literal(walk->out, "<label class=\"reflection\">");
    write_message(walk, "player.question.reflection");
    buffer_format(walk->out, " <textarea rows=\"5\" cols=\"60\" maxlength=\"%d\"", question->size_bytes);
    put_field(walk, question);
    buffer_put_literal(walk->out, "></textarea></label>\n");
}

static void write_attestation(Walk *walk, const Exercise *question) {
    buffer_put_literal(walk->out, "<label class=\"attestation\"><input type=\"checkbox\" value=\"a\"");
    put_field(walk, question);
    buffer_put_literal(walk->out, " /> ");
    write_message(walk, "player.question.attestation");
    buffer_put_literal(walk->out, "</label>\n");
}

/* ---- Text to read ---- */

static void write_lettered(Walk *walk, const Exercise *question, const Choice **choices, size_t count) {
    Buffer *out = walk->out;
    write_image(walk, question);
    buffer_put_literal(out, "<ol class=\"choices\" type=\"a\">\n");
    for (size_t i = 0; i < count; i++) {
        const Choice *choice = choices ? choices[i] : &question->choices[i];
        buffer_put_literal(out, "<li>");
        exercise_put_inline_words(walk, choice->words);
        exercise_put_block_words(walk, choice->words);
        buffer_put_literal(out, "</li>\n");
    }
    buffer_put_literal(out, "</ol>\n");
}

static void write_lettered_choices(Walk *walk, const Exercise *question) {
    write_lettered(walk, question, NULL, question->choice_count);
}

static void write_lettered_items(Walk *walk, const Exercise *question) {
    write_lettered(walk, question, mix(walk, question, question->choices, question->choice_count),
                   question->choice_count);
}

static void write_cell(Walk *walk, const char *element, const Node *words) {
    buffer_format(walk->out, "<%s>", element);
    if (words)
        exercise_put_inline_words(walk, words);
    buffer_format(walk->out, "</%s>", element[0] == 't' && element[1] == 'd' ? "td" : "th");
}

/* What stands beside each other in a row does not belong together: the right side has letters. */
static void write_matching_table(Walk *walk, const Exercise *question) {
    Buffer *out = walk->out;
    const Choice **targets = mix(walk, question, question->targets, question->target_count);
    size_t rows = question->choice_count > question->target_count ? question->choice_count : question->target_count;
    table_write_start(walk, TEXT(""));
    buffer_put_literal(out, "<thead>\n<tr>");
    for (int i = 0; i < 2; i++)
        write_cell(walk, "th scope=\"col\"", question->heads[i]);
    buffer_put_literal(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t row = 0; row < rows; row++) {
        buffer_put_literal(out, "<tr>");
        write_cell(walk, "td", row < question->choice_count ? question->choices[row].words : NULL);
        buffer_put_literal(out, "<td>");
        if (row < question->target_count) {
            buffer_format(out, "%c. ", (char)('a' + row));
            exercise_put_inline_words(walk, targets[row]->words);
        }
        buffer_put_literal(out, "</td></tr>\n");
    }
    buffer_put_literal(out, "</tbody>\n");
    table_write_end(walk);
}

static void write_line(Walk *walk) {
    buffer_put_literal(walk->out, "\">______</span>");
}

static void write_answer_line(Walk *walk, const Exercise *question) {
    Buffer *out = walk->out;
    buffer_put_literal(out, "<p><span class=\"blank\" role=\"img\" aria-label=\"");
    walk_put_word(walk, question->kind == EXERCISE_NUMERIC ? "player.question.number" : "player.question.reflection");
    write_line(walk);
    if (question->unit.size) {
        buffer_put_char(out, ' ');
        buffer_put_html(out, question->unit);
    }
    buffer_put_literal(out, "</p>\n");
}

static void write_attestation_text(Walk *walk, const Exercise *question) {
    (void)question;
    buffer_put_literal(walk->out, "<p><span role=\"img\" aria-label=\"");
    walk_put_word(walk, "task.open");
    buffer_put_literal(walk->out, "\">\u2610\uFE0E</span> ");
    walk_put_word(walk, "player.question.attestation");
    buffer_put_literal(walk->out, "</p>\n");
}

/* ---- The kinds ---- */

typedef void (*WriteFunction)(Walk *walk, const Exercise *question);

/* What stands below the stem: in a course, and as text. NULL: nothing. */
static const struct {
    WriteFunction form, text;
} writers[EXERCISE_SCENARIO] = {
    [EXERCISE_SINGLE] = {write_choices, write_lettered_choices},
    [EXERCISE_MULTIPLE] = {write_choices, write_lettered_choices},
    [EXERCISE_TRUE_FALSE] = {write_choices, write_lettered_choices},
    [EXERCISE_LIKERT] = {write_choices, write_lettered_choices},
    [EXERCISE_ORDERING] = {write_items, write_lettered_items},
    [EXERCISE_MATCHING] = {write_pairs, write_matching_table},
    [EXERCISE_FILL_IN] = {NULL, NULL},
    [EXERCISE_NUMERIC] = {write_number, write_answer_line},
    [EXERCISE_HOTSPOT] = {write_choices, write_lettered_choices},
    [EXERCISE_REFLECTION] = {write_reflection, write_answer_line},
    [EXERCISE_ATTESTATION] = {write_attestation, write_attestation_text},
};

/* Hints and feedback are for those who are answering. */
static void write_remarks(Walk *walk, const Exercise *question) {
    Buffer *out = walk->out;
    for (size_t i = 0; i < question->hint_count; i++) {
        buffer_put_literal(out, "<div class=\"hint\">\n");
        walk_nodes(walk, question->hints[i]->first_child, NULL);
        buffer_put_literal(out, "</div>\n");
    }
    for (int kind = 0; kind < FEEDBACK_KIND_COUNT; kind++) {
        if (!question->feedback[kind])
            continue;
        buffer_format(out, "<div class=\"feedback\" data-for=\"%s\">\n", feedback_kind_name((FeedbackKind)kind));
        walk_nodes(walk, question->feedback[kind]->first_child, NULL);
        buffer_put_literal(out, "</div>\n");
    }
}

void question_write(Walk *walk, const Exercise *question) {
    bool is_form = exercise_is_in_course(walk);
    WriteFunction write = is_form ? writers[question->kind].form : writers[question->kind].text;
    exercise_write_start(walk, question, is_form ? "form" : "div", "question");
    exercise_write_stem(walk, question);
    if (write)
        write(walk, question);
    if (is_form)
        write_remarks(walk, question);
    buffer_put_text(walk->out, is_form ? TEXT("</form>\n") : TEXT("</div>\n"));
}

/* ---- Blanks, which stand within the stem's text ---- */

enum { BLANK_SIZE_LEAST = 8, BLANK_SIZE_STEP = 4, BLANK_SIZE_LIMIT = 40 };

/* Wide enough for the answer, but not as wide as it is. */
static int blank_size(const Node *blank) {
    int size = BLANK_SIZE_LEAST;
    while (size < blank->blank.characters + 2 && size < BLANK_SIZE_LIMIT)
        size += BLANK_SIZE_STEP;
    return size;
}

void blank_write(Walk *walk, const Node *blank) {
    Buffer *out = walk->out;
    bool is_form = exercise_is_in_course(walk) && walk->exercise;
    if (is_form) {
        buffer_put_literal(out, "<input type=\"text\" class=\"blank\" data-blank=\"");
        buffer_put_html(out, blank->blank.key);
        buffer_put_char(out, '"');
        put_reference(walk, "name", walk->exercise, blank->blank.key);
    } else {
        buffer_put_literal(out, "<span class=\"blank\" role=\"img\"");
    }
    buffer_put_literal(out, " aria-label=\"");
    int64_t number = blank->blank.number;
    renderer_put_word_numbers(walk->renderer, out, walk->options->language, "player.question.blank", &number, 1);
    if (is_form)
        buffer_format(out, "\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" size=\"%d\" />",
                      blank_size(blank));
    else
        write_line(walk);
}
