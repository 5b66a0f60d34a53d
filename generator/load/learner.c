/* learners/<name>.yaml: what a scripted learner does, and what is expected of it. Whether the course has what it names is simulate's to say. */
#include "load/parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_LIMIT = (1 << 20) - 1, ACT_LIMIT = 10000 };

static const YamlKey learner_keys[] = {
    {.name = "language", .type = YAML_TEXT},
    {.name = "audience", .type = YAML_TEXT},
    {.name = "seed", .type = YAML_INTEGER, .least = 0, .most = SEED_LIMIT},
    {.name = "do", .type = YAML_LIST, .is_required = true},
    {.name = "expect", .type = YAML_MAP},
};

static const YamlKey expect_keys[] = {
    {.name = "score", .type = YAML_INTEGER, .least = 0, .most = 100},
    {.name = "passed", .type = YAML_BOOLEAN},
    {.name = "completed", .type = YAML_BOOLEAN},
};

static const YamlKey answer_keys[] = {
    {.name = "question", .type = YAML_ID, .is_required = true},
    {.name = "choices", .type = YAML_TEXTS},
    {.name = "order", .type = YAML_TEXTS},
    {.name = "pairs", .type = YAML_MAP},
    {.name = "words", .type = YAML_MAP},
    {.name = "number", .type = YAML_TEXT},
    {.name = "text", .type = YAML_TEXT},
    {.name = "yes", .type = YAML_BOOLEAN},
    {.name = "date", .type = YAML_DATE},
    {.name = "right", .type = YAML_BOOLEAN},
};

static const YamlKey move_keys[] = {
    {.name = "scenario", .type = YAML_ID, .is_required = true},
    {.name = "choices", .type = YAML_TEXTS, .is_required = true},
};

#define COUNT(keys) (sizeof(keys) / sizeof *(keys))

typedef struct Reading {
    Arena *arena;
    Text path;
    Diagnostics *diagnostics;
} Reading;

static size_t count_children(const YamlNode *node) {
    size_t count = 0;
    for (const YamlNode *child = node->first_child; child; child = child->next)
        count++;
    return count;
}

/* A list, the pairs of a mapping, or one value; false where one of them is none. */
static bool take_words(const Reading *reading, const YamlNode *node, Act *act) {
    act->form = text_copy(reading->arena, node->key);
    act->form_place = node->key_place;
    if (node->kind == YAML_SCALAR) {
        act->words = arena_new(reading->arena, ActWord, 1);
        act->words[act->word_count++] = (ActWord){.text = text_copy(reading->arena, node->text), .place = node->place};
        return true;
    }
    act->words = arena_new(reading->arena, ActWord, count_children(node) + 1);
    for (const YamlNode *child = node->first_child; child; child = child->next) {
        if (child->kind != YAML_SCALAR) {
            diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_TYPE, reading->path, child->place, act->form.data,
                            "one text behind each key");
            return false;
        }
        act->words[act->word_count++] = (ActWord){.key = text_copy(reading->arena, child->key),
                                                  .text = text_copy(reading->arena, child->text),
                                                  .place = child->place};
    }
    return true;
}

static void take_subject(const Reading *reading, const YamlNode *node, Act *act) {
    act->subject = text_copy(reading->arena, node->text);
    act->subject_place = node->place;
}

static bool read_answer(const Reading *reading, const YamlNode *node, Act *act) {
    if (!yaml_check(node, answer_keys, COUNT(answer_keys), reading->path, reading->diagnostics))
        return false;
    take_subject(reading, yaml_find(node, "question"), act);
    const YamlNode *given = NULL;
    size_t count = 0;
    for (const YamlNode *child = node->first_child; child; child = child->next) {
        if (text_equal(child->key, TEXT("question")))
            continue;
        given = child;
        count++;
    }
    if (count != 1) {
        diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_TYPE, reading->path, node->place, "answer",
                        "question: …, and one of choices, order, pairs, words, number, text, yes, date, right");
        return false;
    }
    return take_words(reading, given, act);
}

static bool read_move(const Reading *reading, const YamlNode *node, Act *act) {
    if (!yaml_check(node, move_keys, COUNT(move_keys), reading->path, reading->diagnostics))
        return false;
    take_subject(reading, yaml_find(node, "scenario"), act);
    return take_words(reading, yaml_find(node, "choices"), act);
}

