/*
 * Packages that somebody hands in: whether a platform can take them. The rules of manifests are those that our own keep;
 * here stands what can go wrong between the build and the platform.
 */
#include "package/check.h"
#include "package/unpack.h"

#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MANIFEST_LIMIT_BYTES = 1 << 20 };
static const size_t package_limit_bytes = (size_t)1 << 30;

static const PackageStandard *const standards[] = {&package_scorm12, &package_scorm2004_3, &package_scorm2004,
                                                   &package_cmi5, &package_web};
enum { STANDARD_COUNT = sizeof standards / sizeof *standards };

typedef struct Inspection {
    Arena arena;
    Text path; /* of the zip */
    Unpacked unpacked;
    Text *names; /* sorted */
    const PackageStandard *standard;
    Diagnostics *diagnostics;
    bool is_well;
} Inspection;

/* `name`: the file in the package that is meant, or an empty text. */
static void complain(Inspection *inspection, Text name, const char *sentence, Text detail) {
    Arena *arena = &inspection->arena;
    Text path =
        name.size ? text_format(arena, "%.*s/%.*s", TEXT_ARG(inspection->path), TEXT_ARG(name)) : inspection->path;
    Text message = detail.size ? text_format(arena, "%s: %.*s", sentence, TEXT_ARG(detail)) : text_from(sentence);
    diagnostics_add(inspection->diagnostics, DIAGNOSTIC_PACKAGE_CONTENT, path, (Place){0, 0}, message.data);
    inspection->is_well = false;
}

static const UnpackedFile *find_file(const Inspection *inspection, Text name) {
    for (size_t i = 0; i < inspection->unpacked.count; i++)
        if (text_equal(inspection->unpacked.files[i].name, name))
            return &inspection->unpacked.files[i];
    return NULL;
}

static bool equal_ignoring_case(Text left, Text right) {
    return left.size == right.size && strncasecmp(left.data, right.data, left.size) == 0;
}

/* The name that differs from this one in capital letters alone, or an empty text. */
static Text name_in_other_case(const Inspection *inspection, Text name) {
    for (size_t i = 0; i < inspection->unpacked.count; i++)
        if (equal_ignoring_case(inspection->names[i], name))
            return inspection->names[i];
    return TEXT("");
}

/* ---- Which standard it is for ---- */

/* "essentials-en-scorm12.zip" is for scorm12. */
static const PackageStandard *standard_by_name(Inspection *inspection) {
    for (size_t i = 0; i < STANDARD_COUNT; i++)
        if (text_ends(inspection->path, text_format(&inspection->arena, "-%s.zip", standards[i]->target.name)))
            return standards[i];
    return NULL;
}

/* The edition stands in the manifest: <schemaversion>1.2</schemaversion>. */
static const PackageStandard *standard_by_edition(Inspection *inspection, Text manifest) {
    static const char start[] = "<schemaversion>";
    const char *at = strstr(manifest.data, start);
    Text edition = TEXT("");
    if (at) {
        edition = text_slice(manifest, (size_t)(at - manifest.data) + sizeof start - 1, manifest.size);
        edition = text_trim(text_slice(edition, 0, text_find(edition, '<', 0)));
    }
    for (size_t i = 0; i < STANDARD_COUNT; i++)
        if (standards[i]->family != FAMILY_CMI5 && standards[i]->manifest &&
            text_equal(edition, text_from(standards[i]->edition)))
            return standards[i];
    const PackageStandard *named = standard_by_name(inspection);
    if (named)
        return named;
    complain(inspection, text_from(package_scorm12.manifest),
             "its schemaversion is none of 1.2, 2004 3rd Edition, 2004 4th Edition", edition);
    return NULL;
}

