/* SPDX-License-Identifier: MIT */
/*
 * The places where ready processes wait, taken together: each runner's next
 * and queue, and the inject queue of all.
 */
#ifndef KH_WORK_H
#define KH_WORK_H

#include "pool.h"
#include "runner.h"

/* To all workers, waking one if need be. Any thread. */
void kh__work_inject(struct pool *pool, void *const *nodes, size_t count);
/* To the end of a runner's queue. The runner only. */
void kh__work_append(struct runner *runner, void *node);
/* If two or more wait there, wake somebody for them. The runner only. */
void kh__work_share(struct runner *runner);
/* Both. The runner only. */
void kh__work_push(struct runner *runner, void *node);
/* To be run next; who had that place goes to the queue. The runner only. */
void kh__work_set_next(struct runner *runner, void *node);
/* Take it back out of that place, or NULL. Any thread. */
static inline void *
kh__work_take_next(struct runner *runner)
{
    if (atomic_load_explicit(&runner->next, memory_order_relaxed) == NULL)
        return NULL;
    return atomic_exchange_explicit(&runner->next, NULL, memory_order_acq_rel);
}

/* Take from all workers' queue: return one, the others go to the own one. */
void *kh__work_fetch(struct runner *runner, size_t max);
/* Take from the others' queues, in the same way. */
void *kh__work_steal(struct runner *runner);
/*
 * The runner's queue goes to the one on this lane, where that process runs to
 * whom those in the queue write; unless that one has other things to do. The
 * runner only.
 */
void kh__work_move(struct runner *runner, const kd_lane *lane);
/* What has come in that way goes to the own queue. The runner only. */
void kh__work_welcome(struct runner *runner);
/* Everything a runner has goes to all workers. Any thread. */
void kh__work_hand_over(struct runner *runner);
/* Whether there is something that an idle worker could take. */
int kh__work_waits(struct pool *pool);

/* How many kh__work_fetch() takes at the most. */
#define WORK_FETCH_MAX RUN_QUEUE_HALF

#endif
