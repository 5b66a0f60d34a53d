/* The table of languages; model.h says how to add one. */
#include "model/model.h"

/* Arabic is written with the digits 0-9, as United Nations documents are; without the keyword it depends on ICU's version. */
static const LanguageInfo table[] = {
    {"ar", "ar", "ar@numbers=latn", "العربية", true},
    {"zh", "zh-Hans", "zh_Hans", "中文", false},
    {"en", "en", "en", "English", false},
    {"fr", "fr", "fr", "Français", false},
    {"ru", "ru", "ru", "Русский", false},
    {"es", "es", "es", "Español", false},
};

_Static_assert(sizeof table / sizeof *table <= LANGUAGE_LIMIT, "raise LANGUAGE_LIMIT");

int language_count(void) {
    return (int)(sizeof table / sizeof *table);
}

const LanguageInfo *language_info(Language language) {
    return &table[language];
}

Language language_find(Text code) {
    for (Language language = 0; language < language_count(); language++)
        if (text_equal(code, text_from(table[language].code)))
            return language;
    return -1;
}
