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

/* What is fetched of a record, which ends in the node: about all of it. */
#define NODE_RECORD_BYTES 384
#define NODE_CACHE_LINE   64

/*
 * This process runs soon: have its record come from memory while something
 * else is done. Only a hint, so the process may even have gone.
 */
static inline void
node_fetch(const void *node)
{
    const char *end = node;
    size_t i;

    for (i = 0; i <= NODE_RECORD_BYTES; i += NODE_CACHE_LINE)
        __builtin_prefetch(end - i, 1);
}

static inline struct node *
node_of_alarm(struct alarm *alarm)
{
    return (
        struct node *)(void *)((char *)alarm - offsetof(struct node, alarm));
}

#endif
