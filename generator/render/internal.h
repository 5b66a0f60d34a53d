/*
 * What the files of the render room share. No other room includes it.
 *
 * words.c     interface words, numbers and dates of each language, through ICU
 * document.c  the walk over a document tree; exercise.c, question.c and table.c write what takes more than a tag
 * template.c  a layout's source to Lua, with place.c; layouts.c reads the folder; layout.c runs
 * view.c      what a layout sees, built by C; page.c what a page of the website sees
 */
#ifndef PROBITY_RENDER_INTERNAL_H
#define PROBITY_RENDER_INTERNAL_H

#include "render/render.h"

#include <lauxlib.h>
#include <lua.h>
#include <pthread.h>

/* ---- Words ---- */

typedef struct Words Words; /* ICU's formatters of every language, opened when first needed */

typedef struct WordArgument {
    bool is_number;
    int64_t number;
    Text text;
} WordArgument;

enum { WORD_ARGUMENT_LIMIT = 4 };

Words *words_open(const Site *site);
void words_close(Words *words);
/* Appends plain text. A missing message appends its key. */
void words_put(Words *words, Buffer *out, Language language, Text key, const WordArgument *arguments, size_t count);
void words_put_number(Words *words, Buffer *out, Language language, Text number, bool grouped);
void words_put_integer(Words *words, Buffer *out, Language language, int64_t number);
void words_put_date(Words *words, Buffer *out, Language language, Text iso_date);

/* ---- Renderer ---- */

typedef struct PageCache PageCache; /* parts that neighbouring pages share, as Lua tables; page.c */

struct Renderer {
    const Site *site;
    Layouts *layouts;
    Diagnostics *diagnostics;
    Words *words;
    lua_State *lua;
    Arena arena;   /* lives as long as the renderer */
    Arena scratch; /* of one page */
    Buffer word;   /* of the message that is being written */
    Buffer body, plain;
    int *layout_refs; /* [template_count] the compiled function in Lua's registry, or LUA_NOREF */
    PageCache *page_cache;
    /* While a layout runs: */
    Buffer *out;
    Language language;
    size_t steps_left, memory_bytes;
};

/* A message, escaped. */
void renderer_put_word(Renderer *renderer, Buffer *out, Language language, const char *key);
void renderer_put_word_numbers(Renderer *renderer, Buffer *out, Language language, const char *key,
                               const int64_t *numbers, size_t count);
void renderer_put_number(Renderer *renderer, Buffer *out, Language language, Text number, bool grouped);

/* ---- Documents ---- */

typedef struct HeadingList {
    const Node **headings; /* in the renderer's scratch arena */
    size_t count, capacity;
} HeadingList;

/* One walk over one document. */
typedef struct Walk {
    Renderer *renderer;
    Buffer *out;
    const RenderOptions *options;
    HeadingList *headings; /* NULL: not wanted */
    int table_count;
    const Exercise *exercise; /* that is being written, or NULL */
    bool links_as_text;
} Walk;

void document_write(Renderer *renderer, Buffer *out, const Document *document, const RenderOptions *options,
                    HeadingList *headings);
/* `first` and its siblings up to `end`, which is not written; NULL: all. */
void walk_nodes(Walk *walk, const Node *first, const Node *end);
void walk_put_word(Walk *walk, const char *key);
void walk_put_id(Walk *walk, Text id);
void exercise_write(Walk *walk, const Exercise *exercise);
void bank_write_start(Walk *walk, const Bank *bank); /* ends with </div> */
void blank_write(Walk *walk, const Node *blank);
/* A player and the beginning of the transcript, which the directive's children are; on paper the poster in place of the player. */
void media_write_start(Walk *walk, const Node *directive);
void media_write_end(Walk *walk);
void table_write_data(Walk *walk, const Node *directive);
/* <div class="table" …><table>; the region is focusable so that it can be scrolled by keyboard. */
void table_write_start(Walk *walk, Text name);
void table_write_end(Walk *walk);

