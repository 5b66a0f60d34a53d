/*
 * libqpdf, loaded when there is a PDF to be read. Linked to, it would bring eleven libraries along, and the loading of
 * these would take as long as making ten pages. For this room alone.
 */
#ifndef PROBITY_PUBLISH_QPDF_H
#define PROBITY_PUBLISH_QPDF_H

#include <qpdf/qpdf-c.h>

/* Every function that pdf.c uses, without its prefix. */
#define QPDF_FUNCTIONS(F)                                                                                              \
    F(cleanup)                                                                                                         \
    F(get_buffer) F(get_buffer_length) F(get_num_pages) F(get_page_n) F(get_root) F(get_trailer) F(init)               \
        F(init_write_memory) F(oh_get_array_item) F(oh_get_dict) F(oh_get_key) F(oh_get_numeric_value)                 \
            F(oh_get_object_id) F(oh_has_key) F(oh_is_dictionary) F(oh_is_number) F(oh_new_bool) F(oh_new_dictionary)  \
                F(oh_new_name) F(oh_new_null) F(oh_new_stream) F(oh_new_unicode_string) F(oh_replace_key)              \
                    F(oh_replace_stream_data) F(read_memory) F(set_deterministic_ID) F(set_suppress_warnings)          \
                        F(silence_errors) F(write)

typedef struct Qpdf {
#define QPDF_MEMBER(name) __typeof__(qpdf_##name) *name;
    QPDF_FUNCTIONS(QPDF_MEMBER)
#undef QPDF_MEMBER
} Qpdf;

/* The same in every thread; NULL where the library is missing or another one. */
const Qpdf *qpdf_open(void);

#endif