static void complain_of_no_manifest(Inspection *inspection) {
    for (size_t i = 0; i < STANDARD_COUNT; i++) {
        if (!standards[i]->manifest)
            continue;
        Text name = text_from(standards[i]->manifest), below = text_format(&inspection->arena, "/%s", name.data);
        for (size_t f = 0; f < inspection->unpacked.count; f++) {
            if (text_ends(inspection->names[f], below)) {
                complain(inspection, TEXT(""),
                         "the manifest is not at the root; pack what is in the folder, not the folder",
                         inspection->names[f]);
                return;
            }
        }
        Text other = name_in_other_case(inspection, name);
        if (other.size) {
            complain(inspection, TEXT(""), "platforms tell capital letters apart in the manifest's name", other);
            return;
        }
    }
    complain(inspection, TEXT(""), "neither imsmanifest.xml nor cmi5.xml is at its root", TEXT(""));
}

static void find_standard(Inspection *inspection) {
    const UnpackedFile *manifest = find_file(inspection, text_from(package_scorm12.manifest));
    const PackageStandard *named = standard_by_name(inspection);
    if (manifest)
        inspection->standard = standard_by_edition(inspection, manifest->bytes);
    else if (find_file(inspection, text_from(package_cmi5.manifest)))
        inspection->standard = &package_cmi5;
    else if (named && !named->manifest)
        inspection->standard = named;
    else
        complain_of_no_manifest(inspection);
}

/* ---- Files ---- */

static void check_manifest(Inspection *inspection) {
    Text name = text_from(inspection->standard->manifest);
    const UnpackedFile *manifest = find_file(inspection, name);
    if (manifest->bytes.size > MANIFEST_LIMIT_BYTES) {
        complain(inspection, name, "it is larger than 1 MB", TEXT(""));
        return;
    }
    Text path = text_format(&inspection->arena, "%.*s/%.*s", TEXT_ARG(inspection->path), TEXT_ARG(name));
    inspection->is_well = package_check(inspection->standard, manifest->bytes, inspection->names,
                                        inspection->unpacked.count, path, inspection->diagnostics) &&
                          inspection->is_well;
}

/* Platforms and validators read them, so that another standard's, or a changed one, fails there. */
static void check_control_files(Inspection *inspection) {
    for (const char *const *name = inspection->standard->control_files; *name; name++) {
        Text source = text_format(&inspection->arena, "schemas/%s/%s", inspection->standard->schema_folder, *name);
        Text path = file_shared(&inspection->arena, source.data), bytes;
        const UnpackedFile *file = find_file(inspection, text_from(*name));
        if (file && path.size &&
            file_read(&inspection->arena, path.data, FILE_TEXT_LIMIT_BYTES, &bytes, inspection->diagnostics) &&
            !text_equal(bytes, file->bytes))
            complain(inspection, file->name, "this control file is not the standard's", TEXT(""));
    }
}

static void check_texts(Inspection *inspection) {
    for (size_t i = 0; i < inspection->unpacked.count; i++) {
        const UnpackedFile *file = &inspection->unpacked.files[i];
        bool is_ours = text_ends(file->name, TEXT(".html")) || text_ends(file->name, TEXT(".js")) ||
                       text_ends(file->name, TEXT(".css"));
        if (is_ours && text_find_invalid(file->bytes) < file->bytes.size)
            complain(inspection, file->name, "it is not UTF-8", TEXT(""));
    }
}

/* ---- What a page refers to ---- */

