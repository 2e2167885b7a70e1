/* SPDX-License-Identifier: MIT */
/*
 * Lists through the nodes themselves, so that nothing is allocated. A lock
 * and no cleverer queue: it is held for a few stores, workers look at the
 * count before they take it, and they take many at a time.
 *
 * One list would do, but what waits here has often left the cache, and where
 * the next node is stands in the one before: so each would be waited for alone.
 * From several lists in turn they come from memory together.
 */

#include "inject.h"

void
kh__inject_init(struct inject *inject)
{
    pthread_mutex_init(&inject->lock, NULL);
    for (unsigned i = 0; i < INJECT_LISTS; i++) {
        inject->first[i] = NULL;
        inject->end[i] = &inject->first[i];
    }
    inject->pushed = inject->taken = 0;
    atomic_init(&inject->count, 0);
}

void
kh__inject_fini(struct inject *inject)
{
    pthread_mutex_destroy(&inject->lock);
}

void
kh__inject_push(struct inject *inject, void *const *nodes, size_t count)
{
    struct node *node;
    unsigned at;
    size_t i;

    pthread_mutex_lock(&inject->lock);
    for (i = 0; i < count; i++) {
        node = nodes[i];
        node->next = NULL;
        at = inject->pushed++ % INJECT_LISTS;
        *inject->end[at] = node;
        inject->end[at] = &node->next;
    }
    atomic_fetch_add(&inject->count, count);
    pthread_mutex_unlock(&inject->lock);
}

size_t
kh__inject_take(struct inject *inject, void **nodes, size_t max)
{
    struct node *node;
    size_t count = 0;
    unsigned at;

    if (kh__inject_len(inject) == 0)
        return 0;
    pthread_mutex_lock(&inject->lock);
    while (count < max && inject->taken != inject->pushed) {
        at = inject->taken++ % INJECT_LISTS;
        node = inject->first[at];
        nodes[count++] = node;
        inject->first[at] = node->next;
        if (inject->end[at] == &node->next)
            inject->end[at] = &inject->first[at];
    }
    atomic_fetch_sub(&inject->count, count);
    pthread_mutex_unlock(&inject->lock);
    return count;
}
