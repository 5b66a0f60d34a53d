/*
 * A case study as SVG: a file of its own, with its colours in it, light and dark. What is told by colour is told by shape and word, too:
 * endings are a pill, a hexagon and a box with cut corners; the recommended path is thick, ways back are dashed.
 */
#include "review/review.h"

#include <string.h>

enum {
    FONT_SIZE = 14,
    LINE_HEIGHT = 20,
    LINE_LIMIT = 3,
    LINE_WIDTH = 210,
    NODE_WIDTH = 236,
    PADDING = 14,
    LABEL_HEIGHT = 20,
    LABEL_FONT_SIZE = 13,
    CORNER = 12,
    ENDING_WIDTH = 32 /* what the shapes of endings take at their corners */
};

static const char style[] =
    "svg{color-scheme:light dark}"
    "text{font:14px system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",\"Noto Sans Arabic\",\"Noto Sans SC\","
    "\"Noto Sans CJK SC\",Arial,sans-serif;fill:#1a2733;text-anchor:middle}"
    ".paper{fill:#fff}.node{fill:#f3f6f9;stroke:#4a5a68;stroke-width:1.5}.good{fill:#e9f5ee;stroke:#1c6b3c}"
    ".fair{fill:#fdf3e3;stroke:#8f4a00}.poor{fill:#fbeceb;stroke:#a3261b}.best{stroke-width:4}"
    ".id,.end{font-weight:700}.edge{fill:none;stroke:#4a5a68;stroke-width:1.5}.edge.best{stroke:#0a5a96;stroke-width:4}"
    ".back{stroke-dasharray:6 4}.head{fill:#4a5a68}.head.best{fill:#0a5a96;stroke-width:0}"
    ".label{fill:#fff;stroke:#4a5a68}.label.best{stroke:#0a5a96;stroke-width:2}"
    ".letter{font-size:13px;font-weight:700}"
    "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#10181f}.node{fill:#1b2731;stroke:#a9b8c4}"
    ".good{fill:#12301f;stroke:#7fd3a0}.fair{fill:#33240c;stroke:#f0b465}.poor{fill:#3a1714;stroke:#ff9d92}"
    ".edge{stroke:#a9b8c4}.edge.best{stroke:#7cc0f5}.head{fill:#a9b8c4}.head.best{fill:#7cc0f5}"
    ".label{fill:#10181f;stroke:#a9b8c4}.label.best{stroke:#7cc0f5}}"
    "@media print{.paper{fill:none}}";

/* ---- Words ---- */

void choice_put_changes(Buffer *out, const Choice *choice) {
    for (size_t i = 0; i < choice->change_count; i++)
        buffer_format(out, "%s%.*s%c%d", i ? " " : "", TEXT_ARG(choice->changes[i].name), choice->changes[i].operation,
                      choice->changes[i].value);
}

void choice_put_tests(Buffer *out, const Choice *choice) {
    for (size_t i = 0; i < choice->test_count; i++)
        buffer_format(out, "%s%.*s%s%d", i ? " " : "", TEXT_ARG(choice->tests[i].name), choice->tests[i].comparison,
                      choice->tests[i].value);
}

Text step_words(Arena *arena, const Step *step) {
    Buffer words = {0};
    for (const Node *child = step->node->first_child; child; child = child->next) {
        if (words.size)
            buffer_put_char(&words, ' ');
        node_put_plain_text(&words, child);
    }
    for (size_t i = 0; i < words.size; i++)
        if (words.data[i] == '\n')
            words.data[i] = ' ';
    Text copy = text_copy(arena, text_trim(buffer_text(&words)));
    buffer_free(&words);
    return copy;
}

/* ---- How wide words are, without asking a font: a little too wide rather than too narrow ---- */

static uint32_t next_letter(Text text, size_t *at) {
    unsigned char first = (unsigned char)text.data[(*at)++];
    size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    uint32_t letter = more == 3 ? first & 7u : more == 2 ? first & 15u : more == 1 ? first & 31u : first;
    while (more-- && *at < text.size)
        letter = letter << 6 | ((unsigned char)text.data[(*at)++] & 63u);
    return letter;
}

static bool is_ideographic(uint32_t letter) {
    return letter >= 0x2e80 && letter < 0xfb00;
}

