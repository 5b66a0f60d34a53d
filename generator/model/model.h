/*
 * model: every shape that the rooms pass to each other, and walking over them. No input or output, no Markdown, no HTML.
 * May include base. Every room above may include it.
 *
 * Life: load makes the Site (units, pages, settings, messages); parse makes a Document per page when it is needed; resolve
 * checks and joins them; after that the Site is const and is read by several threads. All of it lives in the arenas that the
 * makers were given.
 */
#ifndef PROBITY_MODEL_H
#define PROBITY_MODEL_H

#include "base/base.h"

/* ---- Languages ---- */

/*
 * To add a language: a row in model/language.c, a folder locales/<code>/ with messages.yaml, its code in content/site.yaml,
 * and the translated pages. No other code.
 */
enum { LANGUAGE_LIMIT = 12 };

typedef int Language; /* index into the table of languages; -1: none */

typedef struct LanguageInfo {
    const char *code;   /* in file names, addresses and settings: zh */
    const char *tag;    /* BCP 47, in lang= and hreflang=: zh-Hans */
    const char *locale; /* ICU: zh_Hans */
    const char *name;   /* in the language itself: 中文 */
    bool right_to_left;
} LanguageInfo;

int language_count(void);
const LanguageInfo *language_info(Language language);
Language language_find(Text code); /* -1 where unknown */

/* ---- Documents: what one page says, in one language ---- */

typedef enum NodeKind {
    NODE_DOCUMENT,
    NODE_PARAGRAPH,
    NODE_HEADING,
    NODE_QUOTE,
    NODE_LIST,
    NODE_ITEM,
    NODE_CODE_BLOCK,
    NODE_RULE,
    NODE_TABLE,
    NODE_TABLE_ROW,
    NODE_TABLE_CELL,
    NODE_DIRECTIVE,
    NODE_FOOTNOTE, /* the definition; children of Document.footnotes, in order of first reference */
    NODE_TEXT,
    NODE_CODE,
    NODE_SOFT_BREAK,
    NODE_HARD_BREAK,
    NODE_EMPHASIS,
    NODE_STRONG,
    NODE_LINK,
    NODE_IMAGE,
    NODE_FOOTNOTE_REFERENCE,
    NODE_BLANK /* in the stem of a question: what the learner fills in */
} NodeKind;

typedef enum DirectiveKind {
    DIRECTIVE_NOTE,
    DIRECTIVE_TIP,
    DIRECTIVE_WARNING,
    DIRECTIVE_CASE,
    DIRECTIVE_TABLE,
    DIRECTIVE_VIDEO,
    DIRECTIVE_AUDIO,
    DIRECTIVE_QUESTION,
    DIRECTIVE_HINT,
    DIRECTIVE_FEEDBACK,
    DIRECTIVE_BANK,
    DIRECTIVE_SCENARIO,
    DIRECTIVE_STEP,
    DIRECTIVE_UNKNOWN
} DirectiveKind;

typedef enum Alignment { ALIGNMENT_NONE, ALIGNMENT_START, ALIGNMENT_CENTER, ALIGNMENT_END } Alignment;

typedef struct Attribute {
    Text key, value;
    Place place;
} Attribute;

typedef struct Node Node;
typedef struct Exercise Exercise;
typedef struct Bank Bank;
typedef struct DataTable DataTable;
typedef struct Media Media;
typedef struct UnitFile UnitFile;

