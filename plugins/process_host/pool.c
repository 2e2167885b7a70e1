/* SPDX-License-Identifier: MIT */
/*
 * Makes and ends a process.host, and is the table of functions by which the
 * library knows it.
 */

#include "pool.h"

#include "runner.h"
#include "step.h"
#include "work.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPIN_NS 30000u

#define MAX_PROCESSES_DEFAULT 16777216

/* More threads than this help nobody. */
#define MAX_WORKERS 4096

static int64_t
get_int(const kd_api *api, const kd_entry *entry, const char *path, int64_t def)
{
    const kd_node *node = api->entry_get(entry, path);

    return node != NULL && node->type == KD_NODE_INT ? node->integer : def;
}

static unsigned
online_cpus(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : (unsigned)count;
}

static kd_status
read_options(struct pool *pool, const kd_entry *entry, kd_error *err)
{
    int64_t workers = get_int(pool->api, entry, "host.workers", 0);
    int64_t processes =
        get_int(pool->api, entry, "host.max_processes", MAX_PROCESSES_DEFAULT);

    if (workers < 0)
        return kd_error_set(err, KD_EINVAL, "workers must be greater than 0");
    if (workers > MAX_WORKERS)
        return kd_error_set(err, KD_EINVAL, "workers must be at most 4096");
    if (processes < 1)
        return kd_error_set(
            err, KD_EINVAL, "max_processes must be greater than 0");
    pool->n_workers = workers == 0 ? online_cpus() : (unsigned)workers;
    pool->max_processes = (uint64_t)processes;
    return KD_OK;
}

/* Returns 0, or -1 without memory. */
static int
make_workers(struct pool *pool)
{
    unsigned count = pool->n_workers;
    unsigned i;

    pool->alarms = calloc(count, sizeof(*pool->alarms));
    pool->runners =
        calloc((size_t)count + POOL_STAND_INS_MAX, sizeof(struct runner *));
    if (pool->alarms == NULL || pool->runners == NULL)
        return -1;
    for (i = 0; i < count; i++) {
        pool->runners[i] = kh__runner_new(pool, i);
        if (pool->runners[i] == NULL)
            return -1;
        pool->runners[i]->alarms = &pool->alarms[i];
        atomic_store(&pool->n_runners, i + 1);
    }
    for (i = 0; i < count; i++)
        kh__alarms_init(&pool->alarms[i], kh__pool_now(pool));
    return 0;
}

static void
free_workers(struct pool *pool)
{
    unsigned i;

    for (i = 0; i < kh__pool_runners(pool); i++)
        kh__runner_free(pool->runners[i]);
    free(pool->runners);
    free(pool->alarms);
}

static void
make_rest(struct pool *pool)
{
    pool->spin_ns = online_cpus() > 1 ? SPIN_NS : 0;
    kh__inject_init(&pool->inject);
    kh__idle_init(&pool->idle);
    kh__gate_init(&pool->gate);
    kh__watch_init(&pool->watch);
    kh__duty_init(&pool->duty);
    pool->step.fd = -1;
}

static kd_status
pool_create(void *state, kd_core *core, const kd_host_calls *calls,
    const kd_entry *entry, kd_host_info *info, void **self, kd_error *err)
{
    struct pool *pool = calloc(1, sizeof(*pool));
    kd_status status;

    if (pool == NULL)
        return kd_error_set(err, KD_ENOMEM, "out of memory");
    pool->api = ((struct pool_state *)state)->api;
    pool->core = core;
    pool->calls = calls;
    status = read_options(pool, entry, err);
    if (status != KD_OK)
        goto out;
    if (make_workers(pool) != 0) {
        free_workers(pool);
        status = kd_error_set(err, KD_ENOMEM, "out of memory");
        goto out;
    }
    make_rest(pool);
    info->size = sizeof(*info);
    info->node_size = sizeof(struct node);
    info->max_processes = pool->max_processes;
    *self = pool;
    return KD_OK;
out:
    free(pool);
    return status;
}

static void
pool_destroy(void *self)
{
    struct pool *pool = self;
    unsigned i;

    for (i = 0; i < pool->n_workers; i++)
        kh__alarms_fini(&pool->alarms[i]);
    free_workers(pool);
    kh__step_fini(pool);
    kh__duty_fini(&pool->duty);
    kh__watch_fini(&pool->watch);
    kh__gate_fini(&pool->gate);
    kh__idle_fini(&pool->idle);
    kh__inject_fini(&pool->inject);
    free(pool);
}

