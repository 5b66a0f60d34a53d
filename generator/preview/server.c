/*
 * The web server. Its thread answers requests from the files that stand; the builder's thread changes what stands and tells the
 * streams. The two share a few numbers and the streams.
 *
 *   /_probity/events           news, as a stream
 *   /_probity/packages.json    the packages that there are
 *   /_probity/reload.js, …     the files of console/
 *   /console/                  the courses; /console/<course>/<language>: one of them on a platform
 *   /console/files/<package>.zip/<file>
 *   everything else            the site
 */
#include "preview/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTION_LIMIT = 4096,
    CONNECTION_MEMORY_BYTES = 16384, /* request line and headers together */
    IDLE_LIMIT_S = 20,               /* slow clients are let go */
    BACKLOG = 128
};

struct Server {
    struct MHD_Daemon *daemon;
    Events *events;
    const char *output, *shared, *address;
    char url[320];
    char run[24];           /* tells this server's builds from those of one before it */
    atomic_ulong build;     /* how often the pages have changed */
    atomic_ulong telling;   /* how often there was news */
    Buffer diagnostics;     /* those known, as JSON; the builder's */
    atomic_bool has_output; /* a build has been well */
};

/* The policy of our own pages; those of the site have theirs. */
static const char console_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/* ---- Answers ---- */

typedef struct Answer {
    unsigned status;
    const char *type, *location, *policy;
    bool may_be_kept; /* by the browser; it asks each time whether that is still good */
    char tag[80];
} Answer;

static enum MHD_Result send_response(struct MHD_Connection *connection, struct MHD_Response *response,
                                     const Answer *answer) {
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Cache-Control", answer->may_be_kept ? "no-cache" : "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(response, "Content-Security-Policy",
                            answer->policy ? answer->policy : "frame-ancestors 'self'");
    if (answer->tag[0])
        MHD_add_response_header(response, "ETag", answer->tag);
    if (answer->location)
        MHD_add_response_header(response, "Location", answer->location);
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

/* The buffer's memory goes with the answer. */
static enum MHD_Result send_buffer(struct MHD_Connection *connection, Buffer *body, const Answer *answer) {
    struct MHD_Response *response = MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_FREE);
    if (!response)
        buffer_free(body);
    return send_response(connection, response, answer);
}

/* A page of few words that listens, too: what is missing now may come with the next build. */
static enum MHD_Result send_words(Server *server, struct MHD_Connection *connection, unsigned status,
                                  const char *words) {
    char build[64];
    snprintf(build, sizeof build, "%s-%lu", server->run, atomic_load(&server->build));
    Buffer page = {0}, body = {0};
    buffer_format(
        &page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n<title>%u</title>\n</head>\n"
        "<body>\n<h1>%u</h1>\n<p>%s</p>\n</body>\n</html>\n",
        status, status, words);
    page_put_listening(&body, buffer_text(&page), build);
    buffer_free(&page);
    return send_buffer(connection, &body,
                       &(Answer){.status = status, .type = "text/html; charset=utf-8", .policy = console_policy});
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *words) {
    Buffer body = {0};
    buffer_format(&body, "%u: %s\n", status, words);
    return send_buffer(connection, &body, &(Answer){.status = status, .type = "text/plain; charset=utf-8"});
}

static enum MHD_Result send_redirect(struct MHD_Connection *connection, Text path) {
    Buffer location = {0}, body = {0};
    buffer_put_char(&location, '/');
    buffer_put_text(&location, path);
    buffer_put_char(&location, '/');
    buffer_put_literal(&body, "\n");
    enum MHD_Result result = send_buffer(connection, &body,
                                         &(Answer){.status = MHD_HTTP_MOVED_PERMANENTLY,
                                                   .type = "text/plain; charset=utf-8",
                                                   .location = location.data});
    buffer_free(&location);
    return result;
}

static bool has_header(struct MHD_Connection *connection, const char *name, const char *value) {
    const char *given = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return given && strcmp(given, value) == 0;
}

