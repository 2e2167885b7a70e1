/* SPDX-License-Identifier: MIT */
/*
 * A hash table whose links lie in what it finds: adding, finding and removing
 * take constant time, and only growing takes memory.
 */
#ifndef KS_INDEX_H
#define KS_INDEX_H

#include <kindred/status.h>

struct hook {
    struct hook *next;
    uint64_t hash;
};

/* All zero: empty. */
struct index {
    struct hook **buckets;
    size_t n_buckets; /* 0, or a power of two. */
    size_t count;
};

void ks__index_fini(struct index *index);

/* Room for one more. KD_OK, KD_ENOMEM. */
kd_status ks__index_reserve(struct index *index);

/* Add one for which there is room. */
void ks__index_add(struct index *index, struct hook *hook, uint64_t hash);

/* Remove one that is in it. */
void ks__index_remove(struct index *index, struct hook *hook);

/* The first of those that may have this hash, and the next one; or NULL. */
struct hook *ks__index_first(const struct index *index, uint64_t hash);
struct hook *ks__index_next(const struct hook *hook);

#endif
