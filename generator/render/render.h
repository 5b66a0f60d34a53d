/*
 * render: writes a document tree as XHTML and puts it into a layout. May include model, rules and base; publish
 * includes it.
 *
 * Layouts are HTML files under layouts/, compiled to Lua and run in the rules room's kind of sandbox:
 *   {{ page.title }}            a value, escaped for where it stands
 *   {% for item in menu %} … {% end %}
 *   {% if page.summary %} … {% elseif … %} … {% else %} … {% end %}      also: not, and, or, ==, ~=, <, >, #list
 *   {% include "partials/head.html" %}      looked for in the layout's own folder (website/partials/head.html)
 *   {{ t "search.label" }}      an interface word; {{ t "guide.chapters" guide.count }} with arguments for the message
 *   {{ number page.count }}  {{ date page.date }}      as the language writes them
 *   {# a remark, which is not written #}
 * Loops and tests only: every layout ends. Values that are HTML already (page.body) are a type of their own that only C
 * makes; nothing in a layout can turn a text into HTML. In href, src and the like a value must be a safe address. An
 * error names the layout's file and line. Files in a folder named partials are there to be included.
 *
 * A Renderer belongs to one thread. What it returns lives in the buffer or arena passed in.
 */
#ifndef PROBITY_RENDER_H
#define PROBITY_RENDER_H

#include "model/model.h"

/*
 * Layout sources, read once and shared by all threads. All of them, and the interface words, are examined for mistakes,
 * unless they are those that `sound` speaks of: what layouts_sound said in an earlier run that found none. A layout is
 * then compiled when a page wants it.
 */
typedef struct Layouts Layouts;
Layouts *layouts_load(Arena *arena, const Site *site, Digest sound, Diagnostics *diagnostics);
void layouts_close(Layouts *layouts); /* NULL is allowed */
Digest layouts_sound(const Layouts *layouts);
Digest layouts_digest(const Layouts *layouts);                     /* of every file under layouts/ */
Digest layouts_folder_digest(const Layouts *layouts, Text folder); /* of those below layouts/print/: "print/" */
/* The bytes of a file under layouts/ ("course/player.css"), or an empty text. */
Text layouts_file(const Layouts *layouts, const char *name);

/* What the website needs beside its pages: the style sheet, the icon. Names hold a digest of the bytes. */
typedef struct LayoutAsset {
    Text output; /* below the output folder: assets/style.0123456789abcdef.css */
    Text bytes;
} LayoutAsset;
const LayoutAsset *layouts_assets(const Layouts *layouts, size_t *count);

typedef struct Renderer Renderer;
Renderer *renderer_open(const Site *site, Layouts *layouts, Diagnostics *diagnostics);
void renderer_close(Renderer *renderer);

/* How a document is written. */
typedef enum RenderMode { RENDER_WEBSITE, RENDER_COURSE, RENDER_PRINT } RenderMode;

typedef struct RenderOptions {
    RenderMode mode;
    Language language;
    /* Put before every id, so that several documents can stand in one file; may be empty. In a course the file has the
     * screen's title under the id <prefix>_title. */
    Text id_prefix;
    int heading_offset; /* added to heading levels */
} RenderOptions;

