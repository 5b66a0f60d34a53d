/* resolve/parts: what the files of this room share. For this room alone. */
#ifndef PROBITY_RESOLVE_PARTS_H
#define PROBITY_RESOLVE_PARTS_H

#include "resolve/resolve.h"

/* course.c: content/…/en.md:12 */
const char *course_place_words(Arena *arena, Text path, Place place);
/* parity.c: `source` is the same exercise in the source language. */
void exercise_compare(Arena *arena, const Exercise *here, Text path, const Exercise *source, Text source_path,
                      Diagnostics *diagnostics);
const Step *scenario_find_step(const Exercise *scenario, Text id); /* NULL where there is none */
/* graph.c: where a case study can lead, whatever is chosen. */
void scenario_check_graph(const Exercise *scenario, Text path, Diagnostics *diagnostics);
/* score.c: with every answer right, the rules of the course must let a learner pass. */
void course_check_score(Arena *arena, const Site *site, const Course *course, Diagnostics *diagnostics);

#endif