/* Bytes that the browser may keep: what it has already is not sent again. */
static enum MHD_Result send_bytes(struct MHD_Connection *connection, Buffer *body, const char *type) {
    Answer answer = {.status = MHD_HTTP_OK, .type = type, .may_be_kept = true};
    Digest digest = digest_bytes(body->data, body->size);
    snprintf(answer.tag, sizeof answer.tag, "\"%016llx%016llx\"", (unsigned long long)digest.high,
             (unsigned long long)digest.low);
    if (has_header(connection, "If-None-Match", answer.tag)) {
        answer.status = MHD_HTTP_NOT_MODIFIED;
        buffer_free(body);
        struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
        return send_response(connection, response, &answer);
    }
    return send_buffer(connection, body, &answer);
}

/* ---- The site ---- */

static bool is_page(Text path) {
    return text_ends(path, TEXT(".html"));
}

static enum MHD_Result send_page(Server *server, struct MHD_Connection *connection, unsigned status, int file,
                                 uint64_t size_bytes, const char *build) {
    Buffer page = {0}, body = {0};
    if (!file_read_open(&page, file, size_bytes)) {
        buffer_free(&page);
        return send_words(server, connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "The page cannot be read.");
    }
    page_put_listening(&body, buffer_text(&page), build);
    buffer_free(&page);
    return send_buffer(connection, &body, &(Answer){.status = status, .type = "text/html; charset=utf-8"});
}

static enum MHD_Result send_missing(Server *server, struct MHD_Connection *connection, const char *build) {
    uint64_t size_bytes;
    int file = file_open_below(server->output, TEXT("404.html"), &size_bytes);
    if (file >= 0)
        return send_page(server, connection, MHD_HTTP_NOT_FOUND, file, size_bytes, build);
    if (!atomic_load(&server->has_output))
        return send_words(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE, "The site has not been built yet.");
    return send_words(server, connection, MHD_HTTP_NOT_FOUND, "There is no such page.");
}

static enum MHD_Result send_file(Server *server, struct MHD_Connection *connection, int file, uint64_t size_bytes,
                                 Text path) {
    const char *type = file_media_type(path);
    if (size_bytes > FILE_LIMIT_BYTES) {
        struct MHD_Response *response = MHD_create_response_from_fd64(size_bytes, file);
        if (!response)
            close(file);
        return send_response(connection, response, &(Answer){.status = MHD_HTTP_OK, .type = type});
    }
    Buffer body = {0};
    if (file_read_open(&body, file, size_bytes))
        return send_bytes(connection, &body, type);
    buffer_free(&body);
    return send_words(server, connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "The file cannot be read.");
}

static enum MHD_Result answer_site(Server *server, struct MHD_Connection *connection, Text path) {
    char build[64];
    /* Before the file: a page that is newer than its number is loaded once more, one that is older would stay. */
    snprintf(build, sizeof build, "%s-%lu", server->run, atomic_load(&server->build));
    Buffer name = {0};
    buffer_put_text(&name, path);
    if (path.size == 0 || text_ends(path, TEXT("/")))
        buffer_put_literal(&name, "index.html");
    uint64_t size_bytes;
    int file = file_open_below(server->output, buffer_text(&name), &size_bytes);
    enum MHD_Result result;
    if (file == -2)
        result = send_redirect(connection, path);
    else if (file < 0)
        result = send_missing(server, connection, build);
    else if (is_page(buffer_text(&name)))
        result = send_page(server, connection, MHD_HTTP_OK, file, size_bytes, build);
    else
        result = send_file(server, connection, file, size_bytes, buffer_text(&name));
    buffer_free(&name);
    return result;
}

/* ---- Our own ---- */

static enum MHD_Result send_own(Server *server, struct MHD_Connection *connection, Text name) {
    uint64_t size_bytes;
    int file = file_open_below(server->shared, name, &size_bytes);
    Buffer body = {0};
    if (file >= 0 && file_read_open(&body, file, size_bytes)) {
        if (!is_page(name))
            return send_bytes(connection, &body, file_media_type(name));
        return send_buffer(connection, &body,
                           &(Answer){.status = MHD_HTTP_OK, .type = file_media_type(name), .policy = console_policy});
    }
    buffer_free(&body);
    return send_words(server, connection, MHD_HTTP_NOT_FOUND, "There is nothing of this name here.");
}

