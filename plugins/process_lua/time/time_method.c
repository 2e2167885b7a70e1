/* SPDX-License-Identifier: MIT */
/*
 * The methods of Time objects.
 *
 * Differences and comparisons use the monotonic clock where both times have
 * it. What has been shown in another zone or rounded has lost it, as in Go.
 */

#include "time/time_method.h"

#include "time/duration.h"
#include "time/time_format.h"
#include "time/time_value.h"
#include "value/argument.h"

#define SECOND_NS  INT64_C(1000000000)
#define YEAR_ONE_S INT64_C(-62135596800) /* The zero Time, in unix time. */

static int
compare_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The Time at index 1 against that at index 2: below, at or above 0. */
static int
compare(lua_State *L)
{
    const struct kl__time *a = kl__time_check(L, 1);
    const struct kl__time *b = kl__time_check(L, 2);

    if (a->has_mono && b->has_mono)
        return (a->mono_ns > b->mono_ns) - (a->mono_ns < b->mono_ns);
    if (a->sec != b->sec)
        return compare_number(a->sec, b->sec);
    return compare_number(a->nsec, b->nsec);
}

static int
time_after(lua_State *L)
{
    lua_pushboolean(L, compare(L) > 0);
    return 1;
}

static int
time_before(lua_State *L)
{
    lua_pushboolean(L, compare(L) < 0);
    return 1;
}

static int
time_equal(lua_State *L)
{
    lua_pushboolean(L, compare(L) == 0);
    return 1;
}

static int
time_is_less(lua_State *L)
{
    kl__time_check_order(L);
    return time_before(L);
}

static int
time_is_less_or_equal(lua_State *L)
{
    kl__time_check_order(L);
    lua_pushboolean(L, compare(L) <= 0);
    return 1;
}

/* Lua also asks about a Time and any other object. */
static int
time_is_equal(lua_State *L)
{
    if (!kl__time_is(L, 1) || !kl__time_is(L, 2)) {
        lua_pushboolean(L, 0);
        return 1;
    }
    return time_equal(L);
}

static int
time_add(lua_State *L)
{
    struct kl__time time = *kl__time_check(L, 1);
    int64_t ns;

    if (!kl__duration_read(L, 2, &ns))
        return 2;
    kl__time_add(&time, ns);
    kl__time_push(L, &time, 1);
    return 1;
}

/* a - b, or the longest duration there is in that direction. */
static int64_t
difference(const struct kl__time *a, const struct kl__time *b)
{
    int64_t sec = a->sec - b->sec;
    int64_t ns;

    if (a->has_mono && b->has_mono)
        return (int64_t)(a->mono_ns - b->mono_ns);
    if (__builtin_mul_overflow(sec, SECOND_NS, &ns) ||
        __builtin_add_overflow(ns, (int64_t)a->nsec - b->nsec, &ns))
        return sec < 0 ? INT64_MIN : INT64_MAX;
    return ns;
}

static int
time_sub(lua_State *L)
{
    const struct kl__time *a = kl__time_check(L, 1);

    kl__duration_push(L, difference(a, kl__time_check(L, 2)));
    return 1;
}

static int64_t
date_part(lua_State *L, int index)
{
    int64_t value = kl__argument_integer(L, index, 0);
    int64_t limit = KL_CALENDAR_PART / 10;

    kl__argument_check(
        L, value >= -limit && value <= limit, index, "value out of range");
    return value;
}

static int
time_add_date(lua_State *L)
{
    const struct kl__time *time = kl__time_check(L, 1);
    struct kl__date date = kl__time_date(time);
    int64_t year = date_part(L, 2) + date.year;
    int64_t month = date_part(L, 3) + date.month;
    int64_t day = date_part(L, 4) + date.day;
    int64_t local;

    kl__argument_check(L,
        year <= KL_CALENDAR_PART / 10 && year >= -KL_CALENDAR_PART / 10, 2,
        "value out of range");
    local = kl__calendar_seconds(
        year, month, day, date.hour, date.minute, date.second);
    kl__time_push_unix(
        L, kl__zone_to_unix(time->zone, local), time->nsec, time->zone, 1);
    return 1;
}

/*
 * How far a time is behind the last multiple of a duration since year 1. The
 * product needs 94 bits.
 */
static int64_t
rest_of(const struct kl__time *time, int64_t ns)
{
    __extension__ typedef __int128 wide;
    wide total = (wide)(time->sec - YEAR_ONE_S) * SECOND_NS + time->nsec;
    int64_t rest = (int64_t)(total % ns);

    return rest < 0 ? rest + ns : rest;
}

