/* SPDX-License-Identifier: MIT */
/*
 * A stack of sleepers under a lock, and two counters that can be read without.
 *
 * While `searching` is not 0, a thread really searches or is on its way to:
 * it is only raised together with a sleeper taken off the list, or by the
 * searcher itself. A search that ends without success looks for work once
 * more after it has been counted down, as in idle.h.
 */

#include "idle.h"

#include <stddef.h>

void
kh__idle_init(struct idle *idle)
{
    pthread_mutex_init(&idle->lock, NULL);
    idle->first = NULL;
    atomic_init(&idle->asleep, 0);
    atomic_init(&idle->searching, 0);
}

void
kh__idle_fini(struct idle *idle)
{
    pthread_mutex_destroy(&idle->lock);
}

void
kh__idle_wake(struct idle *idle)
{
    struct sleeper *sleeper = NULL;

    /* The counters first: mostly somebody searches or nobody sleeps. */
    if (atomic_load(&idle->searching) != 0 || atomic_load(&idle->asleep) == 0)
        return;
    pthread_mutex_lock(&idle->lock);
    if (atomic_load(&idle->searching) == 0 && idle->first != NULL) {
        sleeper = idle->first;
        idle->first = sleeper->next;
        sleeper->is_listed = 0;
        atomic_fetch_add(&idle->searching, 1);
        atomic_fetch_sub(&idle->asleep, 1);
    }
    pthread_mutex_unlock(&idle->lock);
    if (sleeper != NULL)
        kh__park_wake(&sleeper->park);
}

int
kh__idle_search(struct idle *idle)
{
    unsigned none = 0;

    return atomic_compare_exchange_strong(&idle->searching, &none, 1);
}

int
kh__idle_search_end(struct idle *idle)
{
    return atomic_fetch_sub(&idle->searching, 1) == 1;
}

void
kh__idle_enter(struct idle *idle, struct sleeper *sleeper, int is_searching)
{
    pthread_mutex_lock(&idle->lock);
    sleeper->next = idle->first;
    sleeper->is_listed = 1;
    idle->first = sleeper;
    atomic_fetch_add(&idle->asleep, 1);
    if (is_searching)
        atomic_fetch_sub(&idle->searching, 1);
    pthread_mutex_unlock(&idle->lock);
}

int
kh__idle_leave(struct idle *idle, struct sleeper *sleeper)
{
    struct sleeper **link = &idle->first;
    int was_woken;

    pthread_mutex_lock(&idle->lock);
    was_woken = !sleeper->is_listed;
    if (!was_woken) {
        while (*link != sleeper)
            link = &(*link)->next;
        *link = sleeper->next;
        sleeper->is_listed = 0;
        atomic_fetch_sub(&idle->asleep, 1);
    }
    pthread_mutex_unlock(&idle->lock);
    return was_woken;
}
