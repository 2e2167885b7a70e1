/* SPDX-License-Identifier: MIT */
/*
 * A host of one thread that is as it must be, but that its timers fire at once,
 * whenever they are due.
 */

#include <kindred/kindred.h>

#include <pthread.h>
#include <stdlib.h>

#define ROOM 64

struct host {
    kd_core *core;
    const kd_host_calls *calls;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void *ready[ROOM]; /* In a ring. */
    size_t first, n_ready;
    void *timers[ROOM];
    size_t n_timers;
    int must_stop;
};

static void
push(struct host *host, void *node)
{
    pthread_mutex_lock(&host->lock);
    host->ready[(host->first + host->n_ready++) % ROOM] = node;
    pthread_cond_signal(&host->changed);
    pthread_mutex_unlock(&host->lock);
}

/* The lock is held. Returns whether there was a timer. */
static int
fire(struct host *host, kd_lane *lane)
{
    void *node;

    if (host->n_timers == 0)
        return 0;
    node = host->timers[--host->n_timers];
    pthread_mutex_unlock(&host->lock);
    if (host->calls->expired(lane, node))
        push(host, node);
    pthread_mutex_lock(&host->lock);
    return 1;
}

static int
run_one(struct host *host, kd_lane *lane)
{
    void *node;

    if (host->n_ready == 0)
        return 0;
    node = host->ready[host->first];
    host->first = (host->first + 1) % ROOM;
    host->n_ready--;
    pthread_mutex_unlock(&host->lock);
    if (host->calls->run(lane, node, 1000) == KD_RUN_AGAIN)
        push(host, node);
    pthread_mutex_lock(&host->lock);
    return 1;
}

static void *
work(void *arg)
{
    struct host *host = arg;
    kd_lane *lane = host->calls->attach(host->core, host);

    pthread_mutex_lock(&host->lock);
    while (lane != NULL && !host->must_stop) {
        if (!fire(host, lane) && !run_one(host, lane))
            pthread_cond_wait(&host->changed, &host->lock);
    }
    pthread_mutex_unlock(&host->lock);
    if (lane != NULL)
        host->calls->detach(lane);
    return NULL;
}

static kd_status
create(void *state, kd_core *core, const kd_host_calls *calls,
    const kd_entry *entry, kd_host_info *info, void **self, kd_error *err)
{
    struct host *host = calloc(1, sizeof(*host));

    (void)state;
    (void)entry;
    if (host == NULL)
        return kd_error_set(err, KD_ENOMEM, "no memory");
    host->core = core;
    host->calls = calls;
    pthread_mutex_init(&host->lock, NULL);
    pthread_cond_init(&host->changed, NULL);
    info->node_size = 16;
    info->max_processes = ROOM;
    *self = host;
    return KD_OK;
}

static kd_status
start(void *self, kd_error *err)
{
    struct host *host = self;

    if (pthread_create(&host->thread, NULL, work, host) == 0)
        return KD_OK;
    return kd_error_set(err, KD_ESYSTEM, "no thread");
}

static void
ready(void *self, void *node, uint32_t how)
{
    (void)how;
    push(self, node);
}

/* Comes inside run, and so on the host's only thread. */
static void
timer(void *self, void *node, kd_time due_ns)
{
    struct host *host = self;
    size_t kept = 0, i;

    pthread_mutex_lock(&host->lock);
    for (i = 0; i < host->n_timers; i++) {
        if (host->timers[i] != node)
            host->timers[kept++] = host->timers[i];
    }
    if (due_ns != KD_NEVER)
        host->timers[kept++] = node;
    host->n_timers = kept;
    pthread_mutex_unlock(&host->lock);
}

static void
pass(void *self, void *node)
{
    (void)self;
    (void)node;
}

static void
stop(void *self)
{
    struct host *host = self;

    pthread_mutex_lock(&host->lock);
    host->must_stop = 1;
    pthread_cond_signal(&host->changed);
    pthread_mutex_unlock(&host->lock);
    pthread_join(host->thread, NULL);
}

static void
destroy(void *self)
{
    struct host *host = self;

    pthread_cond_destroy(&host->changed);
    pthread_mutex_destroy(&host->lock);
    free(host);
}

static const kd_host_kind rogue = {
    .size = sizeof(kd_host_kind),
    .create = create,
    .start = start,
    .ready = ready,
    .timer = timer,
    .enter = pass,
    .leave = pass,
    .stop = stop,
    .destroy = destroy,
};
static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_HOST,
    .id = "test.rogue_host",
    .help = "A host whose timers fire at once",
    .impl = &rogue,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.rogue_host",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
