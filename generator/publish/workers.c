/* Threads over a list of things to do. What each makes does not depend on which thread takes it, nor on when. */
#include "publish/internal.h"

#include <pthread.h>
#include <signal.h>

static volatile sig_atomic_t interrupted;

void publish_interrupt(int signal) {
    (void)signal;
    interrupted = 1;
}

bool publish_is_interrupted(void) {
    return interrupted != 0;
}

typedef struct Pool {
    atomic_size_t next;
    size_t count;
    PoolFunction function;
    void *context;
} Pool;

typedef struct PoolThread {
    Pool *pool;
    Worker *worker;
    pthread_t thread;
    bool has_started;
} PoolThread;

static void *pool_work(void *context) {
    PoolThread *thread = context;
    Pool *pool = thread->pool;
    for (;;) {
        size_t index = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (index >= pool->count || publish_is_interrupted())
            return NULL;
        pool->function(pool->context, index, thread->worker);
        arena_reset(thread->worker->scratch);
    }
}

void pool_run(Worker *workers, size_t worker_count, size_t count, PoolFunction function, void *context) {
    if (count == 0)
        return;
    Pool pool = {.count = count, .function = function, .context = context};
    Arena arena = {0};
    PoolThread *threads = arena_new(&arena, PoolThread, worker_count);
    for (size_t i = worker_count; i-- > 0;) {
        threads[i] = (PoolThread){.pool = &pool, .worker = &workers[i]};
        /* A thread that cannot be started leaves its share to the others; the last is this one. */
        threads[i].has_started =
            i > 0 && i < count && pthread_create(&threads[i].thread, NULL, pool_work, &threads[i]) == 0;
    }
    pool_work(&threads[0]);
    for (size_t i = 1; i < worker_count; i++)
        if (threads[i].has_started)
            pthread_join(threads[i].thread, NULL);
    arena_free(&arena);
}
