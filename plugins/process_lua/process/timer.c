/* SPDX-License-Identifier: MIT */
/*
 * The timers of one process: a binary heap that knows where each timer is, so
 * that one can be moved or taken out of the middle.
 *
 * No function of Lua is called while the heap is being changed: a process that
 * is left by a long jump leaves a heap behind that can be freed.
 */

#include "process/timer.h"

#include "process/process.h"

#include <stdlib.h>

/* The heap grows to so many times its size: 1, 4, 16. */
#define CAP_FACTOR 4

static int reserve(struct kl__timers *timers);
static void remove_at(struct kl__timers *timers, size_t index);
static void sift_up(struct kl__timers *timers, size_t index);
static void sift_down(struct kl__timers *timers, size_t index);

kd_time
kl__timer_due(const struct kl__process *p, int64_t ns)
{
    kd_time now_ns = p->api->now_ns(p->api);
    kd_time wait_ns = (kd_time)ns;

    return wait_ns > KD_NEVER - now_ns ? KD_NEVER : now_ns + wait_ns;
}

int
kl__timer_set(struct kl__process *p, struct kl__timer *timer, kd_time due_ns)
{
    struct kl__timers *timers = &p->timers;

    if (timer->index == 0) {
        if (reserve(timers) != 0)
            return -1;
        timers->heap[timers->count++] = timer;
        timer->index = timers->count;
        kl__task_external(p, 1);
    }
    timer->due_ns = due_ns;
    timer->order = ++timers->orders;
    sift_up(timers, timer->index);
    sift_down(timers, timer->index);
    return 0;
}

int
kl__timer_stop(struct kl__process *p, struct kl__timer *timer)
{
    if (timer->index == 0)
        return 0;

    remove_at(&p->timers, timer->index);
    timer->index = 0;
    kl__task_external(p, -1);
    return 1;
}

void
kl__timers_fire(struct kl__process *p, kd_time now_ns)
{
    struct kl__timers *timers = &p->timers;

    while (timers->count > 0 && timers->heap[0]->due_ns <= now_ns) {
        struct kl__timer *timer = timers->heap[0];

        kl__timer_stop(p, timer);
        timer->fire(p, timer);
    }
}

void
kl__timers_tell(struct kl__process *p)
{
    struct kl__timers *timers = &p->timers;
    kd_time due_ns = timers->count > 0 ? timers->heap[0]->due_ns : KD_NEVER;

    if (due_ns == timers->told_ns)
        return;
    /* A process that never had a timer has nothing to take back. */
    if (due_ns != KD_NEVER || timers->told_ns != 0)
        kd_proc_wake_at(p->proc, due_ns);
    timers->told_ns = due_ns;
}

void
kl__timers_fini(struct kl__process *p)
{
    struct kl__timers *timers = &p->timers;

    if (timers->heap != &timers->one)
        free(timers->heap);
    timers->heap = NULL;
    timers->count = 0;
    timers->cap = 0;
}

/* Room for one more. */
static int
reserve(struct kl__timers *timers)
{
    struct kl__timer **more =
        timers->heap == &timers->one ? NULL : timers->heap;
    size_t cap = timers->cap * CAP_FACTOR;

    if (timers->count < timers->cap)
        return 0;
    if (timers->cap == 0) {
        timers->heap = &timers->one;
        timers->cap = 1;
        return 0;
    }
    more = realloc(more, cap * sizeof(*more));
    if (more == NULL)
        return -1;
    if (timers->heap == &timers->one)
        more[0] = timers->one;
    timers->heap = more;
    timers->cap = cap;
    return 0;
}

static int
is_before(const struct kl__timer *a, const struct kl__timer *b)
{
    if (a->due_ns != b->due_ns)
        return a->due_ns < b->due_ns;
    return a->order < b->order;
}

static void
put(struct kl__timers *timers, size_t index, struct kl__timer *timer)
{
    timers->heap[index - 1] = timer;
    timer->index = index;
}

static void
remove_at(struct kl__timers *timers, size_t index)
{
    struct kl__timer *last = timers->heap[--timers->count];

    if (index > timers->count)
        return;
    put(timers, index, last);
    sift_up(timers, index);
    sift_down(timers, last->index);
}

static void
sift_up(struct kl__timers *timers, size_t index)
{
    struct kl__timer *timer = timers->heap[index - 1];

    while (index > 1 && is_before(timer, timers->heap[index / 2 - 1])) {
        put(timers, index, timers->heap[index / 2 - 1]);
        index /= 2;
    }
    put(timers, index, timer);
}

static void
sift_down(struct kl__timers *timers, size_t index)
{
    struct kl__timer *timer = timers->heap[index - 1];
    size_t child;

    while ((child = index * 2) <= timers->count) {
        if (child < timers->count &&
            is_before(timers->heap[child], timers->heap[child - 1]))
            child++;
        if (!is_before(timers->heap[child - 1], timer))
            break;
        put(timers, index, timers->heap[child - 1]);
        index = child;
    }
    put(timers, index, timer);
}
