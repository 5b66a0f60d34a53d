/*
 * Where a case study can lead: every state of it, which is a step and the values of the variables there, is walked from
 * the start. Every step must be reachable, every choice open somewhere, one choice open everywhere, and an ending must be
 * reachable from every state.
 */
#include "resolve/parts.h"

#include <stdlib.h>

enum { STATE_LIMIT = 100000, NAME_LIMIT = 32 };

#define NO_STATE UINT32_MAX
#define NO_STEP SIZE_MAX

typedef struct Edge {
    uint32_t from, to;
} Edge;

/* A choice with what its names stand for. */
typedef struct Move {
    const Choice *choice;
    size_t target;                                  /* a step; NO_STEP: there is none of that id */
    size_t changed[TERM_LIMIT], tested[TERM_LIMIT]; /* variables; name_count: one that is never set */
    bool is_open;                                   /* in some state */
} Move;

typedef struct Graph {
    Arena *arena;
    const Exercise *scenario;
    Text path;
    Diagnostics *diagnostics;
    const char **names; /* of the variables that are set */
    size_t name_count;
    /* A state is a row of numbers: the step, then the values. */
    int16_t *states;
    uint32_t count, capacity;
    uint32_t *slots; /* a hash table of states; a slot holds one more than the state's number */
    size_t slot_count;
    Edge *edges;
    size_t edge_count, edge_capacity;
    Move *moves;        /* in order of the steps */
    bool *leaves;       /* of each state: it is an ending, or wrong already */
    bool *is_closed;    /* of each step: told */
    size_t *first_move; /* of each step */
    const Step **by_id; /* the steps, sorted */
} Graph;

/* ---- Steps ---- */

static int compare_steps(const void *left, const void *right) {
    const Step *one = *(const Step *const *)left, *other = *(const Step *const *)right;
    return text_compare(one->id, other->id);
}

static size_t find_step(const Graph *graph, Text id) {
    const Step wanted = {.id = id}, *key = &wanted;
    const Step **found = bsearch(&key, graph->by_id, graph->scenario->step_count, sizeof *graph->by_id, compare_steps);
    return found ? (size_t)(*found - graph->scenario->steps) : NO_STEP;
}

static void report_move(const Graph *graph, const Choice *choice) {
    const Exercise *scenario = graph->scenario;
    const char **ids = arena_new(graph->arena, const char *, scenario->step_count);
    for (size_t i = 0; i < scenario->step_count; i++)
        ids[i] = scenario->steps[i].id.data;
    Text nearest = text_nearest(choice->move, ids, scenario->step_count);
    Text hint = nearest.size ? text_format(graph->arena, "; did you mean \"%s\"?", nearest.data) : TEXT("");
    diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_MOVE, graph->path, choice->place, choice->move.data,
                    hint.data);
}

static void check_endings(const Graph *graph) {
    for (size_t i = 0; i < graph->scenario->step_count; i++) {
        const Step *step = &graph->scenario->steps[i];
        if (step->end.size && step->choice_count)
            diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_END_MOVES, graph->path, step->place, step->id.data);
        else if (!step->end.size && !step->choice_count)
            diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_DEAD_END, graph->path, step->place, step->id.data);
    }
}

/* ---- Variables ---- */

static size_t find_name(const Graph *graph, Text name) {
    size_t i = 0;
    while (i < graph->name_count && !text_equal(name, text_from(graph->names[i])))
        i++;
    return i;
}

/* False: there are more than are kept. */
static bool gather_names(Graph *graph) {
    graph->names = arena_new(graph->arena, const char *, NAME_LIMIT);
    for (size_t s = 0; s < graph->scenario->step_count; s++) {
        for (size_t c = 0; c < graph->scenario->steps[s].choice_count; c++) {
            const Choice *choice = &graph->scenario->steps[s].choices[c];
            for (size_t i = 0; i < choice->change_count; i++) {
                if (find_name(graph, choice->changes[i].name) < graph->name_count)
                    continue;
                if (graph->name_count == NAME_LIMIT)
                    return false;
                graph->names[graph->name_count++] = choice->changes[i].name.data;
            }
        }
    }
    return true;
}

static void report_unset(const Graph *graph, const Choice *choice, Text name) {
    Text nearest = text_nearest(name, graph->names, graph->name_count);
    Text hint = nearest.size ? text_format(graph->arena, "; did you mean \"%s\"?", nearest.data) : TEXT("");
    diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_UNSET, graph->path, choice->attributes_place, name.data,
                    hint.data);
}

static void read_choice(const Graph *graph, const Choice *choice, Move *move) {
    move->choice = choice;
    move->target = find_step(graph, choice->move);
    if (move->target == NO_STEP && choice->move.size)
        report_move(graph, choice);
    for (size_t i = 0; i < choice->change_count; i++)
        move->changed[i] = find_name(graph, choice->changes[i].name);
    for (size_t i = 0; i < choice->test_count; i++) {
        move->tested[i] = find_name(graph, choice->tests[i].name);
        if (move->tested[i] == graph->name_count)
            report_unset(graph, choice, choice->tests[i].name);
    }
}

