/* What the files of this room share; nothing outside generator/preview/ includes it. */
#ifndef PROBITY_PREVIEW_INTERNAL_H
#define PROBITY_PREVIEW_INTERNAL_H

#include "preview/preview.h"

struct MHD_Connection;
struct MHD_Response;

/* ---- What a request may ask (request.c) ---- */

enum { PATH_LIMIT_BYTES = 2000, FILE_LIMIT_BYTES = 64 << 20 };

/*
 * The path of a request, percent signs decoded, without the first slash: "en/guides/" or "". False for whatever a browser does
 * not send for an honest link: . and .. and empty segments, slashes and backslashes that were encoded, controls, bytes that
 * are not UTF-8.
 */
bool request_read_path(Buffer *out, Text raw);
/*
 * Whether a Host header names this machine. A page of another site that has its own name resolved to 127.0.0.1 sends that name: on
 * loopback only numbers of this machine and localhost are ours, elsewhere any number and this machine's name. `address` is
 * the one that is listened at.
 */
bool request_is_for_us(Text host, const char *address);
/* The address without port and brackets, or an empty text where the header is none. */
Text request_host_name(Text host);

/* ---- Files (files.c) ---- */

const char *file_media_type(Text path);
/*
 * Opens a regular file below a folder without following a link anywhere. -1: there is none, -2: it is a folder. The path is as
 * request_read_path leaves it.
 */
int file_open_below(const char *root, Text path, uint64_t *size_bytes);
/* Reads all of it; false where that fails or where it is larger than FILE_LIMIT_BYTES. Closes the descriptor. */
bool file_read_open(Buffer *out, int file, uint64_t size_bytes);
/* A file out of a container; false where it has none of that name. Closes the descriptor. */
bool file_read_packed(Buffer *out, int container, Text name);
/* Appends {"file":"essentials/essentials-en-scorm12.zip","modified":…}, … for each container below `root`/packages. */
void file_list_packages(Buffer *out, const char *root);

/* ---- Pages (page.c) ---- */

/* Appends the page with the script that listens for news, which the page's own policy is made to allow. */
void page_put_listening(Buffer *out, Text page, const char *build);

/* ---- The server (server.c): requests are answered in a thread of its own ---- */

typedef struct Server Server;

/* `shared`: the folder of console/. NULL where it cannot listen; `reason` is then a sentence. Both texts outlive the server. */
Server *server_open(const char *output, const char *shared, const char *address, int port, Buffer *reason);
void server_close(Server *server); /* NULL is allowed */
const char *server_url(const Server *server);
/*
 * What the last build left, for all pages that listen. `is_new`: they are to be loaded again. Without diagnostics: those known
 * before hold.
 */
void server_tell(Server *server, bool is_new, Diagnostics *diagnostics);
/* Says to the streams that they are alive, and notices those that are not. */
void server_ping(Server *server);

/* ---- Streams of news (events.c), as EventSource reads them ---- */

typedef struct Events Events;

Events *events_open(void);
/* Ends all streams. */
void events_stop(Events *events);
void events_close(Events *events);
/* A stream that begins with the news as it is. NULL where there are too many. */
struct MHD_Response *events_stream(Events *events, struct MHD_Connection *connection);
/* `data` is one line. */
void events_tell(Events *events, Text data);
void events_ping(Events *events);

/* ---- Edits (watch.c) ---- */

typedef struct Watch Watch;

/* Watches content/, layouts/ and locales/ of a project, and the player. NULL with errno. */
Watch *watch_open(const char *folder);
void watch_close(Watch *watch); /* NULL is allowed */
int watch_descriptor(const Watch *watch);
/* Reads what has happened; whether a source may have changed. */
bool watch_read(Watch *watch);
/* 0, or why some folder is not watched. */
int watch_trouble(const Watch *watch);

#endif
