/* SPDX-License-Identifier: MIT */
/*
 * Which kinds there are, and whose they are.
 *
 * Kinds are few and looked up while an application is read, so this is an
 * array in the order of loading and nothing cleverer.
 */
#ifndef KD_LOAD_KIND_TABLE_H
#define KD_LOAD_KIND_TABLE_H

#include "load/plugin.h"

struct kd__kind_row {
    const kd_kind *kind;
    struct kd__plugin *plugin;
    struct kd__policy *policy; /* See policy.h; NULL: not bound. */
};

/* Zero-initialise it. */
struct kd__kind_table {
    struct kd__kind_row *rows;
    size_t n;
    size_t cap;
};

void kd__kind_table_fini(struct kd__kind_table *table);

/*
 * Add all kinds of a checked plugin, or none.
 *
 * Returns KD_OK, KD_ENOMEM; KD_ECONFLICT when one is there already, with a
 * sentence that names both plugins and both files.
 */
kd_status kd__kind_table_add(
    struct kd__kind_table *table, struct kd__plugin *plugin, kd_error *err);

/* The row of a kind, or NULL; valid until the next plugin is added. */
const struct kd__kind_row *kd__kind_table_find(
    const struct kd__kind_table *table, const char *id);

#endif
