#include "package/unpack.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* Of our own making are some hundred files; what is larger than these is made to fill somebody's disk. */
enum {
    ENTRY_LIMIT = 10000,
    TEXT_LIMIT_BYTES = 16 << 20,
    RATIO_LIMIT = 200, /* of files above a megabyte: text shrinks to a twentieth at the best */
    RATIO_FROM_BYTES = 1 << 20,
    NAME_LIMIT_BYTES = 200
};
static const uint64_t total_limit_bytes = (uint64_t)2 << 30;

typedef struct Unpack {
    Arena *arena;
    Text path;
    Diagnostics *diagnostics;
    zip_t *archive;
    Unpacked *unpacked;
    uint64_t total_bytes;
    bool is_well;
} Unpack;

static void refuse(Unpack *unpack, Text name, const char *reason) {
    Text message = name.size ? text_format(unpack->arena, "%.*s: %s", TEXT_ARG(name), reason) : text_from(reason);
    diagnostics_add(unpack->diagnostics, DIAGNOSTIC_PACKAGE_UNREADABLE, unpack->path, (Place){0, 0}, message.data);
    unpack->is_well = false;
}

/* ---- Names ---- */

/* Why a name would unpack outside of its folder or not alike everywhere; NULL: it is good. */
static const char *name_fault(Text name) {
    if (name.size > NAME_LIMIT_BYTES)
        return "it is longer than 200 bytes";
    if (text_find_invalid(name) < name.size)
        return "it is not UTF-8";
    if (name.data[0] == '/')
        return "it begins at the root of the disk";
    if (text_find(name, '\\', 0) < name.size)
        return "folders are told apart by /";
    for (size_t i = 0; i < name.size; i++)
        if ((unsigned char)name.data[i] < 0x20 || strchr("<>:\"|?*", name.data[i]))
            return "it has a character that not every system allows";
    for (size_t from = 0; from <= name.size;) {
        size_t to = text_find(name, '/', from);
        Text part = text_slice(name, from, to);
        if (text_equal(part, TEXT("..")))
            return "it leads out of the package";
        if (part.size == 0 || text_equal(part, TEXT(".")))
            return "a part of it is empty";
        from = to + 1;
    }
    return NULL;
}

static bool check_name(Unpack *unpack, Text name) {
    const char *fault = name.size ? name_fault(name) : "it is empty";
    if (!fault)
        return true;
    diagnostics_add(unpack->diagnostics, DIAGNOSTIC_PACKAGE_NAME, unpack->path, (Place){0, 0},
                    text_copy(unpack->arena, name).data, fault);
    unpack->is_well = false;
    return false;
}

static int compare_files(const void *left, const void *right) {
    return text_compare(((const UnpackedFile *)left)->name, ((const UnpackedFile *)right)->name);
}

static int compare_ignoring_case(const void *left, const void *right) {
    Text a = (*(const UnpackedFile *const *)left)->name, b = (*(const UnpackedFile *const *)right)->name;
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        int difference = tolower((unsigned char)a.data[i]) - tolower((unsigned char)b.data[i]);
        if (difference)
            return difference;
    }
    return a.size < b.size ? -1 : a.size > b.size;
}

