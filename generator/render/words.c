/*
 * Interface words, numbers and dates of each language. Plural rules and number forms are ICU's; the patterns are ICU's
 * message patterns, with arguments by position:
 *   {0}  {0, number}  {0, plural, =0 {…} one {# …} other {# …}}  {0, selectordinal, …}  {0, select, a {…} other {…}}
 *   '' is an apostrophe, '{…}' stands for itself.
 * They are read here rather than by ICU's own formatter because that one takes its arguments from a C argument list
 * whose types the pattern decides: a slip of a translator's would then be undefined behaviour.
 */
#include "render/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

typedef struct Formatters {
    UNumberFormat *grouped, *plain;
    UPluralRules *cardinal, *ordinal;
} Formatters;

struct Words {
    const Site *site;
    Formatters of[LANGUAGE_LIMIT];
};

Words *words_open(const Site *site) {
    Words *words = calloc(1, sizeof *words);
    if (!words)
        memory_exhausted();
    words->site = site;
    return words;
}

void words_close(Words *words) {
    for (Language language = 0; language < LANGUAGE_LIMIT; language++) {
        Formatters *formatters = &words->of[language];
        if (formatters->grouped)
            unum_close(formatters->grouped);
        if (formatters->plain)
            unum_close(formatters->plain);
        if (formatters->cardinal)
            uplrules_close(formatters->cardinal);
        if (formatters->ordinal)
            uplrules_close(formatters->ordinal);
    }
    free(words);
}

/* ---- Numbers ---- */

static void put_utf16(Buffer *out, const UChar *characters, int32_t size) {
    char bytes[512];
    int32_t written = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(bytes, sizeof bytes, &written, characters, size, &status);
    if (U_SUCCESS(status))
        buffer_put(out, bytes, (size_t)written);
}

/* The separators of the messages are the office's own, and the same under every version of ICU. */
static void set_symbol(const Words *words, UNumberFormat *format, Language language, UNumberFormatSymbol symbol,
                       Text key) {
    Text pattern = messages_find(&words->site->messages[language], key);
    UErrorCode status = U_ZERO_ERROR;
    UChar characters[8];
    int32_t size = 0;
    u_strFromUTF8(characters, 8, &size, pattern.data, (int32_t)pattern.size, &status);
    if (size > 0 && size <= 8 && U_SUCCESS(status))
        unum_setSymbol(format, symbol, characters, size, &status);
}

static UNumberFormat *number_format(Words *words, Language language, bool grouped) {
    UNumberFormat **format = grouped ? &words->of[language].grouped : &words->of[language].plain;
    if (!*format) {
        UErrorCode status = U_ZERO_ERROR;
        *format = unum_open(UNUM_DECIMAL, NULL, 0, language_info(language)->locale, NULL, &status);
        if (U_FAILURE(status)) {
            *format = NULL;
            return NULL;
        }
        unum_setAttribute(*format, UNUM_GROUPING_USED, grouped);
        set_symbol(words, *format, language, UNUM_GROUPING_SEPARATOR_SYMBOL, TEXT("number.grouping"));
        set_symbol(words, *format, language, UNUM_DECIMAL_SEPARATOR_SYMBOL, TEXT("number.decimal"));
        /* Spanish writes 1234 but 12.345: the locale knows from where on to group. */
        unum_setAttribute(*format, UNUM_MINIMUM_GROUPING_DIGITS, UNUM_MINIMUM_GROUPING_DIGITS_AUTO);
    }
    return *format;
}

void words_put_number(Words *words, Buffer *out, Language language, Text number, bool grouped) {
    UNumberFormat *format = number_format(words, language, grouped);
    UErrorCode status = U_ZERO_ERROR;
    UChar characters[128];
    int32_t size = -1;
    if (format && number.size < 64) {
        /* As many decimals as the author wrote: 12.50 has been measured more closely than 12.5. */
        size_t point = text_find(number, '.', 0);
        int32_t decimals = point < number.size ? (int32_t)(number.size - point - 1) : 0;
        unum_setAttribute(format, UNUM_FRACTION_DIGITS, decimals);
        size = unum_formatDecimal(format, number.data, (int32_t)number.size, characters, 128, NULL, &status);
    }
    if (size < 0 || U_FAILURE(status) || size > 128)
        buffer_put_text(out, number);
    else
        put_utf16(out, characters, size);
}

void words_put_integer(Words *words, Buffer *out, Language language, int64_t number) {
    UNumberFormat *format = number_format(words, language, true);
    UErrorCode status = U_ZERO_ERROR;
    UChar characters[64];
    if (format) /* the number before may have had decimals */
        unum_setAttribute(format, UNUM_FRACTION_DIGITS, 0);
    int32_t size = format ? unum_formatInt64(format, number, characters, 64, NULL, &status) : -1;
    if (size < 0 || size > 64 || U_FAILURE(status))
        buffer_put_number(out, number);
    else
        put_utf16(out, characters, size);
}

