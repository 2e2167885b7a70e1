/* SPDX-License-Identifier: MIT */
/*
 * Whether what waits in a runner's queue is better left to that runner.
 *
 * A process that gives others much to do is asked to end its slice early, so
 * that they run while that lies in the processor's cache. Where such processes
 * run, a queue is served from end to end in a fraction of a millisecond, and
 * each message costs several times as much once its sender and its receiver
 * are on two cores: another worker's help would cost more than it is worth.
 * But what has waited for longer than a slice takes is worth it all the same.
 *
 * Pure: no clock, no lock; the runner tells what it has seen.
 */
#ifndef KH_CHATTER_H
#define KH_CHATTER_H

#include <kindred/types.h>

/* What waits for so long is for everybody: a slice. */
#define CHATTER_PATIENCE_NS 1000000u

/* All zero: nobody chats. */
struct chatter {
    unsigned looks;   /* For so many it still counts as chatty. */
    kd_time waits_ns; /* So long has somebody waited at least. */
};

/* What a runner has seen since it looked at the clock last. */
struct chatter_seen {
    kd_time since_ns; /* How long ago that was. */
    uint64_t slices;  /* So many it has run since. */
    int was_spent;    /* The last one was, to its end. */
    int is_served;    /* All who waited then have had their turn. */
};

/* Returns whether the queue should be left to its runner for now. */
int kh__chatter_look(struct chatter *chatter, const struct chatter_seen *seen);
/* Others' processes that chat with the runner's own have come to its queue. */
void kh__chatter_join(struct chatter *chatter);

#endif
