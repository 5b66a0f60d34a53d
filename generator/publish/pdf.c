/* Reading page numbers out of a PDF, through libqpdf. */
#include "publish/print.h"

#include <stdlib.h>

qpdf_data pdf_open(Text pdf, Text source, Diagnostics *diagnostics) {
    qpdf_data reader = qpdf_init();
    qpdf_set_suppress_warnings(reader, QPDF_TRUE);
    qpdf_silence_errors(reader);
    if (!(qpdf_read_memory(reader, "book.pdf", pdf.data, pdf.size, NULL) & QPDF_ERRORS))
        return reader;
    diagnostics_add(diagnostics, DIAGNOSTIC_PRINT_ENGINE, source, (Place){0, 0}, "its PDF cannot be read");
    qpdf_cleanup(&reader);
    return NULL;
}

/* The place of a named destination: [page /XYZ left top zoom]. */
static void read_place(qpdf_data reader, qpdf_oh destinations, const int *page_ids, int page_count, BookPlace *place) {
    Buffer key = {0};
    buffer_put_char(&key, '/');
    buffer_put_text(&key, place->anchor);
    place->page = 0;
    place->top_pt = 0;
    if (qpdf_oh_has_key(reader, destinations, key.data)) {
        qpdf_oh destination = qpdf_oh_get_key(reader, destinations, key.data);
        int id = qpdf_oh_get_object_id(reader, qpdf_oh_get_array_item(reader, destination, 0));
        for (int i = 0; i < page_count && !place->page; i++)
            place->page = page_ids[i] == id ? i + 1 : 0;
        qpdf_oh top = qpdf_oh_get_array_item(reader, destination, 3);
        if (qpdf_oh_is_number(reader, top))
            place->top_pt = qpdf_oh_get_numeric_value(reader, top);
    }
    buffer_free(&key);
}

bool pdf_read_pages(Text pdf, BookPlace *places, size_t count, int *page_count, bool *changed, Text source,
                    Diagnostics *diagnostics) {
    qpdf_data reader = pdf_open(pdf, source, diagnostics);
    if (!reader)
        return false;
    *page_count = qpdf_get_num_pages(reader);
    int *page_ids = calloc((size_t)(*page_count > 0 ? *page_count : 1), sizeof *page_ids);
    if (!page_ids)
        memory_exhausted();
    for (int i = 0; i < *page_count; i++)
        page_ids[i] = qpdf_oh_get_object_id(reader, qpdf_get_page_n(reader, (size_t)i));
    qpdf_oh destinations = qpdf_oh_get_key(reader, qpdf_get_root(reader), "/Dests");
    if (!qpdf_oh_is_dictionary(reader, destinations))
        destinations = qpdf_oh_new_dictionary(reader);
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
    qpdf_cleanup(&reader);
    return well;
}