/* ---- Message patterns ---- */

enum { PATTERN_DEPTH_LIMIT = 8 };

typedef struct Formatting {
    Words *words;
    Buffer *out;
    Language language;
    const WordArgument *arguments;
    size_t count;
} Formatting;

static void put_pattern(const Formatting *formatting, Text pattern, const WordArgument *hash, int depth);

static const char *plural_keyword(const Formatting *formatting, int64_t number, bool ordinal, char *keyword,
                                  size_t size) {
    Formatters *formatters = &formatting->words->of[formatting->language];
    UPluralRules **rules = ordinal ? &formatters->ordinal : &formatters->cardinal;
    UErrorCode status = U_ZERO_ERROR;
    if (!*rules) {
        const char *locale = language_info(formatting->language)->locale;
        *rules = uplrules_openForType(locale, ordinal ? UPLURAL_TYPE_ORDINAL : UPLURAL_TYPE_CARDINAL, &status);
        if (U_FAILURE(status)) {
            *rules = NULL;
            return "other";
        }
    }
    UChar characters[16];
    int32_t length = uplrules_select(*rules, (double)number, characters, 16, &status);
    if (U_FAILURE(status) || length <= 0 || length >= 16 || (size_t)length >= size)
        return "other";
    for (int32_t i = 0; i < length; i++) /* keywords are ASCII */
        keyword[i] = (char)characters[i];
    keyword[length] = 0;
    return keyword;
}

