/* SPDX-License-Identifier: MIT */
/*
 * Time objects: a point in time, and the zone it is shown in (semantics Z6).
 *
 * One that was taken from the clock also knows the monotonic clock, so that
 * what has passed between two of them is right however the clock was set.
 */
#ifndef KL_TIME_VALUE_H
#define KL_TIME_VALUE_H

#include "time/calendar.h"
#include "time/zone.h"
#include "value/object.h"

#include <kindred/types.h>
#include <lua.h>

struct kl__process;

extern const struct kl__type kl__time_type;

struct kl__time {
    int64_t sec;  /* Unix time, within KL_CALENDAR_MAX. */
    int32_t nsec; /* 0 to 999,999,999 */
    int32_t has_mono;
    kd_time mono_ns;
    const struct kl__zone *zone;
};

/*
 * Push a Time, or raise if it is out of range. `keeper` is the index of what
 * keeps an owned zone alive: its Location, or another Time that has it. 0 is
 * enough for the other zones.
 */
void kl__time_push(lua_State *L, const struct kl__time *time, int keeper);

/* Go so far forwards, or back. */
void kl__time_add(struct kl__time *time, int64_t ns);

/* Push what the clock says, in the system's zone. */
void kl__time_push_now(lua_State *L, struct kl__process *p);

/* Push the Time of so many seconds and nanoseconds, or raise. */
void kl__time_push_unix(lua_State *L, int64_t sec, int64_t nsec,
    const struct kl__zone *zone, int keeper);

/* Whether there is one at an index. */
int kl__time_is(lua_State *L, int index);

/* The Time at an index, or an argument error. */
const struct kl__time *kl__time_check(lua_State *L, int index);

/* Raises unless there are two, at 1 and 2, to be put in order. */
void kl__time_check_order(lua_State *L);

/* The date on the clocks of its zone. */
struct kl__date kl__time_date(const struct kl__time *time);

/* time.date, time.unix */
int kl__time_date_new(lua_State *L);
int kl__time_unix_new(lua_State *L);

#endif
