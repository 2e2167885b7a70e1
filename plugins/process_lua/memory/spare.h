/* SPDX-License-Identifier: MIT */
/*
 * Where the states of a runtime get their memory, and large blocks of it that
 * none has now.
 *
 * What malloc gets back at the end of its memory it gives to the kernel, and
 * takes it from there page by page when it is asked again: for a string that
 * comes and goes with each message that is dearer than copying it. So a few
 * blocks are kept. None of an embedder's allocator, which
 * knows better.
 */
#ifndef KL_SPARE_H
#define KL_SPARE_H

#include <kindred/ext/memory.h>
#include <pthread.h>
#include <stddef.h>

/* Blocks that are kept, and how large. */
#define KL_SPARES    16
#define KL_SPARE_MIN ((size_t)16 << 10)
#define KL_SPARE_MAX ((size_t)256 << 10)

struct kl__spares {
    const kd_api *api;
    const kd_memory *memory; /* An embedder's; NULL: malloc. */
    pthread_mutex_t lock;    /* Who finds it taken does without. */
    void *blocks[KL_SPARES];
    size_t lens[KL_SPARES];
    unsigned count;
};

/* `api` may be NULL: memory is malloc's. */
void kl__spares_init(struct kl__spares *spares, const kd_api *api);
void kl__spares_fini(struct kl__spares *spares);

/* Whether memory is an embedder's. `spares` may be NULL. */
int kl__spares_are_foreign(const struct kl__spares *spares);

/* As realloc and free. `spares` may be NULL. */
void *kl__spare_realloc(
    const struct kl__spares *spares, void *block, size_t len);
void kl__spare_free(const struct kl__spares *spares, void *block);

/* A block of so many bytes or a few more, or NULL. `spares` may be NULL. */
void *kl__spare_take(struct kl__spares *spares, size_t len);
/* Frees the block, sooner or later. `spares` may be NULL. */
void kl__spare_give(struct kl__spares *spares, void *block);

#endif
