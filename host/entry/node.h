/* SPDX-License-Identifier: MIT */
/*
 * Nodes of trees while they are built. Every kd_node of an application is the
 * head of one of these.
 */
#ifndef KD_ENTRY_NODE_H
#define KD_ENTRY_NODE_H

#include "base/arena.h"

#include <kindred/entry.h>

struct kd__node {
    kd_node node; /* first, so that one can be had from the other */
    struct kd__node *last;
    uint32_t key_line; /* where its key stands; 0: it has none */
    uint32_t key_column;
    uint32_t height; /* containers on the longest way down, itself too */
    uint32_t is_plain;
    size_t weight; /* nodes in it as a reader meets them, itself too */
    const struct kd__node *said; /* as it was before its variables, or NULL */
};

/* Room for the words that describe any node, their end included. */
#define KD__NODE_WORDS 96

/* A node without place, text and children; NULL without memory. */
struct kd__node *kd__node_new(struct kd__arena *arena, uint32_t type);

/*
 * A copy to stand elsewhere: the same value and the same children, which are
 * shared, but no key and no neighbours. NULL without memory.
 */
struct kd__node *kd__node_copy(
    struct kd__arena *arena, const struct kd__node *node);

/* Make `child`, which stands nowhere, the last element of a list or map. */
void kd__node_append(struct kd__node *parent, struct kd__node *child);

/* Give it a key, borrowed, and the place of that. */
void kd__node_set_key(
    struct kd__node *node, const char *key, uint32_t line, uint32_t column);

/*
 * For messages: `the integer 5`, `a list`; of what had variables, those and not
 * what they hold. Returns `words`.
 */
const char *kd__node_describe(const kd_node *node, char words[KD__NODE_WORDS]);

static inline const struct kd__node *
kd__node_of(const kd_node *node)
{
    return (const struct kd__node *)(const void *)node;
}

/* The element with this key, or NULL; also for what is no map. */
static inline const struct kd__node *
kd__node_get(const struct kd__node *map, const char *key)
{
    return map == NULL ? NULL : kd__node_of(kd_node_find(&map->node, key));
}

#endif
