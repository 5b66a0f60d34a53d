/*
 * course.js: the course's neutral skeleton and the profile of its platform; the words that the player says in this language, those that it accepts in
 * blanks and the titles of the objectives; and the course's own rules.
 */
#include "package/package.h"

static void put_words(Buffer *out, const Messages *messages) {
    bool is_first = true;
    buffer_put_char(out, '{');
    for (size_t i = 0; i < messages->count; i++) {
        if (!text_starts(messages->messages[i].key, TEXT("player.")))
            continue;
        buffer_put_text(out, is_first ? TEXT("\n") : TEXT(",\n"));
        buffer_put_json(out, messages->messages[i].key);
        buffer_put_char(out, ':');
        buffer_put_json(out, messages->messages[i].pattern);
        is_first = false;
    }
    buffer_put_char(out, '}');
}

static void put_objectives(Buffer *out, const Course *course, Language language) {
    buffer_put_char(out, '{');
    for (size_t i = 0; i < course->objective_count; i++) {
        buffer_put_text(out, i ? TEXT(",\n") : TEXT("\n"));
        buffer_put_json(out, course->objectives[i].id);
        buffer_put_char(out, ':');
        buffer_put_json(out, course->objectives[i].title[language]);
    }
    buffer_put_char(out, '}');
}

void package_write_data(Buffer *out, const Site *site, const Course *course, Language language) {
    buffer_put_literal(out, "window.Probity = window.Probity || {};\nwindow.Probity.course = ");
    course_put_json(out, course, language);
    buffer_put_literal(out, ";\nwindow.Probity.course.words = ");
    put_words(out, &site->messages[language]);
    buffer_put_literal(out, ";\nwindow.Probity.course.accepted = ");
    course_put_accepted(out, course, language);
    buffer_put_literal(out, ";\nwindow.Probity.course.objective_titles = ");
    put_objectives(out, course, language);
    buffer_format(out, ";\nwindow.Probity.course.language = \"%s\"", language_info(language)->tag);
    buffer_put_literal(out, ";\nwindow.Probity.course.profile = ");
    profile_put_json(out, course->profile);
    buffer_put_literal(out, ";\nwindow.Probity.course.rules = ");
    buffer_put_json(out, course->rules);
    buffer_put_literal(out, ";\n");
}