/* Whether a choice tests what nothing sets: that has been told. */
static bool tests_unset(const Graph *graph, const Move *move) {
    for (size_t i = 0; i < move->choice->test_count; i++)
        if (move->tested[i] == graph->name_count)
            return true;
    return false;
}

static bool is_open_in(const Graph *graph, const Move *move, const int16_t *state) {
    for (size_t i = 0; i < move->choice->test_count; i++)
        if (!variable_test_holds(&move->choice->tests[i],
                                 move->tested[i] < graph->name_count ? state[1 + move->tested[i]] : 0))
            return false;
    return true;
}

/* " where trust=2, told=0", or nothing. */
static const char *value_words(const Graph *graph, const int16_t *state) {
    Buffer words = {0};
    for (size_t i = 0; i < graph->name_count; i++)
        buffer_format(&words, "%s%s=%d", i ? ", " : " where ", graph->names[i], state[1 + i]);
    Text copy = text_copy(graph->arena, buffer_text(&words));
    buffer_free(&words);
    return copy.data;
}

/* ---- States ---- */

static size_t row_size(const Graph *graph) {
    return 1 + graph->name_count;
}

static const int16_t *state_at(const Graph *graph, uint32_t state) {
    return graph->states + state * row_size(graph);
}

static void *grow(Arena *arena, const void *items, size_t count, size_t capacity, size_t size_bytes) {
    char *grown = arena_allocate_array(arena, capacity, size_bytes, _Alignof(uint64_t));
    if (count)
        memcpy(grown, items, count * size_bytes);
    return grown;
}

static size_t find_slot(const Graph *graph, const int16_t *row) {
    size_t bytes = row_size(graph) * sizeof *row;
    size_t slot = (size_t)digest_bytes(row, bytes).low & (graph->slot_count - 1);
    while (graph->slots[slot] && memcmp(state_at(graph, graph->slots[slot] - 1), row, bytes) != 0)
        slot = (slot + 1) & (graph->slot_count - 1);
    return slot;
}

/* The number of the state, a new one where it has none yet; NO_STATE beyond the limit. */
static uint32_t find_state(Graph *graph, const int16_t *row) {
    size_t slot = find_slot(graph, row);
    if (graph->slots[slot])
        return graph->slots[slot] - 1;
    if (graph->count == STATE_LIMIT)
        return NO_STATE;
    if (graph->count == graph->capacity) {
        graph->capacity *= 2;
        graph->states =
            grow(graph->arena, graph->states, graph->count, graph->capacity, row_size(graph) * sizeof *graph->states);
        graph->leaves = grow(graph->arena, graph->leaves, graph->count, graph->capacity, sizeof *graph->leaves);
        graph->slot_count = graph->capacity * 2;
        graph->slots = arena_new(graph->arena, uint32_t, graph->slot_count);
        for (uint32_t i = 0; i < graph->count; i++)
            graph->slots[find_slot(graph, state_at(graph, i))] = i + 1;
        slot = find_slot(graph, row);
    }
    memcpy(graph->states + graph->count * row_size(graph), row, row_size(graph) * sizeof *row);
    graph->slots[slot] = ++graph->count;
    return graph->count - 1;
}

static void add_edge(Graph *graph, uint32_t from, uint32_t to) {
    if (graph->edge_count == graph->edge_capacity) {
        graph->edge_capacity *= 2;
        graph->edges = grow(graph->arena, graph->edges, graph->edge_count, graph->edge_capacity, sizeof *graph->edges);
    }
    graph->edges[graph->edge_count++] = (Edge){from, to};
}

/* What a choice makes of a state, in `row`. */
static void take_choice(const Graph *graph, const Move *move, const int16_t *state, int16_t *row) {
    memcpy(row, state, row_size(graph) * sizeof *row);
    row[0] = (int16_t)move->target;
    for (size_t i = 0; i < move->choice->change_count; i++) {
        int16_t *value = &row[1 + move->changed[i]];
        *value = (int16_t)variable_change_value(&move->choice->changes[i], *value);
    }
}

/* False: there are too many states. */
static bool walk_from(Graph *graph, uint32_t at, int16_t *row) {
    size_t index = (size_t)state_at(graph, at)[0], open = 0;
    const Step *step = &graph->scenario->steps[index];
    graph->leaves[at] = step->end.size || !step->choice_count;
    for (size_t c = 0; c < step->choice_count && !step->end.size; c++) {
        Move *move = &graph->moves[graph->first_move[index] + c];
        if (!is_open_in(graph, move, state_at(graph, at)))
            continue;
        open++;
        move->is_open = true;
        if (move->target == NO_STEP) {
            graph->leaves[at] = true;
            continue;
        }
        take_choice(graph, move, state_at(graph, at), row);
        uint32_t next = find_state(graph, row);
        if (next == NO_STATE)
            return false;
        add_edge(graph, at, next);
    }
    if (!open && !graph->leaves[at]) {
        if (!graph->is_closed[index])
            diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_CLOSED, graph->path, step->place, step->id.data,
                            value_words(graph, state_at(graph, at)));
        graph->is_closed[index] = graph->leaves[at] = true;
    }
    return true;
}

