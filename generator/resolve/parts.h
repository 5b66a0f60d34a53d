/* resolve/parts: what the files of this room share. For this room alone. */
#ifndef PROBITY_RESOLVE_PARTS_H
#define PROBITY_RESOLVE_PARTS_H

#include "resolve/resolve.h"

/* Every step reachable, an ending from every step. */
void scenario_check_graph(Arena *arena, const Exercise *scenario, Text path, Diagnostics *diagnostics);
/* score.c: with every answer right, the rules of the course must let a learner pass. */
void course_check_score(Arena *arena, const Site *site, const Course *course, Diagnostics *diagnostics);

#endif
