/*
 * What XHTML becomes of a text: tests/unit/render_cases.txt holds the cases (see cases.h), each with the title
 * "name (mode language)". Modes are website, course and print.
 */
#include "cases.h"
#include "load/load.h"
#include "parse/parse.h"
#include "render/internal.h"

#include <libxml/parser.h>

/* Links lead where they are written: where they lead on a site is another room's. */
static void resolve_links(Node *root) {
    for (Node *node = root; node; node = node_following(root, node))
        if (node->kind == NODE_LINK || node->kind == NODE_IMAGE)
            node->link.url = node->link.address;
}

static void resolve(Document *document) {
    resolve_links(document->root);
    if (document->footnotes)
        resolve_links(document->footnotes);
    for (Exercise *exercise = document->exercises; exercise; exercise = exercise->next)
        for (size_t i = 0; i < exercise->tree_count; i++)
            resolve_links(exercise->trees[i]);
}

static RenderOptions options_of(Text title) {
    RenderOptions options = {.language = language_find(TEXT("en"))};
    size_t open = text_find(title, '(', 0);
    Text inside = text_slice(title, open + 1, title.size ? title.size - 1 : 0);
    size_t space = text_find(inside, ' ', 0);
    Text mode = text_slice(inside, 0, space);
    if (text_equal(mode, TEXT("course")))
        options.mode = RENDER_COURSE;
    else if (text_equal(mode, TEXT("print")))
        options.mode = RENDER_PRINT;
    if (space < inside.size)
        options.language = language_find(text_slice(inside, space + 1, inside.size));
    if (options.mode != RENDER_WEBSITE)
        options.id_prefix = TEXT("p-");
    return options;
}

static bool is_well_formed(const Buffer *xhtml) {
    Buffer whole = {0};
    buffer_format(&whole, "<x>%s</x>", xhtml->data ? xhtml->data : "");
    xmlDocPtr document = xmlReadMemory(whole.data, (int)whole.size, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool is_good = document != NULL;
    xmlFreeDoc(document);
    buffer_free(&whole);
    return is_good;
}

typedef struct Bench {
    Arena arena, scratch;
    Diagnostics *diagnostics;
    Renderer *renderer;
} Bench;

static bool run(void *context, Text title, Text source, Buffer *found) {
    Bench *bench = context;
    RenderOptions options = options_of(title);
    ParseInput input = {.body = source, .line = 1, .path = TEXT("page.md"), .kind = UNIT_SCREEN};
    Document *document = parse_document(&bench->arena, &bench->scratch, &input, bench->diagnostics);
    resolve(document);
    render_document(bench->renderer, found, document, &options);
    return is_well_formed(found);
}

int main(int count, char **arguments) {
    Bench bench = {.diagnostics = diagnostics_open()};
    Site site = {.arena = &bench.arena};
    Layouts none = {0};
    parse_start();
    load_site(&site, ".", NULL, 1, bench.diagnostics);
    bench.renderer = renderer_open(&site, &none, bench.diagnostics);
    int status = cases_run("tests/unit/render_cases.txt", count, arguments, run, &bench);
    renderer_close(bench.renderer);
    diagnostics_close(bench.diagnostics);
    arena_free(&bench.scratch);
    load_end(&site);
    arena_free(&bench.arena);
    return status;
}
