/* SPDX-License-Identifier: MIT */
/*
 * Time objects: making them, reckoning with them, and their fields.
 */

#include "time/time_value.h"

#include "process/process.h"
#include "time/duration.h"
#include "time/time_method.h"

#define SECOND_NS INT64_C(1000000000)

void
kl__time_push(lua_State *L, const struct kl__time *time, int keeper)
{
    struct kl__time *own;

    if (time->sec > KL_CALENDAR_MAX || time->sec < -KL_CALENDAR_MAX)
        luaL_error(L, "time out of range");
    own = lua_newuserdatauv(L, sizeof(*own), 1);
    *own = *time;
    kl__object_set(L, &kl__time_type);
    if (!kl__zone_is_owned(time->zone))
        return;
    if (kl__object_test(L, keeper, &kl__time_type) != NULL)
        lua_getiuservalue(L, keeper, 1);
    else
        lua_pushvalue(L, keeper);
    lua_setiuservalue(L, -2, 1);
}

void
kl__time_add(struct kl__time *time, int64_t ns)
{
    int64_t nsec = time->nsec + ns % SECOND_NS;

    time->sec += ns / SECOND_NS;
    if (nsec < 0) {
        nsec += SECOND_NS;
        time->sec--;
    } else if (nsec >= SECOND_NS) {
        nsec -= SECOND_NS;
        time->sec++;
    }
    time->nsec = (int32_t)nsec;
    time->mono_ns += (kd_time)ns;
}

void
kl__time_push_now(lua_State *L, struct kl__process *p)
{
    struct kl__time now = {.has_mono = 1, .zone = &kl__zone_local};

    kl__time_add(&now, p->api->unix_ns(p->api));
    now.mono_ns = p->api->now_ns(p->api);
    kl__time_push(L, &now, 0);
}

void
kl__time_push_unix(lua_State *L, int64_t sec, int64_t nsec,
    const struct kl__zone *zone, int keeper)
{
    struct kl__time time = {.sec = sec, .zone = zone};

    /* Before it is added to: what is out of range may also overflow. */
    if (sec <= KL_CALENDAR_MAX && sec >= -KL_CALENDAR_MAX)
        kl__time_add(&time, nsec);
    kl__time_push(L, &time, keeper);
}

int
kl__time_is(lua_State *L, int index)
{
    return kl__object_test(L, index, &kl__time_type) != NULL;
}

const struct kl__time *
kl__time_check(lua_State *L, int index)
{
    return kl__object_check(L, index, &kl__time_type);
}

void
kl__time_check_order(lua_State *L)
{
    kl__object_check_order(L, &kl__time_type);
}

struct kl__date
kl__time_date(const struct kl__time *time)
{
    struct kl__zone_period period = kl__zone_at(time->zone, time->sec);

    return kl__calendar_date(time->sec + period.offset_s);
}

/* An integer that may be left out, of a size that sums can bear. */
static int64_t
part(lua_State *L, int index, int64_t none, int64_t limit)
{
    int64_t value = luaL_optinteger(L, index, none);

    luaL_argcheck(
        L, value >= -limit && value <= limit, index, "value out of range");
    return value;
}

int
kl__time_date_new(lua_State *L)
{
    int64_t year = part(L, 1, 1, KL_CALENDAR_PART / 10);
    int64_t month = part(L, 2, 1, KL_CALENDAR_PART);
    int64_t day = part(L, 3, 1, KL_CALENDAR_PART);
    int64_t hour = part(L, 4, 0, KL_CALENDAR_PART);
    int64_t minute = part(L, 5, 0, KL_CALENDAR_PART);
    int64_t second = part(L, 6, 0, KL_CALENDAR_PART);
    int64_t nsec = luaL_optinteger(L, 7, 0);
    const struct kl__zone *zone = &kl__zone_local;
    int64_t local;

    if (!lua_isnoneornil(L, 8))
        zone = kl__zone_kept(kl__zone_check(L, 8));
    local = kl__calendar_seconds(year, month, day, hour, minute, second);
    kl__time_push_unix(L, kl__zone_to_unix(zone, local), nsec, zone, 8);
    return 1;
}

int
kl__time_unix_new(lua_State *L)
{
    int64_t sec = luaL_checkinteger(L, 1);

    kl__time_push_unix(L, sec, luaL_optinteger(L, 2, 0), &kl__zone_local, 0);
    return 1;
}

static const struct kl__lazy lazy = {kl__time_methods, NULL, NULL};

const struct kl__type kl__time_type = {
    .name = "time",
    .methods = kl__time_methods,
    .meta = kl__time_meta,
    .lazy = &lazy,
};
