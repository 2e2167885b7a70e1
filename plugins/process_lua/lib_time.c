/* SPDX-License-Identifier: MIT */
/*
 * The table of the module `time`: its functions and constants.
 */

#include "lib_time.h"

#include "alarm.h"
#include "duration.h"
#include "lib_base.h"
#include "process.h"
#include "sleep.h"
#include "time_parse.h"
#include "time_value.h"
#include "zone.h"

#include <lauxlib.h>

static const luaL_Reg functions[] = {
    {"after", kl__after},
    {"timer", kl__timer_new},
    {"ticker", kl__ticker_new},
    {"date", kl__time_date_new},
    {"unix", kl__time_unix_new},
    {"parse", kl__time_parse},
    {"parse_duration", kl__duration_parse},
    {"fixed_zone", kl__zone_fixed},
    {NULL, NULL},
};

static const struct {
    const char *name;
    lua_Integer value;
} numbers[] = {
    {"NANOSECOND", 1},
    {"MICROSECOND", 1000},
    {"MILLISECOND", 1000000},
    {"SECOND", 1000000000},
    {"MINUTE", 60000000000},
    {"HOUR", 3600000000000},
    {"JANUARY", 1},
    {"FEBRUARY", 2},
    {"MARCH", 3},
    {"APRIL", 4},
    {"MAY", 5},
    {"JUNE", 6},
    {"JULY", 7},
    {"AUGUST", 8},
    {"SEPTEMBER", 9},
    {"OCTOBER", 10},
    {"NOVEMBER", 11},
    {"DECEMBER", 12},
    {"SUNDAY", 0},
    {"MONDAY", 1},
    {"TUESDAY", 2},
    {"WEDNESDAY", 3},
    {"THURSDAY", 4},
    {"FRIDAY", 5},
    {"SATURDAY", 6},
};

static const struct {
    const char *name;
    const char *layout;
} layouts[] = {
    {"RFC3339", "2006-01-02T15:04:05Z07:00"},
    {"RFC3339NANO", "2006-01-02T15:04:05.999999999Z07:00"},
    {"RFC822", "02 Jan 06 15:04 MST"},
    {"RFC822Z", "02 Jan 06 15:04 -0700"},
    {"RFC850", "Monday, 02-Jan-06 15:04:05 MST"},
    {"RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"},
    {"RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"},
    {"KITCHEN", "3:04PM"},
    {"STAMP", "Jan _2 15:04:05"},
    {"STAMP_MILLI", "Jan _2 15:04:05.000"},
    {"STAMP_MICRO", "Jan _2 15:04:05.000000"},
    {"STAMP_NANO", "Jan _2 15:04:05.000000000"},
    {"DATE_TIME", "2006-01-02 15:04:05"},
    {"DATE_ONLY", "2006-01-02"},
    {"TIME_ONLY", "15:04:05"},
};

static int
time_now(lua_State *L)
{
    kl__time_push_now(L, kl__process_of(L));
    return 1;
}

int
kl__open_time(lua_State *L)
{
    size_t i;

    lua_createtable(L, 0, 56);
    luaL_setfuncs(L, functions, 0);
    lua_pushcfunction(L, time_now);
    lua_setfield(L, -2, "now");
    kl__sleep_push(L);
    lua_setfield(L, -2, "sleep");
    kl__zone_push(L, &kl__zone_utc);
    lua_setfield(L, -2, "utc");
    kl__zone_push(L, &kl__zone_local);
    lua_setfield(L, -2, "localtz");
    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        lua_pushinteger(L, numbers[i].value);
        lua_setfield(L, -2, numbers[i].name);
    }
    for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
        lua_pushstring(L, layouts[i].layout);
        lua_setfield(L, -2, layouts[i].name);
    }
    kl__readonly(L);
    return 1;
}
