/* SPDX-License-Identifier: MIT */
/*
 * After Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987).
 *
 * A tick is a number of six digits to the base 256, and a timer stands on the
 * level of the highest digit in which it differs from the wheel's own tick, in
 * the slot of its digit there. So all of a level lie before all of the next,
 * and every occupied slot lies after the wheel's own digit of that level: what
 * comes next is the first slot in use, found by bitmaps, and empty time costs
 * nothing. When a slot is reached its timers are sorted anew, one at a time,
 * so that a slot with a hundred thousand of them holds nobody up.
 *
 * A slot has several lists, used in turn. By the time it is reached its timers
 * have left the cache, and where the next one of a list is stands in the one
 * before: from several lists they come from memory together.
 */

#include "wheel.h"

#include <string.h>

static unsigned
digit_of(uint64_t tick, unsigned level)
{
    return (unsigned)(tick >> (WHEEL_BITS * level)) & (WHEEL_SLOTS - 1);
}

static unsigned
level_of(uint64_t tick, uint64_t now)
{
    return (63u - (unsigned)__builtin_clzll(tick ^ now)) / WHEEL_BITS;
}

void
kh__wheel_init(struct wheel *wheel, uint64_t tick)
{
    memset(wheel, 0, sizeof(*wheel));
    wheel->tick = tick;
    wheel->due_end = &wheel->due;
}

static int
is_empty(const struct wheel_slot *slot)
{
    unsigned i;

    for (i = 0; i < WHEEL_LISTS; i++) {
        if (slot->first[i] != NULL)
            return 0;
    }
    return 1;
}

static void
push_front(struct wheel_timer **list, struct wheel_timer *timer)
{
    timer->next = *list;
    timer->link = list;
    if (timer->next != NULL)
        timer->next->link = &timer->next;
    *list = timer;
}

static void
push_due(struct wheel *wheel, struct wheel_timer *timer)
{
    timer->next = NULL;
    timer->link = wheel->due_end;
    *wheel->due_end = timer;
    wheel->due_end = &timer->next;
}

void
kh__wheel_add(struct wheel *wheel, struct wheel_timer *timer, uint64_t tick)
{
    unsigned level;
    unsigned digit;

    timer->tick = tick;
    if (tick <= wheel->tick) {
        push_due(wheel, timer);
        return;
    }
    level = level_of(tick, wheel->tick);
    digit = digit_of(tick, level);
    push_front(
        &wheel->slot[level][digit].first[wheel->added++ % WHEEL_LISTS], timer);
    wheel->used[level][digit / 64] |= (uint64_t)1 << (digit % 64);
}

void
kh__wheel_remove(struct wheel *wheel, struct wheel_timer *timer)
{
    if (wheel->due_end == &timer->next)
        wheel->due_end = timer->link;
    if (timer->next != NULL)
        timer->next->link = timer->link;
    *timer->link = timer->next;
    timer->next = NULL;
    timer->link = NULL;
}

/* The first slot of a level that is in use, or WHEEL_SLOTS. */
static unsigned
find_slot(struct wheel *wheel, unsigned level)
{
    unsigned i;
    unsigned digit;

    for (i = 0; i < WHEEL_SLOTS / 64; i++) {
        while (wheel->used[level][i] != 0) {
            digit = i * 64 + (unsigned)__builtin_ctzll(wheel->used[level][i]);
            if (!is_empty(&wheel->slot[level][digit]))
                return digit;
            /* Its last timer was removed. */
            wheel->used[level][i] &= wheel->used[level][i] - 1;
        }
    }
    return WHEEL_SLOTS;
}

/* The first slot that is in use, and the tick at which it begins. */
static uint64_t
find_next(struct wheel *wheel, unsigned *level, unsigned *digit)
{
    uint64_t above;

    for (*level = 0; *level < WHEEL_LEVELS; ++*level) {
        *digit = find_slot(wheel, *level);
        if (*digit < WHEEL_SLOTS) {
            above = wheel->tick >> (WHEEL_BITS * (*level + 1));
            return (above << WHEEL_BITS | *digit) << (WHEEL_BITS * *level);
        }
    }
    return WHEEL_NEVER;
}

/* Turn to the next slot that is in use and open it, unless it lies beyond. */
static int
turn(struct wheel *wheel, uint64_t now)
{
    const struct wheel_slot none = {{NULL}};
    unsigned level;
    unsigned digit;
    unsigned i;
    uint64_t next = find_next(wheel, &level, &digit);

    if (next > now) {
        if (now > wheel->tick)
            wheel->tick = now;
        return 0;
    }
    wheel->tick = next;
    wheel->used[level][digit / 64] &= ~((uint64_t)1 << (digit % 64));
    wheel->loose = wheel->slot[level][digit];
    wheel->slot[level][digit] = none;
    for (i = 0; i < WHEEL_LISTS; i++) {
        if (wheel->loose.first[i] != NULL)
            wheel->loose.first[i]->link = &wheel->loose.first[i];
    }
    return 1;
}

/* One of the opened slot, from each list in turn; or NULL. */
static struct wheel_timer *
take_loose(struct wheel *wheel)
{
    struct wheel_timer *timer;
    unsigned i;

    for (i = 0; i < WHEEL_LISTS; i++) {
        timer = wheel->loose.first[wheel->taken++ % WHEEL_LISTS];
        if (timer != NULL) {
            kh__wheel_remove(wheel, timer);
            return timer;
        }
    }
    return NULL;
}

struct wheel_timer *
kh__wheel_take(struct wheel *wheel, uint64_t now, unsigned *steps)
{
    struct wheel_timer *timer;

    for (;;) {
        if ((timer = wheel->due) != NULL) {
            kh__wheel_remove(wheel, timer);
            return timer;
        }
        if (*steps == 0)
            return NULL;
        if ((timer = take_loose(wheel)) != NULL) {
            --*steps;
            if (timer->tick <= wheel->tick)
                return timer;
            kh__wheel_add(wheel, timer, timer->tick);
        } else if (!turn(wheel, now)) {
            return NULL;
        }
    }
}

uint64_t
kh__wheel_next(struct wheel *wheel)
{
    unsigned level;
    unsigned digit;

    if (wheel->due != NULL || !is_empty(&wheel->loose))
        return wheel->tick;
    return find_next(wheel, &level, &digit);
}
