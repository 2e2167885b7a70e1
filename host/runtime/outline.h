/* SPDX-License-Identifier: MIT */
/*
 * What the kind of an entry says that its processes will start
 * (kd_worker_kind::outline), kept.
 */
#ifndef KD_RUNTIME_OUTLINE_H
#define KD_RUNTIME_OUTLINE_H

#include <kindred/worker.h>

struct kd__outline_child {
    char *name; /* NULL: none. */
    const kd_entry *entry;
    char *text; /* NULL: none. */
};

struct kd__outline {
    kd_outline calls; /* First: what the kind gets. */
    char *note;       /* NULL: none. */
    struct kd__outline_child *children;
    size_t n;
    size_t cap;
    kd_status status;
};

/*
 * Ask the kind of a prepared entry. Kinds that are not asked, and those that
 * have nothing to say, give an empty outline. KD_OK, KD_ENOMEM; _fini either
 * way.
 */
kd_status kd__outline_take(const kd_entry *entry, struct kd__outline *made);
void kd__outline_fini(struct kd__outline *outline);

#endif
