/* SPDX-License-Identifier: MIT */
/*
 * Time zones: UTC, the system's own, and fixed ones; Location objects.
 */
#ifndef KL_ZONE_H
#define KL_ZONE_H

#include "time/zone_period.h"

#include <lua.h>
#include <stdint.h>

struct kl__zone_file;

enum kl__zone_kind { KL_ZONE_UTC, KL_ZONE_LOCAL, KL_ZONE_FIXED, KL_ZONE_FILE };

/* A Location object is one of these. */
struct kl__zone {
    enum kl__zone_kind kind;
    int32_t offset_s; /* East of UTC, if fixed. */
    /* Both lie behind the struct, but for the two zones that are known here. */
    const char *name;
    const struct kl__zone_file *file;
};

extern const struct kl__zone kl__zone_utc;
extern const struct kl__zone kl__zone_local;

/* At a unix time. */
struct kl__zone_period kl__zone_at(const struct kl__zone *zone, int64_t sec);

/*
 * The unix time of a number of seconds that is counted on the zone's own
 * clocks. Where they skip or repeat that time, the one that Go takes: it is
 * right for the clock before the change or after it.
 */
int64_t kl__zone_to_unix(const struct kl__zone *zone, int64_t local_sec);

/*
 * The offset that an abbreviation means in a zone when its clocks show these
 * seconds. Returns 0 if it means nothing there.
 */
int kl__zone_offset(const struct kl__zone *zone, const char *name, size_t len,
    int64_t local_sec, int32_t *offset_s);

/* Push a Location for one of the zones above. */
void kl__zone_push(lua_State *L, const struct kl__zone *zone);

/* Push one for a fixed zone. */
const struct kl__zone *kl__zone_push_fixed(
    lua_State *L, const char *name, size_t len, int32_t offset_s);

/* Push one for what a file says; both are copied. */
void kl__zone_push_file(
    lua_State *L, const char *name, const struct kl__zone_file *file);

/* The Location at an index, or an argument error. */
const struct kl__zone *kl__zone_check(lua_State *L, int index);

/* Whether it lies in a Location, which must be kept for as long as it is. */
int kl__zone_is_owned(const struct kl__zone *zone);

/*
 * The same zone, as one that a Time can point to without more ado unless it is
 * owned.
 */
const struct kl__zone *kl__zone_kept(const struct kl__zone *zone);

/* time.fixed_zone */
int kl__zone_fixed(lua_State *L);

#endif
