/* SPDX-License-Identifier: MIT */
/*
 * Orders things so that each comes after what it needs. Pure.
 */
#ifndef KD_ENTRY_ORDER_H
#define KD_ENTRY_ORDER_H

#include <kindred/status.h>

/* Things are numbers from 0; i needs to[first[i]] to to[first[i + 1] - 1]. */
struct kd__order_graph {
    size_t n;
    const size_t *first; /* n + 1 of them */
    const size_t *to;
};

/*
 * Put all things into `out`, n of them: the needed ones first, and as far as
 * that allows in the order of their numbers. For each cycle that is met,
 * `cycle` gets the things on it, each needing the next and the last the first;
 * `cycle` may be NULL. Returns KD_OK, also when there are cycles; KD_ENOMEM.
 */
kd_status kd__order_sort(const struct kd__order_graph *graph, size_t *out,
    void (*cycle)(void *arg, const size_t *things, size_t n), void *arg);

#endif
