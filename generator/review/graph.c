/*
 * Ranks by the longest path, long edges cut by points in each rank that they pass, fewer crossings by medians, places by what lies above and
 * below. All numbers are whole, so that every machine draws the same.
 */
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

enum {
    GAP_X = 28,
    GAP_Y = 84,
    MARGIN = 16,
    LABEL_OFFSET = 20,
    PORT_WIDTH = 18,
    LOOP_WIDTH = 34,
    SWEEPS = 12,
    PLACINGS = 10
};

/* A node, or the point where a long edge passes a rank. */
typedef struct Cell {
    size_t node; /* SIZE_MAX: a point */
    int rank, width, position;
    long x; /* of the middle */
    long wanted;
    size_t *above, *below; /* cells */
    size_t above_count, below_count;
} Cell;

typedef struct Chain {
    size_t *cells; /* from the upper node to the lower */
    size_t count;
    int upper_port, lower_port; /* distance from the middle of the node */
} Chain;

typedef struct Layout {
    Arena *arena;
    Graph *graph;
    Cell *cells;
    size_t cell_count;
    Chain *chains; /* by edge */
    size_t **ranks;
    size_t *rank_sizes;
    int rank_count;
    int *rank_tops, *rank_heights;
} Layout;

/* ---- Which edges lead back: those that close a circle when one walks from the first node ---- */

static void find_back_edges(const Graph *graph, size_t at, char *states) {
    states[at] = 1;
    for (size_t e = 0; e < graph->edge_count; e++) {
        GraphEdge *edge = &graph->edges[e];
        if (edge->from != at)
            continue;
        edge->is_back = states[edge->to] == 1;
        if (!states[edge->to])
            find_back_edges(graph, edge->to, states);
    }
    states[at] = 2;
}

static size_t upper_of(const GraphEdge *edge) {
    return edge->is_back ? edge->to : edge->from;
}

static size_t lower_of(const GraphEdge *edge) {
    return edge->is_back ? edge->from : edge->to;
}

static bool is_loop(const GraphEdge *edge) {
    return edge->from == edge->to;
}

static void find_ranks(Layout *layout) {
    Graph *graph = layout->graph;
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t e = 0; e < graph->edge_count; e++) {
            const GraphEdge *edge = &graph->edges[e];
            GraphNode *lower = &graph->nodes[lower_of(edge)];
            int least = graph->nodes[upper_of(edge)].rank + 1;
            if (!is_loop(edge) && lower->rank < least) {
                lower->rank = least;
                grown = true;
            }
        }
    }
    for (size_t i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].rank >= layout->rank_count)
            layout->rank_count = graph->nodes[i].rank + 1;
}

/* ---- Cells ---- */

static size_t add_cell(Layout *layout, Cell cell) {
    layout->cells[layout->cell_count] = cell;
    return layout->cell_count++;
}

static void make_cells(Layout *layout) {
    Graph *graph = layout->graph;
    size_t limit = graph->node_count;
    for (size_t e = 0; e < graph->edge_count; e++)
        limit += (size_t)layout->rank_count;
    layout->cells = arena_new(layout->arena, Cell, limit + 1);
    layout->chains = arena_new(layout->arena, Chain, graph->edge_count + 1);
    for (size_t i = 0; i < graph->node_count; i++)
        add_cell(layout, (Cell){.node = i, .rank = graph->nodes[i].rank, .width = graph->nodes[i].width});
    for (size_t e = 0; e < graph->edge_count; e++) {
        const GraphEdge *edge = &graph->edges[e];
        if (is_loop(edge))
            continue;
        size_t upper = upper_of(edge), lower = lower_of(edge);
        Chain *chain = &layout->chains[e];
        chain->cells = arena_new(layout->arena, size_t, (size_t)layout->rank_count + 1);
        chain->cells[chain->count++] = upper;
        for (int rank = graph->nodes[upper].rank + 1; rank < graph->nodes[lower].rank; rank++)
            chain->cells[chain->count++] =
                add_cell(layout, (Cell){.node = SIZE_MAX, .rank = rank, .width = PORT_WIDTH});
        chain->cells[chain->count++] = lower;
    }
}

static void join_cells(Layout *layout) {
    for (int round = 0; round < 2; round++) {
        for (size_t c = 0; c < layout->cell_count && round; c++) {
            Cell *cell = &layout->cells[c];
            cell->above = arena_new(layout->arena, size_t, cell->above_count + 1);
            cell->below = arena_new(layout->arena, size_t, cell->below_count + 1);
            cell->above_count = cell->below_count = 0;
        }
        for (size_t e = 0; e < layout->graph->edge_count; e++) {
            const Chain *chain = &layout->chains[e];
            for (size_t i = 1; i < chain->count; i++) {
                Cell *upper = &layout->cells[chain->cells[i - 1]], *lower = &layout->cells[chain->cells[i]];
                if (round) {
                    upper->below[upper->below_count] = chain->cells[i];
                    lower->above[lower->above_count] = chain->cells[i - 1];
                }
                upper->below_count++;
                lower->above_count++;
            }
        }
    }
}