/*
 * Exercises in RENDER_COURSE, as generator/player/ knows them. Ids and names carry the prefix, data- attributes do not.
 * Nothing is hidden and no answer is marked: without script a screen is a text to read; the player hides.
 *
 *   <form class="exercise question" id="gifts" data-exercise="gifts" data-kind="multiple">
 *     <div class="stem" id="gifts-stem">…</div>
 *     …                                                                                          (the answers, by kind)
 *     <div class="hint">…</div> …
 *     <div class="feedback" data-for="right">…</div> …                                           (partly, wrong, any)
 *   </form>
 *
 * single, multiple, true-false, likert, hotspot:
 *     <div class="hotspot"><img … /></div>                                                       (hotspot alone)
 *     <fieldset aria-labelledby="gifts-stem">
 *       <div class="choice" data-choice="a" data-area="10 20 30 40">                             (data-area: hotspot alone)
 *         <label><input type="checkbox" name="gifts" value="a"/> <span class="words">…</span></label>      (or radio)
 *         <div class="feedback">…</div>                                                         (left out where there is none)
 *       </div> …
 *     </fieldset>
 * ordering, in an order that gives nothing away:
 *     <ol class="items" aria-labelledby="…"><li class="item" data-item="a"><span class="words">…</span></li> …</ol>
 * matching, options likewise:
 *     <p class="pair-heads"><span class="words">…</span> <span class="words">…</span></p>
 *     <ul class="pairs" aria-labelledby="…">
 *       <li class="pair" data-left="a"><span class="words" id="gifts-left-a">…</span> <select …><option value="b">…</option> …</select></li> …
 *     </ul>
 * fill-in, within the stem:
 *     <input type="text" class="blank" data-blank="1" name="gifts-1" aria-label="Blank 1" … />
 * numeric, reflection, attestation:
 *     <label class="number"><span class="words">…</span> <input type="text" inputmode="decimal" … /> <span class="unit">…</span></label>
 *     <label class="reflection"><span class="words">…</span> <textarea …></textarea></label>
 *     <label class="attestation"><input type="checkbox" value="a" … /> <span class="words">…</span></label>
 *
 *   <div class="bank" id="pool" data-bank="pool" data-draw="2">…</div>                           (round the forms of its questions)
 *
 *   <div class="exercise scenario" id="the-favour" data-exercise="the-favour" data-kind="scenario">
 *     <div class="stem">…</div>
 *     <div class="step" id="the-favour-the-call" data-step="the-call">                           (an ending: data-end="good")
 *       …
 *       <ul class="choices">
 *         <li class="choice" data-choice="a"><a class="move" href="#the-favour-checking">…</a> <div class="feedback">…</div></li> …
 *       </ul>
 *     </div> …
 *   </div>
 */

/*
 * The document as an XHTML fragment: body, then footnotes. In RENDER_COURSE an exercise is written as above; elsewhere
 * it is text to read. No mode writes which answers are right.
 */
void render_document(Renderer *renderer, Buffer *out, const Document *document, const RenderOptions *options);
/* `first` and the siblings after it. */
void render_nodes(Renderer *renderer, Buffer *out, const Node *first, const RenderOptions *options);

/* A whole page of the website: chooses the layout by the unit's kind, computes its view. `base` as in the settings. */
bool render_page(Renderer *renderer, Buffer *out, const Page *page, const Document *document);
/*
 * For each unit, by its index: everything besides the page's own source that render_page reads of the site in this
 * language: neighbours, menu, titles, languages. The digests of the layouts, the settings, the language's messages and
 * the tool are the caller's to add.
 */
Digest *render_page_digests(Arena *arena, const Site *site, Language language);
/* Pages of no language: root.html, where a reader chooses one, and 404.html, for addresses that lead nowhere. */
bool render_root_page(Renderer *renderer, Buffer *out, const char *layout);

/*
 * Any other layout. The view is a tree of named values that C builds. An empty text and a flag that is not set are
 * false for a test, and writing them writes nothing; a name that the view does not have is an error. Every layout also
 * sees `site` {title, organization, base} and `language` {code, tag, dir, name}.
 */
typedef struct View View;
View *view_new(Arena *arena);
void view_set_text(View *view, const char *key, Text value);
void view_set_html(View *view, const char *key, Text xhtml); /* from render_* alone; must outlive the rendering */
void view_set_number(View *view, const char *key, int64_t value);
void view_set_flag(View *view, const char *key, bool value);
View *view_set_view(View *view, const char *key);    /* a table below */
void view_begin_list(View *view, const char *key);   /* a list that may stay empty: a layout that loops wants one */
View *view_append_view(View *view, const char *key); /* an entry of a list below */
/* `layout` is a name below layouts/: "course/screen.html". */
bool render_layout(Renderer *renderer, Buffer *out, const char *layout, Language language, const View *view);

/* An interface word with arguments {0}, {1}: numbers. Plain text, not escaped. Lives until the next call. */
Text render_message(Renderer *renderer, Language language, const char *key, const int64_t *arguments, size_t count);
/* In the language's own digits and separators. */
void render_number(Renderer *renderer, Buffer *out, Language language, Text number);
/* 2025-03-31 as the language writes it. */
void render_date(Renderer *renderer, Buffer *out, Language language, Text iso_date);

#endif