/* essentials/essentials-en-scorm12.zip/index.html: a file as it lies in the package, to the byte. */
static enum MHD_Result answer_packed(Server *server, struct MHD_Connection *connection, Text path) {
    static const char ending[] = ".zip/";
    const char *found = memmem(path.data, path.size, ending, sizeof ending - 1);
    size_t end = found ? (size_t)(found - path.data) + sizeof ending - 2 : path.size;
    Text name = text_slice(path, end + 1, path.size);
    Arena scratch = {0};
    uint64_t size_bytes;
    int file = name.size
                   ? file_open_below(server->output, text_join(&scratch, TEXT("packages/"), text_slice(path, 0, end)),
                                     &size_bytes)
                   : -1;
    arena_free(&scratch);
    Buffer body = {0};
    if (file >= 0 && file_read_packed(&body, file, name))
        return send_bytes(connection, &body, file_media_type(name));
    buffer_free(&body);
    return send_words(server, connection, MHD_HTTP_NOT_FOUND, "The package has no such file.");
}

static enum MHD_Result answer_own(Server *server, struct MHD_Connection *connection, Text name) {
    if (text_equal(name, TEXT("events"))) {
        struct MHD_Response *response = events_stream(server->events, connection);
        if (!response)
            return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "too many pages are open");
        return send_response(connection, response, &(Answer){.status = MHD_HTTP_OK, .type = "text/event-stream"});
    }
    if (text_equal(name, TEXT("packages.json"))) {
        Buffer body = {0};
        file_list_packages(&body, server->output);
        return send_bytes(connection, &body, "application/json");
    }
    return send_own(server, connection, name);
}

static enum MHD_Result answer_path(Server *server, struct MHD_Connection *connection, Text path) {
    static const Text own = {"_probity/", 9}, console = {"console/", 8}, packed = {"console/files/", 14};
    if (text_starts(path, own))
        return answer_own(server, connection, text_slice(path, own.size, path.size));
    if (text_starts(path, packed))
        return answer_packed(server, connection, text_slice(path, packed.size, path.size));
    if (text_starts(path, console))
        return send_own(server, connection, TEXT("console.html"));
    if (text_equal(path, TEXT("console")))
        return send_redirect(connection, path);
    return answer_site(server, connection, path);
}

/* ---- Requests ---- */

typedef struct Headers {
    size_t host_count;
    const char *host, *origin, *site, *mode;
} Headers;

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
    (void)kind;
    Headers *headers = context;
    if (strcasecmp(name, "Host") == 0) {
        headers->host_count++;
        headers->host = value ? value : "";
    } else if (strcasecmp(name, "Origin") == 0) {
        headers->origin = value ? value : "";
    } else if (strcasecmp(name, "Sec-Fetch-Site") == 0) {
        headers->site = value ? value : "";
    } else if (strcasecmp(name, "Sec-Fetch-Mode") == 0) {
        headers->mode = value ? value : "";
    }
    return MHD_YES;
}

/* Pages of other sites may lead here and nothing else: they cannot take our files into their own. */
static bool is_foreign(const Headers *headers) {
    if (headers->origin &&
        (strncmp(headers->origin, "http://", 7) != 0 || strcmp(headers->origin + 7, headers->host) != 0))
        return true;
    bool is_from_elsewhere = headers->site && strcmp(headers->site, "cross-site") == 0;
    return is_from_elsewhere && !(headers->mode && strcmp(headers->mode, "navigate") == 0);
}

static enum MHD_Result answer_request(void *context, struct MHD_Connection *connection, const char *url,
                                      const char *method, const char *version, const char *upload_data,
                                      size_t *upload_size, void **state) {
    (void)version;
    (void)upload_data;
    (void)upload_size;
    (void)state;
    Server *server = context;
    Headers headers = {0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &headers);
    if (headers.host_count != 1 || !request_is_for_us(text_from(headers.host), server->address))
        return refuse(connection, MHD_HTTP_FORBIDDEN, "this server answers to the names of its own machine alone");
    if (is_foreign(&headers))
        return refuse(connection, MHD_HTTP_FORBIDDEN, "this server answers to its own pages alone");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "there is nothing here to write to");
    if (strlen(url) > PATH_LIMIT_BYTES)
        return refuse(connection, MHD_HTTP_URI_TOO_LONG, "the address is too long");
    Buffer path = {0};
    enum MHD_Result result = request_read_path(&path, text_from(url))
                                 ? answer_path(server, connection, buffer_text(&path))
                                 : refuse(connection, MHD_HTTP_BAD_REQUEST, "this is no address of a page");
    buffer_free(&path);
    return result;
}