static void fill_ranks(Layout *layout) {
    layout->ranks = arena_new(layout->arena, size_t *, (size_t)layout->rank_count);
    layout->rank_sizes = arena_new(layout->arena, size_t, (size_t)layout->rank_count);
    for (int r = 0; r < layout->rank_count; r++)
        layout->ranks[r] = arena_new(layout->arena, size_t, layout->cell_count);
    for (size_t c = 0; c < layout->cell_count; c++) {
        int rank = layout->cells[c].rank;
        layout->cells[c].position = (int)layout->rank_sizes[rank];
        layout->ranks[rank][layout->rank_sizes[rank]++] = c;
    }
}

/* ---- Order within a rank ---- */

static int compare_numbers(const void *left, const void *right) {
    return *(const int *)left - *(const int *)right;
}

/* Twice the median of the neighbours' positions; -1 where there are none. */
static long median(const Layout *layout, const size_t *neighbours, size_t count, int *scratch) {
    if (!count)
        return -1;
    for (size_t i = 0; i < count; i++)
        scratch[i] = layout->cells[neighbours[i]].position;
    qsort(scratch, count, sizeof *scratch, compare_numbers);
    return count % 2 ? 2 * scratch[count / 2] : scratch[count / 2 - 1] + scratch[count / 2];
}

/* Insertion keeps those of one median in their order, and those without neighbours where they are. */
static void sort_rank(Layout *layout, int rank, bool by_above, int *scratch) {
    size_t *cells = layout->ranks[rank], count = layout->rank_sizes[rank];
    for (size_t i = 0; i < count; i++) {
        Cell *cell = &layout->cells[cells[i]];
        long value = by_above ? median(layout, cell->above, cell->above_count, scratch)
                              : median(layout, cell->below, cell->below_count, scratch);
        cell->wanted = value < 0 ? 2 * cell->position : value;
    }
    for (size_t i = 1; i < count; i++) {
        size_t taken = cells[i], at = i;
        for (; at > 0 && layout->cells[cells[at - 1]].wanted > layout->cells[taken].wanted; at--)
            cells[at] = cells[at - 1];
        cells[at] = taken;
    }
    for (size_t i = 0; i < count; i++)
        layout->cells[cells[i]].position = (int)i;
}

static size_t count_crossings(const Layout *layout) {
    size_t crossings = 0;
    for (int r = 0; r + 1 < layout->rank_count; r++) {
        for (size_t i = 0; i < layout->rank_sizes[r]; i++) {
            for (size_t j = i + 1; j < layout->rank_sizes[r]; j++) {
                const Cell *left = &layout->cells[layout->ranks[r][i]], *right = &layout->cells[layout->ranks[r][j]];
                for (size_t a = 0; a < left->below_count; a++)
                    for (size_t b = 0; b < right->below_count; b++)
                        crossings += layout->cells[left->below[a]].position > layout->cells[right->below[b]].position;
            }
        }
    }
    return crossings;
}

static void order_ranks(Layout *layout) {
    int *scratch = arena_new(layout->arena, int, layout->graph->edge_count + 1);
    int *best = arena_new(layout->arena, int, layout->cell_count + 1);
    size_t least = SIZE_MAX;
    for (int sweep = 0; sweep <= SWEEPS; sweep++) {
        size_t crossings = count_crossings(layout);
        if (crossings < least) {
            least = crossings;
            for (size_t c = 0; c < layout->cell_count; c++)
                best[c] = layout->cells[c].position;
        }
        for (int step = 1; step < layout->rank_count; step++)
            sort_rank(layout, sweep % 2 ? layout->rank_count - 1 - step : step, sweep % 2 == 0, scratch);
    }
    for (size_t c = 0; c < layout->cell_count; c++) {
        layout->cells[c].position = best[c];
        layout->ranks[layout->cells[c].rank][best[c]] = c;
    }
    layout->graph->crossings = least;
}

/* ---- Ports: edges leave and enter a node side by side, in the order of where they lead ---- */

typedef struct Port {
    size_t edge;
    int position, width;
    int *place;
} Port;

static int compare_ports(const void *left, const void *right) {
    const Port *a = left, *b = right;
    if (a->position != b->position)
        return a->position - b->position;
    return a->edge < b->edge ? -1 : a->edge > b->edge;
}

