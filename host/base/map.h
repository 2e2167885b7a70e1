/* SPDX-License-Identifier: MIT */
/*
 * A map from strings to pointers. Keys and values are borrowed: the caller
 * keeps both alive. An empty map owns no memory.
 */
#ifndef KD_BASE_MAP_H
#define KD_BASE_MAP_H

#include <kindred/status.h>

struct kd__map_slot;

struct kd__map {
    struct kd__map_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void kd__map_init(struct kd__map *map);
void kd__map_fini(struct kd__map *map);

/* The value of a key, or NULL. */
void *kd__map_get(const struct kd__map *map, const char *key, size_t len);

/* Give a key a value, not NULL, new or other. Returns KD_OK or KD_ENOMEM. */
kd_status kd__map_set(
    struct kd__map *map, const char *key, size_t len, void *value);

#endif
