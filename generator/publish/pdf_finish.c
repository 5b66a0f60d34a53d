/* What Chromium leaves undone in a PDF: fixed dates and identity, metadata, reading direction, titles in the outline, words for links. */
#include "publish/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Outline ---- */

/* Chromium joins words where a title breaks into lines. The items are in the order of the headings. */
static size_t fix_outline(qpdf_data writer, qpdf_oh item, const PdfWords *words, size_t at) {
    while (qpdf_oh_is_dictionary(writer, item)) {
        if (at < words->heading_count)
            qpdf_oh_replace_key(writer, item, "/Title", qpdf_oh_new_unicode_string(writer, words->headings[at].data));
        at = fix_outline(writer, qpdf_oh_get_key(writer, item, "/First"), words, at + 1);
        item = qpdf_oh_get_key(writer, item, "/Next");
    }
    return at;
}

static size_t count_outline(qpdf_data writer, qpdf_oh item) {
    size_t count = 0;
    for (; qpdf_oh_is_dictionary(writer, item); item = qpdf_oh_get_key(writer, item, "/Next"))
        count += 1 + count_outline(writer, qpdf_oh_get_key(writer, item, "/First"));
    return count;
}

static bool set_outline(qpdf_data writer, const PdfWords *words) {
    qpdf_oh outlines = qpdf_oh_get_key(writer, qpdf_get_root(writer), "/Outlines");
    qpdf_oh first = qpdf_oh_get_key(writer, outlines, "/First");
    if (count_outline(writer, first) != words->heading_count)
        return false;
    fix_outline(writer, first, words, 0);
    return true;
}

/* ---- Metadata ---- */

/* D:20250331000000Z of a date, of SOURCE_DATE_EPOCH where there is none, or of the beginning of 2000. */
static void date_for(char pdf_date[32], char iso_date[32], Text date) {
    int year = 2000, month = 1, day = 1;
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (date.size == 10) {
        sscanf(date.data, "%4d-%2d-%2d", &year, &month, &day);
    } else if (epoch && *epoch) {
        time_t seconds = (time_t)strtoll(epoch, NULL, 10);
        struct tm parts;
        if (gmtime_r(&seconds, &parts)) {
            year = parts.tm_year + 1900;
            month = parts.tm_mon + 1;
            day = parts.tm_mday;
        }
    }
    snprintf(pdf_date, 32, "D:%04d%02d%02d000000Z", year % 10000, month % 100, day % 100);
    snprintf(iso_date, 32, "%04d-%02d-%02dT00:00:00Z", year % 10000, month % 100, day % 100);
}