/* The ports of one side of a node; returns how wide they are together. */
static int place_ports(Layout *layout, size_t node, bool is_below, Port *ports) {
    size_t count = 0;
    int width = 0, at = 0;
    for (size_t e = 0; e < layout->graph->edge_count; e++) {
        const GraphEdge *edge = &layout->graph->edges[e];
        Chain *chain = &layout->chains[e];
        if (is_loop(edge) || (is_below ? upper_of(edge) : lower_of(edge)) != node)
            continue;
        size_t next = is_below ? chain->cells[1] : chain->cells[chain->count - 2];
        bool has_label = is_below != edge->is_back;
        ports[count++] = (Port){.edge = e,
                                .position = layout->cells[next].position,
                                .width = has_label ? edge->label_width + 8 : PORT_WIDTH,
                                .place = is_below ? &chain->upper_port : &chain->lower_port};
        width += ports[count - 1].width;
    }
    if (count)
        qsort(ports, count, sizeof *ports, compare_ports);
    for (size_t i = 0; i < count; i++) {
        *ports[i].place = at + ports[i].width / 2 - width / 2;
        at += ports[i].width;
    }
    return width;
}

static void widen_nodes(Layout *layout) {
    Graph *graph = layout->graph;
    Port *ports = arena_new(layout->arena, Port, graph->edge_count + 1);
    for (size_t i = 0; i < graph->node_count; i++) {
        int above = place_ports(layout, i, false, ports), below = place_ports(layout, i, true, ports);
        int wide = (above > below ? above : below) + 2 * PORT_WIDTH;
        if (graph->nodes[i].width < wide)
            graph->nodes[i].width = wide;
        layout->cells[i].width = graph->nodes[i].width;
    }
    for (size_t e = 0; e < graph->edge_count; e++)
        if (is_loop(&graph->edges[e]))
            layout->cells[graph->edges[e].from].width = graph->nodes[graph->edges[e].from].width + 2 * LOOP_WIDTH;
}

/* ---- Places ---- */

static long distance(const Cell *left, const Cell *right) {
    return (left->width + right->width) / 2 + GAP_X;
}

/* As near to what each wants as its neighbours leave room: where they push each other they move together, to the middle of their wants. */
static void settle_rank(Layout *layout, int rank) {
    size_t *cells = layout->ranks[rank], count = layout->rank_sizes[rank], block_count = 0;
    long *sums = arena_new(layout->arena, long, count + 1), *offsets = arena_new(layout->arena, long, count + 1);
    size_t *sizes = arena_new(layout->arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        const Cell *cell = &layout->cells[cells[i]];
        offsets[i] = i ? offsets[i - 1] + distance(&layout->cells[cells[i - 1]], cell) : 0;
        sums[block_count] = cell->wanted - offsets[i];
        sizes[block_count++] = 1;
        while (block_count > 1 && sums[block_count - 2] / (long)sizes[block_count - 2] >
                                      sums[block_count - 1] / (long)sizes[block_count - 1]) {
            sums[block_count - 2] += sums[block_count - 1];
            sizes[block_count - 2] += sizes[block_count - 1];
            block_count--;
        }
    }
    for (size_t block = 0, i = 0; block < block_count; block++)
        for (size_t n = 0; n < sizes[block]; n++, i++)
            layout->cells[cells[i]].x = sums[block] / (long)sizes[block] + offsets[i];
}

static long average(const Layout *layout, const size_t *neighbours, size_t count) {
    long sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += layout->cells[neighbours[i]].x;
    return sum / (long)count;
}

static void place_cells(Layout *layout) {
    for (size_t c = 0; c < layout->cell_count; c++)
        layout->cells[c].wanted = 0;
    for (int r = 0; r < layout->rank_count; r++)
        settle_rank(layout, r);
    for (int placing = 0; placing < PLACINGS; placing++) {
        for (int step = 0; step < layout->rank_count; step++) {
            int rank = placing % 2 ? layout->rank_count - 1 - step : step;
            for (size_t i = 0; i < layout->rank_sizes[rank]; i++) {
                Cell *cell = &layout->cells[layout->ranks[rank][i]];
                bool uses_above = placing % 2 == 0 ? cell->above_count > 0 : cell->below_count == 0;
                size_t used = uses_above ? cell->above_count : cell->below_count;
                cell->wanted = used ? average(layout, uses_above ? cell->above : cell->below, used) : cell->x;
            }
            settle_rank(layout, rank);
        }
    }
}

