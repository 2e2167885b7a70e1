/* SPDX-License-Identifier: MIT */
/*
 * The table of the module `time`: its functions and constants.
 */

#include "time/lib_time.h"

#include "modules/lazy.h"
#include "process/process.h"
#include "time/alarm.h"
#include "time/duration.h"
#include "time/sleep.h"
#include "time/time_parse.h"
#include "time/time_value.h"
#include "time/zone.h"
#include "time/zone_load.h"

#include <lauxlib.h>

static int time_now(lua_State *L);
static int make_utc(lua_State *L);
static int make_local(lua_State *L);

static const luaL_Reg functions[] = {
    {"after", kl__after},
    {"sleep", kl__sleep},
    {"timer", kl__timer_new},
    {"ticker", kl__ticker_new},
    {"date", kl__time_date_new},
    {"unix", kl__time_unix_new},
    {"parse", kl__time_parse},
    {"parse_duration", kl__duration_parse},
    {"fixed_zone", kl__zone_fixed},
    {"now", time_now},
    {"load_location", kl__zone_load},
    {NULL, NULL},
};

static const luaL_Reg makers[] = {
    {"utc", make_utc}, {"localtz", make_local}, {NULL, NULL}};

static const struct kl__constant constants[] = {
    {"NANOSECOND", NULL, 1},
    {"MICROSECOND", NULL, 1000},
    {"MILLISECOND", NULL, 1000000},
    {"SECOND", NULL, 1000000000},
    {"MINUTE", NULL, 60000000000},
    {"HOUR", NULL, 3600000000000},
    {"JANUARY", NULL, 1},
    {"FEBRUARY", NULL, 2},
    {"MARCH", NULL, 3},
    {"APRIL", NULL, 4},
    {"MAY", NULL, 5},
    {"JUNE", NULL, 6},
    {"JULY", NULL, 7},
    {"AUGUST", NULL, 8},
    {"SEPTEMBER", NULL, 9},
    {"OCTOBER", NULL, 10},
    {"NOVEMBER", NULL, 11},
    {"DECEMBER", NULL, 12},
    {"SUNDAY", NULL, 0},
    {"MONDAY", NULL, 1},
    {"TUESDAY", NULL, 2},
    {"WEDNESDAY", NULL, 3},
    {"THURSDAY", NULL, 4},
    {"FRIDAY", NULL, 5},
    {"SATURDAY", NULL, 6},
    {"RFC3339", "2006-01-02T15:04:05Z07:00", 0},
    {"RFC3339NANO", "2006-01-02T15:04:05.999999999Z07:00", 0},
    {"RFC822", "02 Jan 06 15:04 MST", 0},
    {"RFC822Z", "02 Jan 06 15:04 -0700", 0},
    {"RFC850", "Monday, 02-Jan-06 15:04:05 MST", 0},
    {"RFC1123", "Mon, 02 Jan 2006 15:04:05 MST", 0},
    {"RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700", 0},
    {"KITCHEN", "3:04PM", 0},
    {"STAMP", "Jan _2 15:04:05", 0},
    {"STAMP_MILLI", "Jan _2 15:04:05.000", 0},
    {"STAMP_MICRO", "Jan _2 15:04:05.000000", 0},
    {"STAMP_NANO", "Jan _2 15:04:05.000000000", 0},
    {"DATE_TIME", "2006-01-02 15:04:05", 0},
    {"DATE_ONLY", "2006-01-02", 0},
    {"TIME_ONLY", "15:04:05", 0},
    {NULL, NULL, 0},
};

int
kl__open_time(lua_State *L)
{
    static const struct kl__lazy lazy = {functions, makers, constants};

    kl__lazy_push(L, &lazy);
    return 1;
}

static int
time_now(lua_State *L)
{
    kl__time_push_now(L, kl__process_of(L));
    return 1;
}

static int
make_utc(lua_State *L)
{
    kl__zone_push(L, &kl__zone_utc);
    return 1;
}

static int
make_local(lua_State *L)
{
    kl__zone_push(L, &kl__zone_local);
    return 1;
}
