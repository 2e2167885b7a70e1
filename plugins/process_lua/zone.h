/* SPDX-License-Identifier: MIT */
/*
 * Time zones: UTC, the system's own, and fixed ones; Location objects.
 */
#ifndef KL_ZONE_H
#define KL_ZONE_H

#include <lua.h>
#include <stdint.h>

enum kl__zone_kind { KL_ZONE_UTC, KL_ZONE_LOCAL, KL_ZONE_FIXED };

/* A Location object is one of these. */
struct kl__zone {
    enum kl__zone_kind kind;
    int32_t offset_s; /* East of UTC, if fixed. */
    const char *name; /* Behind the struct, if fixed. */
};

/* What holds in a zone at some time. */
struct kl__zone_period {
    int32_t offset_s;
    const char *name; /* "CET"; "" if it has none. */
};

extern const struct kl__zone kl__zone_utc;
extern const struct kl__zone kl__zone_local;

/* At a unix time. */
struct kl__zone_period kl__zone_at(const struct kl__zone *zone, int64_t sec);

/*
 * The unix time of a number of seconds that is counted on the zone's own
 * clocks. Where they skip or repeat that time, one that is near.
 */
int64_t kl__zone_to_unix(const struct kl__zone *zone, int64_t local_sec);

/* Push a Location for a zone that is not a fixed one. */
void kl__zone_push(lua_State *L, const struct kl__zone *zone);

/* Push one for a fixed zone. */
const struct kl__zone *kl__zone_push_fixed(
    lua_State *L, const char *name, size_t len, int32_t offset_s);

/* The Location at an index, or an argument error. */
const struct kl__zone *kl__zone_check(lua_State *L, int index);

/*
 * The same zone, as one that a Time can point to without more ado unless it is
 * fixed.
 */
const struct kl__zone *kl__zone_kept(const struct kl__zone *zone);

/* time.fixed_zone */
int kl__zone_fixed(lua_State *L);

#endif