/* ---- What the walk shows ---- */

/* States from which no ending can be reached, each step of them once. */
static void check_ends(Graph *graph) {
    uint32_t *first = arena_new(graph->arena, uint32_t, graph->count + 2);
    uint32_t *sources = arena_new(graph->arena, uint32_t, graph->edge_count + 1);
    uint32_t *queue = arena_new(graph->arena, uint32_t, graph->count), head = 0, tail = 0;
    /* Who leads to whom, sorted by whom. */
    for (size_t i = 0; i < graph->edge_count; i++)
        first[graph->edges[i].to + 2]++;
    for (uint32_t i = 2; i < graph->count + 2; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < graph->edge_count; i++)
        sources[first[graph->edges[i].to + 1]++] = graph->edges[i].from;
    for (uint32_t i = 0; i < graph->count; i++)
        if (graph->leaves[i])
            queue[tail++] = i;
    while (head < tail) {
        uint32_t state = queue[head++];
        for (uint32_t i = first[state]; i < first[state + 1]; i++) {
            if (graph->leaves[sources[i]])
                continue;
            graph->leaves[sources[i]] = true;
            queue[tail++] = sources[i];
        }
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        size_t index = (size_t)state_at(graph, i)[0];
        if (graph->leaves[i] || graph->is_closed[index])
            continue;
        const Step *step = &graph->scenario->steps[index];
        diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_NO_END, graph->path, step->place, step->id.data,
                        value_words(graph, state_at(graph, i)));
        graph->is_closed[index] = true;
    }
}

static void check_reached(const Graph *graph) {
    bool *reached = arena_new(graph->arena, bool, graph->scenario->step_count);
    for (uint32_t i = 0; i < graph->count; i++)
        reached[state_at(graph, i)[0]] = true;
    for (size_t s = 0; s < graph->scenario->step_count; s++) {
        const Step *step = &graph->scenario->steps[s];
        if (!reached[s])
            diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_UNREACHABLE, graph->path, step->place,
                            step->id.data);
        for (size_t c = 0; c < step->choice_count && reached[s] && !step->end.size; c++) {
            const Move *move = &graph->moves[graph->first_move[s] + c];
            if (!move->is_open && !tests_unset(graph, move))
                diagnostics_add(graph->diagnostics, DIAGNOSTIC_SCENARIO_TEST, graph->path,
                                move->choice->attributes_place);
        }
    }
}

/* False: there are too many variables to walk through. */
static bool open_graph(Graph *graph) {
    size_t choices = 0, steps = graph->scenario->step_count;
    bool are_few = gather_names(graph);
    graph->by_id = arena_new(graph->arena, const Step *, steps);
    graph->first_move = arena_new(graph->arena, size_t, steps);
    for (size_t s = 0; s < steps; s++) {
        graph->by_id[s] = &graph->scenario->steps[s];
        graph->first_move[s] = choices;
        choices += graph->scenario->steps[s].choice_count;
    }
    qsort(graph->by_id, steps, sizeof *graph->by_id, compare_steps);
    graph->moves = arena_new(graph->arena, Move, choices + 1);
    for (size_t s = 0; s < steps; s++)
        for (size_t c = 0; c < graph->scenario->steps[s].choice_count; c++)
            read_choice(graph, &graph->scenario->steps[s].choices[c], &graph->moves[graph->first_move[s] + c]);
    graph->is_closed = arena_new(graph->arena, bool, steps);
    graph->capacity = 64;
    graph->states = arena_new(graph->arena, int16_t, graph->capacity * row_size(graph));
    graph->leaves = arena_new(graph->arena, bool, graph->capacity);
    graph->slot_count = graph->capacity * 2;
    graph->slots = arena_new(graph->arena, uint32_t, graph->slot_count);
    graph->edge_capacity = 256;
    graph->edges = arena_new(graph->arena, Edge, graph->edge_capacity);
    return are_few;
}

void scenario_check_graph(const Exercise *scenario, Text path, Diagnostics *diagnostics) {
    if (scenario->step_count == 0)
        return; /* parse has complained */
    Arena arena = {0};
    Graph graph = {.arena = &arena, .scenario = scenario, .path = path, .diagnostics = diagnostics};
    bool are_few = open_graph(&graph) && scenario->step_count < INT16_MAX;
    check_endings(&graph);
    int16_t *row = arena_new(&arena, int16_t, row_size(&graph));
    find_state(&graph, row);
    for (uint32_t at = 0; at < graph.count && are_few; at++)
        are_few = walk_from(&graph, at, row);
    if (are_few) {
        check_ends(&graph);
        check_reached(&graph);
    } else {
        diagnostics_add(diagnostics, DIAGNOSTIC_SCENARIO_STATES, path, scenario->place, STATE_LIMIT);
    }
    arena_free(&arena);
}
