/*
 * Streams of news. Each open page holds one; it sleeps (its connection is suspended) until there is news that it has not sent. The server's
 * thread reads from streams, the builder's thread brings news and wakes them; the lock stands between the two.
 */
#include "preview/internal.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_LIMIT = 256, BLOCK_BYTES = 4096 };

typedef struct Stream Stream;
struct Stream {
    Events *events;
    Stream *previous, *next;
    struct MHD_Connection *connection;
    bool is_asleep;
    uint64_t told, pings; /* how far it has come */
    Buffer pending;       /* what is being sent */
    size_t sent;
};

struct Events {
    pthread_mutex_t lock;
    Stream *streams;
    size_t count;
    bool is_stopped;
    uint64_t told, pings;
    Buffer news; /* as it goes over the wire; empty before the first */
};

Events *events_open(void) {
    Events *events = calloc(1, sizeof *events);
    if (!events)
        memory_exhausted();
    pthread_mutex_init(&events->lock, NULL);
    return events;
}

void events_close(Events *events) {
    pthread_mutex_destroy(&events->lock);
    buffer_free(&events->news);
    free(events);
}

static void wake_all(Events *events) {
    for (Stream *stream = events->streams; stream; stream = stream->next) {
        if (stream->is_asleep)
            MHD_resume_connection(stream->connection);
        stream->is_asleep = false;
    }
}

void events_stop(Events *events) {
    pthread_mutex_lock(&events->lock);
    events->is_stopped = true;
    wake_all(events);
    pthread_mutex_unlock(&events->lock);
}

void events_tell(Events *events, Text data) {
    pthread_mutex_lock(&events->lock);
    buffer_clear(&events->news);
    buffer_put_literal(&events->news, "event: state\ndata: ");
    buffer_put_text(&events->news, data);
    buffer_put_literal(&events->news, "\n\n");
    events->told++;
    wake_all(events);
    pthread_mutex_unlock(&events->lock);
}

void events_ping(Events *events) {
    pthread_mutex_lock(&events->lock);
    events->pings++;
    wake_all(events);
    pthread_mutex_unlock(&events->lock);
}

/* Puts what the stream has not sent yet into `pending`; the lock is held. */
static void take_news(Events *events, Stream *stream) {
    buffer_clear(&stream->pending);
    stream->sent = 0;
    if (stream->told != events->told)
        buffer_put_text(&stream->pending, buffer_text(&events->news));
    else if (stream->pings != events->pings)
        buffer_put_literal(&stream->pending, ":\n\n");
    stream->told = events->told;
    stream->pings = events->pings;
}

static ssize_t read_stream(void *context, uint64_t position, char *block, size_t size) {
    (void)position;
    Stream *stream = context;
    Events *events = stream->events;
    pthread_mutex_lock(&events->lock);
    if (stream->sent == stream->pending.size)
        take_news(events, stream);
    size_t count = stream->pending.size - stream->sent;
    count = count < size ? count : size;
    bool is_ended = events->is_stopped;
    if (!is_ended && count) {
        memcpy(block, stream->pending.data + stream->sent, count);
        stream->sent += count;
    } else if (!is_ended) {
        stream->is_asleep = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&events->lock);
    return is_ended ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)count;
}

static void close_stream(void *context) {
    Stream *stream = context;
    Events *events = stream->events;
    pthread_mutex_lock(&events->lock);
    if (stream->previous)
        stream->previous->next = stream->next;
    else
        events->streams = stream->next;
    if (stream->next)
        stream->next->previous = stream->previous;
    events->count--;
    pthread_mutex_unlock(&events->lock);
    buffer_free(&stream->pending);
    free(stream);
}

struct MHD_Response *events_stream(Events *events, struct MHD_Connection *connection) {
    Stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        memory_exhausted();
    pthread_mutex_lock(&events->lock);
    bool is_full = events->count == STREAM_LIMIT || events->is_stopped;
    if (!is_full) {
        *stream = (Stream){.events = events, .connection = connection, .next = events->streams};
        stream->pings = events->pings;
        /* At once, so that the page knows that it listens. */
        buffer_put_literal(&stream->pending, "retry: 500\n\n");
        if (events->streams)
            events->streams->previous = stream;
        events->streams = stream;
        events->count++;
    }
    pthread_mutex_unlock(&events->lock);
    if (is_full) {
        free(stream);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, stream, close_stream);
    if (!response)
        close_stream(stream);
    return response;
}
