/* SPDX-License-Identifier: MIT */
/*
 * A host without threads: its first runner, driven by whoever calls. Nobody
 * watches slices then, none is stolen, and nobody sleeps; what comes from other
 * threads makes a descriptor readable instead.
 */
#ifndef KH_STEP_H
#define KH_STEP_H

#include "pool.h"

/* Once, before anything runs: the pool is stepped from now on. Returns the
 * descriptor, or -1. */
int kh__step_init(struct pool *pool);
void kh__step_fini(struct pool *pool);

/* Run what is ready, for about so long. Always the same thread. */
void kh__step(struct pool *pool, kd_time max_ns);
/* When kh__step() will have work to do by its timers; 0: it has some now. */
kd_time kh__step_due(struct pool *pool);
/* The same thread: nothing will be run any more. */
void kh__step_end(struct pool *pool);

/* Something waits in the queue for all. Any thread. */
void kh__step_poke(struct pool *pool);

#endif
