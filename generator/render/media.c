/*
 * Videos and recordings. Nothing is fetched before somebody asks for it, and what that costs stands beside the title: many readers pay for
 * every megabyte.
 */
#include "render/internal.h"

static void put_attribute(Buffer *out, const char *name, Text value) {
    buffer_format(out, " %s=\"", name);
    buffer_put_html(out, value);
    buffer_put_char(out, '"');
}

static void put_address(Buffer *out, const char *name, Text url) {
    buffer_format(out, " %s=\"", name);
    buffer_put_url(out, url);
    buffer_put_char(out, '"');
}

/* Rounded up: a promise of less than it takes would be none. */
static void put_size(Walk *walk, uint64_t size_bytes) {
    bool is_large = size_bytes >= 1000 * 1000;
    int64_t number = (int64_t)(is_large ? (size_bytes + 999999) / 1000000 : (size_bytes + 999) / 1000);
    renderer_put_word_numbers(walk->renderer, walk->out, walk->options->language,
                              is_large ? "media.megabytes" : "media.kilobytes", &number, 1);
}

static void write_caption(Walk *walk, const Node *directive) {
    const Media *media = directive->directive.media;
    Buffer *out = walk->out;
    buffer_put_literal(out, "<figcaption><strong>");
    buffer_put_html(out, directive->directive.label);
    buffer_put_literal(out, "</strong>");
    if (walk->options->mode != RENDER_PRINT) {
        buffer_put_literal(out, " <a class=\"media-file\"");
        put_address(out, "href", media->source.url);
        buffer_put_literal(out, " download=\"download\">");
        walk_put_word(walk, directive->directive.kind == DIRECTIVE_VIDEO ? "media.video" : "media.audio");
        buffer_put_literal(out, " · ");
        put_size(walk, media->source.file->stamp.size_bytes);
        buffer_put_literal(out, "</a>");
    }
    buffer_put_literal(out, "</figcaption>\n");
}

static void write_captions(Walk *walk, const Media *media) {
    Buffer *out = walk->out;
    for (Language language = 0; language < language_count(); language++) {
        const LanguageInfo *info = language_info(language);
        if (!media->captions[language].file)
            continue;
        buffer_put_literal(out, "<track kind=\"captions\"");
        put_address(out, "src", media->captions[language].url);
        put_attribute(out, "srclang", text_from(info->tag));
        put_attribute(out, "label", text_from(info->name));
        if (language == walk->options->language)
            buffer_put_literal(out, " default=\"default\"");
        buffer_put_literal(out, " />\n");
    }
}

static void write_player(Walk *walk, const Node *directive) {
    const Media *media = directive->directive.media;
    Buffer *out = walk->out;
    bool is_video = directive->directive.kind == DIRECTIVE_VIDEO;
    buffer_format(out, "<%s controls=\"controls\" preload=\"none\"",
                  is_video ? "video playsinline=\"playsinline\"" : "audio");
    put_attribute(out, "aria-label", directive->directive.label);
    if (media->width_px > 0 && media->height_px > 0)
        buffer_format(out, " width=\"%d\" height=\"%d\"", media->width_px, media->height_px);
    if (media->poster.file)
        put_address(out, "poster", media->poster.url);
    buffer_put_literal(out, ">\n<source");
    put_address(out, "src", media->source.url);
    put_attribute(out, "type", text_from(media->type));
    buffer_put_literal(out, " />\n");
    write_captions(walk, media);
    buffer_put_text(out, is_video ? TEXT("</video>\n") : TEXT("</audio>\n"));
}

void media_write_start(Walk *walk, const Node *directive) {
    const Media *media = directive->directive.media;
    Buffer *out = walk->out;
    if (!media) /* load has said why */
        return;
    buffer_put_literal(out, "<figure class=\"media\"");
    if (directive->directive.id.size) {
        buffer_put_literal(out, " id=\"");
        walk_put_id(walk, directive->directive.id);
        buffer_put_char(out, '"');
    }
    buffer_put_literal(out, ">\n");
    write_caption(walk, directive);
    if (walk->options->mode == RENDER_PRINT) {
        if (media->poster.file) {
            buffer_put_literal(out, "<img");
            put_address(out, "src", media->poster.url);
            buffer_put_literal(out, " alt=\"\" />\n");
        }
        buffer_put_literal(out, "<div class=\"transcript\">\n<p class=\"transcript-head\">");
        walk_put_word(walk, "media.transcript");
        buffer_put_literal(out, "</p>\n");
        return;
    }
    write_player(walk, directive);
    buffer_put_literal(out, "<details class=\"transcript\">\n<summary>");
    walk_put_word(walk, "media.transcript");
    buffer_put_literal(out, "</summary>\n");
}

void media_write_end(Walk *walk) {
    buffer_put_text(walk->out, walk->options->mode == RENDER_PRINT ? TEXT("</div>\n</figure>\n")
                                                                   : TEXT("</details>\n</figure>\n"));
}
