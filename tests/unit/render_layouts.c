/* Layouts: what they write, how they escape, and where a mistake is reported. */
#include "render/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int passed, failed;
static char folder[] = "/tmp/probity-layouts-XXXXXX";

static void expect(const char *what, Text found, const char *wanted) {
    if (text_equal(found, text_from(wanted))) {
        passed++;
        return;
    }
    printf("%s\n  expected: %s\n  found:    %.*s\n", what, wanted, TEXT_ARG(found));
    failed++;
}

static View *sample_view(Arena *arena) {
    View *view = view_new(arena);
    view_set_text(view, "text", TEXT("<b>\"it's\" & more"));
    view_set_text(view, "empty", TEXT(""));
    view_set_text(view, "address", TEXT("../a/\u00E9?x=1&y"));
    view_set_text(view, "script", TEXT("java\tscript:alert(1)"));
    view_set_html(view, "html", TEXT("<em>made by C</em>"));
    view_set_number(view, "count", 1234);
    view_set_flag(view, "yes", true);
    view_set_flag(view, "no", false);
    View *inner = view_set_view(view, "inner");
    view_set_text(inner, "name", TEXT("inner"));
    view_begin_list(view, "none");
    for (int i = 0; i < 3; i++)
        view_set_text(view_append_view(view, "items"), "name", i == 1 ? TEXT("<two>") : TEXT("other"));
    return view;
}

/* What the layout writes; or, where it fails, "file:line: sentence" of the first diagnostic. */
static Text run(Arena *arena, const char *layout, const char *partial) {
    Diagnostics *diagnostics = diagnostics_open();
    Message messages[] = {{.key = TEXT("files"), .pattern = TEXT("{0, plural, one {# file} other {# files}} of {1}")},
                          {.key = TEXT("plain"), .pattern = TEXT("a < b")}};
    Site site = {.arena = arena, .layouts_folder = text_from(folder)};
    site.settings.source_language = language_find(TEXT("en"));
    site.messages[site.settings.source_language] = (Messages){.messages = messages, .count = 2};
    file_write(text_format(arena, "%s/x/page.html", folder).data, layout, strlen(layout), diagnostics);
    file_write(text_format(arena, "%s/x/partials/part.html", folder).data, partial, strlen(partial), diagnostics);
    Buffer out = {0};
    Layouts *layouts = layouts_load(arena, &site, (Digest){0, 0}, diagnostics);
    bool is_done = false;
    if (layouts) {
        Renderer *renderer = renderer_open(&site, layouts, diagnostics);
        is_done = render_layout(renderer, &out, "x/page.html", site.settings.source_language, sample_view(arena));
        renderer_close(renderer);
        layouts_close(layouts);
    }
    if (!is_done) {
        size_t count;
        const Diagnostic *list = diagnostics_list(diagnostics, &count);
        buffer_clear(&out);
        Text name = text_slice(list[0].path, strlen(folder) + 1, list[0].path.size);
        buffer_format(&out, "%.*s:%u: %.*s", TEXT_ARG(name), list[0].place.line, TEXT_ARG(list[0].message));
    }
    Text result = text_copy(arena, buffer_text(&out));
    buffer_free(&out);
    diagnostics_close(diagnostics);
    return result;
}

static void expect_page(const char *layout, const char *wanted) {
    Arena arena = {0};
    expect(layout, run(&arena, layout, "part\n"), wanted);
    arena_free(&arena);
}

static void expect_with_partial(const char *layout, const char *partial, const char *wanted) {
    Arena arena = {0};
    expect(layout, run(&arena, layout, partial), wanted);
    arena_free(&arena);
}

/* The sentence of a failure may end in a value or in Lua's words: its beginning is compared. */
static void expect_failure(const char *layout, const char *beginning) {
    Arena arena = {0};
    Text found = run(&arena, layout, "part\n");
    expect(layout, text_slice(found, 0, strlen(beginning)), beginning);
    arena_free(&arena);
}

static void test_values(void) {
    expect_page("<p>{{ text }}</p>", "<p>&lt;b&gt;&quot;it&#39;s&quot; &amp; more</p>");
    expect_page("<p title=\"{{ text }}\"></p>", "<p title=\"&lt;b&gt;&quot;it&#39;s&quot; &amp; more\"></p>");
    expect_page("<a href=\"{{ address }}\">x</a>", "<a href=\"../a/%C3%A9?x=1&amp;y\">x</a>");
    expect_page("<a href=\"x/{{ text }}\">x</a>", "<a href=\"x/%3Cb%3E%22it%27s%22%20&amp;%20more\">x</a>");
    expect_page("{{ html }}", "<em>made by C</em>");
    expect_page("<style>{{ html }}</style>{{ text }}",
                "<style><em>made by C</em></style>&lt;b&gt;&quot;it&#39;s&quot; &amp; more");
    expect_page("{{ count }} {{ number count }} {{ empty }}{{ inner.name }}", "1234 1,234 inner");
    expect_page("{{ date text }}", "&lt;b&gt;&quot;it&#39;s&quot; &amp; more");
    expect_page("{{ t \"plain\" }} {{ t \"files\" count text }}",
                "a &lt; b 1,234 files of &lt;b&gt;&quot;it&#39;s&quot; &amp; more");
    expect_page("{# a remark {{ nothing }} #}x", "x");
    expect_page("\"\\{ { }} %}", "\"\\{ { }} %}");
}