static void place_nodes(Layout *layout, bool mirrored) {
    Graph *graph = layout->graph;
    long least = 0, most = 0;
    for (size_t c = 0; c < layout->cell_count; c++) {
        Cell *cell = &layout->cells[c];
        cell->x = mirrored ? -cell->x : cell->x;
        long from = cell->x - cell->width / 2 - 1, to = cell->x + cell->width / 2 + 1;
        least = c == 0 || from < least ? from : least;
        most = c == 0 || to > most ? to : most;
    }
    layout->rank_tops = arena_new(layout->arena, int, (size_t)layout->rank_count + 1);
    layout->rank_heights = arena_new(layout->arena, int, (size_t)layout->rank_count + 1);
    for (size_t i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].height > layout->rank_heights[graph->nodes[i].rank])
            layout->rank_heights[graph->nodes[i].rank] = graph->nodes[i].height;
    int top = MARGIN;
    for (int r = 0; r < layout->rank_count; r++) {
        layout->rank_tops[r] = top;
        top += layout->rank_heights[r] + GAP_Y;
    }
    for (size_t c = 0; c < layout->cell_count; c++) {
        Cell *cell = &layout->cells[c];
        cell->x += MARGIN - least;
        if (cell->node == SIZE_MAX)
            continue;
        graph->nodes[cell->node].x = (int)cell->x - graph->nodes[cell->node].width / 2;
        graph->nodes[cell->node].y = layout->rank_tops[cell->rank];
    }
    graph->width = (int)(most - least) + 2 * MARGIN;
    graph->height = top - GAP_Y + MARGIN;
}

/* ---- Lines ---- */

static void draw_loop(const Layout *layout, GraphEdge *edge, bool mirrored) {
    const GraphNode *node = &layout->graph->nodes[edge->from];
    int side = mirrored ? node->x : node->x + node->width,
        out = mirrored ? side - LOOP_WIDTH + 6 : side + LOOP_WIDTH - 6;
    int middle = node->y + node->height / 2;
    edge->points = arena_new(layout->arena, GraphPoint, 4);
    edge->points[0] = (GraphPoint){side, middle - 12};
    edge->points[1] = (GraphPoint){out, middle - 12};
    edge->points[2] = (GraphPoint){out, middle + 12};
    edge->points[3] = (GraphPoint){side, middle + 12};
    edge->point_count = 4;
    edge->label = (GraphPoint){out, middle};
}

static void draw_edge(const Layout *layout, size_t index, bool mirrored) {
    GraphEdge *edge = &layout->graph->edges[index];
    const Chain *chain = &layout->chains[index];
    if (is_loop(edge)) {
        draw_loop(layout, edge, mirrored);
        return;
    }
    size_t count = 0;
    GraphPoint *points = arena_new(layout->arena, GraphPoint, 2 * chain->count + 2);
    for (size_t i = 0; i < chain->count; i++) {
        const Cell *cell = &layout->cells[chain->cells[i]];
        int top = layout->rank_tops[cell->rank], port = i == 0 ? chain->upper_port : chain->lower_port;
        int height =
            cell->node == SIZE_MAX ? layout->rank_heights[cell->rank] : layout->graph->nodes[cell->node].height;
        int x = (int)cell->x + (cell->node == SIZE_MAX ? 0 : mirrored ? -port : port);
        /* In at the top, out below; a point in a rank is passed upright. */
        if (i > 0)
            points[count++] = (GraphPoint){x, top};
        if (i + 1 < chain->count)
            points[count++] = (GraphPoint){x, top + height};
    }
    GraphPoint begin = edge->is_back ? points[count - 1] : points[0];
    edge->label = (GraphPoint){begin.x, begin.y + (edge->is_back ? -LABEL_OFFSET : LABEL_OFFSET)};
    for (size_t i = 0; edge->is_back && i < count / 2; i++) {
        GraphPoint other = points[i];
        points[i] = points[count - 1 - i];
        points[count - 1 - i] = other;
    }
    edge->points = points;
    edge->point_count = count;
}

void graph_lay_out(Arena *arena, Graph *graph, bool mirrored) {
    Layout layout = {.arena = arena, .graph = graph};
    char *states = arena_new(arena, char, graph->node_count + 1);
    for (size_t i = 0; i < graph->node_count; i++) {
        graph->nodes[i].rank = 0;
        if (!states[i])
            find_back_edges(graph, i, states);
    }
    find_ranks(&layout);
    make_cells(&layout);
    join_cells(&layout);
    fill_ranks(&layout);
    order_ranks(&layout);
    widen_nodes(&layout);
    place_cells(&layout);
    place_nodes(&layout, mirrored);
    for (size_t e = 0; e < graph->edge_count; e++)
        draw_edge(&layout, e, mirrored);
}