static void check_doubles(Unpack *unpack) {
    size_t count = unpack->unpacked->count;
    const UnpackedFile **sorted = arena_new(unpack->arena, const UnpackedFile *, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &unpack->unpacked->files[i];
    qsort(sorted, count, sizeof *sorted, compare_ignoring_case);
    for (size_t i = 1; i < count; i++) {
        if (compare_ignoring_case(&sorted[i - 1], &sorted[i]) != 0)
            continue;
        diagnostics_add(unpack->diagnostics, DIAGNOSTIC_PACKAGE_NAME, unpack->path, (Place){0, 0}, sorted[i]->name.data,
                        "another file has it, too, but for capital letters at most");
        unpack->is_well = false;
    }
}

/* ---- Bytes ---- */

static bool is_text(Text name) {
    static const char *const endings[] = {".html", ".htm", ".js", ".css", ".xml", ".xsd", ".dtd", ".svg", ".vtt"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(name, text_from(endings[i])))
            return true;
    return false;
}

/* What the directory says of the file, before a byte of it is unpacked. */
static bool check_entry(Unpack *unpack, const zip_stat_t *status, Text name, zip_uint64_t index) {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    zip_file_get_external_attributes(unpack->archive, index, 0, &system, &attributes);
    const char *fault = NULL;
    if (status->encryption_method != ZIP_EM_NONE)
        fault = "it is encrypted";
    else if (status->comp_method != ZIP_CM_STORE && status->comp_method != ZIP_CM_DEFLATE)
        fault = "it is compressed in a way that platforms cannot undo";
    else if (system == ZIP_OPSYS_UNIX && (attributes >> 16 & 0170000) == 0120000)
        fault = "it is a link to another file";
    else if (status->size > RATIO_FROM_BYTES && status->size / RATIO_LIMIT > status->comp_size)
        fault = "it would unpack to more than 200 times its size";
    else if (status->size > FILE_MEDIA_LIMIT_BYTES || (is_text(name) && status->size > TEXT_LIMIT_BYTES))
        fault = "it is larger than a file of its kind can be";
    else if (unpack->total_bytes + status->size > total_limit_bytes)
        fault = "the package would unpack to more than 2 GB";
    if (fault)
        refuse(unpack, name, fault);
    return !fault;
}

/* To the last byte: only then the library compares the checksum. */
static void read_entry(Unpack *unpack, const zip_stat_t *status, UnpackedFile *file) {
    zip_file_t *opened = zip_fopen_index(unpack->archive, status->index, 0);
    if (!opened) {
        refuse(unpack, file->name, zip_strerror(unpack->archive));
        return;
    }
    bool is_kept = is_text(file->name);
    char *kept = is_kept ? arena_allocate_bytes(unpack->arena, (size_t)status->size + 1) : NULL;
    char chunk[1 << 14];
    uint64_t size = 0;
    zip_int64_t count;
    while ((count = zip_fread(opened, chunk, sizeof chunk)) > 0 && size + (uint64_t)count <= status->size) {
        if (is_kept)
            memcpy(kept + size, chunk, (size_t)count);
        size += (uint64_t)count;
    }
    if (count < 0)
        refuse(unpack, file->name, zip_file_strerror(opened));
    else if (count > 0 || size != status->size)
        refuse(unpack, file->name, "its size is not what the directory of the zip says");
    zip_fclose(opened);
    if (is_kept) {
        kept[size] = '\0';
        file->bytes = (Text){kept, (size_t)size};
    }
}

static void read_file(Unpack *unpack, zip_uint64_t index) {
    zip_stat_t status;
    const zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    zip_stat_init(&status);
    if (zip_stat_index(unpack->archive, index, ZIP_FL_ENC_RAW, &status) < 0 || (status.valid & needed) != needed) {
        refuse(unpack, TEXT(""), zip_strerror(unpack->archive));
        return;
    }
    Text name = text_copy(unpack->arena, text_from(status.name));
    /* Packers of folders list the folders, too. */
    bool is_folder = name.size > 1 && name.data[name.size - 1] == '/' && status.size == 0;
    if (!check_name(unpack, is_folder ? text_slice(name, 0, name.size - 1) : name) || is_folder ||
        !check_entry(unpack, &status, name, index))
        return;
    unpack->total_bytes += status.size;
    UnpackedFile *file = &unpack->unpacked->files[unpack->unpacked->count++];
    *file = (UnpackedFile){.name = name, .size_bytes = status.size};
    read_entry(unpack, &status, file);
}

static zip_t *open_archive(Unpack *unpack, Text zip) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(zip.data, zip.size, 0, &error);
    zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) : NULL;
    if (!archive)
        refuse(unpack, TEXT(""), zip_error_strerror(&error));
    if (!archive && source)
        zip_source_free(source);
    zip_error_fini(&error);
    return archive;
}

bool unpack(Arena *arena, Text zip, Text path, Unpacked *unpacked, Diagnostics *diagnostics) {
    Unpack unpack = {.arena = arena, .path = path, .diagnostics = diagnostics, .unpacked = unpacked, .is_well = true};
    *unpacked = (Unpacked){0};
    if (!zip.size)
        refuse(&unpack, TEXT(""), "it is empty");
    unpack.archive = zip.size ? open_archive(&unpack, zip) : NULL;
    if (!unpack.archive)
        return false;
    zip_int64_t count = zip_get_num_entries(unpack.archive, 0);
    if (count > ENTRY_LIMIT) {
        refuse(&unpack, TEXT(""), "it has more than 10,000 files");
        count = 0;
    }
    unpacked->files = arena_new(arena, UnpackedFile, (size_t)count + 1);
    for (zip_int64_t i = 0; i < count; i++)
        read_file(&unpack, (zip_uint64_t)i);
    zip_discard(unpack.archive);
    qsort(unpacked->files, unpacked->count, sizeof *unpacked->files, compare_files);
    check_doubles(&unpack);
    return unpack.is_well;
}
