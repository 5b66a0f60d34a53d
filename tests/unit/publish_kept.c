/* What a build keeps for the next: all of it comes back, and nothing of what is damaged does. Clashes of addresses are found. */
#include "publish/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int passed, failed;

static void check(bool holds, const char *what) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("not so: %s\n", what);
    }
}

static Buffer read_file(int folder, const char *name) {
    Buffer bytes = {0};
    char chunk[4096];
    int file = openat(folder, name, O_RDONLY);
    for (ssize_t count; file >= 0 && (count = read(file, chunk, sizeof chunk)) > 0;)
        buffer_put(&bytes, chunk, (size_t)count);
    close(file);
    return bytes;
}

static void write_file(int folder, const char *name, const char *bytes, size_t size) {
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    check(write(file, bytes, size) == (ssize_t)size, "the test can write");
    close(file);
}

/* The number of the details' format follows the paths; a manifest with another one is known by its paths. */
static void check_other_version(int folder, Arena *arena, const Buffer *whole, const Record *records) {
    Buffer other = {0};
    buffer_put(&other, whole->data, whole->size - sizeof(Digest));
    size_t at = sizeof "probity manifest\n" - 1 + sizeof(FolderIdentity) + 8;
    for (size_t i = 0; i < 3; i++)
        at += 2 + records[i].output.size;
    other.data[at]++;
    other.size -= 5;
    Digest seal = digest_bytes(other.data, other.size);
    buffer_put(&other, (const char *)&seal, sizeof seal);
    write_file(folder, "other", other.data, other.size);
    Manifest found;
    check(manifest_read(arena, folder, "other", &found) && !found.has_details && found.count == 3,
          "another version's manifest");
    check(manifest_find(&found, records[2].output) != NULL, "its paths are known");
    buffer_free(&other);
}

static void check_manifest(int folder, Arena *arena) {
    Record records[] = {
        {TEXT("#course/a"), {1, 2}, {0, 0}, 0, 0},
        {TEXT("ar/index.html"), {3, 4}, {5, 6}, 7, 8},
        {TEXT("media/carte.é.svg"), {UINT64_MAX, 0}, {0, UINT64_MAX}, UINT64_MAX, -1},
    };
    Manifest written = {.live = {1, 2, 3}, .records = records, .count = 3}, found;
    check(manifest_write(folder, "manifest", &written, true), "a manifest is written");
    check(manifest_read(arena, folder, "manifest", &found) && found.count == 3, "and read");
    check(folder_identity_equal(found.live, written.live), "with the folder it speaks of");
    for (size_t i = 0; i < 3 && i < found.count; i++) {
        const Record *record = manifest_find(&found, records[i].output);
        check(record && digest_equal(record->inputs, records[i].inputs) &&
                  digest_equal(record->content, records[i].content) && record->size_bytes == records[i].size_bytes &&
                  record->modified_ns == records[i].modified_ns,
              "a record is as it was");
    }
    check(!manifest_find(&found, TEXT("ar")) && !manifest_find(&found, TEXT("zz")),
          "what was not recorded is not found");

    Buffer whole = read_file(folder, "manifest");
    check_other_version(folder, arena, &whole, records);
    for (size_t size = 0; size < whole.size; size++) {
        write_file(folder, "cut", whole.data, size);
        check(!manifest_read(arena, folder, "cut", &found), "a manifest that was cut is none");
    }
    for (size_t i = 0; i < whole.size; i++) {
        whole.data[i] ^= 4;
        write_file(folder, "flipped", whole.data, whole.size);
        check(!manifest_read(arena, folder, "flipped", &found), "a manifest with a wrong bit is none");
        whole.data[i] ^= 4;
    }
    buffer_free(&whole);
    check(!manifest_read(arena, folder, "nothing", &found), "a missing one is none");

    Text paths[] = {TEXT("a"), TEXT("b/c")};
    Delta delta = {.live = {1, 1, 1}, .stage = {2, 2, 2}, .paths = paths, .count = 2}, kept;
    check(delta_write(folder, "delta", &delta) && delta_read(arena, folder, "delta", &kept),
          "a delta is written and read");
    check(kept.count == 2 && text_equal(kept.paths[1], paths[1]), "with its paths");
    check(!delta_read(arena, folder, "manifest", &kept) && !manifest_read(arena, folder, "delta", &found),
          "one is not the other");
}

