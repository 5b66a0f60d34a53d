/*
 * review: what people look at who answer for a course before learners do: the graph of each case study, every path in numbers, every question
 * with its right answer. It is confidential, is made only when asked for (--target review), and nothing links to it.
 *
 *   review/<course>/<language>/index.html        page.c
 *   review/<course>/<language>/<case study>.svg  drawing.c, laid out by graph.c
 *   review/style.css
 *
 * May include publish and what publish may include; commands include it.
 */
#ifndef PROBITY_REVIEW_H
#define PROBITY_REVIEW_H

#include "publish/publish.h"

extern const Target target_review;

/* ---- Layered layout of a graph: Sugiyama's four steps, small and without chance ---- */

typedef struct GraphNode {
    int width, height; /* given; the width grows where edges need room */
    int rank;          /* found: 0 is on top */
    int x, y;          /* of the left upper corner */
} GraphNode;

typedef struct GraphPoint {
    int x, y;
} GraphPoint;

typedef struct GraphEdge {
    size_t from, to;    /* given; indexes of nodes */
    int label_width;    /* given; the label stands where the edge begins */
    bool is_back;       /* found: it leads up, or to its own node */
    GraphPoint *points; /* from its node to the other, along a line that crosses no node */
    size_t point_count;
    GraphPoint label; /* the middle of it */
} GraphEdge;

typedef struct Graph {
    GraphNode *nodes; /* the first is where it begins */
    size_t node_count;
    GraphEdge *edges;
    size_t edge_count;
    int width, height; /* found */
    size_t crossings;  /* found: between neighbouring ranks */
} Graph;

/* Points and ranks live in `arena`. `mirrored`: from right to left. */
void graph_lay_out(Arena *arena, Graph *graph, bool mirrored);

/* The picture of a case study. `messages` are those of the language; `best`: letters of the recommended path. */
typedef struct Drawing {
    const Exercise *scenario;
    Language language;
    Text best;
    Renderer *renderer;
    Arena *arena;
} Drawing;

void drawing_write(Buffer *out, const Drawing *drawing);
/* The words of a step, without those of its choices. */
Text step_words(Arena *arena, const Step *step);
/* trust+1 told=2 ; trust>=1 */
void choice_put_changes(Buffer *out, const Choice *choice);
void choice_put_tests(Buffer *out, const Choice *choice);

bool review_write_page(Buffer *out, Worker *worker, const Course *course, Language language);

#endif
