/* Questions: their kinds, a row of `kinds` each; what all of them can have; banks of them. */
#include "parse/parts.h"

#include <stdlib.h>

enum { ITEM_LEAST = 2, LIKERT_LIMIT = 11, ORDERING_LIMIT = 12, REFLECTION_BYTES = 300 };

/* What answers are written with; takes them out of the stem. */
typedef void (*ReadFunction)(Parse *parse, Exercise *question);

typedef struct KindRule {
    const char *attributes[4]; /* beside those of every question; ends with NULL */
    ReadFunction read;
} KindRule;

static void report_part(Parse *parse, const Exercise *question, const char *wanted) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_PART, parse->input->path, question->place,
                    exercise_kind_name(question->kind), wanted);
}

static void report_foreign(Parse *parse, const Exercise *question, Place place, const char *what) {
    diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_FOREIGN, parse->input->path, place,
                    exercise_kind_name(question->kind), what);
}

/* ---- Choices with marks ---- */

static void check_counts(Parse *parse, const Exercise *question, size_t written, size_t right, Text kind) {
    Diagnostics *diagnostics = parse->diagnostics;
    Text path = parse->input->path;
    if (question->kind == EXERCISE_TRUE_FALSE ? written != 2 : written < 2 || written > CHOICE_LIMIT)
        diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_CHOICES, path, question->place, written,
                        question->kind == EXERCISE_TRUE_FALSE ? "two" : "from 2 to 26");
    if (right == 0 && written > 0)
        diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_NO_ANSWER, path, question->place);
    if (right > 1 && question->kind != EXERCISE_MULTIPLE && question->kind != EXERCISE_HOTSPOT)
        diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_ANSWERS, path, question->place, right,
                        text_format(parse->scratch, "kind=%s", kind.data).data);
}

/* Whether all that were meant as choices are choices. */
static bool check_choices(Parse *parse, const Exercise *question) {
    Diagnostics *diagnostics = parse->diagnostics;
    Text path = parse->input->path;
    bool is_whole = exercise_check_lost_choices(parse, question->node);
    for (size_t i = 0; i < question->choice_count; i++) {
        const Choice *choice = &question->choices[i];
        if (!choice->words->item.is_task)
            diagnostics_add(diagnostics, DIAGNOSTIC_QUESTION_MARK, path, choice->place);
        else if (!exercise_check_lost_choices(parse, choice->words))
            is_whole = false;
        if (choice->feedback && !exercise_check_lost_choices(parse, choice->feedback))
            is_whole = false;
        if (exercise_says_nothing(choice->words))
            diagnostics_add(diagnostics, DIAGNOSTIC_CHOICE_EMPTY, path, choice->place);
    }
    return is_whole;
}

/* Once the choices have begun nothing else may stand: feedback that is not indented would become part of the stem. */
static void check_strays(Parse *parse, const Node *directive, bool (*is_answer)(const Node *node)) {
    bool has_begun = false;
    for (const Node *child = directive->first_child; child; child = child->next) {
        if (is_answer(child))
            has_begun = true;
        else if (has_begun)
            exercise_report_stray(parse, child);
    }
}

static void read_choices(Parse *parse, Exercise *question) {
    Node *directive = question->node;
    check_strays(parse, directive, exercise_is_task_list);
    /* A change of the bullet or a comment between choices makes several lists of one. */
    const Node *lists = exercise_take(directive, exercise_is_task_list);
    if (!lists && directive->last_child && directive->last_child->kind == NODE_LIST)
        lists = exercise_take_last(directive, exercise_is_list); /* the marks were forgotten */
    size_t written = exercise_make_choices(parse, lists, &question->choices, &question->choice_count);
    size_t right = 0;
    for (size_t i = 0; i < question->choice_count; i++) {
        question->choices[i].is_right = question->choices[i].words->item.is_checked;
        right += question->choices[i].is_right;
    }
    Text kind = directive_attribute(directive, "kind");
    if (kind.size == 0 && right > 1)
        question->kind = EXERCISE_MULTIPLE;
    if (check_choices(parse, question))
        check_counts(parse, question, written, right, kind);
}