struct Node {
    NodeKind kind;
    Place place;
    Node *parent, *first_child, *last_child, *next;
    union {
        struct { /* NODE_TEXT, NODE_CODE, NODE_CODE_BLOCK */
            Text text;
        };
        struct {       /* NODE_HEADING */
            int level; /* 2 to 6 */
            Text id;   /* never empty after parsing; ASCII; the same in every language */
            bool id_is_given;
        } heading;
        struct { /* NODE_LIST */
            bool ordered, tight;
            int start;
        } list;
        struct { /* NODE_ITEM */
            bool is_task, is_checked;
        } item;
        struct { /* NODE_TABLE_ROW */
            bool is_head;
        } row;
        struct { /* NODE_TABLE_CELL */
            Alignment alignment;
        } cell;
        struct {                     /* NODE_LINK, NODE_IMAGE */
            Text address;            /* as written; parse */
            Text title;              /* as written; parse */
            Text url;                /* where it leads from this page; resolve */
            int width_px, height_px; /* NODE_IMAGE; 0 where unknown; resolve */
        } link;
        struct {           /* NODE_FOOTNOTE, NODE_FOOTNOTE_REFERENCE */
            int number;    /* from 1, in order of first reference */
            int reference; /* NODE_FOOTNOTE_REFERENCE: which reference to this note, from 1; NODE_FOOTNOTE: how many */
        } footnote;
        struct { /* NODE_BLANK */
            Text key;
            int number;     /* among those of the stem, as they are read, from 1 */
            int characters; /* of the longest answer that is accepted */
        } blank;
        struct { /* NODE_DIRECTIVE */
            DirectiveKind kind;
            Text name, id;
            Text label; /* the title between brackets, plain text; empty where none */
            Attribute *attributes;
            size_t attribute_count;
            bool has_dropped;   /* attributes that were wrong, with a diagnostic */
            Exercise *exercise; /* of a question or scenario; parse */
            const Bank *bank;   /* of a bank; parse */
            DataTable *table;   /* of a table; load */
            Media *media;       /* of a video or an audio recording; load */
        } directive;
    };
};

/* The value of an attribute, or an empty text. */
Text directive_attribute(const Node *directive, const char *key);
/* Appends a child; used by parse alone. */
void node_append(Node *parent, Node *child);
/* The next node in document order within `root`, or NULL: for (n = root; n; n = node_following(root, n)) */
Node *node_following(const Node *root, const Node *node);
/* The next node after all of `node`'s descendants. */
Node *node_skipping(const Node *root, const Node *node);
/* The words of a node without its marks. */
void node_put_plain_text(Buffer *out, const Node *node);

/* Figures from a .csv file, with the words of one language. */
struct DataTable {
    Text caption; /* may be empty: the caption is then the directive's first paragraph */
    size_t column_count, row_count;
    Text *headings;  /* [column_count], in the reader's words */
    Text *cells;     /* [row_count * column_count], translated or as in the file */
    bool *is_number; /* [column_count]: every cell is a number or empty */
};

/* A file beside the page, and its address. */
typedef struct MediaFile {
    const UnitFile *file; /* NULL: none; load */
    Text url;             /* resolve */
} MediaFile;

/* What is heard or seen. The directive's children are its transcript. */
struct Media {
    MediaFile source, poster; /* the poster: of a video */
    const char *type;         /* video/webm */
    int width_px, height_px;  /* of a video */
    MediaFile captions[LANGUAGE_LIMIT];
};

/* ---- Exercises: the skeleton is neutral; the words are those of the document it was found in ---- */

typedef enum ExerciseKind {
    EXERCISE_SINGLE,
    EXERCISE_MULTIPLE,
    EXERCISE_TRUE_FALSE,
    EXERCISE_LIKERT,
    EXERCISE_ORDERING,
    EXERCISE_MATCHING,
    EXERCISE_FILL_IN,
    EXERCISE_NUMERIC,
    EXERCISE_HOTSPOT,
    EXERCISE_REFLECTION,
    EXERCISE_ATTESTATION,
    EXERCISE_SCENARIO,
    EXERCISE_KIND_COUNT
} ExerciseKind;

/* A part of a picture, in whole per cent of its width and height. */
typedef struct Area {
    int x, y, width, height; /* width 0: none */
} Area;

/* What a choice of a case study does to a variable, and what it asks of one. Values are kept between these limits. */
enum { VARIABLE_LIMIT = 99, TERM_LIMIT = 16 /* changes of a choice, and tests */ };

typedef struct VariableChange {
    Text name;
    char operation; /* = + - */
    int value;
} VariableChange;

typedef struct VariableTest {
    Text name;
    char comparison[3]; /* = != < <= > >= */
    int value;
} VariableTest;

bool variable_test_holds(const VariableTest *test, int value);
/* What the variable is after the change. */
int variable_change_value(const VariableChange *change, int value);

