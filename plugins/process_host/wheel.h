/* SPDX-License-Identifier: MIT */
/*
 * A hierarchical timing wheel: pure, without clock or lock; time is counted
 * in ticks and told by the caller. Adding and removing take constant time,
 * also for times that are years away.
 */
#ifndef KH_WHEEL_H
#define KH_WHEEL_H

#include <stddef.h>
#include <stdint.h>

#define WHEEL_NEVER UINT64_MAX
/* Later ticks than this cannot be added: 2^48 - 1. */
#define WHEEL_LAST (((uint64_t)1 << 48) - 1)

#define WHEEL_BITS   8u
#define WHEEL_SLOTS  256u
#define WHEEL_LEVELS 6u
/* Of each slot: as many timers are fetched from memory at once. */
#define WHEEL_LISTS 8u

/* All zero: in no wheel. */
struct wheel_timer {
    struct wheel_timer *next;
    struct wheel_timer **link; /* What points here; NULL: in no wheel. */
    uint64_t tick;             /* When it comes up. */
};

struct wheel_slot {
    struct wheel_timer *first[WHEEL_LISTS];
};

struct wheel {
    uint64_t tick;           /* How far it has turned. */
    struct wheel_timer *due; /* Have come up; oldest first. */
    struct wheel_timer **due_end;
    struct wheel_slot loose; /* Of an opened slot, to be sorted anew. */
    unsigned taken;          /* Counts on, for its lists to take turns. */
    unsigned added;          /* The same, for those of the other slots. */
    uint64_t used[WHEEL_LEVELS][WHEEL_SLOTS / 64]; /* Maybe not empty. */
    struct wheel_slot slot[WHEEL_LEVELS][WHEEL_SLOTS];
};

void kh__wheel_init(struct wheel *wheel, uint64_t tick);
/* Add one that is in no wheel. A tick in the past comes up at once. */
void kh__wheel_add(
    struct wheel *wheel, struct wheel_timer *timer, uint64_t tick);
/* Remove one that is in this wheel. */
void kh__wheel_remove(struct wheel *wheel, struct wheel_timer *timer);
/*
 * Remove and return one that has come up by the tick `now`, or NULL. Each
 * timer that is only moved costs one of *steps; with none left it is NULL,
 * and the work goes on in the next call.
 */
struct wheel_timer *kh__wheel_take(
    struct wheel *wheel, uint64_t now, unsigned *steps);
/*
 * Until when kh__wheel_take() need not be called: never later than the first
 * timer, but maybe earlier. WHEEL_NEVER when there is none.
 */
uint64_t kh__wheel_next(struct wheel *wheel);

#endif