static const AttributeRule image_rules[] = {{.key = "image", .form = "the name of a picture beside the page"},
                                            {.key = "alt", .form = "words that say what the picture shows"}};

static void read_hotspot(Parse *parse, Exercise *question) {
    Node *directive = question->node;
    read_choices(parse, question);
    braces_read_areas(parse, question);
    for (size_t i = 0; i < 2; i++)
        if (!directive_attribute(directive, image_rules[i].key).size && !directive->directive.has_dropped)
            attributes_report_missing(parse, "question", directive->place, image_rules[i].key, image_rules[i].form);
    Node *image = parse_new_node(parse, NODE_IMAGE, directive->place),
         *alt = parse_new_node(parse, NODE_TEXT, directive->place);
    image->link.address = directive_attribute(directive, "image");
    image->link.title = TEXT("");
    image->link.url = TEXT("");
    alt->text = directive_attribute(directive, "alt");
    node_append(image, alt);
    if (image->link.address.size)
        question->image = image;
}

/* ---- Lists without marks ---- */

static void read_items(Parse *parse, Exercise *question, bool ordered, size_t most, const char *wanted) {
    Node *directive = question->node;
    const Node *list = NULL, *previous = NULL, *before = NULL;
    for (const Node *child = directive->first_child; child; previous = child, child = child->next) {
        if (exercise_is_list(child)) {
            list = child;
            before = previous;
        } else if (list) {
            exercise_report_stray(parse, child);
        }
    }
    bool is_marked = list && exercise_is_task_list(list);
    if (!list || (list->list.ordered != ordered && !is_marked))
        report_part(parse, question, wanted);
    if (!list)
        return;
    /* Another bullet or a comment in between has made two lists of one. */
    if (before && exercise_is_list(before))
        exercise_report_stray(parse, before);
    if (is_marked)
        report_foreign(parse, question, list->place, "marks [ ] and [x]");
    list = exercise_take_last(directive, exercise_is_list);
    size_t written = exercise_make_choices(parse, list, &question->choices, &question->choice_count);
    for (size_t i = 0; i < question->choice_count; i++) {
        const Choice *choice = &question->choices[i];
        if (exercise_says_nothing(choice->words))
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_CHOICE_EMPTY, parse->input->path, choice->place);
        if (choice->feedback)
            report_foreign(parse, question, choice->feedback->place, "feedback of single items");
    }
    if (written < ITEM_LEAST || written > most)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_ITEMS, parse->input->path, question->place, written,
                        "items", exercise_kind_name(question->kind),
                        text_format(parse->scratch, "from 2 to %zu", most).data);
}

static void read_likert(Parse *parse, Exercise *question) {
    read_items(parse, question, false, LIKERT_LIMIT, "a list: - I agree");
}

static void read_ordering(Parse *parse, Exercise *question) {
    read_items(parse, question, true, ORDERING_LIMIT, "a numbered list in the right order: 1. First");
}

static void read_matching(Parse *parse, Exercise *question) {
    check_strays(parse, question->node, matching_is_table);
    matching_read(parse, question);
}

/* ---- Without choices ---- */

static void check_no_choices(Parse *parse, Exercise *question) {
    for (const Node *child = question->node->first_child; child; child = child->next)
        if (exercise_is_task_list(child))
            report_foreign(parse, question, child->place, "choices");
}

static void read_fill_in(Parse *parse, Exercise *question) {
    check_no_choices(parse, question);
    question->case_counts = text_equal(directive_attribute(question->node, "case"), TEXT("yes"));
    blanks_read(parse, question);
}

