/* SPDX-License-Identifier: MIT */
/*
 * A short list, the last one given first: it is the one in the cache.
 */

#include "memory/spare.h"

#include <malloc.h>
#include <stdlib.h>

/* A block may be larger than what is asked for by this part of it. */
#define WASTE_PART 4

static unsigned find(const struct kl__spares *spares, size_t len);

void
kl__spares_init(struct kl__spares *spares, const kd_api *api)
{
    const kd_memory *memory = api == NULL ? NULL : api->service(api, KD_MEMORY);

    spares->api = api;
    spares->memory =
        memory != NULL && memory->is_foreign(api) != 0 ? memory : NULL;
    pthread_mutex_init(&spares->lock, NULL);
    spares->count = 0;
}

void
kl__spares_fini(struct kl__spares *spares)
{
    while (spares->count > 0)
        free(spares->blocks[--spares->count]);
    pthread_mutex_destroy(&spares->lock);
}

int
kl__spares_are_foreign(const struct kl__spares *spares)
{
    return spares != NULL && spares->memory != NULL;
}

void *
kl__spare_realloc(const struct kl__spares *spares, void *block, size_t len)
{
    if (kl__spares_are_foreign(spares))
        return spares->memory->realloc(spares->api, block, len);
    return realloc(block, len);
}

void
kl__spare_free(const struct kl__spares *spares, void *block)
{
    if (kl__spares_are_foreign(spares))
        spares->memory->free(spares->api, block);
    else
        free(block);
}

void *
kl__spare_take(struct kl__spares *spares, size_t len)
{
    void *block = NULL;
    unsigned at;

    if (spares == NULL || len < KL_SPARE_MIN || len > KL_SPARE_MAX ||
        pthread_mutex_trylock(&spares->lock) != 0)
        return NULL;
    at = find(spares, len);
    if (at < spares->count) {
        block = spares->blocks[at];
        spares->count--;
        for (; at < spares->count; at++) {
            spares->blocks[at] = spares->blocks[at + 1];
            spares->lens[at] = spares->lens[at + 1];
        }
    }
    pthread_mutex_unlock(&spares->lock);
    return block;
}

void
kl__spare_give(struct kl__spares *spares, void *block)
{
    size_t len;

    if (kl__spares_are_foreign(spares)) {
        spares->memory->free(spares->api, block);
        return;
    }
    len = malloc_usable_size(block);
    if (spares != NULL && len >= KL_SPARE_MIN && len <= KL_SPARE_MAX &&
        pthread_mutex_trylock(&spares->lock) == 0) {
        if (spares->count < KL_SPARES) {
            spares->blocks[spares->count] = block;
            spares->lens[spares->count++] = len;
            block = NULL;
        }
        pthread_mutex_unlock(&spares->lock);
    }
    free(block);
}

/* The last that fits, or `count`. */
static unsigned
find(const struct kl__spares *spares, size_t len)
{
    for (unsigned at = spares->count; at > 0; at--) {
        size_t has = spares->lens[at - 1];

        if (has >= len && has - len <= has / WASTE_PART)
            return at - 1;
    }
    return spares->count;
}
