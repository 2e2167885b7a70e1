/* SPDX-License-Identifier: MIT */
/*
 * Large blocks of memory that no heap has now, for all states of a runtime.
 *
 * What malloc gets back at the end of its memory it gives to the kernel, and
 * takes it from there page by page when it is asked again: for a string that
 * comes and goes with each message that is dearer than copying it. So a few
 * blocks are kept. Each is one of malloc's.
 */
#ifndef KL_SPARE_H
#define KL_SPARE_H

#include <pthread.h>
#include <stddef.h>

/* Blocks that are kept, and how large. */
#define KL_SPARES    16
#define KL_SPARE_MIN ((size_t)16 << 10)
#define KL_SPARE_MAX ((size_t)256 << 10)

struct kl__spares {
    pthread_mutex_t lock; /* Who finds it taken does without. */
    void *blocks[KL_SPARES];
    size_t lens[KL_SPARES];
    unsigned count;
};

void kl__spares_init(struct kl__spares *spares);
void kl__spares_fini(struct kl__spares *spares);

/* A block of so many bytes or a few more, or NULL. `spares` may be NULL. */
void *kl__spare_take(struct kl__spares *spares, size_t len);
/* Frees the block, sooner or later. `spares` may be NULL. */
void kl__spare_give(struct kl__spares *spares, void *block);

#endif
