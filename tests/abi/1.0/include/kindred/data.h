/* SPDX-License-Identifier: MIT */
/*
 * Data kinds: entries that others read. A plugin whose data can be wrong in
 * ways that no option table shows has them checked here.
 */
#ifndef KINDRED_DATA_H
#define KINDRED_DATA_H

#include <kindred/entry.h>

KD_BEGIN_DECLS

/** A kind of data. Static and immutable. Grows only at the end. */
typedef struct kd_data_kind {
    uint32_t size;  /**< sizeof(kd_data_kind) as the plugin saw it. */
    uint32_t flags; /**< 0; unknown bits refuse the plugin. */
    /**
     * Check an entry. Called once for each of the kind, before anything
     * starts and also when an application is only checked: it must have no
     * effects. Also for one that is against the option table: an option may
     * be absent, or of another type.
     *
     * @param state  what the plugin's `init` made.
     * @param entry  borrowed; valid as long as the runtime.
     * @param check  where to report what is wrong with it.
     * @return KD_OK, also when errors were reported; KD_ENOMEM or another code
     *         when checking itself failed.
     *
     * [loader]
     */
    kd_status (*check)(void *state, const kd_entry *entry,
        const kd_check *check, kd_error *err);
} kd_data_kind;
KD_ABI_STRUCT(kd_data_kind, 16);

KD_END_DECLS

#endif