static int
push_rounded(lua_State *L, int is_nearest)
{
    struct kl__time time = *kl__time_check(L, 1);
    int64_t ns, rest;

    if (!kl__duration_read(L, 2, &ns))
        return 2;
    time.has_mono = 0;
    if (ns > 0) {
        rest = rest_of(&time, ns);
        if (is_nearest && rest >= ns - rest)
            kl__time_add(&time, ns - rest);
        else
            kl__time_add(&time, -rest);
    }
    kl__time_push(L, &time, 1);
    return 1;
}

static int
time_round(lua_State *L)
{
    return push_rounded(L, 1);
}

static int
time_truncate(lua_State *L)
{
    return push_rounded(L, 0);
}

static int
push_in(lua_State *L, const struct kl__zone *zone, int keeper)
{
    struct kl__time time = *kl__time_check(L, 1);

    time.zone = zone;
    time.has_mono = 0;
    kl__time_push(L, &time, keeper);
    return 1;
}

static int
time_utc(lua_State *L)
{
    return push_in(L, &kl__zone_utc, 0);
}

static int
time_in_local(lua_State *L)
{
    return push_in(L, &kl__zone_local, 0);
}

static int
time_in_location(lua_State *L)
{
    return push_in(L, kl__zone_kept(kl__zone_check(L, 2)), 2);
}

static int
time_location(lua_State *L)
{
    const struct kl__time *time = kl__time_check(L, 1);

    if (kl__zone_is_owned(time->zone))
        lua_getiuservalue(L, 1, 1);
    else
        kl__zone_push(L, time->zone);
    return 1;
}

static int
push_integer(lua_State *L, int64_t value)
{
    lua_pushinteger(L, value);
    return 1;
}

static int
time_unix(lua_State *L)
{
    return push_integer(L, kl__time_check(L, 1)->sec);
}

/* Beyond the years 1678 to 2262 the result is of no use, as in Go. */
static int
time_unix_nano(lua_State *L)
{
    const struct kl__time *time = kl__time_check(L, 1);
    uint64_t ns = (uint64_t)time->sec * SECOND_NS + (uint64_t)time->nsec;

    return push_integer(L, (int64_t)ns);
}

static int
time_is_zero(lua_State *L)
{
    const struct kl__time *time = kl__time_check(L, 1);

    lua_pushboolean(L, time->sec == YEAR_ONE_S && time->nsec == 0);
    return 1;
}

static struct kl__date
self_date(lua_State *L)
{
    return kl__time_date(kl__time_check(L, 1));
}

static int
time_date(lua_State *L)
{
    struct kl__date date = self_date(L);

    lua_pushinteger(L, date.year);
    lua_pushinteger(L, date.month);
    lua_pushinteger(L, date.day);
    return 3;
}

static int
time_clock(lua_State *L)
{
    struct kl__date date = self_date(L);

    lua_pushinteger(L, date.hour);
    lua_pushinteger(L, date.minute);
    lua_pushinteger(L, date.second);
    return 3;
}

static int
time_year(lua_State *L)
{
    return push_integer(L, self_date(L).year);
}

static int
time_month(lua_State *L)
{
    return push_integer(L, self_date(L).month);
}

static int
time_day(lua_State *L)
{
    return push_integer(L, self_date(L).day);
}

static int
time_hour(lua_State *L)
{
    return push_integer(L, self_date(L).hour);
}

static int
time_minute(lua_State *L)
{
    return push_integer(L, self_date(L).minute);
}

static int
time_second(lua_State *L)
{
    return push_integer(L, self_date(L).second);
}

static int
time_nanosecond(lua_State *L)
{
    return push_integer(L, kl__time_check(L, 1)->nsec);
}

static int
time_weekday(lua_State *L)
{
    return push_integer(L, self_date(L).weekday);
}

static int
time_year_day(lua_State *L)
{
    return push_integer(L, self_date(L).year_day);
}

const luaL_Reg kl__time_methods[] = {
    {"add", time_add},
    {"sub", time_sub},
    {"add_date", time_add_date},
    {"after", time_after},
    {"before", time_before},
    {"equal", time_equal},
    {"format", kl__time_format},
    {"format_rfc3339", kl__time_format_rfc3339},
    {"unix", time_unix},
    {"unix_nano", time_unix_nano},
    {"date", time_date},
    {"clock", time_clock},
    {"year", time_year},
    {"month", time_month},
    {"day", time_day},
    {"hour", time_hour},
    {"minute", time_minute},
    {"second", time_second},
    {"nanosecond", time_nanosecond},
    {"weekday", time_weekday},
    {"year_day", time_year_day},
    {"is_zero", time_is_zero},
    {"in_location", time_in_location},
    {"location", time_location},
    {"utc", time_utc},
    {"in_local", time_in_local},
    {"round", time_round},
    {"truncate", time_truncate},
    {NULL, NULL},
};

const luaL_Reg kl__time_meta[] = {
    {"__tostring", kl__time_tostring},
    {"__eq", time_is_equal},
    {"__lt", time_is_less},
    {"__le", time_is_less_or_equal},
    {NULL, NULL},
};
