/* SPDX-License-Identifier: MIT */
/*
 * Tables of options as kinds declare them.
 */
#ifndef KD_ENTRY_TABLE_H
#define KD_ENTRY_TABLE_H

#include <kindred/option.h>

/* One table; several make up what an entry may have. */
struct kd__table {
    const kd_option *options;
    size_t n;
};

/* Elements lie as far apart as the first says: a newer one may be larger. */
static inline const kd_option *
kd__table_at(const struct kd__table *table, size_t i)
{
    const char *base = (const char *)table->options;

    return (const kd_option *)(const void *)(base + i * table->options->size);
}

#endif
