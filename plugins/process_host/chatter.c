/* SPDX-License-Identifier: MIT */
/*
 * Judges by how long slices take: one that is spent in much less than its time
 * was given up for having given much.
 */

#include "chatter.h"

/* A slice that is spent in less than this is such a one; of those since the
 * last look, the clock only tells the mean... */
#define CHATTY_NS 20000u
/* ...and for so many looks at the clock its runner counts as chatty. */
#define CHATTY_LOOKS 16u
/* One look makes the wait no longer than this: the machine may have kept the
 * runner's thread away, and who waits is served before help could come. */
#define STEP_NS (CHATTER_PATIENCE_NS / 4)

void
kh__chatter_join(struct chatter *chatter)
{
    chatter->looks = CHATTY_LOOKS;
    chatter->waits_ns = 0;
}

int
kh__chatter_look(struct chatter *chatter, const struct chatter_seen *seen)
{
    if (seen->was_spent && seen->since_ns < CHATTY_NS * seen->slices)
        chatter->looks = CHATTY_LOOKS;
    else if (chatter->looks != 0)
        chatter->looks--;
    if (seen->is_served)
        chatter->waits_ns = 0;
    else
        chatter->waits_ns +=
            seen->since_ns < STEP_NS ? seen->since_ns : STEP_NS;
    return chatter->looks != 0 && chatter->waits_ns < CHATTER_PATIENCE_NS;
}