typedef struct Choice {
    char id[2]; /* "a", "b", …: by position; every language has the same choices in the same order */
    Place place;
    bool is_right;  /* of a question whose right choices are marked */
    char target[2]; /* of a matching: the id of what it belongs to */
    Area area;      /* of a hotspot */
    Text move;      /* of a step: the id of the step it leads to */
    int points;     /* of a step: what taking it earns */
    VariableChange *changes;
    size_t change_count;
    VariableTest *tests; /* all must hold for the choice to be open */
    size_t test_count;
    Place attributes_place; /* of what stands in braces behind the choice */
    Node *words;            /* an item or a table's cell: what the choice says; feedback taken out */
    Node *feedback;         /* a quotation, or NULL */
} Choice;

typedef struct Step {
    Text id;
    Place place;
    int points;
    Text end;   /* good, fair, poor; empty: goes on */
    Node *node; /* the directive; its children are what happens, the list of choices taken out */
    Choice *choices;
    size_t choice_count;
} Step;

typedef struct Blank {
    Text key; /* joins the blanks of the languages */
    Place place;
    Text *accepted; /* the first is the answer, the others are variants of it; in this language */
    size_t accepted_count;
} Blank;

typedef enum FeedbackKind {
    FEEDBACK_RIGHT,
    FEEDBACK_PARTLY,
    FEEDBACK_WRONG,
    FEEDBACK_ANY,
    FEEDBACK_KIND_COUNT
} FeedbackKind;

const char *feedback_kind_name(FeedbackKind kind);

/* Questions of which a learner is shown some. */
struct Bank {
    Text id;
    Place place;
    int draw; /* how many are shown */
    size_t question_count;
    Bank *next; /* in the document */
};

struct Exercise {
    ExerciseKind kind;
    Text id;
    Place place;
    int points;     /* weight in the course; 0: not graded */
    Text objective; /* of the course's objectives; may be empty */
    Node *node;     /* the directive; its children are the stem or the introduction: choices and steps taken out */

    /* Of a question: */
    int attempts;     /* 0: as many as the learner likes */
    bool shuffle;     /* choices are shown in an order of the learner's own */
    const Bank *bank; /* NULL where it stands by itself */
    Node **hints;
    size_t hint_count;
    Node *feedback[FEEDBACK_KIND_COUNT]; /* of the question as a whole; directives or NULL */
    Choice *choices; /* what can be chosen; of an ordering the items, in their right order; of a matching the items */
    size_t choice_count;
    Choice *targets; /* of a matching: what its items can belong to */
    size_t target_count;
    Node *heads[2]; /* of a matching: the headings of its columns, table cells */
    Blank *blanks;  /* of a fill-in; sorted by key */
    size_t blank_count;
    bool case_counts;                      /* of a fill-in */
    int64_t answer_micro, tolerance_micro; /* of a numeric, in millionths */
    Text unit;                             /* of a numeric; may be empty */
    Node *image;                           /* of a hotspot */
    int size_bytes;                        /* of a reflection: what is kept of it */

    /* Of a scenario: */
    Step *steps; /* the first is the start */
    size_t step_count;

    Node **trees; /* all of the above that was taken out of the document's tree, for those who walk over every node */
    size_t tree_count;
    Exercise *next; /* in the document */
};

const char *exercise_kind_name(ExerciseKind kind);
/* Whether an answer can be right or wrong. */
bool exercise_is_gradable(ExerciseKind kind);
/* Several choices of a question can be right at once. */
bool exercise_takes_several(const Exercise *exercise);

/* ---- What a page offers and asks for; kept between builds, so that links are checked without parsing again ---- */

/*
 * Ids that a reader can link to, and links to other pages of the site. A large site keeps those of all its pages in memory, so they are
 * packed: facts_put_* append one, facts_next goes from one to the next.
 */
typedef struct PageFact {
    bool is_link;
    int level; /* of a heading; 0: an id that is not of a heading */
    Place place;
    Text text;   /* the id; or the path of the unit or file that the link leads to */
    Text anchor; /* of a link, without #; may be empty */
} PageFact;

