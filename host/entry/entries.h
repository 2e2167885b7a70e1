/* SPDX-License-Identifier: MIT */
/*
 * All entries of an application: read, checked, resolved and put in order.
 *
 * In this order: new, read, add_host where one is wanted, resolve, and then
 * whatever prepares entries and reports about them; at last flush. A set with
 * errors is good for nothing but to be flushed and freed.
 */
#ifndef KD_ENTRY_ENTRIES_H
#define KD_ENTRY_ENTRIES_H

#include "base/env.h"
#include "entry/entry.h"

#include <kindred/embed.h>

struct kd__entries;

struct kd__entries_config {
    const char *dir;      /* borrowed as long as the set */
    const kd_text *texts; /* borrowed while it is read; NULL: dir is a folder */
    size_t n_texts;
    /* The kind with this id, or NULL. */
    const kd_kind *(*find_kind)(void *arg, const char *id);
    /* The id of the index-th kind; NULL behind the last. */
    const char *(*kind_at)(void *arg, size_t index);
    /* Load a plugin of the application, by its real path. NULL: they are not
       loaded. Returns KD_OK, or why not. */
    kd_status (*load_plugin)(void *arg, const char *path, kd_error *err);
    /* Gets finished lines at the flush; `level` is a KD_LOG_. */
    void (*diagnostic)(void *arg, uint32_t level, const char *line);
    void *arg;
    uint32_t ignore_unknown_kinds; /* semantics A10 */
    const struct kd__env *env;     /* borrowed as long as the set, or NULL */
};

struct kd__entries *kd__entries_new(void);
void kd__entries_free(struct kd__entries *set);

/*
 * Read and check everything in config->dir. The config is copied.
 *
 * Returns KD_OK, also when errors were reported: ask kd__entries_errors;
 * KD_ENOMEM. No reading or resolving is to follow a failure.
 */
kd_status kd__entries_read(struct kd__entries *set,
    const struct kd__entries_config *config, kd_error *err);

/*
 * Add an entry of a host kind that starts with the application and has
 * defaults only (semantics O2). Returns KD_OK, KD_ENOMEM, KD_EEXIST.
 */
kd_status kd__entries_add_host(struct kd__entries *set, const char *id,
    const kd_kind *kind, kd_error *err);

/*
 * Find what entries refer to, apply the host rule and order the start
 * (semantics A9, A10, K3, L3). Returns KD_OK, also when errors were reported;
 * KD_ENOMEM.
 */
kd_status kd__entries_resolve(struct kd__entries *set, kd_error *err);

/* An entry by its id, or NULL. */
const kd_entry *kd__entries_find(const struct kd__entries *set, const char *id);
/* The index-th in the order of ids, or NULL. */
const kd_entry *kd__entries_at(const struct kd__entries *set, size_t index);
size_t kd__entries_count(const struct kd__entries *set);

/* The real path of the application's folder; NULL: nothing was read. */
const char *kd__entries_folder(const struct kd__entries *set);

/* Remember what `prepare` made of an entry. */
void kd__entries_set_prepared(
    struct kd__entries *set, const kd_entry *entry, void *prepared);

/*
 * The entries that start with the application, each after those it needs
 * (kd__entry_needs). Borrowed as long as the set.
 */
const kd_entry *const *kd__entries_order(
    const struct kd__entries *set, size_t *n);

/*
 * Report, for kd_check: about `where`, or else about a place in `file`, or
 * else about the entry. `level` is a KD_LOG_; all but that and `text` may be
 * NULL or 0.
 */
void kd__entries_report(struct kd__entries *set, uint32_t level,
    const kd_entry *entry, const kd_node *where, const char *file,
    uint32_t line, const char *text);

/* Whether anything wrong with an entry has been reported. */
int kd__entries_is_broken(const struct kd__entries *set, const kd_entry *entry);

/* How many errors have been reported. */
size_t kd__entries_errors(const struct kd__entries *set);

/* Show all that was reported since the last time, through the callback. */
void kd__entries_flush(struct kd__entries *set);

#endif
