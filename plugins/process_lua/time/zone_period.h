/* SPDX-License-Identifier: MIT */
/*
 * What the clocks of a zone do from one change to the next.
 */
#ifndef KL_ZONE_PERIOD_H
#define KL_ZONE_PERIOD_H

#include <stdint.h>

/*
 * Far more than any zone is from UTC, and little enough for every sum to stay
 * in range.
 */
#define KL_ZONE_OFFSET_MAX_S (7 * 86400)

struct kl__zone_period {
    int32_t offset_s; /* East of UTC. */
    const char *name; /* "CET"; "" if it has none. The zone's own. */
};

#endif