/* Percent signs are decoded by request_read_path, which knows what may not come out. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/* ---- Listening ---- */

static int listen_at(const char *address, int port, Buffer *reason) {
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(address, service, &hints, &found) != 0) {
        buffer_format(reason, "\"%s\" is no address; it is written as a number, such as 127.0.0.1", address);
        return -1;
    }
    int one = 1, listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool is_listening = listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
                        bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, BACKLOG) == 0;
    int error = errno;
    freeaddrinfo(found);
    if (is_listening)
        return listener;
    if (listener >= 0)
        close(listener);
    buffer_format(reason, "it cannot listen at %s, port %d: %s", address, port, strerror(error));
    errno = error;
    return -1;
}

static int open_listener(const char *address, int port, Buffer *reason) {
    int listener = listen_at(address, port < 0 ? PREVIEW_PORT : port, reason);
    if (listener >= 0 || port >= 0 || errno != EADDRINUSE)
        return listener;
    buffer_clear(reason);
    return listen_at(address, 0, reason);
}

static int listening_port(int listener) {
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 0;
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
}

/* Each connection is a file; without this, a thousand slow clients would be all there can be. */
static unsigned allow_connections(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 512;
    rlim_t wanted = CONNECTION_LIMIT + 256;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur < wanted ? (unsigned)(limit.rlim_cur / 2) : CONNECTION_LIMIT;
}

static void start(Server *server, int listener) {
    /* Signals are for the thread that builds. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    server->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer_request,
                         server, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_LIMIT, allow_connections(),
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_LIMIT_S, MHD_OPTION_UNESCAPE_CALLBACK,
                         leave_escaped, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

Server *server_open(const char *output, const char *shared, const char *address, int port, Buffer *reason) {
    int listener = open_listener(address, port, reason);
    if (listener < 0)
        return NULL;
    Server *server = calloc(1, sizeof *server);
    if (!server)
        memory_exhausted();
    server->output = output;
    server->shared = shared;
    server->address = address;
    bool is_six = strchr(address, ':') != NULL;
    snprintf(server->url, sizeof server->url, "http://%s%s%s:%d/", is_six ? "[" : "", address, is_six ? "]" : "",
             listening_port(listener));
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(server->run, sizeof server->run, "%llx",
             (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000);
    server->events = events_open();
    start(server, listener);
    if (server->daemon)
        return server;
    buffer_put_literal(reason, "the web server does not start");
    close(listener);
    server_close(server);
    return NULL;
}

void server_close(Server *server) {
    if (!server)
        return;
    events_stop(server->events);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    events_close(server->events);
    buffer_free(&server->diagnostics);
    free(server);
}

const char *server_url(const Server *server) {
    return server->url;
}

static void put_diagnostics(Buffer *out, Diagnostics *diagnostics) {
    size_t count;
    const Diagnostic *list = diagnostics_list(diagnostics, &count);
    Buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&text);
        diagnostic_print(&text, &list[i], false);
        buffer_format(out, "%s{\"severity\":\"%s\",\"text\":", i ? "," : "",
                      list[i].severity == SEVERITY_ERROR     ? "error"
                      : list[i].severity == SEVERITY_WARNING ? "warning"
                                                             : "note");
        buffer_put_json(out, buffer_text(&text));
        buffer_put_char(out, '}');
    }
    buffer_free(&text);
}

void server_tell(Server *server, bool is_new, Diagnostics *diagnostics) {
    if (is_new) {
        atomic_store(&server->has_output, true);
        atomic_fetch_add(&server->build, 1);
    }
    if (diagnostics) {
        buffer_clear(&server->diagnostics);
        put_diagnostics(&server->diagnostics, diagnostics);
    }
    Buffer data = {0};
    buffer_format(&data, "{\"build\":\"%s-%lu\",\"news\":%lu,\"diagnostics\":[", server->run,
                  atomic_load(&server->build), atomic_fetch_add(&server->telling, 1) + 1);
    buffer_put_text(&data, buffer_text(&server->diagnostics));
    buffer_put_literal(&data, "]}");
    events_tell(server->events, buffer_text(&data));
    buffer_free(&data);
}

void server_ping(Server *server) {
    events_ping(server->events);
}