static void read_numeric(Parse *parse, Exercise *question) {
    const Node *directive = question->node;
    check_no_choices(parse, question);
    if (!attributes_decimal(directive_attribute(directive, "answer"), &question->answer_micro) &&
        !directive->directive.has_dropped)
        attributes_report_missing(parse, "question", directive->place, "answer", "a number such as 12.5");
    attributes_decimal(directive_attribute(directive, "tolerance"), &question->tolerance_micro);
    question->unit = directive_attribute(directive, "unit");
}

static void read_reflection(Parse *parse, Exercise *question) {
    Text size = directive_attribute(question->node, "size");
    check_no_choices(parse, question);
    question->size_bytes = size.size ? atoi(size.data) : REFLECTION_BYTES;
}

/* ---- The kinds ---- */

static const KindRule kinds[EXERCISE_SCENARIO] = {
    [EXERCISE_SINGLE] = {.attributes = {"shuffle"}, .read = read_choices},
    [EXERCISE_MULTIPLE] = {.attributes = {"shuffle"}, .read = read_choices},
    [EXERCISE_TRUE_FALSE] = {.attributes = {"shuffle"}, .read = read_choices},
    [EXERCISE_LIKERT] = {.read = read_likert},
    [EXERCISE_ORDERING] = {.read = read_ordering},
    [EXERCISE_MATCHING] = {.read = read_matching},
    [EXERCISE_FILL_IN] = {.attributes = {"case"}, .read = read_fill_in},
    [EXERCISE_NUMERIC] = {.attributes = {"answer", "tolerance", "unit"}, .read = read_numeric},
    [EXERCISE_HOTSPOT] = {.attributes = {"shuffle", "image", "alt"}, .read = read_hotspot},
    [EXERCISE_REFLECTION] = {.attributes = {"size"}, .read = read_reflection},
    [EXERCISE_ATTESTATION] = {.read = check_no_choices},
};

static ExerciseKind find_kind(Text name) {
    for (int kind = 0; kind < EXERCISE_SCENARIO; kind++)
        if (text_equal(name, text_from(exercise_kind_name((ExerciseKind)kind))))
            return (ExerciseKind)kind;
    return EXERCISE_SINGLE;
}

static bool has_attribute(const Exercise *question, Text key) {
    static const char *const common[] = {"kind", "points", "objective"};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (text_equal(key, text_from(common[i])))
            return true;
    if (text_equal(key, TEXT("attempts")))
        return exercise_is_gradable(question->kind);
    const char *const *own = kinds[question->kind].attributes;
    for (size_t i = 0; i < sizeof kinds->attributes / sizeof *kinds->attributes && own[i]; i++)
        if (text_equal(key, text_from(own[i])))
            return true;
    return false;
}

static void check_kind_attributes(Parse *parse, Exercise *question) {
    const Node *directive = question->node;
    for (size_t i = 0; i < directive->directive.attribute_count; i++) {
        const Attribute *attribute = &directive->directive.attributes[i];
        if (!has_attribute(question, attribute->key))
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_ATTRIBUTE, parse->input->path, attribute->place,
                            attribute->key.data, exercise_kind_name(question->kind));
        else if (!exercise_is_gradable(question->kind) && text_equal(attribute->key, TEXT("points")) &&
                 question->points > 0)
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_POINTS, parse->input->path, attribute->place,
                            exercise_kind_name(question->kind));
    }
    if (!exercise_is_gradable(question->kind))
        question->points = 0;
}

/* ---- Hints and feedback ---- */

static bool is_hint(const Node *node) {
    return node->kind == NODE_DIRECTIVE && node->directive.kind == DIRECTIVE_HINT;
}

static bool is_feedback(const Node *node) {
    return node->kind == NODE_DIRECTIVE && node->directive.kind == DIRECTIVE_FEEDBACK;
}

static void check_says_something(Parse *parse, const Node *directive) {
    if (exercise_says_nothing(directive))
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_DIRECTIVE_EMPTY, parse->input->path, directive->place,
                        directive->directive.name.data);
}