static void put_metadata(Buffer *xmp, const PdfWords *words, const char *iso_date) {
    buffer_put_literal(
        xmp, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
             "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
             "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    buffer_put_html(xmp, words->title);
    buffer_put_literal(xmp, "</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>");
    buffer_put_html(xmp, words->author);
    buffer_put_literal(xmp, "</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>");
    buffer_put_html(xmp, words->language_tag);
    buffer_format(
        xmp, "</rdf:li></rdf:Bag></dc:language><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>",
        iso_date, iso_date);
    buffer_put_literal(xmp, "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>");
}

static void set_info(qpdf_data writer, const char *key, Text value) {
    if (!value.size)
        return;
    qpdf_oh info = qpdf_oh_get_key(writer, qpdf_get_trailer(writer), "/Info");
    qpdf_oh_replace_key(writer, info, key, qpdf_oh_new_unicode_string(writer, value.data));
}

/* Types of PDF 2.0 that Chromium writes, for readers that know those of PDF 1.7. */
static void set_roles(qpdf_data writer) {
    static const char *const roles[][2] = {{"/Strong", "/Span"}, {"/Em", "/Span"}};
    qpdf_oh tree = qpdf_oh_get_key(writer, qpdf_get_root(writer), "/StructTreeRoot");
    if (!qpdf_oh_is_dictionary(writer, tree))
        return;
    qpdf_oh map = qpdf_oh_new_dictionary(writer);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        qpdf_oh_replace_key(writer, map, roles[i][0], qpdf_oh_new_name(writer, roles[i][1]));
    qpdf_oh_replace_key(writer, tree, "/RoleMap", map);
}

static Text link_words(qpdf_data writer, qpdf_oh link, const PdfWords *words) {
    qpdf_oh destination = qpdf_oh_get_key(writer, link, "/Dest"), action = qpdf_oh_get_key(writer, link, "/A");
    if (qpdf_oh_is_name(writer, destination)) {
        Text anchor = text_from(qpdf_oh_get_name(writer, destination));
        for (size_t i = 0; i < words->place_count; i++)
            if (text_equal(words->places[i].anchor, text_slice(anchor, 1, anchor.size)))
                return words->places[i].title;
    }
    if (qpdf_oh_is_dictionary(writer, action) && qpdf_oh_is_string(writer, qpdf_oh_get_key(writer, action, "/URI")))
        return text_from(qpdf_oh_get_utf8_value(writer, qpdf_oh_get_key(writer, action, "/URI")));
    return (Text){"", 0};
}

/* What a link leads to, for readers that speak it. */
static void set_link_words(qpdf_data writer, const PdfWords *words) {
    int page_count = qpdf_get_num_pages(writer);
    for (int p = 0; p < page_count; p++) {
        qpdf_oh links = qpdf_oh_get_key(writer, qpdf_get_page_n(writer, (size_t)p), "/Annots");
        int count = qpdf_oh_is_array(writer, links) ? qpdf_oh_get_array_n_items(writer, links) : 0;
        for (int i = 0; i < count; i++) {
            qpdf_oh link = qpdf_oh_get_array_item(writer, links, i);
            Text contents = link_words(writer, link, words);
            if (contents.size && !qpdf_oh_has_key(writer, link, "/Contents"))
                qpdf_oh_replace_key(writer, link, "/Contents", qpdf_oh_new_unicode_string(writer, contents.data));
        }
    }
}

static void set_catalog(qpdf_data writer, const PdfWords *words, const char *iso_date) {
    qpdf_oh root = qpdf_get_root(writer);
    qpdf_oh preferences = qpdf_oh_get_key(writer, root, "/ViewerPreferences");
    if (!qpdf_oh_is_dictionary(writer, preferences)) {
        preferences = qpdf_oh_new_dictionary(writer);
        qpdf_oh_replace_key(writer, root, "/ViewerPreferences", preferences);
    }
    qpdf_oh_replace_key(writer, preferences, "/DisplayDocTitle", qpdf_oh_new_bool(writer, QPDF_TRUE));
    if (words->right_to_left)
        qpdf_oh_replace_key(writer, preferences, "/Direction", qpdf_oh_new_name(writer, "/R2L"));
    qpdf_oh_replace_key(writer, root, "/Lang", qpdf_oh_new_unicode_string(writer, words->language_tag.data));
    Buffer xmp = {0};
    put_metadata(&xmp, words, iso_date);
    qpdf_oh stream = qpdf_oh_new_stream(writer), nothing = qpdf_oh_new_null(writer);
    qpdf_oh_replace_stream_data(writer, stream, (const unsigned char *)xmp.data, xmp.size, nothing, nothing);
    qpdf_oh dictionary = qpdf_oh_get_dict(writer, stream);
    qpdf_oh_replace_key(writer, dictionary, "/Type", qpdf_oh_new_name(writer, "/Metadata"));
    qpdf_oh_replace_key(writer, dictionary, "/Subtype", qpdf_oh_new_name(writer, "/XML"));
    qpdf_oh_replace_key(writer, root, "/Metadata", stream);
    buffer_free(&xmp);
}

bool pdf_finish(Buffer *out, Text pdf, const PdfWords *words, Text source, Diagnostics *diagnostics) {
    qpdf_data writer = pdf_open(pdf, source, diagnostics);
    if (!writer)
        return false;
    if (!set_outline(writer, words)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0},
                        "the outline of its PDF is not that of the headings");
        qpdf_cleanup(&writer);
        return false;
    }
    char pdf_date[32], iso_date[32];
    date_for(pdf_date, iso_date, words->date);
    set_info(writer, "/Title", words->title);
    set_info(writer, "/Author", words->author);
    set_info(writer, "/Subject", words->subject);
    set_info(writer, "/Keywords", words->keywords);
    set_info(writer, "/Creator", TEXT("probity"));
    set_info(writer, "/CreationDate", text_from(pdf_date));
    set_info(writer, "/ModDate", text_from(pdf_date));
    set_catalog(writer, words, iso_date);
    set_roles(writer);
    set_link_words(writer, words);
    bool well = !(qpdf_init_write_memory(writer) & QPDF_ERRORS);
    if (well) {
        qpdf_set_deterministic_ID(writer, QPDF_TRUE);
        well = !(qpdf_write(writer) & QPDF_ERRORS);
    }
    if (well)
        buffer_put(out, (const char *)qpdf_get_buffer(writer), qpdf_get_buffer_length(writer));
    else
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, "its PDF cannot be finished");
    qpdf_cleanup(&writer);
    return well;
}