/* The position after the brace that closes the one before `at`. Quoted braces do not count. */
static size_t skip_braces(Text pattern, size_t at) {
    int depth = 1;
    bool quoted = false;
    for (; at < pattern.size; at++) {
        char c = pattern.data[at];
        if (c == '\'' && (quoted || (at + 1 < pattern.size && strchr("{}'#|", pattern.data[at + 1])))) {
            if (at + 1 < pattern.size && pattern.data[at + 1] == '\'')
                at++;
            else
                quoted = !quoted;
        } else if (!quoted && c == '{') {
            depth++;
        } else if (!quoted && c == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return pattern.size;
}

static bool selector_fits(const WordArgument *argument, Text selector, bool is_plural, const char *category) {
    char digits[24];
    if (is_plural && selector.size && selector.data[0] == '=')
        return strtoll(selector.data + 1, NULL, 10) == argument->number;
    if (is_plural)
        return text_equal(selector, text_from(category));
    if (!argument->is_number)
        return text_equal(selector, argument->text);
    snprintf(digits, sizeof digits, "%lld", (long long)argument->number);
    return text_equal(selector, text_from(digits));
}

/* The branches of a plural or select: an exact number first, then the category, then other. */
static void put_branch(const Formatting *formatting, Text branches, Text type, const WordArgument *argument,
                       int depth) {
    char keyword[16] = "other";
    const char *category = "other";
    bool is_plural = !text_equal(type, TEXT("select"));
    if (is_plural)
        category = plural_keyword(formatting, argument->number, text_equal(type, TEXT("selectordinal")), keyword,
                                  sizeof keyword);
    Text chosen = {"", 0};
    int rank = 0; /* of what was chosen: 1 other, 2 category or word, 3 exact number */
    size_t at = 0;
    while (at < branches.size) {
        size_t open = text_find(branches, '{', at);
        if (open >= branches.size)
            break;
        Text selector = text_trim(text_slice(branches, at, open));
        size_t end = skip_braces(branches, open + 1);
        Text body = text_slice(branches, open + 1, end > open + 1 ? end - 1 : end);
        int fit = selector_fits(argument, selector, is_plural, category) ? (selector.data[0] == '=' ? 3 : 2)
                  : text_equal(selector, TEXT("other"))                  ? 1
                                                                         : 0;
        if (fit > rank) {
            rank = fit;
            chosen = body;
        }
        at = end;
    }
    put_pattern(formatting, chosen, is_plural ? argument : NULL, depth + 1);
}

static bool needs_isolation(Text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return true;
    return false;
}

static void put_value(const Formatting *formatting, const WordArgument *argument) {
    if (argument->is_number) {
        words_put_integer(formatting->words, formatting->out, formatting->language, argument->number);
        return;
    }
    /* First strong isolate … pop: an inserted name keeps its own direction and disturbs no other word's. */
    bool isolated = language_info(formatting->language)->right_to_left && needs_isolation(argument->text);
    if (isolated)
        buffer_put_literal(formatting->out, "\u2068");
    buffer_put_text(formatting->out, argument->text);
    if (isolated)
        buffer_put_literal(formatting->out, "\u2069");
}

static void put_argument(const Formatting *formatting, Text inside, int depth) {
    size_t comma = text_find(inside, ',', 0);
    Text name = text_trim(text_slice(inside, 0, comma));
    if (name.size != 1 || name.data[0] < '0' || (size_t)(name.data[0] - '0') >= formatting->count)
        return;
    const WordArgument *argument = &formatting->arguments[name.data[0] - '0'];
    size_t second = comma < inside.size ? text_find(inside, ',', comma + 1) : inside.size;
    Text type = comma < inside.size ? text_trim(text_slice(inside, comma + 1, second)) : (Text){"", 0};
    if (second < inside.size && (text_equal(type, TEXT("plural")) || text_equal(type, TEXT("select")) ||
                                 text_equal(type, TEXT("selectordinal"))))
        put_branch(formatting, text_slice(inside, second + 1, inside.size), type, argument, depth);
    else
        put_value(formatting, argument);
}

static void put_pattern(const Formatting *formatting, Text pattern, const WordArgument *hash, int depth) {
    if (depth > PATTERN_DEPTH_LIMIT)
        return;
    Buffer *out = formatting->out;
    bool quoted = false;
    for (size_t at = 0; at < pattern.size; at++) {
        char c = pattern.data[at];
        char next = at + 1 < pattern.size ? pattern.data[at + 1] : 0;
        if (c == '\'' && next == '\'') {
            buffer_put_char(out, '\'');
            at++;
        } else if (c == '\'' && (quoted || next == '{' || next == '}' || next == '#' || next == '|')) {
            quoted = !quoted;
        } else if (!quoted && c == '{') {
            size_t end = skip_braces(pattern, at + 1);
            put_argument(formatting, text_slice(pattern, at + 1, end > at + 1 ? end - 1 : end), depth);
            at = end - 1;
        } else if (!quoted && c == '#' && hash) {
            put_value(formatting, hash);
        } else {
            buffer_put_char(out, c);
        }
    }
}

void words_put(Words *words, Buffer *out, Language language, Text key, const WordArgument *arguments, size_t count) {
    Text pattern = messages_find(&words->site->messages[language], key);
    if (!pattern.size)
        pattern = key;
    if (text_find(pattern, '{', 0) == pattern.size && text_find(pattern, '\'', 0) == pattern.size) {
        buffer_put_text(out, pattern);
        return;
    }
    Formatting formatting = {words, out, language, arguments, count};
    put_pattern(&formatting, pattern, NULL, 0);
}

/*
 * The order of day, month and year and the names of the months are one message, date.long: day, month as 1 to 12, year.
 */
void words_put_date(Words *words, Buffer *out, Language language, Text iso_date) {
    bool is_date = iso_date.size == 10 && iso_date.data[4] == '-' && iso_date.data[7] == '-';
    for (size_t i = 0; is_date && i < 10; i++)
        is_date = i == 4 || i == 7 || (iso_date.data[i] >= '0' && iso_date.data[i] <= '9');
    if (!is_date) {
        buffer_put_text(out, iso_date);
        return;
    }
    int month = (iso_date.data[5] - '0') * 10 + iso_date.data[6] - '0';
    int day = (iso_date.data[8] - '0') * 10 + iso_date.data[9] - '0';
    WordArgument arguments[] = {
        {.is_number = true, .number = day}, {.is_number = true, .number = month}, {.text = text_slice(iso_date, 0, 4)}};
    words_put(words, out, language, TEXT("date.long"), arguments, 3);
}

/* ---- For the renderer and its callers ---- */

void renderer_put_word(Renderer *renderer, Buffer *out, Language language, const char *key) {
    renderer_put_word_numbers(renderer, out, language, key, NULL, 0);
}

void renderer_put_word_numbers(Renderer *renderer, Buffer *out, Language language, const char *key,
                               const int64_t *numbers, size_t count) {
    buffer_put_html(out, render_message(renderer, language, key, numbers, count));
}

Text render_message(Renderer *renderer, Language language, const char *key, const int64_t *arguments, size_t count) {
    WordArgument list[WORD_ARGUMENT_LIMIT] = {0};
    if (count > WORD_ARGUMENT_LIMIT)
        count = WORD_ARGUMENT_LIMIT;
    for (size_t i = 0; i < count; i++)
        list[i] = (WordArgument){.is_number = true, .number = arguments[i]};
    buffer_clear(&renderer->word);
    words_put(renderer->words, &renderer->word, language, text_from(key), list, count);
    return buffer_text(&renderer->word);
}

void renderer_put_number(Renderer *renderer, Buffer *out, Language language, Text number, bool grouped) {
    buffer_clear(&renderer->word);
    words_put_number(renderer->words, &renderer->word, language, number, grouped);
    buffer_put_html(out, buffer_text(&renderer->word));
}

void render_number(Renderer *renderer, Buffer *out, Language language, Text number) {
    renderer_put_number(renderer, out, language, number, true);
}

void render_date(Renderer *renderer, Buffer *out, Language language, Text iso_date) {
    buffer_clear(&renderer->word);
    words_put_date(renderer->words, &renderer->word, language, iso_date);
    buffer_put_html(out, buffer_text(&renderer->word));
}
