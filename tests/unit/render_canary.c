/*
 * A hostile word in every text that a site can hold. If it got out of its place anywhere, the page would have an
 * element or an attribute of its making, or would not be well-formed.
 */
#include "load/load.h"
#include "parse/parse.h"
#include "render/internal.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#define CANARY "\"'><canary onx=\"1\">&amp;&#60;]]>--><!--</style></title></script>{{x}}"

static int passed, failed;
static const char markdown[] =
    "## Heading {#heading}\n\nText *a* **b** `code` [link](/x \"title\") ![picture](p.png \"title\")[^1]\n\n"
    "- item\n- [x] task\n\n> quotation\n\n```\ncode\n```\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n:::note[label]{#note}\ntext\n:::\n\n"
    ":::question{#question}\nstem\n\nasked\n\n- [x] right\n  > feedback\n- [ ] wrong\n:::\n\n"
    ":::scenario{#scenario}\nbegins\n\n:::step{#one}\ntext\n\n- [go](#two)\n  > at once\n:::\n\n:::step{#two end=good}\nend\n:::\n:::\n\n"
    "[^1]: note\n";

static void spoil_nodes(Node *root) {
    Text canary = TEXT(CANARY);
    for (Node *node = root; node; node = node_following(root, node)) {
        switch (node->kind) {
        case NODE_TEXT:
        case NODE_CODE:
        case NODE_CODE_BLOCK:
            node->text = canary;
            break;
        case NODE_HEADING:
            node->heading.id = canary;
            break;
        case NODE_LINK:
        case NODE_IMAGE:
            node->link.title = canary;
            node->link.url = TEXT("x/\"'><canary/onx=\"1\">&<!--");
            break;
        case NODE_DIRECTIVE:
            node->directive.id = node->directive.label = canary;
            break;
        default:
            break;
        }
    }
}

static void spoil_choices(Choice *choices, size_t count) {
    for (size_t i = 0; i < count; i++) {
        choices[i].move = TEXT(CANARY);
        spoil_nodes(choices[i].words);
        if (choices[i].feedback)
            spoil_nodes(choices[i].feedback);
    }
}

static Document *hostile_document(Arena *arena, Diagnostics *diagnostics) {
    Arena scratch = {0};
    ParseInput input = {.body = text_from(markdown), .line = 1, .path = TEXT("page.md"), .kind = UNIT_SCREEN};
    Document *document = parse_document(arena, &scratch, &input, diagnostics);
    arena_free(&scratch);
    spoil_nodes(document->root);
    spoil_nodes(document->footnotes);
    for (Exercise *exercise = document->exercises; exercise; exercise = exercise->next) {
        exercise->id = TEXT(CANARY);
        spoil_choices(exercise->choices, exercise->choice_count);
        for (size_t i = 0; i < exercise->step_count; i++) {
            exercise->steps[i].id = exercise->steps[i].end = TEXT(CANARY);
            spoil_nodes(exercise->steps[i].node);
            spoil_choices(exercise->steps[i].choices, exercise->steps[i].choice_count);
        }
    }
    Node *directive = arena_new(arena, Node, 1);
    DataTable *table = arena_new(arena, DataTable, 1);
    static Text cells[2] = {{CANARY, sizeof CANARY - 1}, {CANARY, sizeof CANARY - 1}};
    static bool is_number[2] = {false, true};
    *table = (DataTable){TEXT(CANARY), 2, 1, cells, cells, is_number};
    directive->kind = NODE_DIRECTIVE;
    directive->directive.kind = DIRECTIVE_TABLE;
    directive->directive.id = TEXT(CANARY);
    directive->directive.table = table;
    node_append(document->root, directive);
    return document;
}

static void spoil_site(Site *site) {
    Text canary = TEXT(CANARY);
    for (Language language = 0; language < language_count(); language++) {
        site->settings.title[language] = site->settings.organization[language] = canary;
        for (size_t i = 0; i < site->messages[language].count; i++)
            site->messages[language].messages[i].pattern = TEXT("{0} {1} {0, plural, other {#}} '' " CANARY);
    }
    for (size_t i = 0; i < site->unit_count; i++) {
        Unit *unit = site->units[i];
        unit->symbol = canary;
        unit->date = i % 2 ? canary : TEXT("2025-03-31");
        for (Language language = 0; language < language_count(); language++)
            if (unit->pages[language])
                unit->pages[language]->title = unit->pages[language]->summary = canary;
    }
}