void facts_put_id(Buffer *out, Text id, int level, Place place);
void facts_put_link(Buffer *out, Text path, Text anchor, Place place);
/* `at` begins with 0. False at the end. */
bool facts_next(Text facts, size_t *at, PageFact *fact);
bool facts_next_id(Text facts, size_t *at, PageFact *fact);
bool facts_next_link(Text facts, size_t *at, PageFact *fact);
/* Whether both have the same ids at the same levels in the same order. */
bool facts_ids_equal(Text left, Text right);

typedef struct Document {
    Node *root;
    Node *footnotes;     /* NODE_DOCUMENT whose children are NODE_FOOTNOTE; NULL where none */
    Exercise *exercises; /* in order */
    Bank *banks;         /* in order */
    size_t node_count, heading_count;
    Text path; /* of the source, for diagnostics */
} Document;

/* ---- The site ---- */

typedef enum UnitKind {
    UNIT_HOME,
    UNIT_SECTION,
    UNIT_PAGE,
    UNIT_FRAMEWORK,
    UNIT_GUIDE,
    UNIT_CHAPTER,
    UNIT_REPORT,
    UNIT_COURSE,
    UNIT_MODULE,
    UNIT_SCREEN,
    UNIT_KIND_COUNT
} UnitKind;

const char *unit_kind_name(UnitKind kind);
bool unit_kind_find(Text name, UnitKind *kind);

typedef struct Unit Unit;
typedef struct Page Page;
typedef struct Course Course;

/* What tells, without reading it, that a source file is the one that was read. */
typedef struct FileStamp {
    uint64_t size_bytes, inode;
    int64_t modified_ns, changed_ns;
} FileStamp;

/* Whom a part of a course is for: those, and everyone after them. */
typedef enum Audience { AUDIENCE_ALL, AUDIENCE_MANAGERS, AUDIENCE_LEADERS, AUDIENCE_COUNT } Audience;

const char *audience_name(Audience audience);
bool audience_find(Text name, Audience *audience);

/* What a page's front matter says for all languages. */
typedef struct NeutralKeys {
    bool has_kind, has_order, has_print, print;
    UnitKind kind;
    int order;
    bool has_audience;
    Audience audience;
    Text symbol, date;
} NeutralKeys;

struct Page {
    Unit *unit;
    Language language;
    Text source; /* path of the file, as the user would type it */
    Text title, summary;
    uint32_t body_offset; /* bytes from the beginning of the normalized file to the line after the front matter */
    uint32_t body_line;   /* that line, from 1 */
    Digest digest;        /* of the file */
    FileStamp stamp;
    const NeutralKeys *neutral; /* NULL where the page gives none; load */
    Text facts;                 /* packed; resolve; or kept from the last build */
    bool has_facts;             /* false: the facts are those of the page's former text, or none */
    bool facts_are_new;         /* this build parsed it */
    bool ids_are_new;           /* and it offers other ids than before */
    Text kept;                  /* its record in the last build's memory; empty where the file has changed; load */
};

struct UnitFile {
    Text name; /* below the unit's folder: filers.csv, media/map.png */
    FileStamp stamp;
    Digest digest; /* of its bytes */
};

struct Unit {
    uint32_t index; /* in Site.units */
    UnitKind kind;
    Text name; /* of the folder; empty for the home page */
    Text path; /* below the content folder: guides/speaking-up; empty for the home page; no slash at either end */
    Unit *parent, *first_child, *next; /* children by order, then name */
    Unit *previous;                    /* the sibling before, NULL for the first */
    uint32_t position;                 /* among its siblings, from 0 */
    uint32_t child_count;
    int order;
    Text symbol, date;
    bool print;
    UnitFile *files; /* pictures, data; sorted by name */
    size_t file_count;
    Course *course;              /* of a UNIT_COURSE */
    Page *pages[LANGUAGE_LIMIT]; /* NULL where there is none, or where it could not be read */
    uint32_t found_languages;    /* bit 1 << Language: there is a file, readable or not */
};

/* ---- Scripted learners: learners/<name>.yaml beside course.yaml ---- */

