/* SPDX-License-Identifier: MIT */
/*
 * Sleeping in the kernel, and waking who sleeps.
 *
 * A wake-up that comes before the sleep is kept, once. The only file that
 * knows how threads sleep: readiness of descriptors would be waited for here.
 */
#ifndef KH_PARK_H
#define KH_PARK_H

#include <kindred/types.h>
#include <stdatomic.h>

struct park {
    _Atomic uint32_t word;
};

/*
 * Sleep until woken or until a time of the monotonic clock. May return early
 * without a cause.
 */
void kh__park_wait(struct park *park, kd_time until_ns);
/* Wake the one thread that sleeps here, or the next that would. */
void kh__park_wake(struct park *park);

#endif
