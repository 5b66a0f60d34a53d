/* Interface words: plural forms of six languages, numbers, dates, and patterns that are not as they should be. */
#include "load/load.h"
#include "render/internal.h"

#include <stdio.h>
#include <string.h>

static int passed, failed;
static Site site;
static Renderer *renderer;

static void expect(const char *what, Text found, const char *wanted) {
    if (text_equal(found, text_from(wanted))) {
        passed++;
        return;
    }
    printf("%s: expected \"%s\", found \"%.*s\"\n", what, wanted, TEXT_ARG(found));
    failed++;
}

static Language language(const char *code) {
    return language_find(text_from(code));
}

static void expect_count(const char *code, const char *key, int64_t count, const char *wanted) {
    expect(key, render_message(renderer, language(code), key, &count, 1), wanted);
}

/* A pattern of the test's own, in place of the messages. */
static void expect_pattern(const char *code, const char *pattern, const WordArgument *arguments, size_t count,
                           const char *wanted) {
    Message message = {.key = TEXT("test"), .pattern = text_from(pattern)};
    Messages kept = site.messages[language(code)];
    site.messages[language(code)] = (Messages){.messages = &message, .count = 1};
    Buffer out = {0};
    words_put(renderer->words, &out, language(code), TEXT("test"), arguments, count);
    expect(pattern, buffer_text(&out), wanted);
    buffer_free(&out);
    site.messages[language(code)] = kept;
}

static void expect_number(const char *code, const char *number, const char *wanted) {
    Buffer out = {0};
    render_number(renderer, &out, language(code), text_from(number));
    expect(number, buffer_text(&out), wanted);
    buffer_free(&out);
}

static void expect_date(const char *code, const char *date, const char *wanted) {
    Buffer out = {0};
    render_date(renderer, &out, language(code), text_from(date));
    expect(date, buffer_text(&out), wanted);
    buffer_free(&out);
}

static void test_plurals(void) {
    expect_count("en", "guide.chapters", 1, "1 chapter");
    expect_count("en", "guide.chapters", 0, "0 chapters");
    expect_count("en", "guide.chapters", 1200, "1,200 chapters");
    expect_count("fr", "guide.chapters", 0, "0 chapitre");
    expect_count("fr", "guide.chapters", 2, "2 chapitres");
    expect_count("es", "guide.chapters", 1, "1 capítulo");
    expect_count("ru", "guide.chapters", 1, "1 глава");
    expect_count("ru", "guide.chapters", 21, "21 глава");
    expect_count("ru", "guide.chapters", 3, "3 главы");
    expect_count("ru", "guide.chapters", 12, "12 глав");
    expect_count("ru", "guide.chapters", 5, "5 глав");
    expect_count("zh", "guide.chapters", 5, "共5章");
    expect_count("ar", "guide.chapters", 0, "بلا فصول");
    expect_count("ar", "guide.chapters", 1, "فصل واحد");
    expect_count("ar", "guide.chapters", 2, "فصلان");
    expect_count("ar", "guide.chapters", 3, "3 فصول");
    expect_count("ar", "guide.chapters", 11, "11 فصلاً");
    expect_count("ar", "guide.chapters", 100, "100 فصل");
}

static void test_numbers_and_dates(void) {
    expect_number("en", "1234567.50", "1,234,567.50");
    expect_number("ru", "1234567", "1\u00A0234\u00A0567");
    expect_number("ar", "1234.5", "1\u00A0234,5");
    expect_number("zh", "1234.5", "1,234.5");
    expect_number("es", "12345.5", "12.345,5");
    expect_number("es", "1234", "1234");
    expect_number("en", "-3", "-3");
    expect_number("en", "<canary>", "&lt;canary&gt;");
    expect_date("en", "2025-03-31", "31 March 2025");
    expect_date("fr", "2025-01-01", "1er janvier 2025");
    expect_date("es", "2025-12-09", "9 de diciembre de 2025");
    expect_date("ru", "2025-05-02", "2 мая 2025 года");
    expect_date("zh", "2025-10-03", "2025年10月3日");
    expect_date("ar", "2025-06-07", "7 حزيران/يونيه 2025");
    expect_date("en", "soon", "soon");
}

static void test_patterns(void) {
    WordArgument two = {.is_number = true, .number = 2}, name = {.text = TEXT("Ann")}, both[] = {two, name};
    expect_pattern("en", "it''s '{'{0}'}'", &two, 1, "it's {2}");
    expect_pattern("en", "don't", &two, 1, "don't");
    expect_pattern("en", "{1}: {0, plural, =2 {a pair} other {#}}", both, 2, "Ann: a pair");
    expect_pattern("en", "{1, select, Bob {he} other {they: {0, number}}}", both, 2, "they: 2");
    expect_pattern("en", "{0, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", &two, 1, "2nd");
    expect_pattern("ar", "{1}", both, 2, "\u2068Ann\u2069");
    /* Load tells of such patterns; here they only must do no harm. */
    expect_pattern("en", "{0, plural, one {", &two, 1, "");
    expect_pattern("en", "{9} {x} {", &two, 1, "  ");
    expect_pattern("en", "{1}", &two, 1, "");
    expect_pattern("en", "{0, plural}", &two, 1, "2");
    char deep[400] = "";
    for (int i = 0; i < 20; i++)
        strcat(deep, "{0, plural, other {");
    expect_pattern("en", deep, &two, 1, "");
    expect("a key without a message", render_message(renderer, language("en"), "no.such", NULL, 0), "no.such");
}

int main(void) {
    Arena arena = {0};
    Diagnostics *diagnostics = diagnostics_open();
    site.arena = &arena;
    load_site(&site, ".", NULL, 1, diagnostics);
    Layouts none = {0};
    renderer = renderer_open(&site, &none, diagnostics);
    test_plurals();
    test_numbers_and_dates();
    test_patterns();
    renderer_close(renderer);
    diagnostics_close(diagnostics);
    load_end(&site);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