/* ---- Layouts ---- */

/* Where in the HTML the layout is. */
typedef enum HtmlState {
    HTML_TEXT,
    HTML_TAG_NAME,
    HTML_TAG,    /* between attributes */
    HTML_NAME,   /* of an attribute */
    HTML_BEFORE, /* after the equals sign */
    HTML_VALUE,
    HTML_COMMENT,
    HTML_RAW /* in <script> or <style>: what C made is written as it is; a text is an error */
} HtmlState;

typedef struct HtmlPlace {
    HtmlState state;
    char quote;
    bool is_address; /* the value of href, src … */
    bool has_begun;  /* something stands in the value already */
    char name[32];   /* of the tag or attribute that is being read */
    size_t name_size;
    char raw_end[16]; /* </script */
} HtmlPlace;

/* Reads the byte data[at]. */
void place_follow(HtmlPlace *place, const char *data, size_t at, size_t size);
/* A name ends before anything that is no part of it, a tag of the layout's included. */
void place_end_name(HtmlPlace *place);
bool place_equal(const HtmlPlace *left, const HtmlPlace *right);

/* Where a line of generated Lua comes from. */
typedef struct TemplateOrigin {
    uint32_t file; /* index in Layouts.files */
    uint32_t line;
} TemplateOrigin;

typedef struct LayoutFile {
    Text name; /* below layouts/: website/page.html */
    Text path; /* as the user would type it */
    Text bytes;
    /* Of a template that is no partial: */
    bool is_template;
    Text lua;
    TemplateOrigin *origins; /* [line_count] */
    size_t line_count;
} LayoutFile;

struct Layouts {
    LayoutFile *files; /* sorted by name */
    size_t file_count;
    LayoutAsset *assets;
    size_t asset_count;
    Text style_output, icon_output;
    Digest digest, sound;
    const Messages *messages; /* of the source language */
    pthread_mutex_t lock;     /* of what is compiled late */
    Arena late;
};

LayoutFile *layouts_find(const Layouts *layouts, Text name);
/* Whether the file has its Lua now. From any thread. */
bool layouts_compile(Layouts *layouts, LayoutFile *file, Diagnostics *diagnostics);
/* Fills the file's Lua. */
bool template_compile(Arena *arena, const Layouts *layouts, LayoutFile *file, const Messages *messages,
                      Diagnostics *diagnostics);
/* The place in the layout that a Lua message such as [string "…"]:12: … speaks of; false where it has no line. */
void template_report(const Layouts *layouts, const LayoutFile *file, DiagnosticCode code, const char *lua_message,
                     Diagnostics *diagnostics);

bool layout_state_open(Renderer *renderer);
void layout_state_close(Renderer *renderer);
/*
 * Runs the layout over the table that `push_view` leaves on top of the Lua stack. What fails in either, a lack of Lua's
 * memory included, is a diagnostic.
 */
typedef void (*ViewFunction)(Renderer *renderer, const void *subject);
bool layout_run(Renderer *renderer, Buffer *out, const char *name, Language language, ViewFunction push_view,
                const void *subject);
/* An empty text is false: a test fails, and writing it writes nothing. A name that is not in the view is an error. */
void layout_push_text(lua_State *lua, Text text);
/* Pushes a value that is HTML already. The text must outlive the rendering. */
void layout_push_html(lua_State *lua, Text xhtml);
void layout_set_text(lua_State *lua, const char *key, Text value); /* of the table on top of the stack */

/* A pattern that ICU cannot read, or that asks for what the source language does not give, is a diagnostic. */
void messages_check(const Site *site, Diagnostics *diagnostics);

/* Sets the view's values in the table on top of the stack. */
void view_fill(lua_State *lua, const View *view);

void page_cache_open(Renderer *renderer);
/* Sets `site` and `language` in the table on top of the stack. */
void page_set_common(Renderer *renderer, Language language);

#endif
