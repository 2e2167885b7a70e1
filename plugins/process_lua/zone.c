/* SPDX-License-Identifier: MIT */
/*
 * Zones and Location objects.
 *
 * What the system's zone says is asked of the C library, which has read its
 * rules once and keeps them.
 */

#include "zone.h"

#include "object.h"

#include <string.h>
#include <time.h>

/* Far more than any zone has; enough for every sum to stay in range. */
#define OFFSET_MAX_S (7 * 86400)

static const struct kl__type location_type;

const struct kl__zone kl__zone_utc = {.kind = KL_ZONE_UTC, .name = "UTC"};
const struct kl__zone kl__zone_local = {.kind = KL_ZONE_LOCAL, .name = "Local"};

struct kl__zone_period
kl__zone_at(const struct kl__zone *zone, int64_t sec)
{
    struct kl__zone_period period = {zone->offset_s, zone->name};
    time_t when = (time_t)sec;
    struct tm tm;

    if (zone->kind != KL_ZONE_LOCAL)
        return period;
    /* Years that the C library cannot name have no rules either. */
    if (localtime_r(&when, &tm) == NULL)
        return kl__zone_at(&kl__zone_utc, sec);
    period.offset_s = (int32_t)tm.tm_gmtoff;
    period.name = tm.tm_zone;
    return period;
}

int64_t
kl__zone_to_unix(const struct kl__zone *zone, int64_t local_sec)
{
    int32_t offset_s = kl__zone_at(zone, local_sec).offset_s;
    int64_t sec = local_sec - offset_s;
    int32_t actual_s = kl__zone_at(zone, sec).offset_s;

    if (actual_s == offset_s)
        return sec;
    /* A change lies in between: try what holds on its other side. */
    sec = local_sec - actual_s;
    if (kl__zone_at(zone, sec).offset_s == actual_s)
        return sec;
    return local_sec - offset_s;
}

void
kl__zone_push(lua_State *L, const struct kl__zone *zone)
{
    struct kl__zone *own = lua_newuserdatauv(L, sizeof(*own), 0);

    *own = *zone;
    kl__object_set(L, &location_type);
}

const struct kl__zone *
kl__zone_check(lua_State *L, int index)
{
    return kl__object_check(L, index, &location_type);
}

const struct kl__zone *
kl__zone_kept(const struct kl__zone *zone)
{
    if (zone->kind == KL_ZONE_UTC)
        return &kl__zone_utc;
    return zone->kind == KL_ZONE_LOCAL ? &kl__zone_local : zone;
}

const struct kl__zone *
kl__zone_push_fixed(
    lua_State *L, const char *name, size_t len, int32_t offset_s)
{
    struct kl__zone *zone = lua_newuserdatauv(L, sizeof(*zone) + len + 1, 0);
    char *own_name = (char *)(zone + 1);

    memcpy(own_name, name, len);
    own_name[len] = '\0';
    zone->kind = KL_ZONE_FIXED;
    zone->offset_s = offset_s;
    zone->name = own_name;
    kl__object_set(L, &location_type);
    return zone;
}

int
kl__zone_fixed(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    lua_Integer offset_s = luaL_checkinteger(L, 2);

    luaL_argcheck(L, offset_s > -OFFSET_MAX_S && offset_s < OFFSET_MAX_S, 2,
        "offset out of range");
    kl__zone_push_fixed(L, name, len, (int32_t)offset_s);
    return 1;
}

static int
to_string(lua_State *L)
{
    lua_pushstring(L, kl__zone_check(L, 1)->name);
    return 1;
}

static int
is_equal(lua_State *L)
{
    const struct kl__zone *a = kl__object_test(L, 1, &location_type);
    const struct kl__zone *b = kl__object_test(L, 2, &location_type);

    lua_pushboolean(L, a != NULL && b != NULL && a->kind == b->kind &&
                           a->offset_s == b->offset_s &&
                           strcmp(a->name, b->name) == 0);
    return 1;
}

static const luaL_Reg methods[] = {{"string", to_string}, {NULL, NULL}};

static const luaL_Reg meta[] = {
    {"__tostring", to_string}, {"__eq", is_equal}, {NULL, NULL}};

static const struct kl__type location_type = {
    .key = "kindred.location",
    .name = "location",
    .methods = methods,
    .meta = meta,
};