/* Of a hundredth of the size of the font. */
static int letter_width(uint32_t letter) {
    if (is_ideographic(letter) || (letter >= 0xff00 && letter < 0xff61) || letter >= 0x20000)
        return 100;
    if ((letter >= 0x64b && letter <= 0x65f) || (letter >= 0x300 && letter < 0x370))
        return 0;
    if (letter == ' ' || letter == 'i' || letter == 'l' || letter == '.' || letter == ',' || letter == '\'')
        return 30;
    if ((letter >= 'A' && letter <= 'Z') || letter == 'm' || letter == 'w')
        return 78;
    return letter >= 0x400 && letter < 0x530 ? 62 : 57;
}

static int text_width(Text text, int font_size) {
    int width = 0;
    for (size_t at = 0; at < text.size;)
        width += letter_width(next_letter(text, &at));
    return width * font_size / 100;
}

/* What closes a sentence does not begin a line. */
static bool may_not_begin(Text text, size_t at) {
    static const char *const marks[] = {"。", "，", "、", "！", "？", "；", "：", "”", "’", "）", "》"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (text_starts(text_slice(text, at, text.size), text_from(marks[i])))
            return true;
    return false;
}

/* Where the first line of `text` ends. */
static size_t line_end(Text text) {
    size_t end = 0;
    int width = 0;
    for (size_t at = 0; at < text.size;) {
        size_t before = at;
        uint32_t letter = next_letter(text, &at);
        if (letter == ' ' || (before && is_ideographic(letter) && !may_not_begin(text, before)))
            end = before;
        width += letter_width(letter) * FONT_SIZE;
        if (width > LINE_WIDTH * 100)
            return end ? end : before;
    }
    return text.size;
}

static size_t break_lines(Arena *arena, Text words, Text *lines) {
    size_t count = 0;
    while (words.size && count < LINE_LIMIT) {
        size_t end = line_end(words);
        lines[count] = text_trim(text_slice(words, 0, end));
        words = text_trim(text_slice(words, end, words.size));
        if (++count == LINE_LIMIT && words.size)
            lines[count - 1] = text_join(arena, lines[count - 1], TEXT("…"));
    }
    return count;
}

/* ---- Nodes ---- */

typedef struct StepBox {
    const Step *step;
    Text title, end;
    Text lines[LINE_LIMIT];
    size_t line_count;
    bool is_best;
} StepBox;

typedef struct Picture {
    const Drawing *drawing;
    Graph graph;
    StepBox *boxes;
    const Choice **choices; /* by edge */
    Text *labels;
    bool *is_best; /* edges */
} Picture;

static Text message(const Drawing *drawing, const char *key, int64_t number) {
    return text_copy(drawing->arena, render_message(drawing->renderer, drawing->language, key, &number, 1));
}

static const char *end_key(Text end) {
    return text_equal(end, TEXT("good"))   ? "review.end.good"
           : text_equal(end, TEXT("fair")) ? "review.end.fair"
                                           : "review.end.poor";
}

static void make_box(Picture *picture, size_t index) {
    const Drawing *drawing = picture->drawing;
    StepBox *box = &picture->boxes[index];
    box->step = &drawing->scenario->steps[index];
    /* The id stays as it is written, whatever is written round it. */
    box->title = text_format(drawing->arena, "\u2066%.*s\u2069", TEXT_ARG(box->step->id));
    if (box->step->points)
        box->title = text_format(drawing->arena, "%.*s · %.*s", TEXT_ARG(box->title),
                                 TEXT_ARG(message(drawing, "review.points.number", box->step->points)));
    if (box->step->end.size)
        box->end = message(drawing, end_key(box->step->end), 0);
    else if (index == 0)
        box->end = message(drawing, "review.start", 0);
    box->line_count = break_lines(drawing->arena, step_words(drawing->arena, box->step), box->lines);
    int width = text_width(box->title, FONT_SIZE) + 2 * PADDING, more = box->step->end.size ? ENDING_WIDTH : 0;
    picture->graph.nodes[index] = (GraphNode){
        .width = (width > NODE_WIDTH ? width : NODE_WIDTH) + more,
        .height = (int)(box->line_count + 1 + (box->end.size > 0)) * LINE_HEIGHT + 2 * PADDING,
    };
}

static size_t find_step(const Exercise *scenario, Text id) {
    size_t i = 0;
    while (i < scenario->step_count && !text_equal(scenario->steps[i].id, id))
        i++;
    return i;
}

/* b  trust+1  [told>=2] */
static Text make_label(Arena *arena, const Choice *choice) {
    Buffer label = {0};
    buffer_put_text(&label, text_from(choice->id));
    if (choice->points)
        buffer_format(&label, " +%d", choice->points);
    if (choice->change_count) {
        buffer_put_literal(&label, " ");
        choice_put_changes(&label, choice);
    }
    if (choice->test_count) {
        buffer_put_literal(&label, " [");
        choice_put_tests(&label, choice);
        buffer_put_char(&label, ']');
    }
    Text copy = text_copy(arena, buffer_text(&label));
    buffer_free(&label);
    return copy;
}

static void make_edges(Picture *picture) {
    const Exercise *scenario = picture->drawing->scenario;
    Arena *arena = picture->drawing->arena;
    size_t count = 0;
    for (size_t s = 0; s < scenario->step_count; s++)
        count += scenario->steps[s].choice_count;
    picture->graph.edges = arena_new(arena, GraphEdge, count + 1);
    picture->choices = arena_new(arena, const Choice *, count + 1);
    picture->labels = arena_new(arena, Text, count + 1);
    picture->is_best = arena_new(arena, bool, count + 1);
    for (size_t s = 0; s < scenario->step_count; s++) {
        for (size_t c = 0; c < scenario->steps[s].choice_count; c++) {
            const Choice *choice = &scenario->steps[s].choices[c];
            size_t to = find_step(scenario, choice->move), edge = picture->graph.edge_count;
            if (to == scenario->step_count)
                continue;
            picture->choices[edge] = choice;
            picture->labels[edge] = make_label(arena, choice);
            picture->graph.edges[picture->graph.edge_count++] = (GraphEdge){
                .from = s, .to = to, .label_width = text_width(picture->labels[edge], LABEL_FONT_SIZE) + 14};
        }
    }
}

/* Follows the letters of the recommended path. */
static void mark_best(Picture *picture) {
    const Drawing *drawing = picture->drawing;
    size_t at = 0;
    for (size_t i = 0; i < drawing->best.size; i++) {
        picture->boxes[at].is_best = true;
        for (size_t e = 0; e < picture->graph.edge_count; e++) {
            if (picture->graph.edges[e].from != at || picture->choices[e]->id[0] != drawing->best.data[i])
                continue;
            picture->is_best[e] = true;
            at = picture->graph.edges[e].to;
            break;
        }
    }
    if (drawing->best.size)
        picture->boxes[at].is_best = true;
}

/* ---- Writing ---- */

static void put_shape(Buffer *out, const StepBox *box, const GraphNode *node) {
    const char *best = box->is_best ? " best" : "";
    int x = node->x, y = node->y, w = node->width, h = node->height, cut = CORNER + 4;
    if (text_equal(box->step->end, TEXT("fair")))
        buffer_format(out, "<polygon class=\"node fair%s\" points=\"%d,%d %d,%d %d,%d %d,%d %d,%d %d,%d\"/>\n", best, x,
                      y + h / 2, x + cut, y, x + w - cut, y, x + w, y + h / 2, x + w - cut, y + h, x + cut, y + h);
    else if (text_equal(box->step->end, TEXT("poor")))
        buffer_format(out,
                      "<polygon class=\"node poor%s\" points=\"%d,%d %d,%d %d,%d %d,%d %d,%d %d,%d %d,%d %d,%d\"/>\n",
                      best, x + cut, y, x + w - cut, y, x + w, y + cut, x + w, y + h - cut, x + w - cut, y + h, x + cut,
                      y + h, x, y + h - cut, x, y + cut);
    else
        buffer_format(out, "<rect class=\"node%s%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n",
                      box->step->end.size ? " good" : "", best, x, y, w, h, box->step->end.size ? h / 2 : CORNER / 2);
}

static void put_line(Buffer *out, const char *class, int x, int y, Text words) {
    buffer_format(out, "<text%s%s%s x=\"%d\" y=\"%d\">", class ? " class=\"" : "", class ? class : "",
                  class ? "\"" : "", x, y);
    buffer_put_html(out, words);
    buffer_put_literal(out, "</text>\n");
}

static void put_box(Buffer *out, const StepBox *box, const GraphNode *node) {
    int x = node->x + node->width / 2, y = node->y + PADDING + FONT_SIZE;
    buffer_put_literal(out, "<g>\n");
    put_shape(out, box, node);
    put_line(out, "id", x, y, box->title);
    if (box->end.size)
        put_line(out, "end", x, y += LINE_HEIGHT, box->end);
    for (size_t i = 0; i < box->line_count; i++)
        put_line(out, NULL, x, y += LINE_HEIGHT, box->lines[i]);
    buffer_put_literal(out, "</g>\n");
}

/* Upright out of one point and into the next. */
static void put_edge(Buffer *out, const GraphEdge *edge, bool is_best) {
    const GraphPoint *points = edge->points;
    bool is_loop = edge->from == edge->to;
    buffer_format(out, "<path class=\"edge%s%s\" d=\"M%d %d", is_best ? " best" : "", edge->is_back ? " back" : "",
                  points[0].x, points[0].y);
    for (size_t i = 1; i < edge->point_count; i++) {
        int middle = (points[i - 1].y + points[i].y) / 2;
        if (is_loop || points[i - 1].x == points[i].x)
            buffer_format(out, " L%d %d", points[i].x, points[i].y);
        else
            buffer_format(out, " C%d %d %d %d %d %d", points[i - 1].x, middle, points[i].x, middle, points[i].x,
                          points[i].y);
    }
    buffer_put_literal(out, "\"/>\n");
    const GraphPoint *end = &points[edge->point_count - 1], *before = end - 1;
    int along = before->y < end->y ? -9 : 9;
    if (is_loop)
        buffer_format(out, "<polygon class=\"head%s\" points=\"%d,%d %d,%d %d,%d\"/>\n", is_best ? " best" : "", end->x,
                      end->y, end->x + (before->x > end->x ? 9 : -9), end->y - 5,
                      end->x + (before->x > end->x ? 9 : -9), end->y + 5);
    else
        buffer_format(out, "<polygon class=\"head%s\" points=\"%d,%d %d,%d %d,%d\"/>\n", is_best ? " best" : "", end->x,
                      end->y, end->x - 6, end->y + along, end->x + 6, end->y + along);
}

static void put_label(Buffer *out, const GraphEdge *edge, Text label, bool is_best) {
    buffer_format(out, "<rect class=\"label%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n",
                  is_best ? " best" : "", edge->label.x - edge->label_width / 2, edge->label.y - LABEL_HEIGHT / 2,
                  edge->label_width, LABEL_HEIGHT, LABEL_HEIGHT / 2);
    buffer_format(out, "<text class=\"letter\" direction=\"ltr\" x=\"%d\" y=\"%d\">", edge->label.x, edge->label.y + 5);
    buffer_put_html(out, label);
    buffer_put_literal(out, "</text>\n");
}

static void put_head(Buffer *out, const Picture *picture) {
    const Drawing *drawing = picture->drawing;
    const LanguageInfo *language = language_info(drawing->language);
    const Graph *graph = &picture->graph;
    buffer_format(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"%s\" lang=\"%s\" direction=\"%s\" role=\"img\" "
                  "aria-labelledby=\"title description\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
                  "<title id=\"title\">",
                  language->tag, language->tag, language->right_to_left ? "rtl" : "ltr", graph->width, graph->height,
                  graph->width, graph->height);
    buffer_put_html(out, message(drawing, "review.graph", 0));
    buffer_format(out, ": %.*s</title>\n<desc id=\"description\">", TEXT_ARG(drawing->scenario->id));
    buffer_put_html(out, message(drawing, "review.graph.steps", (int64_t)drawing->scenario->step_count));
    buffer_put_char(out, ' ');
    buffer_put_html(out, message(drawing, "review.path.best", 0));
    buffer_put_char(out, ':');
    for (size_t i = 0; i < drawing->best.size; i++)
        buffer_format(out, " %c", drawing->best.data[i]);
    buffer_format(out, "</desc>\n<style>%s</style>\n<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", style,
                  graph->width, graph->height);
}

void drawing_write(Buffer *out, const Drawing *drawing) {
    Picture picture = {.drawing = drawing};
    size_t count = drawing->scenario->step_count;
    picture.graph.node_count = count;
    picture.graph.nodes = arena_new(drawing->arena, GraphNode, count + 1);
    picture.boxes = arena_new(drawing->arena, StepBox, count + 1);
    for (size_t i = 0; i < count; i++)
        make_box(&picture, i);
    make_edges(&picture);
    mark_best(&picture);
    graph_lay_out(drawing->arena, &picture.graph, language_info(drawing->language)->right_to_left);
    put_head(out, &picture);
    /* The recommended path lies above the others. */
    for (int best = 0; best < 2; best++)
        for (size_t e = 0; e < picture.graph.edge_count; e++)
            if (picture.is_best[e] == best)
                put_edge(out, &picture.graph.edges[e], best);
    for (size_t i = 0; i < count; i++)
        put_box(out, &picture.boxes[i], &picture.graph.nodes[i]);
    for (size_t e = 0; e < picture.graph.edge_count; e++)
        put_label(out, &picture.graph.edges[e], picture.labels[e], picture.is_best[e]);
    buffer_put_literal(out, "</svg>\n");
}
