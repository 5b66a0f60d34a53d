/* Videos and recordings: which files belong to one, and whether they are what their names say. */
#include "load/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Loading {
    const Site *site;
    const Page *page;
    const Node *directive;
    Arena *arena;
    Diagnostics *diagnostics;
} Loading;

static const char *noun(const Loading *loading) {
    return loading->directive->directive.kind == DIRECTIVE_VIDEO ? "video" : "recording";
}

static Place attribute_place(const Loading *loading, const char *key) {
    for (size_t i = 0; i < loading->directive->directive.attribute_count; i++)
        if (text_equal(loading->directive->directive.attributes[i].key, text_from(key)))
            return loading->directive->directive.attributes[i].place;
    return loading->directive->place;
}

static const UnitFile *find_file(const Loading *loading, Text name) {
    const Unit *unit = loading->page->unit;
    for (size_t i = 0; i < unit->file_count; i++)
        if (text_equal(unit->files[i].name, name))
            return &unit->files[i];
    return NULL;
}

static Text path_of(const Loading *loading, Text name) {
    Buffer path = {0};
    load_put_unit_path(&path, loading->site, loading->page->unit);
    buffer_put_text(&path, name);
    Text kept = text_copy(loading->arena, buffer_text(&path));
    buffer_free(&path);
    return kept;
}

/* ---- What a file is, by its first bytes ---- */

enum { HEAD_BYTES = 64 };

typedef struct MediaKind {
    const char *ending, *type;
    bool is_video, is_audio;
} MediaKind;

static const MediaKind kinds[] = {
    {".mp4", "video/mp4", true, false}, {".webm", "video/webm", true, false}, {".mp3", "audio/mpeg", false, true},
    {".m4a", "audio/mp4", false, true}, {".ogg", "audio/ogg", false, true},   {".webm", "audio/webm", false, true},
};

static size_t read_head(const char *path, unsigned char *head) {
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(head, 1, HEAD_BYTES, file) : 0;
    if (file)
        fclose(file);
    return size;
}

static bool holds(const unsigned char *head, size_t size, const char *word) {
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= size; at++)
        if (memcmp(head + at, word, length) == 0)
            return true;
    return false;
}

static bool is_what_it_says(Text path, const char *ending) {
    unsigned char head[HEAD_BYTES] = {0};
    size_t size = read_head(path.data, head);
    if (size < 16)
        return false;
    if (strcmp(ending, ".webm") == 0) /* an EBML head that names its kind */
        return memcmp(head, "\x1A\x45\xDF\xA3", 4) == 0 && holds(head, size, "webm");
    if (strcmp(ending, ".ogg") == 0)
        return memcmp(head, "OggS", 4) == 0;
    if (strcmp(ending, ".mp3") == 0) /* a tag, or a frame at once: eleven bits, layer 3 */
        return memcmp(head, "ID3", 3) == 0 || (head[0] == 0xFF && (head[1] & 0xE6) == 0xE2);
    return memcmp(head + 4, "ftyp", 4) == 0;
}

static const MediaKind *find_kind(const Loading *loading, Text name) {
    bool is_video = loading->directive->directive.kind == DIRECTIVE_VIDEO;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((is_video ? kinds[i].is_video : kinds[i].is_audio) && text_ends(name, text_from(kinds[i].ending)))
            return is_what_it_says(path_of(loading, name), kinds[i].ending) ? &kinds[i] : NULL;
    return NULL;
}

/* ---- The files of one ---- */

static bool find_source(const Loading *loading, Media *media) {
    Text name = directive_attribute(loading->directive, "src");
    if (!name.size)
        return false; /* parse has complained */
    media->source.file = find_file(loading, name);
    const MediaKind *kind = media->source.file ? find_kind(loading, name) : NULL;
    if (!media->source.file)
        diagnostics_add(loading->diagnostics, DIAGNOSTIC_MEDIA_MISSING, loading->page->source,
                        attribute_place(loading, "src"), name.data);
    else if (!kind)
        diagnostics_add(loading->diagnostics, DIAGNOSTIC_MEDIA_KIND, loading->page->source,
                        attribute_place(loading, "src"), name.data, noun(loading));
    media->type = kind ? kind->type : NULL;
    return kind != NULL;
}

static void find_poster(const Loading *loading, Media *media) {
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg"};
    Text name = directive_attribute(loading->directive, "poster");
    if (!name.size)
        return;
    bool is_picture = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        is_picture = is_picture || text_ends(name, text_from(endings[i]));
    media->poster.file = is_picture ? find_file(loading, name) : NULL;
    if (!media->poster.file)
        diagnostics_add(loading->diagnostics, is_picture ? DIAGNOSTIC_IMAGE_MISSING : DIAGNOSTIC_IMAGE_KIND,
                        loading->page->source, attribute_place(loading, "poster"), name.data);
}

/* briefing.webm has its captions in briefing.en.vtt, briefing.ar.vtt and so on. Each language's page answers for its own. */
static void find_captions(const Loading *loading, Media *media) {
    Text name = media->source.file->name;
    size_t stem = name.size;
    while (stem > 0 && name.data[stem - 1] != '.')
        stem--;
    for (Language language = 0; language < language_count(); language++) {
        Text captions = text_format(loading->arena, "%.*s%s.vtt", (int)stem, name.data, language_info(language)->code);
        if (site_has_language(loading->site, language))
            media->captions[language].file = find_file(loading, captions);
        if (language != loading->page->language)
            continue;
        Text bytes, path = path_of(loading, captions);
        if (!media->captions[language].file)
            diagnostics_add(loading->diagnostics, DIAGNOSTIC_CAPTIONS_MISSING, loading->page->source,
                            loading->directive->place, captions.data);
        else if (file_read_text(loading->arena, path.data, &bytes, loading->diagnostics))
            captions_check(bytes, path, loading->diagnostics);
    }
}

static int number_of(const Loading *loading, const char *key) {
    return atoi(directive_attribute(loading->directive, key).data);
}

void media_load(const Site *site, const Page *page, Node *directive, Arena *arena, Diagnostics *diagnostics) {
    Loading loading = {site, page, directive, arena, diagnostics};
    Media *media = arena_new(arena, Media, 1);
    if (!directive->directive.label.size)
        diagnostics_add(diagnostics, DIAGNOSTIC_MEDIA_TITLE, page->source, directive->place, noun(&loading));
    if (!directive->first_child)
        diagnostics_add(diagnostics, DIAGNOSTIC_MEDIA_TRANSCRIPT, page->source, directive->place, noun(&loading));
    if (directive->directive.kind == DIRECTIVE_VIDEO)
        find_poster(&loading, media);
    if (!find_source(&loading, media))
        return;
    if (directive->directive.kind == DIRECTIVE_VIDEO) {
        find_captions(&loading, media);
        media->width_px = directive_attribute(directive, "width").size ? number_of(&loading, "width") : 0;
        media->height_px = directive_attribute(directive, "height").size ? number_of(&loading, "height") : 0;
    }
    directive->directive.media = media;
}