typedef enum ActKind {
    ACT_SEE,     /* goes to a screen */
    ACT_ANSWER,  /* answers a question */
    ACT_MOVE,    /* takes choices in a case study, from where it stands */
    ACT_AGAIN,   /* begins a case study anew */
    ACT_HINT,    /* asks for a question's next hint */
    ACT_SWITCH,  /* goes on in another language, in a package of several */
    ACT_LEAVE,   /* ends the launch */
    ACT_RETURN,  /* launches the course again */
    ACT_RESTART, /* begins the course anew */
    ACT_END,     /* ends the course below the pass mark */
    ACT_KIND_COUNT
} ActKind;

const char *act_kind_name(ActKind kind);

typedef struct ActWord {
    Text key; /* of a pair: what the word is given for; else empty */
    Text text;
    Place place;
} ActWord;

typedef struct Act {
    ActKind kind;
    Place place;
    Text subject; /* id of a question or case study, module/screen, code of a language, or empty */
    Place subject_place;
    Text form; /* how an answer is written: choices, order, pairs, words, number, text, yes, date, right */
    Place form_place;
    ActWord *words; /* what is given: letters of choices, words of blanks, one number */
    size_t word_count;
    Language language; /* of ACT_SWITCH */
} Act;

typedef struct Learner {
    Text name; /* of the file, without .yaml */
    Text path;
    Language language; /* -1: the script is good in every language */
    Place language_place;
    Audience audience; /* whose version of the course is played */
    int seed;
    Act *acts;
    size_t act_count;
    bool expects_score, expects_passed, expects_completed;
    int score; /* whole per cent, rounded down */
    bool passed, completed;
    Place score_place, passed_place, completed_place;
} Learner;

typedef enum CompletionRule { COMPLETION_SCREENS, COMPLETION_PASSED } CompletionRule;

typedef struct Screen {
    Unit *unit;
    Audience audience;                   /* the module's at least */
    Document *documents[LANGUAGE_LIMIT]; /* NULL where there is no page */
} Screen;

typedef struct Module Module;
struct Module {
    Unit *unit;
    Place place; /* in course.yaml */
    Screen *screens;
    size_t screen_count;
    Audience audience;
    const Unit **after; /* modules that are to be done before */
    size_t after_count;
    const Unit *pretest; /* one of the screens, or NULL */
    Place pretest_place; /* in course.yaml */
    int pretest_permille;
    Document *documents[LANGUAGE_LIMIT]; /* the module's own introduction */
};

typedef struct Objective {
    Text id;
    Text behaviour; /* path of a unit; may be empty */
    Text title[LANGUAGE_LIMIT];
    Place place; /* in course.yaml */
} Objective;

/* What is told differently to different learning platforms by SCORM; profile.c has the reasons. cmi5 leaves no choice. */
typedef struct Profile {
    const char *name, *help;
    const char *lesson_passed; /* the lesson_status (SCORM 1.2) of who has passed */
    bool tells_failure; /* of who ends the course below the pass mark, with the score; else it stays incomplete */
    bool completes_by_passing;  /* a graded course is completed when it is passed, whatever its own rule (SCORM 2004) */
    bool gives_pass_mark;       /* to the platform, which then judges, too */
    bool commits_before_finish; /* LMSCommit, then LMSFinish (SCORM 1.2); in SCORM 2004 Terminate commits */
    const char *exit_when_over; /* suspend: the next launch goes on with the attempt; normal: it may begin another */
    bool sends_optional;        /* what SCORM 1.2 leaves to platforms: answers, objectives, least and greatest score */
} Profile;

extern const Profile profiles[]; /* the first where nothing is said */
extern const size_t profile_count;
const Profile *profile_find(Text name); /* NULL where there is none */
Text profile_nearest(Text name);        /* what may have been meant; else empty */
Text profile_names(Arena *arena);       /* generic, moodle, … */
/* What the player is told of it. */
void profile_put_json(Buffer *out, const Profile *profile);