static bool report_act(const Reading *reading, Text word, Place place) {
    const char *names[ACT_KIND_COUNT];
    for (int kind = 0; kind < ACT_KIND_COUNT; kind++)
        names[kind] = act_kind_name((ActKind)kind);
    Text nearest = text_nearest(word, names, ACT_KIND_COUNT);
    Text hint = nearest.size ? text_format(reading->arena, "; did you mean \"%.*s\"?", TEXT_ARG(nearest)) : TEXT("");
    diagnostics_add(reading->diagnostics, DIAGNOSTIC_LEARNER_ACT, reading->path, place,
                    text_copy(reading->arena, word).data, hint.data);
    return false;
}

static bool takes_text(ActKind kind) {
    return kind == ACT_SEE || kind == ACT_AGAIN || kind == ACT_HINT || kind == ACT_SWITCH;
}

static bool has_subject(ActKind kind) {
    return kind == ACT_ANSWER || kind == ACT_MOVE || takes_text(kind);
}

static bool read_language(const Reading *reading, const YamlNode *node, Language *language) {
    *language = language_find(node->text);
    if (*language >= 0)
        return true;
    diagnostics_add(reading->diagnostics, DIAGNOSTIC_LANGUAGE_UNKNOWN, reading->path, node->place,
                    text_copy(reading->arena, node->text).data, "");
    return false;
}

/* `- leave`, or `- see: module/screen`. */
static bool read_act(const Reading *reading, const YamlNode *entry, Act *act) {
    bool is_word = entry->kind == YAML_SCALAR;
    const YamlNode *value = entry->kind == YAML_MAPPING ? entry->first_child : NULL;
    Text name = is_word ? entry->text : value ? value->key : TEXT("");
    act->place = value ? value->key_place : entry->place;
    if (value && value->next) {
        diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_TYPE, reading->path, value->next->key_place,
                        value->next->key.data, "an entry of its own, behind a hyphen");
        return false;
    }
    act->kind = ACT_SEE;
    while (act->kind < ACT_KIND_COUNT && !text_equal(name, text_from(act_kind_name(act->kind))))
        act->kind++;
    if (act->kind == ACT_KIND_COUNT)
        return report_act(reading, name, act->place);
    if (has_subject(act->kind) == is_word) {
        diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_TYPE, reading->path, act->place, act_kind_name(act->kind),
                        is_word ? "followed by a colon and what it is done to" : "alone");
        return false;
    }
    if (is_word)
        return true;
    bool is_text = takes_text(act->kind);
    if (value->kind != (is_text ? YAML_SCALAR : YAML_MAPPING)) {
        diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_TYPE, reading->path, value->place,
                        act_kind_name(act->kind), is_text ? "a text" : "a list of \"key: value\" lines");
        return false;
    }
    if (is_text) {
        take_subject(reading, value, act);
        return act->kind != ACT_SWITCH || read_language(reading, value, &act->language);
    }
    return act->kind == ACT_ANSWER ? read_answer(reading, value, act) : read_move(reading, value, act);
}

static bool read_expectations(const Reading *reading, const YamlNode *expect, Learner *learner) {
    if (!yaml_check(expect, expect_keys, COUNT(expect_keys), reading->path, reading->diagnostics))
        return false;
    const YamlNode *score = yaml_find(expect, "score"), *passed = yaml_find(expect, "passed"),
                   *completed = yaml_find(expect, "completed");
    learner->expects_score = score != NULL;
    learner->expects_passed = passed != NULL;
    learner->expects_completed = completed != NULL;
    learner->score = (int)yaml_integer(score);
    learner->passed = yaml_is_true(passed);
    learner->completed = yaml_is_true(completed);
    learner->score_place = score ? score->place : expect->place;
    learner->passed_place = passed ? passed->place : expect->place;
    learner->completed_place = completed ? completed->place : expect->place;
    return true;
}

