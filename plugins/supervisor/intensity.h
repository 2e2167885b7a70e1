/* SPDX-License-Identifier: MIT */
/*
 * Counts restarts: whether more than `max` fall within a stretch of time
 * (semantics S13).
 *
 * Constant time and memory for each, however many are allowed: a ring of time
 * stamps, which forgets those that are too old. Up to MOMENTS - 1 restarts are
 * told apart exactly. Where more are allowed, those that follow each other
 * within a thousandth of the stretch share a stamp, the first one's: they are
 * forgotten together, by as much too early.
 */
#ifndef KS_INTENSITY_H
#define KS_INTENSITY_H

#include <kindred/types.h>

#define KS_INTENSITY_MOMENTS 1024

struct moment {
    kd_time at_ns;
    uint64_t count;
};

struct intensity {
    uint64_t max;
    uint64_t within_ns;
    uint64_t grain_ns; /* Restarts closer than this share a moment. */
    uint64_t count;    /* Of all moments. */
    struct moment *ring;
    uint32_t size;
    uint32_t first;
    uint32_t used;
};

/* KD_OK, KD_ENOMEM. */
kd_status ks__intensity_init(
    struct intensity *intensity, uint64_t max, uint64_t within_ns);
void ks__intensity_fini(struct intensity *intensity);

/* Count one more. Returns nonzero when it is one too many. */
int ks__intensity_add(struct intensity *intensity, kd_time now_ns);

#endif