static int hex_value(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The name in the package that an address in the page `from` means; false: it leads out. */
static bool resolve_address(Inspection *inspection, Text from, Text address, Text *name) {
    size_t folder = from.size;
    while (folder > 0 && from.data[folder - 1] != '/')
        folder--;
    Buffer path = {0};
    buffer_put(&path, from.data, folder);
    bool is_inside = address.data[0] != '/';
    for (size_t i = 0; i < address.size && address.data[i] != '#' && address.data[i] != '?'; i++) {
        int high = i + 2 < address.size ? hex_value(address.data[i + 1]) : -1;
        int low = high >= 0 ? hex_value(address.data[i + 2]) : -1;
        bool is_code = address.data[i] == '%' && low >= 0;
        buffer_put_char(&path, is_code ? (char)(high * 16 + low) : address.data[i]);
        i += is_code ? 2 : 0;
    }
    Text whole = buffer_text(&path);
    Buffer clean = {0};
    for (size_t at = 0; at <= whole.size && is_inside;) {
        size_t to = text_find(whole, '/', at);
        Text part = text_slice(whole, at, to);
        if (text_equal(part, TEXT(".."))) {
            is_inside = clean.size > 0;
            while (clean.size > 0 && clean.data[--clean.size] != '/')
                ;
        } else if (part.size && !text_equal(part, TEXT("."))) {
            if (clean.size)
                buffer_put_char(&clean, '/');
            buffer_put_text(&clean, part);
        }
        at = to + 1;
    }
    *name = text_copy(&inspection->arena, buffer_text(&clean));
    buffer_free(&clean);
    buffer_free(&path);
    return is_inside;
}

static void check_address(Inspection *inspection, Text page, const xmlNode *node, Text address) {
    if (!address.size || address.data[0] == '#')
        return;
    bool is_link = strcmp((const char *)node->name, "a") == 0;
    if (url_is_external(address)) {
        if (!is_link)
            complain(inspection, page, "it loads something from elsewhere", address);
        else if (!url_is_safe(address))
            complain(inspection, page, "a link is not of an allowed kind", address);
        return;
    }
    Text name, other;
    if (!resolve_address(inspection, page, address, &name))
        complain(inspection, page, "an address leads out of the package", address);
    else if (find_file(inspection, name) || !name.size)
        return;
    else if ((other = name_in_other_case(inspection, name)).size)
        complain(inspection, page, "platforms tell capital letters apart; the file's name is",
                 text_format(&inspection->arena, "%.*s, not %.*s", TEXT_ARG(other), TEXT_ARG(name)));
    else
        complain(inspection, page, "it needs a file that is not in the package", name);
}

static void check_addresses(Inspection *inspection, Text page, const xmlNode *node) {
    static const char *const attributes[] = {"src", "href", "poster", "data"};
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
            xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)attributes[i]);
            if (value)
                check_address(inspection, page, node,
                              text_trim(text_copy(&inspection->arena, text_from((const char *)value))));
            xmlFree(value);
        }
        check_addresses(inspection, page, node->children);
    }
}

static void check_page(Inspection *inspection, const UnpackedFile *file) {
    if (strstr(file->bytes.data, "<!ENTITY")) {
        complain(inspection, file->name, "it declares entities of its own", TEXT(""));
        return;
    }
    if (file->bytes.size > INT_MAX)
        memory_exhausted();
    xmlDocPtr document = xmlReadMemory(file->bytes.data, (int)file->bytes.size, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (document)
        check_addresses(inspection, file->name, xmlDocGetRootElement(document));
    else
        complain(inspection, file->name, "the page is cut off or damaged", TEXT(""));
    xmlFreeDoc(document);
}

/* ---- The whole ---- */

static void inspect_files(Inspection *inspection) {
    find_standard(inspection);
    if (!inspection->standard)
        return;
    if (inspection->standard->manifest)
        check_manifest(inspection);
    check_control_files(inspection);
    check_texts(inspection);
    for (size_t i = 0; i < inspection->unpacked.count; i++)
        if (text_ends(inspection->names[i], TEXT(".html")))
            check_page(inspection, &inspection->unpacked.files[i]);
    if (!find_file(inspection, TEXT("index.html")))
        complain(inspection, TEXT(""), "there is no index.html at its root", TEXT(""));
}

bool package_inspect(const char *path, PackageReport *report, Diagnostics *diagnostics) {
    Inspection inspection = {.path = text_from(path), .diagnostics = diagnostics, .is_well = true};
    Text zip;
    *report = (PackageReport){0};
    if (file_read(&inspection.arena, path, package_limit_bytes, &zip, diagnostics) &&
        unpack(&inspection.arena, zip, inspection.path, &inspection.unpacked, diagnostics)) {
        inspection.names = arena_new(&inspection.arena, Text, inspection.unpacked.count + 1);
        for (size_t i = 0; i < inspection.unpacked.count; i++)
            inspection.names[i] = inspection.unpacked.files[i].name;
        inspect_files(&inspection);
        *report = (PackageReport){inspection.standard, inspection.unpacked.count, zip.size};
    } else {
        inspection.is_well = false;
    }
    arena_free(&inspection.arena);
    return inspection.is_well;
}
