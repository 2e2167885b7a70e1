/* SPDX-License-Identifier: MIT */
/*
 * Checks an entry's options against its kind's table and makes the tree that
 * the kind will read: typed values, and defaults for what is absent.
 */
#ifndef KD_ENTRY_CHECK_H
#define KD_ENTRY_CHECK_H

#include "base/env.h"
#include "entry/entry.h"
#include "entry/folder.h"

/* One entry under check. */
struct kd__check {
    struct kd__arena *arena;
    struct kd__report *report;
    const struct kd__folder *folder;
    const struct kd__env *env; /* or NULL */
    kd_entry *entry;
    kd_status status;  /* KD_ENOMEM, once memory has run out */
    size_t in_default; /* not 0: what is looked at is no one's YAML */
    size_t path_len;
    char path[256]; /* of what is looked at: "host.workers", "input[2]" */
};

/*
 * Fill in the entry's tree, refs, auto_start and host_option from its body.
 * The first five members are given. Returns KD_OK, also when errors were
 * reported; KD_ENOMEM.
 */
kd_status kd__check_entry(struct kd__check *check);

/* A value of an option; NULL when it was reported, or without memory. */
struct kd__node *kd__check_value(struct kd__check *check,
    const kd_option *option, const struct kd__node *raw);

/*
 * `raw` with its variables replaced (semantics A13), itself if there are none;
 * NULL when something was reported, or without memory. Only its head: not what
 * is in a list or map.
 */
const struct kd__node *kd__check_expand(
    struct kd__check *check, const struct kd__node *raw);

/* Go down to a part of what is looked at. Returns the way back. */
size_t kd__check_enter(struct kd__check *check, const char *name);
void kd__check_leave(struct kd__check *check, size_t back);

/* Report about a node, after its path. */
void kd__check_report(struct kd__check *check, const struct kd__node *raw,
    const char *format, ...) KD_PRINTF(3, 4);

/* Report that `raw` is not what it should be: "a list". Returns NULL. */
struct kd__node *kd__check_expect(
    struct kd__check *check, const struct kd__node *raw, const char *wanted);

/* A new node in the place of `raw`; NULL without memory. */
struct kd__node *kd__check_node(
    struct kd__check *check, const struct kd__node *raw, uint32_t type);

#endif
