/* SPDX-License-Identifier: MIT */
/*
 * The set of entries as the files that make it up see it.
 */
#ifndef KD_ENTRY_SET_H
#define KD_ENTRY_SET_H

#include "base/map.h"
#include "entry/entries.h"
#include "entry/folder.h"

struct kd__entries {
    struct kd__entries_config config;
    struct kd__arena arena;
    struct kd__report report;
    struct kd__folder folder;
    struct kd__map ids;
    kd_entry **list; /* in the order of ids once it is sorted */
    size_t count;
    size_t capacity;
    kd_entry *first_defined; /* all that files define, also what is not in... */
    kd_entry *last_defined;  /* ...the list, because its id is taken */
    const kd_entry **order;  /* what starts, in the order of the start */
    size_t n_order;
};

/* Sort the list and number the entries. */
void kd__set_sort(struct kd__entries *set);

/* Report about an option that refers to another entry. */
void kd__set_report(struct kd__entries *set, uint32_t level,
    const kd_entry *entry, const struct kd__ref *ref, const char *format, ...)
    KD_PRINTF(5, 6);

/* Find what entries refer to, and leave out what A10 leaves out. */
kd_status kd__refs_resolve(struct kd__entries *set);

/* Give a host to each entry that starts and names none (semantics K3). */
kd_status kd__host_rule_apply(struct kd__entries *set);

/* Report cycles, find out who needs whom and order the start (L3). */
kd_status kd__start_order(struct kd__entries *set);

#endif
