/* SPDX-License-Identifier: MIT */
/*
 * A process.host: its worker threads, and what they share.
 */
#ifndef KH_POOL_H
#define KH_POOL_H

#include "duty.h"
#include "gate.h"
#include "idle.h"
#include "inject.h"
#include "watch.h"

#include <kindred/plugin.h>

/* Beyond this many, threads that are held are not replaced. */
#define POOL_STAND_INS_MAX 1024u

struct runner;

/* See step.h. */
struct step {
    int fd; /* Readable when there is work; -1: none. */
    _Atomic int is_on;
    _Atomic int is_poked; /* The descriptor is readable. */
};

struct pool {
    const kd_api *api;
    kd_core *core;
    const kd_host_calls *calls;
    unsigned n_workers;
    uint64_t max_processes;
    kd_time spin_ns; /* How long an idle worker looks around. */
    struct inject inject;
    struct idle idle;
    struct gate gate;
    struct watch watch;
    struct step step;
    struct alarms *alarms; /* One for each worker. */
    struct duty duty;
    /* Workers, then stand-ins; those that there have been remain. */
    struct runner **runners;
    _Atomic unsigned n_runners;
};

/* What kd_plugin::init makes. */
struct pool_state {
    const kd_api *api;
};

extern const kd_host_kind kh__pool_kind;

static inline kd_time
kh__pool_now(const struct pool *pool)
{
    return pool->api->now_ns(pool->api);
}

static inline unsigned
kh__pool_runners(struct pool *pool)
{
    return atomic_load_explicit(&pool->n_runners, memory_order_acquire);
}

/*
 * A runner without a thread, one that is left over or a new one; NULL without
 * memory or beyond the maximum. The starting thread or the watcher.
 */
struct runner *kh__pool_spare(struct pool *pool);

#endif
