/* SPDX-License-Identifier: MIT */
/*
 * A host runs what is ready, and nothing else: each process on one thread at a
 * time, again when it says so, later when its timer is due or somebody makes it
 * ready, and never after it has gone. It does so with threads of its own and,
 * if it can be stepped, inside its steps.
 *
 * The library is played here: each node goes through the stages below. Time is
 * not, and so the plugin gets ready in a runtime of its own, not in the fake.
 */

#include "rule.h"

#include <poll.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define NODES    8
#define NODE_MAX 256
#define TIMER_NS 5000000u
#define STEP_NS  1000000u
#define STEP_MS  5

/* What the next run of a node does. */
enum stage { AGAIN, SLEEP, WAIT, END, GONE };

struct node {
    alignas(16) char bytes[NODE_MAX];
    enum stage stage;
    int is_queued;
    int is_running;
    int is_asleep;
    int is_due; /* Its timer fired before its run had ended. */
    kd_time due_ns;
};

/* What stands behind a kd_core. */
struct world {
    struct subject *subject;
    const kd_host_kind *kind;
    kd_runtime *runtime;
    void *state; /* The plugin's there. */
    void *host;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct node nodes[NODES];
    pthread_t stepper;
    int is_stepped;
    size_t n_waiting;
    size_t n_gone;
    size_t n_lanes;
};

/* What stands behind a kd_lane. */
struct lane {
    struct world *world;
    pthread_t thread;
};

static kd_time
now_ns(const struct world *world)
{
    const kd_api *api = kd_runtime_api(world->runtime);

    return api->now_ns(api);
}

static kd_lane *
attach(kd_core *core, void *self)
{
    struct world *world = (struct world *)(void *)core;
    struct lane *lane = malloc(sizeof(*lane));

    (void)self;
    if (lane == NULL)
        return NULL;
    lane->world = world;
    lane->thread = pthread_self();
    pthread_mutex_lock(&world->lock);
    world->n_lanes++;
    pthread_mutex_unlock(&world->lock);
    return (kd_lane *)(void *)lane;
}

static struct lane *
lane_of(kd_lane *pub, const char *call)
{
    struct lane *lane = (struct lane *)(void *)pub;

    if (!pthread_equal(lane->thread, pthread_self()))
        broken(
            lane->world->subject, "%s from a thread without that lane", call);
    return lane;
}

static void
detach(kd_lane *pub)
{
    struct lane *lane = lane_of(pub, "detach");

    pthread_mutex_lock(&lane->world->lock);
    lane->world->n_lanes--;
    pthread_mutex_unlock(&lane->world->lock);
    free(lane);
}

/* The lock is held. NULL: it may not run, and that is told. */
static struct node *
node_begin(struct world *world, void *at)
{
    struct node *node = at;
    size_t i;

    for (i = 0; i < NODES && node != &world->nodes[i]; i++)
        continue;
    if (i == NODES)
        broken(world->subject, "it runs what is no node");
    else if (node->stage == GONE)
        broken(world->subject, "it runs a node that has gone");
    else if (node->is_running)
        broken(world->subject, "it runs a node twice at a time");
    else if (!node->is_queued)
        broken(world->subject, "it runs a node that is not ready");
    else if (world->is_stepped &&
             !pthread_equal(world->stepper, pthread_self()))
        broken(world->subject, "it is stepped and runs on another thread");
    else {
        node->is_running = 1;
        node->is_queued = 0;
        node->is_asleep = node->stage == SLEEP;
        node->due_ns = now_ns(world) + TIMER_NS;
        return node;
    }
    return NULL;
}

/* The lock is held. Whoever sees the node wait may make it ready at once. */
static uint32_t
node_end(struct world *world, struct node *node)
{
    uint32_t result = node->stage == AGAIN || node->is_due ? KD_RUN_AGAIN
                      : node->stage == END                 ? KD_RUN_GONE
                                                           : KD_RUN_WAIT;

    node->is_running = 0;
    node->is_queued = result == KD_RUN_AGAIN;
    node->is_due = 0;
    world->n_waiting += node->stage == WAIT;
    world->n_gone += node->stage == END;
    node->stage++;
    pthread_cond_broadcast(&world->changed);
    return result;
}

/* A timer that is taken back must not fire: it would find the node awake. */
static uint32_t
run_node(kd_lane *pub, void *at, uint32_t budget)
{
    struct world *world = lane_of(pub, "run")->world;
    struct node *node;
    uint32_t result = KD_RUN_WAIT;

    (void)budget;
    pthread_mutex_lock(&world->lock);
    node = node_begin(world, at);
    pthread_mutex_unlock(&world->lock);
    if (node == NULL)
        return result;
    if (node->stage == AGAIN || node->stage == SLEEP)
        world->kind->timer(world->host, node, node->due_ns);
    if (node->stage == AGAIN || node->stage == END)
        world->kind->timer(world->host, node, KD_NEVER);
    if (node->stage == END)
        world->kind->leave(world->host, node);
    pthread_mutex_lock(&world->lock);
    result = node_end(world, node);
    pthread_mutex_unlock(&world->lock);
    return result;
}