static void read_hints(Parse *parse, Exercise *question) {
    Node *hint = exercise_take(question->node, is_hint);
    question->hints = arena_new(parse->arena, Node *, exercise_count_chain(hint) + 1);
    for (Node *next; hint; hint = next) {
        next = hint->next;
        hint->next = NULL;
        check_says_something(parse, hint);
        question->hints[question->hint_count++] = hint;
    }
}

static FeedbackKind feedback_kind_of(const Node *directive) {
    Text wanted = directive_attribute(directive, "for");
    int kind = FEEDBACK_RIGHT;
    while (kind < FEEDBACK_ANY && !text_equal(wanted, text_from(feedback_kind_name((FeedbackKind)kind))))
        kind++;
    return (FeedbackKind)kind;
}

static void read_feedback(Parse *parse, Exercise *question) {
    Node *directive = exercise_take(question->node, is_feedback);
    for (Node *next; directive; directive = next) {
        next = directive->next;
        directive->next = NULL;
        check_says_something(parse, directive);
        FeedbackKind kind = feedback_kind_of(directive);
        const char *name = feedback_kind_name(kind);
        if (question->feedback[kind])
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_FEEDBACK_TWICE, parse->input->path, directive->place, name);
        else if (kind != FEEDBACK_ANY && !exercise_is_gradable(question->kind))
            report_foreign(parse, question, directive->place,
                           text_format(parse->scratch, "feedback for=%s", name).data);
        question->feedback[kind] = directive;
    }
}

static bool has_task_list(const Node *directive) {
    for (const Node *child = directive->first_child; child; child = child->next)
        if (exercise_is_task_list(child))
            return true;
    return false;
}

void exercise_read_question(Parse *parse, Node *directive) {
    Exercise *question = exercise_add(parse, directive);
    Text kind = directive_attribute(directive, "kind");
    question->kind = find_kind(kind);
    question->attempts = atoi(directive_attribute(directive, "attempts").data);
    question->shuffle = text_equal(directive_attribute(directive, "shuffle"), TEXT("yes"));
    read_hints(parse, question);
    read_feedback(parse, question);
    /* With a kind that there is not, the answers could be anything. */
    if (kind.size || !directive->directive.has_dropped || has_task_list(directive)) {
        kinds[question->kind].read(parse, question);
        check_kind_attributes(parse, question);
        if (question->kind != EXERCISE_FILL_IN)
            blanks_check_none(parse, question);
    }
    if (exercise_says_nothing(directive))
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_QUESTION_STEM, parse->input->path, directive->place);
    exercise_gather_trees(parse, question);
}

/* ---- Banks ---- */

void exercise_read_bank(Parse *parse, Node *directive) {
    Bank *bank = arena_new(parse->arena, Bank, 1);
    bank->id = directive->directive.id;
    bank->place = directive->place;
    bank->draw = atoi(directive_attribute(directive, "draw").data);
    bool has_other = false;
    for (const Node *child = directive->first_child; child; child = child->next) {
        if (child->kind == NODE_DIRECTIVE && child->directive.kind == DIRECTIVE_QUESTION) {
            child->directive.exercise->bank = bank;
            bank->question_count++;
        } else if (child->kind != NODE_DIRECTIVE && !has_other) {
            /* A directive that cannot stand here has been told. */
            has_other = true;
            diagnostics_add(parse->diagnostics, DIAGNOSTIC_BANK_STRAY, parse->input->path, child->place);
        }
    }
    if (bank->draw && (size_t)bank->draw >= bank->question_count)
        diagnostics_add(parse->diagnostics, DIAGNOSTIC_BANK_DRAW, parse->input->path, directive->place, bank->draw,
                        bank->question_count);
    directive->directive.bank = bank;
    *parse->bank_end = bank;
    parse->bank_end = &bank->next;
}
