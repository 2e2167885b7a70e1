/* SPDX-License-Identifier: MIT */
/*
 * A binary heap; each group knows its place.
 */

#include "waiting.h"

#include <stdlib.h>

static kd_status grow(struct waiting *waiting);
static void put(struct waiting *waiting, size_t at, struct group *group);
static void sift(struct waiting *waiting, size_t at);

void
ks__waiting_fini(struct waiting *waiting)
{
    size_t i;

    for (i = 0; i < waiting->count; i++)
        free(waiting->heap[i]);
    free(waiting->heap);
}

struct group *
ks__waiting_add(struct waiting *waiting, kd_time due)
{
    struct group *group;

    if (grow(waiting) != KD_OK)
        return NULL;
    group = calloc(1, sizeof(*group));
    if (group == NULL)
        return NULL;
    group->due = due;
    put(waiting, waiting->count, group);
    sift(waiting, waiting->count++);
    return group;
}

void
ks__group_join(struct group *group, struct child *child)
{
    child->group = group;
    child->next_in_group = group->first;
    group->first = child;
    group->count++;
}

void
ks__waiting_remove(struct waiting *waiting, struct group *group)
{
    const size_t at = group->at;
    struct child *child;

    for (child = group->first; child != NULL; child = child->next_in_group)
        child->group = NULL;
    waiting->count--;
    if (at != waiting->count) {
        put(waiting, at, waiting->heap[waiting->count]);
        sift(waiting, at);
    }
    free(group);
}

void
ks__waiting_leave(struct waiting *waiting, struct child *child)
{
    struct group *group = child->group;
    struct child **at = &group->first;

    while (*at != child)
        at = &(*at)->next_in_group;
    *at = child->next_in_group;
    child->group = NULL;
    if (--group->count == 0)
        ks__waiting_remove(waiting, group);
}

static kd_status
grow(struct waiting *waiting)
{
    const size_t cap = waiting->cap == 0 ? 8 : waiting->cap * 2;
    struct group **heap;

    if (waiting->count < waiting->cap)
        return KD_OK;
    heap = realloc(waiting->heap, cap * sizeof(*heap));
    if (heap == NULL)
        return KD_ENOMEM;
    waiting->heap = heap;
    waiting->cap = cap;
    return KD_OK;
}

static void
put(struct waiting *waiting, size_t at, struct group *group)
{
    waiting->heap[at] = group;
    group->at = at;
}

static void
swap(struct waiting *waiting, size_t a, size_t b)
{
    struct group *group = waiting->heap[a];

    put(waiting, a, waiting->heap[b]);
    put(waiting, b, group);
}

static int
is_before(const struct waiting *waiting, size_t a, size_t b)
{
    return waiting->heap[a]->due < waiting->heap[b]->due;
}

/* Up if it is earlier than its parent, else down. `count` may not count it
 * yet, and then it has no children. */
static void
sift(struct waiting *waiting, size_t at)
{
    while (at > 0 && is_before(waiting, at, (at - 1) / 2)) {
        swap(waiting, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < waiting->count && is_before(waiting, child + 1, child))
            child++;
        if (child >= waiting->count || !is_before(waiting, child, at))
            return;
        swap(waiting, at, child);
        at = child;
    }
}
