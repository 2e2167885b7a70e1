/* SPDX-License-Identifier: MIT */
/*
 * A list through the nodes themselves, so that nothing is allocated. A lock
 * and no cleverer queue: it is held for a few stores, workers look at the
 * count before they take it, and they take many at a time.
 */

#include "inject.h"

void
kh__inject_init(struct inject *inject)
{
    pthread_mutex_init(&inject->lock, NULL);
    inject->first = NULL;
    inject->end = &inject->first;
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
    size_t i;

    pthread_mutex_lock(&inject->lock);
    for (i = 0; i < count; i++) {
        node = nodes[i];
        node->next = NULL;
        *inject->end = node;
        inject->end = &node->next;
    }
    atomic_fetch_add(&inject->count, count);
    pthread_mutex_unlock(&inject->lock);
}

size_t
kh__inject_take(struct inject *inject, void **nodes, size_t max)
{
    size_t count = 0;

    if (kh__inject_len(inject) == 0)
        return 0;
    pthread_mutex_lock(&inject->lock);
    while (count < max && inject->first != NULL) {
        nodes[count++] = inject->first;
        inject->first = inject->first->next;
    }
    if (inject->first == NULL)
        inject->end = &inject->first;
    atomic_fetch_sub(&inject->count, count);
    pthread_mutex_unlock(&inject->lock);
    return count;
}
