/* Reading page numbers out of a PDF, and finishing it, through libqpdf. */
#include "publish/print.h"
#include "publish/qpdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const Qpdf *qpdf;

static qpdf_data open_pdf(Text pdf, Text source, Diagnostics *diagnostics) {
    qpdf = qpdf_open();
    if (!qpdf) {
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, "libqpdf cannot be loaded");
        return NULL;
    }
    qpdf_data reader = qpdf->init();
    qpdf->set_suppress_warnings(reader, QPDF_TRUE);
    qpdf->silence_errors(reader);
    if (!(qpdf->read_memory(reader, "book.pdf", pdf.data, pdf.size, NULL) & QPDF_ERRORS))
        return reader;
    diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, "its PDF cannot be read");
    qpdf->cleanup(&reader);
    return NULL;
}

/* The place of a named destination: [page /XYZ left top zoom]. */
static void read_place(qpdf_data reader, qpdf_oh destinations, const int *page_ids, int page_count, BookPlace *place) {
    Buffer key = {0};
    buffer_put_char(&key, '/');
    buffer_put_text(&key, place->anchor);
    place->page = 0;
    place->top_pt = 0;
    if (qpdf->oh_has_key(reader, destinations, key.data)) {
        qpdf_oh destination = qpdf->oh_get_key(reader, destinations, key.data);
        int id = qpdf->oh_get_object_id(reader, qpdf->oh_get_array_item(reader, destination, 0));
        for (int i = 0; i < page_count && !place->page; i++)
            place->page = page_ids[i] == id ? i + 1 : 0;
        qpdf_oh top = qpdf->oh_get_array_item(reader, destination, 3);
        if (qpdf->oh_is_number(reader, top))
            place->top_pt = qpdf->oh_get_numeric_value(reader, top);
    }
    buffer_free(&key);
}

bool pdf_read_pages(Text pdf, BookPlace *places, size_t count, int *page_count, bool *changed, Text source,
                    Diagnostics *diagnostics) {
    qpdf_data reader = open_pdf(pdf, source, diagnostics);
    if (!reader)
        return false;
    *page_count = qpdf->get_num_pages(reader);
    int *page_ids = calloc((size_t)(*page_count > 0 ? *page_count : 1), sizeof *page_ids);
    if (!page_ids)
        memory_exhausted();
    for (int i = 0; i < *page_count; i++)
        page_ids[i] = qpdf->oh_get_object_id(reader, qpdf->get_page_n(reader, (size_t)i));
    qpdf_oh destinations = qpdf->oh_get_key(reader, qpdf->get_root(reader), "/Dests");
    if (!qpdf->oh_is_dictionary(reader, destinations))
        destinations = qpdf->oh_new_dictionary(reader);
    bool well = true;
    *changed = false;
    for (size_t i = 0; i < count && well; i++) {
        int before = places[i].page;
        read_place(reader, destinations, page_ids, *page_count, &places[i]);
        *changed = *changed || places[i].page != before;
        well = places[i].page || !places[i].is_listed;
        if (!well) {
            Buffer reason = {0};
            buffer_format(&reason, "its PDF has no place for \"%s\"", places[i].anchor.data);
            diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, reason.data);
            buffer_free(&reason);
        }
    }
    free(page_ids);
    qpdf->cleanup(&reader);
    return well;
}

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
    qpdf_oh info = qpdf->oh_get_key(writer, qpdf->get_trailer(writer), "/Info");
    qpdf->oh_replace_key(writer, info, key, qpdf->oh_new_unicode_string(writer, value.data));
}

static void set_catalog(qpdf_data writer, const PdfWords *words, const char *iso_date) {
    qpdf_oh root = qpdf->get_root(writer);
    qpdf_oh preferences = qpdf->oh_get_key(writer, root, "/ViewerPreferences");
    if (!qpdf->oh_is_dictionary(writer, preferences)) {
        preferences = qpdf->oh_new_dictionary(writer);
        qpdf->oh_replace_key(writer, root, "/ViewerPreferences", preferences);
    }
    qpdf->oh_replace_key(writer, preferences, "/DisplayDocTitle", qpdf->oh_new_bool(writer, QPDF_TRUE));
    if (words->right_to_left)
        qpdf->oh_replace_key(writer, preferences, "/Direction", qpdf->oh_new_name(writer, "/R2L"));
    qpdf->oh_replace_key(writer, root, "/Lang", qpdf->oh_new_unicode_string(writer, words->language_tag.data));
    Buffer xmp = {0};
    put_metadata(&xmp, words, iso_date);
    qpdf_oh stream = qpdf->oh_new_stream(writer), nothing = qpdf->oh_new_null(writer);
    qpdf->oh_replace_stream_data(writer, stream, (const unsigned char *)xmp.data, xmp.size, nothing, nothing);
    qpdf_oh dictionary = qpdf->oh_get_dict(writer, stream);
    qpdf->oh_replace_key(writer, dictionary, "/Type", qpdf->oh_new_name(writer, "/Metadata"));
    qpdf->oh_replace_key(writer, dictionary, "/Subtype", qpdf->oh_new_name(writer, "/XML"));
    qpdf->oh_replace_key(writer, root, "/Metadata", stream);
    buffer_free(&xmp);
}

bool pdf_finish(Buffer *out, Text pdf, const PdfWords *words, Text source, Diagnostics *diagnostics) {
    qpdf_data writer = open_pdf(pdf, source, diagnostics);
    if (!writer)
        return false;
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
    bool well = !(qpdf->init_write_memory(writer) & QPDF_ERRORS);
    if (well) {
        qpdf->set_deterministic_ID(writer, QPDF_TRUE);
        well = !(qpdf->write(writer) & QPDF_ERRORS);
    }
    if (well)
        buffer_put(out, (const char *)qpdf->get_buffer(writer), qpdf->get_buffer_length(writer));
    else
        diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, "its PDF cannot be finished");
    qpdf->cleanup(&writer);
    return well;
}
