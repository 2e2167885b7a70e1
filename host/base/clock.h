/* SPDX-License-Identifier: MIT */
/*
 * The two clocks, in one place.
 */
#ifndef KD_BASE_CLOCK_H
#define KD_BASE_CLOCK_H

#include <kindred/types.h>
#include <time.h>

/* Monotonic nanoseconds, for waiting. */
static inline kd_time
kd__clock_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (kd_time)ts.tv_sec * 1000000000u + (kd_time)ts.tv_nsec;
}

/* Unix time in nanoseconds, for telling. */
static inline int64_t
kd__clock_unix(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

#endif
