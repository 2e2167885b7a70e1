/* SPDX-License-Identifier: MIT */
/*
 * Zones and Location objects.
 *
 * What the system's own zone says is asked of the C library, which has read its
 * rules once and keeps them. All others are in their Locations, whole.
 */

#include "time/zone.h"

#include "time/zone_file.h"
#include "value/object.h"

#include <string.h>
#include <time.h>

#define HALF_YEAR_S (182 * 86400)

static const struct kl__type location_type;

const struct kl__zone kl__zone_utc = {.kind = KL_ZONE_UTC, .name = "UTC"};
const struct kl__zone kl__zone_local = {.kind = KL_ZONE_LOCAL, .name = "Local"};

/* Asks the C library. Years that it cannot name have no rules either. */
static struct kl__zone_period
local_at(int64_t sec)
{
    time_t when = (time_t)sec;
    struct tm tm;

    if (localtime_r(&when, &tm) == NULL)
        return (struct kl__zone_period){0, kl__zone_utc.name};
    return (struct kl__zone_period){(int32_t)tm.tm_gmtoff, tm.tm_zone};
}

struct kl__zone_period
kl__zone_at(const struct kl__zone *zone, int64_t sec)
{
    if (zone->kind == KL_ZONE_LOCAL)
        return local_at(sec);
    if (zone->kind == KL_ZONE_FILE)
        return kl__zone_file_at(zone->file, sec);
    return (struct kl__zone_period){zone->offset_s, zone->name};
}

int64_t
kl__zone_to_unix(const struct kl__zone *zone, int64_t local_sec)
{
    int32_t offset_s = kl__zone_at(zone, local_sec).offset_s;

    /* Unless a change lies in between, that is the one. */
    if (offset_s != 0)
        offset_s = kl__zone_at(zone, local_sec - offset_s).offset_s;
    return local_sec - offset_s;
}

/*
 * The C library does not tell the names that it knows: look for it now, and in
 * the other half of the year.
 */
static int
local_offset(const char *name, size_t len, int64_t local_sec, int32_t *offset_s)
{
    static const int64_t around[] = {0, HALF_YEAR_S, -HALF_YEAR_S};
    size_t i;

    for (i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
        struct kl__zone_period period = local_at(local_sec + around[i]);

        if (strlen(period.name) == len && memcmp(period.name, name, len) == 0) {
            *offset_s = period.offset_s;
            return 1;
        }
    }
    return 0;
}

int
kl__zone_offset(const struct kl__zone *zone, const char *name, size_t len,
    int64_t local_sec, int32_t *offset_s)
{
    if (zone->kind == KL_ZONE_LOCAL)
        return local_offset(name, len, local_sec, offset_s);
    if (zone->kind == KL_ZONE_FILE)
        return kl__zone_file_offset(zone->file, name, len, local_sec, offset_s);
    *offset_s = zone->offset_s;
    return strlen(zone->name) == len && memcmp(zone->name, name, len) == 0;
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

int
kl__zone_is_owned(const struct kl__zone *zone)
{
    return zone->kind != KL_ZONE_UTC && zone->kind != KL_ZONE_LOCAL;
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
    zone->file = NULL;
    kl__object_set(L, &location_type);
    return zone;
}

void
kl__zone_push_file(
    lua_State *L, const char *name, const struct kl__zone_file *file)
{
    size_t name_len = strlen(name) + 1;
    struct kl__zone *zone = lua_newuserdatauv(
        L, sizeof(*zone) + sizeof(*file) + file->len + name_len, 0);
    struct kl__zone_file *own_file = (struct kl__zone_file *)(zone + 1);
    unsigned char *block = (unsigned char *)(own_file + 1);
    char *own_name = (char *)block + file->len;

    *own_file = *file;
    own_file->block = memcpy(block, file->block, file->len);
    memcpy(own_name, name, name_len);
    *zone = (struct kl__zone){KL_ZONE_FILE, 0, own_name, own_file};
    kl__object_set(L, &location_type);
}

int
kl__zone_fixed(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    lua_Integer offset_s = luaL_checkinteger(L, 2);

    luaL_argcheck(L,
        offset_s > -KL_ZONE_OFFSET_MAX_S && offset_s < KL_ZONE_OFFSET_MAX_S, 2,
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
    .name = "location",
    .methods = methods,
    .meta = meta,
};
