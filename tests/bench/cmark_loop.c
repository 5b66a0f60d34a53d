// The floor of the benchmark: every Markdown file of a folder through libcmark-gfm, and nothing else a site needs.
//
//     cmark_loop [-j N] CONTENT OUTPUT      CONTENT/a/b/fr.md becomes OUTPUT/a/b/fr.html
//
// Tables and footnotes are on; the front matter is skipped unread. N processes share the files by their number.

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char **paths; // below the content folder
    size_t count;
    size_t capacity;
} FileList;

static void fail(const char *what) {
    fprintf(stderr, "cmark_loop: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int compare_entries(const FTSENT **left, const FTSENT **right) {
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

// Makes the folders of the output as it meets those of the content.
static FileList list_files(char *content, const char *output) {
    FileList list = {0};
    char *roots[] = {content, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, compare_entries);
    if (walk == NULL) {
        fail(content);
    }
    const size_t prefix_length = strlen(content);
    for (FTSENT *entry; (entry = fts_read(walk)) != NULL;) {
        const char *below = entry->fts_path + prefix_length;
        if (entry->fts_info == FTS_D) {
            char path[4096];
            snprintf(path, sizeof path, "%s%s", output, below);
            if (mkdir(path, 0777) != 0 && errno != EEXIST) {
                fail(path);
            }
        } else if (entry->fts_info == FTS_F && entry->fts_namelen > 3 &&
                   strcmp(entry->fts_name + entry->fts_namelen - 3, ".md") == 0) {
            if (list.count == list.capacity) {
                list.capacity = list.capacity == 0 ? 1024 : 2 * list.capacity;
                list.paths = realloc(list.paths, list.capacity * sizeof *list.paths);
            }
            char *copy = list.paths == NULL ? NULL : strdup(below);
            if (copy == NULL) {
                fail("memory");
            }
            list.paths[list.count++] = copy;
        }
    }
    fts_close(walk);
    return list;
}

static char *read_file(const char *path, size_t *length) {
    static char *buffer;
    static size_t capacity;
    struct stat status;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        fail(path);
    }
    *length = (size_t)status.st_size;
    if (*length + 1 > capacity) {
        capacity = 2 * *length + 4096;
        buffer = realloc(buffer, capacity);
    }
    if (buffer == NULL || read(file, buffer, *length) != (ssize_t)*length) {
        fail(path);
    }
    buffer[*length] = '\0';
    close(file);
    return buffer;
}

static void write_file(const char *path, const char *text) {
    const size_t length = strlen(text);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || write(file, text, length) != (ssize_t)length || close(file) != 0) {
        fail(path);
    }
}

static void convert(const char *content, const char *output, const char *below, cmark_syntax_extension *table) {
    char path[4096];
    size_t length;
    snprintf(path, sizeof path, "%s%s", content, below);
    const char *text = read_file(path, &length);
    const char *end = strncmp(text, "---\n", 4) == 0 ? strstr(text + 4, "\n---\n") : NULL;
    const char *body = end == NULL ? text : end + 5;
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_FOOTNOTES);
    cmark_parser_attach_syntax_extension(parser, table);
    cmark_parser_feed(parser, body, length - (size_t)(body - text));
    cmark_node *document = cmark_parser_finish(parser);
    char *html = cmark_render_html(document, CMARK_OPT_FOOTNOTES, cmark_parser_get_syntax_extensions(parser));
    snprintf(path, sizeof path, "%s%.*s.html", output, (int)strlen(below) - 3, below);
    write_file(path, html);
    free(html);
    cmark_node_free(document);
    cmark_parser_free(parser);
}

int main(int argc, char **argv) {
    int jobs = 1;
    for (int option; (option = getopt(argc, argv, "j:")) != -1;) {
        jobs = option == 'j' ? atoi(optarg) : 0;
    }
    if (argc - optind != 2 || jobs < 1 || jobs > 64) {
        fprintf(stderr, "usage: cmark_loop [-j N] CONTENT OUTPUT\n");
        return 2;
    }
    char *content = argv[optind];
    const char *output = argv[optind + 1];
    const FileList list = list_files(content, output);
    cmark_gfm_core_extensions_ensure_registered();
    cmark_syntax_extension *table = cmark_find_syntax_extension("table");
    for (int job = 0; job < jobs; job++) {
        const pid_t child = jobs > 1 ? fork() : 0; // processes: the library's tables are not made for threads
        if (child < 0) {
            fail("fork");
        }
        if (child == 0) {
            for (size_t i = (size_t)job; i < list.count; i += (size_t)jobs) {
                convert(content, output, list.paths[i], table);
            }
            if (jobs > 1) {
                _exit(0);
            }
        }
    }
    int has_failed = 0;
    for (int status; wait(&status) > 0;) {
        has_failed |= status != 0;
    }
    return has_failed;
}