static bool read_root(const Reading *reading, const YamlNode *root, Learner *learner) {
    if (!yaml_check(root, learner_keys, COUNT(learner_keys), reading->path, reading->diagnostics))
        return false;
    const YamlNode *language = yaml_find(root, "language");
    bool is_well = !language || read_language(reading, language, &learner->language);
    learner->language_place = language ? language->place : (Place){0, 0};
    audience_read(yaml_find(root, "audience"), reading->path, &learner->audience, reading->diagnostics);
    learner->seed = (int)yaml_integer(yaml_find(root, "seed"));
    const YamlNode *acts = yaml_find(root, "do"), *expect = yaml_find(root, "expect");
    size_t count = count_children(acts);
    if (count > ACT_LIMIT) {
        diagnostics_add(reading->diagnostics, DIAGNOSTIC_YAML_TYPE, reading->path, acts->place, "do",
                        "a list of 10,000 entries at most");
        return false;
    }
    learner->acts = arena_new(reading->arena, Act, count + 1);
    for (const YamlNode *entry = acts->first_child; entry; entry = entry->next)
        is_well = read_act(reading, entry, &learner->acts[learner->act_count++]) && is_well;
    return (!expect || read_expectations(reading, expect, learner)) && is_well;
}

/* The name of the file, without folders and ending. */
static Text name_of(Text path) {
    size_t from = path.size, to = text_ends(path, TEXT(".yaml")) ? path.size - 5 : path.size;
    while (from > 0 && path.data[from - 1] != '/')
        from--;
    return text_slice(path, from, to);
}

static bool read_learner(Arena *arena, YamlReader *reader, Text path, Learner *learner, Digest *digest,
                         Diagnostics *diagnostics) {
    Reading reading = {arena, path, diagnostics};
    Arena scratch = {0};
    Text source;
    *learner = (Learner){.name = text_copy(arena, name_of(path)), .path = path, .language = -1};
    bool is_read = file_read_text(&scratch, path.data, &source, diagnostics);
    if (is_read && digest)
        *digest = digest_text(digest_text(*digest, learner->name), source);
    YamlNode *root = is_read ? yaml_read(reader, &scratch, source, path, 1, diagnostics) : NULL;
    bool is_well = root && read_root(&reading, root, learner);
    arena_free(&scratch);
    return is_well;
}

bool load_learner(Arena *arena, const char *path, Learner *learner, Diagnostics *diagnostics) {
    YamlReader *reader = yaml_open();
    bool is_well = read_learner(arena, reader, text_copy(arena, text_from(path)), learner, NULL, diagnostics);
    yaml_close(reader);
    return is_well;
}

static int is_script(const struct dirent *entry) {
    return entry->d_name[0] != '.' && text_ends(text_from(entry->d_name), TEXT(".yaml"));
}

static int compare_names(const struct dirent **left, const struct dirent **right) {
    return strcmp((*left)->d_name, (*right)->d_name);
}

/* One in a language that the site has not would never be played. */
static bool has_language(const Site *site, const Learner *learner, Diagnostics *diagnostics) {
    bool is_well = learner->language < 0 || site_has_language(site, learner->language);
    if (!is_well)
        diagnostics_add(diagnostics, DIAGNOSTIC_LANGUAGE_UNKNOWN, learner->path, learner->language_place,
                        language_info(learner->language)->code, "; site.yaml does not list it");
    return is_well;
}

void learners_read(Site *site, Course *course, YamlReader *reader, Diagnostics *diagnostics) {
    Text folder =
        text_format(site->arena, "%.*s/%.*s/learners", TEXT_ARG(site->content_folder), TEXT_ARG(course->unit->path));
    struct dirent **entries;
    int count = scandir(folder.data, &entries, is_script, compare_names);
    if (count < 0) {
        if (errno != ENOENT)
            diagnostics_add(diagnostics, DIAGNOSTIC_FILE_READ, folder, (Place){0, 0}, strerror(errno));
        return;
    }
    course->learners = arena_new(site->arena, Learner, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        Text path = text_format(site->arena, "%.*s/%s", TEXT_ARG(folder), entries[i]->d_name);
        Learner *learner = &course->learners[course->learner_count];
        if (read_learner(site->arena, reader, path, learner, &course->digest, diagnostics) &&
            has_language(site, learner, diagnostics))
            course->learner_count++;
        free(entries[i]);
    }
    free(entries);
}
