/* SPDX-License-Identifier: MIT */
/*
 * Chains in buckets.
 */

#include "index.h"

#include <stdlib.h>

static struct hook **bucket_of(const struct index *index, uint64_t hash);
static struct hook *same_hash(struct hook *hook, uint64_t hash);

void
ks__index_fini(struct index *index)
{
    free(index->buckets);
    index->buckets = NULL;
    index->n_buckets = index->count = 0;
}

kd_status
ks__index_reserve(struct index *index)
{
    struct index larger = {NULL, 0, 0};
    struct hook *hook, *next;
    size_t i;

    if (index->count < index->n_buckets)
        return KD_OK;
    larger.n_buckets = index->n_buckets == 0 ? 8 : index->n_buckets * 2;
    larger.buckets = calloc(larger.n_buckets, sizeof(struct hook *));
    if (larger.buckets == NULL)
        return KD_ENOMEM;
    for (i = 0; i < index->n_buckets; i++) {
        for (hook = index->buckets[i]; hook != NULL; hook = next) {
            next = hook->next;
            ks__index_add(&larger, hook, hook->hash);
        }
    }
    free(index->buckets);
    *index = larger;
    return KD_OK;
}

void
ks__index_add(struct index *index, struct hook *hook, uint64_t hash)
{
    struct hook **bucket = bucket_of(index, hash);

    hook->hash = hash;
    hook->next = *bucket;
    *bucket = hook;
    index->count++;
}

void
ks__index_remove(struct index *index, struct hook *hook)
{
    struct hook **at = bucket_of(index, hook->hash);

    while (*at != hook)
        at = &(*at)->next;
    *at = hook->next;
    index->count--;
}

struct hook *
ks__index_first(const struct index *index, uint64_t hash)
{
    if (index->n_buckets == 0)
        return NULL;
    return same_hash(*bucket_of(index, hash), hash);
}

struct hook *
ks__index_next(const struct hook *hook)
{
    return same_hash(hook->next, hook->hash);
}

static struct hook **
bucket_of(const struct index *index, uint64_t hash)
{
    return &index->buckets[hash & (index->n_buckets - 1)];
}

static struct hook *
same_hash(struct hook *hook, uint64_t hash)
{
    while (hook != NULL && hook->hash != hash)
        hook = hook->next;
    return hook;
}
