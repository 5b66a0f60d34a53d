/*
 * What XHTML becomes of a text: tests/unit/render_cases.txt holds the cases, each a line "=== name (mode language)",
 * the text, a line "=>" and the XHTML. Modes are website, course and print. With the argument --write the file is
 * written anew with what is the case now, to be read in the difference before it is believed.
 */
#include "load/load.h"
#include "parse/parse.h"
#include "render/internal.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

static const char path[] = "tests/unit/render_cases.txt";

static Text take_until(Text *rest, Text mark) {
    for (size_t at = 0; at < rest->size; at = text_find(*rest, '\n', at) + 1) {
        if (text_starts(text_slice(*rest, at, rest->size), mark)) {
            Text before = text_slice(*rest, 0, at);
            *rest = text_slice(*rest, at, rest->size);
            return before;
        }
    }
    Text all = *rest;
    *rest = TEXT("");
    return all;
}

static Text take_line(Text *rest) {
    size_t end = text_find(*rest, '\n', 0);
    Text line = text_slice(*rest, 0, end);
    *rest = text_slice(*rest, end + 1, rest->size);
    return line;
}

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

int main(int count, char **arguments) {
    bool writes = count > 1 && strcmp(arguments[1], "--write") == 0;
    int passed = 0, failed = 0;
    Arena arena = {0}, scratch = {0};
    Diagnostics *diagnostics = diagnostics_open();
    Site site = {.arena = &arena};
    Layouts none = {0};
    Text rest;
    Buffer anew = {0}, found = {0};
    parse_start();
    load_site(&site, ".", NULL, 1, diagnostics);
    Renderer *renderer = renderer_open(&site, &none, diagnostics);
    if (!file_read_text(&arena, path, &rest, diagnostics)) {
        printf("cannot read %s\n0 passed, 1 failed\n", path);
        return 1;
    }
    buffer_put_text(&anew, take_until(&rest, TEXT("=== ")));
    while (rest.size) {
        Text title = take_line(&rest);
        Text source = take_until(&rest, TEXT("=>"));
        take_line(&rest);
        Text expected = text_trim(take_until(&rest, TEXT("=== ")));
        RenderOptions options = options_of(title);
        ParseInput input = {.body = source, .line = 1, .path = TEXT("page.md"), .kind = UNIT_SCREEN};
        Document *document = parse_document(&arena, &scratch, &input, diagnostics);
        resolve(document);
        buffer_clear(&found);
        render_document(renderer, &found, document, &options);
        buffer_format(&anew, "%.*s\n%.*s=>\n%s\n", TEXT_ARG(title), TEXT_ARG(source), found.data ? found.data : "");
        bool is_expected = text_equal(text_trim(buffer_text(&found)), expected);
        if (is_expected && is_well_formed(&found)) {
            passed++;
            continue;
        }
        failed++;
        printf("%.*s: %s\n%s\n", TEXT_ARG(title), is_expected ? "not well-formed" : "not as expected",
               found.data ? found.data : "");
    }
    if (writes)
        file_write(path, anew.data, anew.size, diagnostics);
    renderer_close(renderer);
    buffer_free(&anew);
    buffer_free(&found);
    diagnostics_close(diagnostics);
    arena_free(&scratch);
    load_end(&site);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
