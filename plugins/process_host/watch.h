/* SPDX-License-Identifier: MIT */
/*
 * The watcher: a thread that sees to slices that take too long, and replaces
 * workers that are held. It sleeps while all workers do.
 */
#ifndef KH_WATCH_H
#define KH_WATCH_H

#include "park.h"

#include <kindred/host.h>
#include <pthread.h>

struct pool;

struct watch {
    pthread_mutex_t lock; /* Held while lanes of others are used. */
    pthread_t thread;
    kd_lane *lane;
    struct park park;
    unsigned moved; /* The watcher's: who has run since the last look. */
    _Atomic int is_dozing;
    _Atomic int is_stopping;
};

void kh__watch_init(struct watch *watch);
void kh__watch_fini(struct watch *watch);
/* Make its thread. Returns 0, or what pthread_create() says. */
int kh__watch_start(struct pool *pool);
/* Stop and join it. */
void kh__watch_stop(struct watch *watch);
/* Something has begun that it should see. Any thread. */
void kh__watch_poke(struct watch *watch);

#endif
