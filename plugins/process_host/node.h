/* SPDX-License-Identifier: MIT */
/*
 * What a host keeps of one process: the bytes it asked the library for.
 */
#ifndef KH_NODE_H
#define KH_NODE_H

#include "alarm.h"

/* All zero at first. */
struct node {
    struct alarm alarm;
    struct node *next; /* In the inject queue. */
};

_Static_assert(sizeof(struct node) % 16 == 0, "nodes are 16-aligned");

static inline struct node *
node_of_alarm(struct alarm *alarm)
{
    return (
        struct node *)(void *)((char *)alarm - offsetof(struct node, alarm));
}

#endif