static bool is_hostile(const xmlNode *node) {
    if (node->type != XML_ELEMENT_NODE)
        return false;
    if (xmlStrEqual(node->name, BAD_CAST "canary"))
        return true;
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        if (xmlStrncmp(attribute->name, BAD_CAST "on", 2) == 0)
            return true;
    return false;
}

static void expect_harmless(const char *what, Text xhtml) {
    xmlDocPtr document = xmlReadMemory(xhtml.data, (int)xhtml.size, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool is_good = document != NULL;
    const xmlNode *node = document ? xmlDocGetRootElement(document) : NULL;
    while (node && is_good) {
        is_good = !is_hostile(node);
        if (node->children) {
            node = node->children;
            continue;
        }
        while (node && !node->next)
            node = node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
        node = node ? node->next : NULL;
    }
    if (!is_good)
        printf("%s: %s\n", what, document ? "the hostile word got out" : "not well-formed");
    is_good ? passed++ : failed++;
    xmlFreeDoc(document);
}

static void test_fragments(Renderer *renderer, const Document *document) {
    static const char *const names[] = {"website", "course", "print"};
    for (int mode = RENDER_WEBSITE; mode <= RENDER_PRINT; mode++) {
        Buffer out = {0};
        RenderOptions options = {
            .mode = (RenderMode)mode, .language = language_find(TEXT("ar")), .id_prefix = TEXT(CANARY)};
        buffer_put_literal(&out, "<x>");
        render_document(renderer, &out, document, &options);
        buffer_put_literal(&out, "</x>");
        expect_harmless(names[mode], buffer_text(&out));
        buffer_free(&out);
    }
}

static void test_pages(Renderer *renderer, const Site *site, const Document *document) {
    bool seen[UNIT_KIND_COUNT] = {false};
    for (size_t i = 0; i < site->unit_count; i++) {
        const Unit *unit = site->units[i];
        const Page *page = unit->pages[site->settings.source_language];
        if (!page || seen[unit->kind])
            continue;
        seen[unit->kind] = true;
        Buffer out = {0};
        if (render_page(renderer, &out, page, document)) {
            expect_harmless(unit_kind_name(unit->kind), buffer_text(&out));
        } else {
            printf("%s: not written\n", unit_kind_name(unit->kind));
            failed++;
        }
        buffer_free(&out);
    }
    static const char *const roots[] = {"root.html", "404.html"};
    for (int i = 0; i < 2; i++) {
        Buffer out = {0};
        render_root_page(renderer, &out, roots[i]);
        expect_harmless(roots[i], buffer_text(&out));
        buffer_free(&out);
    }
}

int main(void) {
    Arena arena = {0};
    Diagnostics *diagnostics = diagnostics_open();
    Site site = {.arena = &arena};
    parse_start();
    load_site(&site, ".", NULL, 1, diagnostics);
    Layouts *layouts = layouts_load(&arena, &site, (Digest){0, 0}, diagnostics);
    if (!layouts) {
        printf("the layouts cannot be read\n0 passed, 1 failed\n");
        return 1;
    }
    spoil_site(&site);
    const Document *document = hostile_document(&arena, diagnostics);
    Renderer *renderer = renderer_open(&site, layouts, diagnostics);
    test_fragments(renderer, document);
    test_pages(renderer, &site, document);
    renderer_close(renderer);
    layouts_close(layouts);
    Buffer text = {0};
    size_t count;
    const Diagnostic *list = diagnostics_list(diagnostics, &count);
    for (size_t i = 0; failed && i < count; i++)
        diagnostic_print(&text, &list[i], false);
    printf("%s", text.data ? text.data : "");
    buffer_free(&text);
    diagnostics_close(diagnostics);
    load_end(&site);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
