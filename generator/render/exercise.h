/* What exercise.c and question.c share. No other file includes it. */
#ifndef PROBITY_RENDER_EXERCISE_H
#define PROBITY_RENDER_EXERCISE_H

#include "render/internal.h"

bool exercise_is_in_course(const Walk *walk);
/* PREFIX ID or PREFIX ID-PART */
void exercise_put_part_id(Walk *walk, Text exercise, Text part);
/* Words of a choice, as one run of text: a label or a link can hold no blocks. What is no paragraph comes after it. */
void exercise_put_inline_words(Walk *walk, const Node *words);
void exercise_put_block_words(Walk *walk, const Node *words);
void exercise_write_feedback(Walk *walk, const Choice *choice);
void exercise_write_stem(Walk *walk, const Exercise *exercise);
/* <div class="exercise question" id="…" …>, or whatever the element and the class are called. */
void exercise_write_start(Walk *walk, const Exercise *exercise, const char *element, const char *class_name);

void question_write(Walk *walk, const Exercise *question);

#endif