static uint32_t
expired(kd_lane *pub, void *at)
{
    struct world *world = lane_of(pub, "expired")->world;
    struct node *node = at;
    int is_asleep;

    pthread_mutex_lock(&world->lock);
    is_asleep = node->is_asleep;
    if (!is_asleep)
        broken(world->subject, "a timer fires that was not set");
    else if (now_ns(world) < node->due_ns)
        broken(world->subject, "a timer fires before it is due");
    node->is_asleep = 0;
    if (is_asleep && node->is_running)
        node->is_due = 1;
    else if (is_asleep)
        node->is_queued = 1;
    is_asleep = is_asleep && !node->is_running;
    pthread_mutex_unlock(&world->lock);
    return (uint32_t)is_asleep;
}

static void
nothing(kd_lane *lane)
{
    (void)lane;
}

static uint32_t
blocking(kd_lane *lane)
{
    (void)lane;
    return 0;
}

static const kd_lane *
giving(kd_lane *lane)
{
    (void)lane;
    return NULL;
}

static const kd_host_calls calls = {sizeof(kd_host_calls), 0, attach, detach,
    run_node, expired, nothing, nothing, blocking, giving};

/* Wait, or step, until so many nodes have come there. */
static void
await(struct world *world, const size_t *count)
{
    struct pollfd waited = {-1, POLLIN, 0};

    if (world->is_stepped)
        waited.fd = world->kind->fd(world->host);
    pthread_mutex_lock(&world->lock);
    while (*count < NODES) {
        if (!world->is_stepped) {
            pthread_cond_wait(&world->changed, &world->lock);
            continue;
        }
        pthread_mutex_unlock(&world->lock);
        if (world->kind->next_due(world->host) > now_ns(world))
            poll(&waited, 1, STEP_MS);
        world->kind->step(world->host, STEP_NS);
        pthread_mutex_lock(&world->lock);
    }
    pthread_mutex_unlock(&world->lock);
}

static void
make_ready(struct world *world, struct node *node, uint32_t how)
{
    pthread_mutex_lock(&world->lock);
    node->is_queued = 1;
    pthread_mutex_unlock(&world->lock);
    world->kind->ready(world->host, node, how);
}

static void
drive(struct world *world)
{
    size_t i;

    for (i = 0; i < NODES; i++) {
        world->kind->enter(world->host, &world->nodes[i]);
        make_ready(world, &world->nodes[i], KD_READY_NEW);
    }
    await(world, &world->n_waiting);
    for (i = 0; i < NODES; i++)
        make_ready(world, &world->nodes[i], 0);
    await(world, &world->n_gone);
    /* One that was made, and of which nothing comes. */
    memset(world->nodes[0].bytes, 0, sizeof(world->nodes[0].bytes));
    world->kind->enter(world->host, &world->nodes[0]);
    world->kind->leave(world->host, &world->nodes[0]);
}

static int
init(struct world *world)
{
    const kd_plugin *plugin = world->subject->plugin;
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_new(NULL, &world->runtime, &err) != KD_OK)
        return 0;
    if (plugin->init == NULL || plugin->init(kd_runtime_api(world->runtime),
                                    &world->state, &err) == KD_OK)
        return 1;
    broken(world->subject, "init: %s", err.text);
    return 0;
}

static int
begin(struct world *world)
{
    kd_host_info info = {.size = sizeof(kd_host_info)};
    kd_error err = KD_ERROR_INIT;
    kd_status status =
        world->kind->create(world->state, (kd_core *)(void *)world, &calls,
            world->subject->entry, &info, &world->host, &err);

    if (status > 0 || status <= KD_STATUS_LAST_)
        broken(world->subject, "create returns %d, which is no status",
            (int)status);
    else if (status != KD_OK)
        broken(world->subject, "create fails: %s", err.text);
    if (status != KD_OK)
        return 0;
    if (info.node_size > NODE_MAX || info.max_processes == 0)
        broken(world->subject, "it wants nodes of %u bytes, for %llu processes",
            (unsigned)info.node_size, (unsigned long long)info.max_processes);
    else if (world->is_stepped && world->kind->fd(world->host) < 0)
        broken(world->subject, "it has no descriptor to be stepped by");
    else if (!world->is_stepped &&
             world->kind->start(world->host, &err) != KD_OK)
        broken(world->subject, "start fails: %s", err.text);
    else
        return 1;
    world->kind->destroy(world->host);
    return 0;
}

static void
life(struct subject *subject, int is_stepped)
{
    struct world *world = aligned_alloc(16, sizeof(*world));

    if (world == NULL)
        return;
    memset(world, 0, sizeof(*world));
    world->subject = subject;
    world->kind = subject->kind->impl;
    world->is_stepped = is_stepped;
    world->stepper = pthread_self();
    pthread_mutex_init(&world->lock, NULL);
    pthread_cond_init(&world->changed, NULL);
    if (!init(world))
        goto out;
    if (begin(world)) {
        drive(world);
        world->kind->stop(world->host);
        if (world->n_lanes != 0)
            broken(subject, "it has stopped and %zu lanes are not detached",
                world->n_lanes);
        world->kind->destroy(world->host);
    }
    if (subject->plugin->fini != NULL)
        subject->plugin->fini(world->state);
out:
    kd_runtime_free(world->runtime, NULL);
    pthread_cond_destroy(&world->changed);
    pthread_mutex_destroy(&world->lock);
    free(world);
}

static void
run(struct subject *subject)
{
    const kd_host_kind *kind = subject->kind->impl;

    life(subject, 0);
    if (kind->step != NULL)
        life(subject, 1);
}

const struct rule rule_host = {"host",
    "a host runs what is ready, on one thread at a time", KD_CLASS_HOST, run};
