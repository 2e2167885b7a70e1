/* SPDX-License-Identifier: MIT */
/*
 * Groups of children that wait for their restart (semantics S14, S15): a heap
 * by due time.
 */
#ifndef KS_WAITING_H
#define KS_WAITING_H

#include "children.h"

/* Children that start together. Each is in one group at most. */
struct group {
    kd_time due;
    size_t at; /* Place in the heap. */
    size_t count;
    struct child *first; /* By next_in_group, in any order. */
};

/* All zero: empty. */
struct waiting {
    struct group **heap;
    size_t count;
    size_t cap;
};

/* Frees the groups; the children are others'. */
void ks__waiting_fini(struct waiting *waiting);

/* A group without members. NULL without memory. */
struct group *ks__waiting_add(struct waiting *waiting, kd_time due);
void ks__group_join(struct group *group, struct child *child);

/* Take a group out and free it; none of its members is in one any more. */
void ks__waiting_remove(struct waiting *waiting, struct group *group);

/* Take one child out of its group, which goes with its last member. */
void ks__waiting_leave(struct waiting *waiting, struct child *child);

/* The one that is due first, or NULL. */
static inline struct group *
ks__waiting_first(const struct waiting *waiting)
{
    return waiting->count == 0 ? NULL : waiting->heap[0];
}

#endif