static void test_blocks(void) {
    expect_page("{% if yes %}a{% else %}b{% end %}{% if no %}c{% elseif count == 1234 %}d{% end %}", "ad");
    expect_page("{% if empty %}a{% end %}{% if not empty and #items > 2 %}b{% end %}", "b");
    expect_page("{% for i in items %}[{{ i.name }}]{% end %}{% for i in none %}x{% end %}",
                "[other][&lt;two&gt;][other]");
    expect_page("a\n  {% if yes %}\nb\n  {% end %}\nc\n", "a\nb\nc\n");
    expect_page("<a{% if yes %} class=\"x\"{% end %}>", "<a class=\"x\">");
    expect_with_partial("{% for i in items %}{% include \"partials/part.html\" %}{% end %}", "{{ i.name }};",
                        "other;&lt;two&gt;;other;");
    expect_page("{% if (yes or no) and (inner.name == \"inner\") %}y{% end %}", "y");
}

static void test_mistakes(void) {
    expect_failure("a\n\n{{ missing }}", "x/page.html:3: the layout failed: there is no value to write here (nil)");
    expect_failure("a\n{{ missing.name }}", "x/page.html:2: the layout failed: attempt to index a nil value");
    expect_failure("\n{% for i in missing %}{% end %}",
                   "x/page.html:2: the layout failed: there is no list to go through here (nil)");
    expect_failure("\n<a href=\"{{ script }}\">",
                   "x/page.html:2: the layout failed: \"java\tscript:alert(1)\" is not a safe address");
    expect_failure("\n<p title=\"{{ html }}\">", "x/page.html:2: the layout failed: HTML cannot stand in an attribute");
    expect_failure("<script>\n{{ text }}</script>",
                   "x/page.html:2: the layout failed: a text cannot stand in a script or a style sheet");
    expect_failure("\n<p {{ text }}>", "x/page.html:2: the layout cannot be read: a value may stand");
    expect_failure("<p title={{ text }}>", "x/page.html:1: the layout cannot be read: a value may stand");
    expect_failure("\n<!-- {{ text }} -->", "x/page.html:2: the layout cannot be read: a value may stand");
    expect_failure("\n\n{% if yes %}", "x/page.html:3: the layout cannot be read: this block has no end");
    expect_failure("\n{% end %}", "x/page.html:2: the layout cannot be read: nothing is open here: end");
    expect_failure("{% if yes %}<p title=\"{% end %}\">",
                   "x/page.html:1: the layout cannot be read: the HTML is at another place");
    expect_failure("\n{% while true %}", "x/page.html:2: the layout cannot be read: there is no such tag");
    expect_failure("\n{{ os.execute(\"x\") }}",
                   "x/page.html:2: the layout cannot be read: this cannot stand in an expression: (");
    expect_failure("{{ text .. text }}",
                   "x/page.html:1: the layout cannot be read: this cannot stand in an expression: .");
    expect_failure("{{ _ENV }}", "x/page.html:1: the layout cannot be read: this cannot stand in an expression: _");
    expect_failure("{{ text:upper }}",
                   "x/page.html:1: the layout cannot be read: this cannot stand in an expression: :");
    expect_failure("{{ \"a\\065\" }}", "x/page.html:1: the layout cannot be read: this cannot stand in an expression");
    expect_failure("{{ inner.end }}", "x/page.html:1: the layout cannot be read: this cannot stand in an expression");
    expect_failure("{{ [[x]] }}", "x/page.html:1: the layout cannot be read: this cannot stand in an expression: [");
    expect_failure("{{ }}", "x/page.html:1: the layout cannot be read: the expression is not complete");
    expect_failure("a\n{{ text", "x/page.html:2: the layout cannot be read: the tag is not closed");
    expect_failure("\n{{ t \"no.such\" }}",
                   "x/page.html:2: the layout cannot be read: there is no such message: no.such");
    expect_failure("\n{% include \"partials/none.html\" %}",
                   "x/page.html:2: there is no layout \"partials/none.html\"");
    expect_failure("<p title=\"x", "x/page.html:1: the layout cannot be read: the file ends inside a tag");
    /* No names but the view's: nothing of Lua's own can be reached. */
    expect_failure("{{ print }}", "x/page.html:1: the layout failed: there is no value to write here (nil)");
    expect_failure("{{ text.len }}", "x/page.html:1: the layout failed: attempt to index a string value");
    expect_with_partial("\n{% include \"partials/part.html\" %}\n", "ok\n{{ missing }}\n",
                        "x/partials/part.html:2: the layout failed: there is no value to write here (nil)");
    expect_with_partial("\n{% include \"partials/part.html\" %}\n{{ missing }}", "ok\n\n\n",
                        "x/page.html:3: the layout failed: there is no value to write here (nil)");
    expect_with_partial(
        "{% include \"partials/part.html\" %}", "\n{% include \"partials/part.html\" %}",
        "x/partials/part.html:2: the layout cannot be read: files include each other too deeply; perhaps in a circle: "
        "partials/part.html");
}

static void test_endless(void) {
    char layout[8000] = "\n";
    char name[64];
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "{%% for i%d in items %%}", i);
        strcat(layout, name);
    }
    for (int i = 0; i < 20; i++)
        strcat(layout, "{% end %}");
    expect_failure(layout, "x/page.html:2: the layout failed: the layout does not come to an end");
}

int main(void) {
    if (!mkdtemp(folder))
        return 2;
    Diagnostics *diagnostics = diagnostics_open();
    char path[64];
    snprintf(path, sizeof path, "%s/x/partials", folder);
    file_make_folders(path, diagnostics);
    test_values();
    test_blocks();
    test_mistakes();
    test_endless();
    file_remove_tree(folder, diagnostics);
    diagnostics_close(diagnostics);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
