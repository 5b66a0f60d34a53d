/* What manifests have in common. */
#include "package/package.h"

static const xmlChar *xml(const char *text) {
    return (const xmlChar *)text;
}

void manifest_start(xmlTextWriterPtr writer, const char *element) {
    if (xmlTextWriterStartElement(writer, xml(element)) < 0)
        memory_exhausted();
}

void manifest_end(xmlTextWriterPtr writer) {
    if (xmlTextWriterEndElement(writer) < 0)
        memory_exhausted();
}

void manifest_attribute(xmlTextWriterPtr writer, const char *name, const char *value) {
    if (xmlTextWriterWriteAttribute(writer, xml(name), xml(value)) < 0)
        memory_exhausted();
}

void manifest_attribute_text(xmlTextWriterPtr writer, const char *name, Text value) {
    Arena arena = {0};
    manifest_attribute(writer, name, text_copy(&arena, value).data);
    arena_free(&arena);
}

void manifest_text(xmlTextWriterPtr writer, const char *element, Text value) {
    Arena arena = {0};
    if (xmlTextWriterWriteElement(writer, xml(element), xml(text_copy(&arena, value).data)) < 0)
        memory_exhausted();
    arena_free(&arena);
}

void manifest_content(xmlTextWriterPtr writer, Text value) {
    Arena arena = {0};
    if (xmlTextWriterWriteString(writer, xml(text_copy(&arena, value).data)) < 0)
        memory_exhausted();
    arena_free(&arena);
}

void manifest_metadata(xmlTextWriterPtr writer, const char *version) {
    manifest_start(writer, "metadata");
    manifest_text(writer, "schema", TEXT("ADL SCORM"));
    manifest_text(writer, "schemaversion", text_from(version));
    manifest_end(writer);
}

void manifest_resources(xmlTextWriterPtr writer, const char *type_attribute, const PackageFacts *facts) {
    manifest_start(writer, "resources");
    manifest_start(writer, "resource");
    manifest_attribute(writer, "identifier", "resource");
    manifest_attribute(writer, "type", "webcontent");
    manifest_attribute(writer, type_attribute, "sco");
    manifest_attribute_text(writer, "href", facts->files[0]);
    for (size_t i = 0; i < facts->file_count; i++) {
        manifest_start(writer, "file");
        manifest_attribute_text(writer, "href", facts->files[i]);
        manifest_end(writer);
    }
    manifest_end(writer);
    manifest_end(writer);
}

Text manifest_ratio(Arena *arena, int permille) {
    Text text = text_format(arena, "%d.%03d", permille / 1000, permille % 1000);
    while (text.data[text.size - 1] == '0')
        text.size--;
    if (text.data[text.size - 1] == '.')
        text.size--;
    return text_copy(arena, text);
}

void package_write_manifest(Buffer *out, const PackageStandard *standard, const PackageFacts *facts) {
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (!writer)
        memory_exhausted();
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterSetIndentString(writer, xml("  "));
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    manifest_start(writer, standard->root_element);
    standard->write_manifest(writer, standard, facts);
    manifest_end(writer);
    if (xmlTextWriterEndDocument(writer) < 0)
        memory_exhausted();
    xmlFreeTextWriter(writer);
    buffer_put(out, (const char *)xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer));
    xmlBufferFree(buffer);
}
