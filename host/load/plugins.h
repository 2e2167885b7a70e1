/* SPDX-License-Identifier: MIT */
/*
 * All plugins of one runtime, and the kinds and offers that they bring.
 *
 * Used by the loader thread until the application is open; from then on it is
 * constant and may be read from anywhere.
 */
#ifndef KD_LOAD_PLUGINS_H
#define KD_LOAD_PLUGINS_H

#include "load/plugin.h"

struct kd__plugins;

/* A line for the log, with a KD_LOG_ level. */
typedef void kd__plugins_note(void *arg, uint32_t level, const char *text);

/* NULL without memory. */
struct kd__plugins *kd__plugins_new(void);

/* NULL is allowed. Every plugin's fini must have run. */
void kd__plugins_free(struct kd__plugins *plugins);

/*
 * Add a plugin: all of it or nothing.
 *
 * file  where it came from; NULL: linked into the program.
 *
 * Returns KD_OK; KD_EEXIST: one of its name is there already, the sentence
 * names both files; KD_ECONFLICT: one of its kinds is there already;
 * KD_ENOTPLUGIN, KD_EABI, KD_EPLUGIN: it is refused; KD_ENOMEM.
 */
kd_status kd__plugins_add(struct kd__plugins *plugins,
    const kd_plugin *descriptor, const char *file, kd_error *err);

/* The same without a look at it: the host's own kinds need not have the names
   that others must. */
kd_status kd__plugins_add_own(
    struct kd__plugins *plugins, const kd_plugin *descriptor, kd_error *err);

/* Load one file and add it. Returns as _add, and why it cannot be opened. */
kd_status kd__plugins_load(
    struct kd__plugins *plugins, const char *path, kd_error *err);

/*
 * Load what stands in `paths` (files or folders), in the colon list `env` and
 * in the folder `installed`, in this order; the latter two may be NULL.
 *
 * A plugin of a name that is there already is skipped with a note. A path
 * that does not exist is an error in `paths`, a warning in `env`, and nothing
 * in `installed`. Any other failure ends the search.
 */
kd_status kd__plugins_search(struct kd__plugins *plugins,
    const char *const *paths, size_t n, const char *env, const char *installed,
    kd__plugins_note *note, void *arg, kd_error *err);

/*
 * Give policies to whoever runs them (KD_SUPERVISOR_OFFER); to be called when
 * plugins have been added and before kinds are looked up. Without such an offer
 * they stay what they are.
 *
 * Returns KD_OK; KD_EPLUGIN: the offer is malformed; KD_ECONFLICT: a policy has
 * an option of supervisors; KD_ENOMEM.
 */
kd_status kd__plugins_bind(struct kd__plugins *plugins, kd_error *err);

/* The policy of a kind that was bound, or NULL. */
const kd_policy_kind *kd__plugins_find_policy(
    const struct kd__plugins *plugins, const char *id);

/*
 * The kind with this id as entries have it, or NULL: of a policy that was
 * bound, that of its supervisors. `plugin`, whose callbacks it has, is out and
 * may be NULL.
 */
const kd_kind *kd__plugins_find_kind(const struct kd__plugins *plugins,
    const char *id, struct kd__plugin **plugin);

/* The index-th plugin in the order of loading, or NULL. */
struct kd__plugin *kd__plugins_at(
    const struct kd__plugins *plugins, size_t index);

/* The index-th kind, or NULL; `plugin` is out and may be NULL. */
const kd_kind *kd__plugins_kind_at(const struct kd__plugins *plugins,
    size_t index, struct kd__plugin **plugin);

/*
 * The table of the index-th offer of this id, or NULL after the last; `plugin`
 * is out and may be NULL.
 */
const void *kd__plugins_offer(const struct kd__plugins *plugins, const char *id,
    size_t index, struct kd__plugin **plugin);

#endif
