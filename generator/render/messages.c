/* Patterns of interface words, checked before any of them is used: by ICU, and against the source language's arguments. */
#include "render/internal.h"

#include <stdlib.h>
#include <unicode/umsg.h>
#include <unicode/ustring.h>

enum { PATTERN_LIMIT = 2000 };

/* One bit for each argument {0} to {9} that the pattern names. */
static unsigned arguments_of(Text pattern) {
    unsigned arguments = 0;
    for (size_t i = 0; i + 1 < pattern.size; i++)
        if (pattern.data[i] == '{' && pattern.data[i + 1] >= '0' && pattern.data[i + 1] <= '9')
            arguments |= 1u << (pattern.data[i + 1] - '0');
    return arguments;
}

static const char *fault_of(Text pattern, const char *locale) {
    UChar characters[PATTERN_LIMIT];
    int32_t size;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(characters, PATTERN_LIMIT, &size, pattern.data, (int32_t)pattern.size, &status);
    if (U_FAILURE(status))
        return "it is too long";
    UParseError place;
    UMessageFormat *format = umsg_open(characters, size, locale, &place, &status);
    umsg_close(format);
    return U_SUCCESS(status) ? NULL : u_errorName(status);
}

void messages_check(const Site *site, Diagnostics *diagnostics) {
    const Settings *settings = &site->settings;
    const Messages *source = &site->messages[settings->source_language];
    for (size_t l = 0; l < settings->language_count; l++) {
        const LanguageInfo *language = language_info(settings->languages[l]);
        const Messages *messages = &site->messages[settings->languages[l]];
        for (size_t i = 0; i < messages->count; i++) {
            const Message *message = &messages->messages[i];
            Text original = messages_find(source, message->key);
            /* Most words are plain; opening a pattern costs some microseconds. */
            bool is_plain = text_find(message->pattern, '{', 0) == message->pattern.size &&
                            text_find(message->pattern, '}', 0) == message->pattern.size;
            const char *fault = is_plain ? NULL : fault_of(message->pattern, language->locale);
            if (!fault && arguments_of(message->pattern) & ~arguments_of(original))
                fault = "it has an argument that the source language has not";
            if (!fault)
                continue;
            Buffer path = {0};
            buffer_format(&path, "%.*s/%s/messages.yaml", TEXT_ARG(site->locales_folder), language->code);
            diagnostics_add(diagnostics, DIAGNOSTIC_MESSAGE_FORMAT, buffer_text(&path), message->place,
                            message->key.data, fault);
            buffer_free(&path);
        }
    }
}
