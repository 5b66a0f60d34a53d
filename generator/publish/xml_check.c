/* Reads again what this program has written: a page that is not well-formed is our fault and never an author's. */
#include "publish/internal.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <limits.h>

static void ignore_error(void *context, const char *message, ...) {
    (void)context;
    (void)message;
}

bool xml_check(Text bytes, Text path, Diagnostics *diagnostics) {
    xmlParserCtxtPtr context = xmlNewParserCtxt();
    if (!context || bytes.size > INT_MAX)
        memory_exhausted();
    context->sax->error = context->sax->warning = ignore_error;
    xmlDocPtr document = xmlCtxtReadMemory(context, bytes.data, (int)bytes.size, NULL, "UTF-8",
                                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool is_well = document && context->wellFormed;
    if (!is_well) {
        const xmlError *error = xmlCtxtGetLastError(context);
        Place place = {error && error->line > 0 ? (uint32_t)error->line : 0, 0};
        Text message = text_trim(text_from(error && error->message ? error->message : "unknown"));
        Arena scratch = {0};
        diagnostics_add(diagnostics, DIAGNOSTIC_XML_INVALID, path, place, text_copy(&scratch, message).data);
        arena_free(&scratch);
    }
    xmlFreeDoc(document);
    xmlFreeParserCtxt(context);
    return is_well;
}