struct Course {
    Unit *unit;
    Text settings_path; /* course.yaml */
    Digest digest;      /* of course.yaml */
    int pass_permille, minutes;
    CompletionRule completion;
    int retakes; /* how often one may begin anew after ending below the pass mark; -1: as often as one likes */
    bool certificate;
    const Profile *profile; /* of the platform that its packages are for */
    Audience audience;      /* for whom this version of the course is: what is for others is not in it */
    Objective *objectives;
    size_t objective_count;
    Text rules_path, rules; /* the Lua source; empty where the default rules apply */
    Module *modules;
    size_t module_count;
    Learner *learners; /* by name */
    size_t learner_count;
    Document *documents[LANGUAGE_LIMIT]; /* the course page */
};

/* Every exercise of the course in one language, in the order a learner meets them. Arrays live in `arena`. */
Exercise **course_exercises(Arena *arena, const Course *course, Language language, size_t *count);
/* Whether this audience is shown anything that those before it are not; of those with the same, the first has it. */
bool course_has_version(const Course *course, Audience audience);
/* The course without what is for others than this audience and those before it. Lives in `arena`, shares the rest. */
Course *course_for_audience(Arena *arena, const Course *course, Audience audience);
/* NULL where there is none. */
const Objective *course_find_objective(const Course *course, Text id);
/* One exercise of the skeleton below. `module` and `screen` are those that it stands in, or NULL where that does not matter. */
void exercise_put_json(Buffer *out, const Exercise *exercise, const Module *module, const Screen *screen);
/* The course's neutral skeleton as the rules take it (see rules/rules.h); the same for every language. */
void course_put_json(Buffer *out, const Course *course, Language source);
/* The words that blanks accept in this language: {question: {key: [word, …]}}. */
void course_put_accepted(Buffer *out, const Course *course, Language language);

typedef struct Settings {
    Text path;     /* of site.yaml */
    Text base_url; /* https://ethics.example.org/ ; ends with a slash */
    Language source_language;
    Language languages[LANGUAGE_LIMIT]; /* in the order of the settings */
    size_t language_count;
    Text title[LANGUAGE_LIMIT], organization[LANGUAGE_LIMIT];
    Text *menu;         /* unit paths */
    Place *menu_places; /* in site.yaml */
    size_t menu_count;
    const Profile *profile; /* of courses that name none */
    Digest digest;          /* of site.yaml */
} Settings;

/* Interface words of one language: key and ICU message pattern. */
typedef struct Message {
    Text key, pattern;
    Place place; /* of the pattern in messages.yaml */
} Message;

typedef struct Messages {
    Message *messages; /* sorted by key */
    size_t count;
    Digest digest;
} Messages;

/* The pattern, or an empty text (load has complained already). */
Text messages_find(const Messages *messages, Text key);

typedef struct Site {
    Arena *arena;
    Arena *thread_arenas; /* [thread_count]: what was read in several threads; load_end frees them */
    int thread_count;
    Text content_folder, layouts_folder, locales_folder; /* as the user would type them */
    Settings settings;
    Messages messages[LANGUAGE_LIMIT];
    Unit **units; /* sorted by path; [0] is the home page where there is one */
    size_t unit_count;
    Course **courses;
    size_t course_count;
    int64_t started_ns; /* when loading began, by the clock that stamps files */
    Digest tool_digest; /* version of the program: part of every job's digest */
    Text
        paper; /* publish: extension of the files that guides are printed from, pdf or xhtml; empty where none are made */
} Site;

Unit *site_find_unit(const Site *site, Text path); /* NULL where there is none */
bool site_has_language(const Site *site, Language language);
/* en/guides/speaking-up/ : below the output folder and below the base address. */
void page_put_path(Buffer *out, const Unit *unit, Language language);
/* From one page to another: ../../framework/ (with an ending slash), "./" for itself. */
void page_put_relative(Buffer *out, const Unit *from, const Unit *to, Language to_language);

/*
 * The id of a unit, or of a place in it, in a book: foundations_gifts, foundations_gifts_promises. Ids of content have no underscores,
 * so that no two of these are the same. `anchor` may be empty.
 */
void book_put_anchor(Buffer *out, const Unit *book, const Unit *unit, Text anchor);

#endif