struct runner *
kh__pool_spare(struct pool *pool)
{
    unsigned count = kh__pool_runners(pool);
    unsigned i;

    for (i = 0; i < count; i++) {
        if (atomic_load(&pool->runners[i]->state) == RUNNER_NONE)
            return pool->runners[i];
    }
    if (count == pool->n_workers + POOL_STAND_INS_MAX)
        return NULL;
    pool->runners[count] = kh__runner_new(pool, count);
    if (pool->runners[count] == NULL)
        return NULL;
    atomic_store(&pool->n_runners, count + 1);
    return pool->runners[count];
}

static void
join_workers(struct pool *pool, uint32_t order)
{
    unsigned count = kh__pool_runners(pool);
    unsigned i;

    for (i = 0; i < count && order != 0; i++)
        kh__runner_order(pool->runners[i], order);
    for (i = 0; i < count; i++)
        kh__runner_join(pool->runners[i]);
}

/* The threads, which wait at the gate. Returns 0 or an error of the system. */
static int
make_threads(struct pool *pool, unsigned *made)
{
    unsigned i;
    int code = kh__watch_start(pool);

    *made = code == 0 ? 1 : 0;
    for (i = 0; code == 0 && i < pool->n_workers; i++) {
        pool->runners[i]->alarms = &pool->alarms[i];
        pool->runners[i]->victim = NULL;
        code = kh__runner_start(pool->runners[i]);
        if (code == 0)
            ++*made;
    }
    return code;
}

static kd_status
pool_start(void *self, kd_error *err)
{
    struct pool *pool = self;
    sigset_t all;
    sigset_t old;
    unsigned made;
    int code;

    kh__gate_close(&pool->gate);
    /* Threads inherit the mask; the library lets in what it needs. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    code = make_threads(pool, &made);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (kh__gate_gather(&pool->gate, made) && code == 0) {
        kh__gate_open(&pool->gate, GATE_GO);
        return KD_OK;
    }
    kh__gate_open(&pool->gate, GATE_BACK);
    if (made != 0)
        pthread_join(pool->watch.thread, NULL);
    join_workers(pool, 0);
    if (code == 0)
        return kd_error_set(err, KD_ESYSTEM, "no memory for worker threads");
    return kd_error_set(err, KD_ESYSTEM, "cannot make a worker thread: %s",
        strerrordesc_np(code));
}

static void
pool_stop(void *self)
{
    struct pool *pool = self;

    if (atomic_load(&pool->step.is_on)) {
        kh__step_end(pool);
        return;
    }
    /* First the watcher, who makes threads. */
    kh__watch_stop(&pool->watch);
    join_workers(pool, RUNNER_STOP);
}

static void
pool_ready(void *self, void *node, uint32_t how)
{
    struct pool *pool = self;

    if (!kh__runner_ready(pool, node, how))
        kh__work_inject(pool, &node, 1);
}

static void
pool_timer(void *self, void *node, kd_time due_ns)
{
    struct runner *runner = kh__runner_current(self);

    /* By contract it is called on a runner. */
    if (runner == NULL)
        return;
    kh__alarm_set(runner->alarms, &((struct node *)node)->alarm, due_ns);
    /* Who has its place, and its wheel, may sleep already. */
    if ((kh__runner_orders(runner) & RUNNER_LOST) != 0)
        kh__duty_review(&runner->pool->duty);
}

/* A node begins as zero bytes, which is all it needs. */
static void
pool_enter(void *self, void *node)
{
    (void)self;
    (void)node;
}

static void
pool_leave(void *self, void *node)
{
    (void)self;
    kh__alarm_drop(&((struct node *)node)->alarm);
}

static void
pool_step(void *self, kd_time max_ns)
{
    kh__step(self, max_ns);
}

static int32_t
pool_fd(void *self)
{
    return kh__step_init(self);
}

static kd_time
pool_next_due(void *self)
{
    return kh__step_due(self);
}

const kd_host_kind kh__pool_kind = {
    .size = sizeof(kd_host_kind),
    .create = pool_create,
    .start = pool_start,
    .ready = pool_ready,
    .timer = pool_timer,
    .enter = pool_enter,
    .leave = pool_leave,
    .stop = pool_stop,
    .destroy = pool_destroy,
    .step = pool_step,
    .fd = pool_fd,
    .next_due = pool_next_due,
};
