/* SPDX-License-Identifier: MIT */
/*
 * Resource kinds: entries with a life of their own and no process, such as a
 * metrics exporter.
 *
 * Each resource that starts with the application has a thread of the host's,
 * which calls it and may block without harm. `start`, then `health` every
 * second, then `stop`; and again from the beginning after a failure, as the
 * entry's `lifecycle` says (semantics K12).
 */
#ifndef KINDRED_RESOURCE_H
#define KINDRED_RESOURCE_H

#include <kindred/entry.h>

KD_BEGIN_DECLS

/** A kind of resource. Static and immutable. Grows only at the end. */
typedef struct kd_resource_kind {
    uint32_t size;  /**< sizeof(kd_resource_kind) as the plugin saw it. */
    uint32_t flags; /**< 0; unknown bits refuse the plugin. */
    /**
     * Start it. On failure nothing is left behind. One that takes longer than
     * the entry's start_timeout has failed, and is stopped when it returns.
     *
     * @param state  what the plugin's `init` made.
     * @param entry  borrowed; valid as long as the runtime.
     * @param self   out: the resource.
     * @return KD_OK, or why not; KD_ERROR_FINAL in *err: do not try again.
     *
     * [resource]
     */
    kd_status (*start)(
        void *state, const kd_entry *entry, void **self, kd_error *err);
    /** Stop and free it. [resource] */
    void (*stop)(void *self);
    /**
     * How it is; asked every second. Three errors in a row are a failure: it
     * is stopped, and started again unless the third has KD_ERROR_FINAL. May
     * be NULL.
     *
     * @return KD_OK, or why it is not well.
     *
     * [resource]
     */
    kd_status (*health)(void *self, kd_error *err);
} kd_resource_kind;
KD_ABI_STRUCT(kd_resource_kind, 32);

KD_END_DECLS

#endif
