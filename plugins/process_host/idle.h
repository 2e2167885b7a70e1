/* SPDX-License-Identifier: MIT */
/*
 * Which workers sleep, and whom to wake.
 *
 * As in the schedulers of Go (runtime/proc.go, "Worker thread parking") and
 * Tokio (its Idle): a worker that looks for work is a searcher, a sleeper is
 * woken as one, and nobody is woken while one searches; the last searcher who
 * finds work wakes the next. So wake-ups spread one after the other, and never
 * come as a storm.
 *
 * No wake-up is lost: who adds work for all (inject.h) adds first and then
 * looks for searchers and sleepers; who lies down does that first and then
 * looks for work; all of it sequentially consistent. What a worker puts into
 * its own queue needs no such care, since that worker is awake.
 */
#ifndef KH_IDLE_H
#define KH_IDLE_H

#include "park.h"

#include <pthread.h>

struct alarms;

struct sleeper {
    struct park park;
    struct sleeper *next;
    int is_listed; /* Under the lock: nobody has claimed to wake it. */
    /* The wheel that it entrusts, and who else does: under the lock of duty.h.
     */
    struct alarms *alarms;
    struct sleeper *next_entrusting;
};

struct idle {
    pthread_mutex_t lock;
    struct sleeper *first; /* Who lay down last, and has warm caches. */
    _Atomic unsigned asleep;
    _Atomic unsigned searching;
};

void kh__idle_init(struct idle *idle);
void kh__idle_fini(struct idle *idle);

/* Wake a sleeper as a searcher, if there is one and nobody searches. */
void kh__idle_wake(struct idle *idle);
/* Become the one searcher of one's own accord. Returns whether. */
int kh__idle_search(struct idle *idle);
/* End a search. Returns whether nobody searches now. */
int kh__idle_search_end(struct idle *idle);

/* Be listed as a sleeper, from a searcher or not. Sleep afterwards. */
void kh__idle_enter(
    struct idle *idle, struct sleeper *sleeper, int is_searching);
/* The end of that. Returns whether one was woken, as a searcher. */
int kh__idle_leave(struct idle *idle, struct sleeper *sleeper);

/* Whether kh__idle_wake() might do something; only a hint. */
static inline int
kh__idle_may_wake(struct idle *idle)
{
    return atomic_load_explicit(&idle->asleep, memory_order_relaxed) != 0 &&
           atomic_load_explicit(&idle->searching, memory_order_relaxed) == 0;
}

#endif
