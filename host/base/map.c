/* SPDX-License-Identifier: MIT */
/*
 * Open addressing with linear probing, at most three quarters full. Nothing is
 * ever taken out, so a free slot ends every search.
 */

#include "base/map.h"

#include "base/memory.h"

#include <string.h>

#define CAPACITY_MIN ((size_t)8)

struct kd__map_slot {
    const char *key;
    size_t len;
    uint64_t hash;
    void *value; /* NULL: free */
};

static uint64_t hash_of(const char *key, size_t len);
static struct kd__map_slot *find_slot(
    const struct kd__map *map, const char *key, size_t len, uint64_t hash);
static kd_status grow(struct kd__map *map);

void
kd__map_init(struct kd__map *map)
{
    memset(map, 0, sizeof(*map));
}

void
kd__map_fini(struct kd__map *map)
{
    kd__free(map->slots);
    kd__map_init(map);
}

void *
kd__map_get(const struct kd__map *map, const char *key, size_t len)
{
    if (map->count == 0)
        return NULL;
    return find_slot(map, key, len, hash_of(key, len))->value;
}

kd_status
kd__map_set(struct kd__map *map, const char *key, size_t len, void *value)
{
    uint64_t hash = hash_of(key, len);
    struct kd__map_slot *slot;

    if (map->count >= map->capacity / 4 * 3 && grow(map) != KD_OK)
        return KD_ENOMEM;
    slot = find_slot(map, key, len, hash);
    if (slot->value == NULL)
        map->count++;
    slot->key = key;
    slot->len = len;
    slot->hash = hash;
    slot->value = value;
    return KD_OK;
}

/* FNV-1a: short keys, and nobody gains by making them collide. */
static uint64_t
hash_of(const char *key, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t i;

    for (i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)key[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static struct kd__map_slot *
find_slot(const struct kd__map *map, const char *key, size_t len, uint64_t hash)
{
    size_t i = (size_t)hash & (map->capacity - 1);

    for (;; i = (i + 1) & (map->capacity - 1)) {
        struct kd__map_slot *slot = &map->slots[i];

        if (slot->value == NULL || (slot->hash == hash && slot->len == len &&
                                       memcmp(slot->key, key, len) == 0))
            return slot;
    }
}

static kd_status
grow(struct kd__map *map)
{
    struct kd__map larger;
    size_t i;

    larger.count = map->count;
    larger.capacity = map->capacity == 0 ? CAPACITY_MIN : map->capacity * 2;
    larger.slots = kd__calloc(larger.capacity, sizeof(*larger.slots));
    if (larger.slots == NULL)
        return KD_ENOMEM;
    for (i = 0; i < map->capacity; i++) {
        const struct kd__map_slot *slot = &map->slots[i];

        if (slot->value != NULL)
            *find_slot(&larger, slot->key, slot->len, slot->hash) = *slot;
    }
    kd__free(map->slots);
    *map = larger;
    return KD_OK;
}