static void check_tree(int folder, Diagnostics *diagnostics) {
    FileFacts facts;
    struct stat first, second;
    check(mkdirat(folder, "live", 0755) == 0 && mkdirat(folder, "work", 0755) == 0, "two folders");
    int live = openat(folder, "live", O_RDONLY | O_DIRECTORY), work = openat(folder, "work", O_RDONLY | O_DIRECTORY);
    check(tree_write(live, TEXT("en/a/index.html"), TEXT("one"), false, &facts) && facts.size_bytes == 3,
          "a file and its folders");
    check(tree_link(live, work, TEXT("en/a/index.html")), "the same file in the stage");
    check(fstatat(live, "en/a/index.html", &first, 0) == 0 && first.st_nlink == 2, "it is shared");
    check(tree_write(work, TEXT("en/a/index.html"), TEXT("three"), true, &facts), "another text for it");
    check(fstatat(live, "en/a/index.html", &second, 0) == 0 && second.st_ino == first.st_ino && second.st_size == 3,
          "what stands has not changed");
    check(tree_settle_folders(work, (Text[]){TEXT("en/a/index.html")}, 1, true), "folders get their time");
    check(fstatat(work, "en/a", &second, 0) == 0 && second.st_mtime == FOLDER_TIME_SECONDS, "the fixed one");
    check(tree_remove(work, TEXT("en/a/index.html")) && fstatat(work, "en", &second, 0) != 0,
          "empty folders go with the file");
    check(tree_remove(work, TEXT("en/a/index.html")), "what is gone may go again");
    check(tree_write(work, TEXT("en"), TEXT("x"), false, &facts), "a file where a folder was");
    check(!tree_write(work, TEXT("en/b"), TEXT("x"), false, &facts), "a file is no folder");
    check(symlinkat("/etc", work, "etc") == 0 && tree_remove(work, TEXT("etc")), "a link is removed, not followed");
    close(live);
    close(work);
    check(diagnostics_count(diagnostics, SEVERITY_NOTE) == 0, "nothing to complain about");
}

/* How many clashes there are among outputs. */
static size_t count_clashes(const char *const *outputs, size_t count) {
    Arena arena = {0};
    Diagnostics *diagnostics = diagnostics_open();
    Plan plan = {.arena = &arena, .diagnostics = diagnostics};
    for (size_t i = 0; i < count; i++)
        plan_add(&plan, (Job){.output = text_from(outputs[i])});
    plan_finish(&plan);
    size_t clashes = diagnostics_count(diagnostics, SEVERITY_ERROR);
    for (size_t i = 0; i < count; i++)
        check(plan_find(&plan, text_from(outputs[i])) != NULL, outputs[i]);
    plan_close(&plan);
    diagnostics_close(diagnostics);
    arena_free(&arena);
    return clashes;
}

static void check_clashes(void) {
    check(count_clashes((const char *const[]){"a", "b", "a-b", "a/b", "é", "e"}, 6) == 0, "different names");
    check(count_clashes((const char *const[]){"a", "b", "a"}, 3) == 1, "one name twice");
    check(count_clashes((const char *const[]){"media/Map.png", "media/map.png"}, 2) == 1, "capitals");
    check(count_clashes((const char *const[]){"MAP", "Map", "map"}, 3) == 2, "capitals, three times");
    check(count_clashes((const char *const[]){"\xC3\xA9.png", "e\xCC\x81.png"}, 2) == 1,
          "an accent composed and apart");
    check(count_clashes((const char *const[]){"stra\xC3\x9F"
                                              "e",
                                              "strasse"},
                        2) == 1,
          "a sharp s");
    check(count_clashes((const char *const[]){"\xFF", "\xFE"}, 2) == 0, "what is no text is compared as it is");
}

int main(void) {
    Arena arena = {0};
    Diagnostics *diagnostics = diagnostics_open();
    char name[] = "/tmp/probity-unit-XXXXXX";
    const char *path = mkdtemp(name);
    int folder = path ? open(path, O_RDONLY | O_DIRECTORY) : -1;
    umask(022);
    check(folder >= 0, "a folder to try in");
    check_manifest(folder, &arena);
    check_tree(folder, diagnostics);
    check_clashes();
    close(folder);
    check(file_remove_tree(path, diagnostics), "the folder is removed");
    diagnostics_close(diagnostics);
    arena_free(&arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
