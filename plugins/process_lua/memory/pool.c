/* SPDX-License-Identifier: MIT */
/*
 * A pool in the manner of Bonwick's magazines: free slots hang together in
 * batches, and only whole batches go to and from the depot. Each processor has
 * a stock of two, so that who takes and gives in turn stays away from there.
 *
 * A stock is locked although hardly ever anybody else wants it, since a thread
 * may be moved between two instructions. Who finds it taken goes to the next.
 *
 * Under AddressSanitizer each slot is one of malloc's, so that misuse is seen.
 */

#include "memory/pool.h"

#include "memory/asan.h"
#include "memory/spare.h"

#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define STOCKS 8
#define BATCH  32

/* Slabs are small as long as there are few slots, then huge pages. */
#define SLAB_MIN  ((size_t)64 << 10)
#define SLAB_HUGE ((size_t)2 << 20)

struct slot {
    struct slot *next;       /* In its batch. */
    struct slot *next_batch; /* Of the first one of a batch in the depot. */
};

struct stock {
    alignas(64) pthread_mutex_t lock;
    struct slot *open;       /* Is taken from and given to; */
    size_t n_open;           /* so many of a batch. */
    struct slot *spare;      /* A whole batch, or none. */
    unsigned char *at, *end; /* Memory that was never a slot. */
};

struct slab {
    struct slab *next;
    unsigned char *base;
    size_t len;
    void *block; /* Of an embedder's allocator, in which it lies; or NULL. */
};

struct kl__pool {
    struct stock stocks[STOCKS];
    size_t slot_len;
    alignas(64) pthread_mutex_t lock; /* Guards what follows. */
    struct slot *batches;
    const struct kl__spares *spares;
    struct slab *slabs;      /* The newest first, and */
    unsigned char *at, *end; /* what is left of it. */
};

static struct stock *lock_stock(struct kl__pool *pool);
static void refill(struct kl__pool *pool, struct stock *stock);
static void put_batch(struct kl__pool *pool, struct slot *batch);
static void *cut(struct kl__pool *pool, struct stock *stock);
static int cut_batch(struct kl__pool *pool, struct stock *stock);
static int add_slab(struct kl__pool *pool);
static size_t next_slab_len(const struct kl__pool *pool);
static unsigned char *map(
    const struct kl__pool *pool, struct slab *slab, size_t len);
static void unmap(const struct kl__pool *pool, struct slab *slab);

struct kl__pool *
kl__pool_new(size_t slot_len, const struct kl__spares *spares)
{
    struct kl__pool *pool =
        aligned_alloc(alignof(struct kl__pool), sizeof(*pool));

    if (pool == NULL)
        return NULL;
    memset(pool, 0, sizeof(*pool));
    for (int i = 0; i < STOCKS; i++)
        pthread_mutex_init(&pool->stocks[i].lock, NULL);
    pthread_mutex_init(&pool->lock, NULL);
    pool->slot_len = slot_len;
    pool->spares = spares;
    return pool;
}

void
kl__pool_free(struct kl__pool *pool)
{
    struct slab *slab;

    if (pool == NULL)
        return;
    while ((slab = pool->slabs) != NULL) {
        pool->slabs = slab->next;
        unmap(pool, slab);
        free(slab);
    }
    for (int i = 0; i < STOCKS; i++)
        pthread_mutex_destroy(&pool->stocks[i].lock);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

size_t
kl__pool_slot_len(const struct kl__pool *pool)
{
    return pool->slot_len;
}

void *
kl__pool_take(struct kl__pool *pool)
{
    struct stock *stock;
    struct slot *slot;

    if (KL_ASAN)
        return aligned_alloc(KL_SLOT_ALIGN, pool->slot_len);
    stock = lock_stock(pool);
    if (stock->open == NULL)
        refill(pool, stock);
    slot = stock->open;
    if (slot != NULL) {
        stock->open = slot->next;
        stock->n_open--;
    } else {
        slot = cut(pool, stock);
    }
    pthread_mutex_unlock(&stock->lock);
    return slot;
}

void
kl__pool_give(struct kl__pool *pool, void *slot)
{
    struct slot *given = slot;
    struct stock *stock;

    if (KL_ASAN) {
        free(slot);
        return;
    }
    stock = lock_stock(pool);
    if (stock->n_open == BATCH) {
        if (stock->spare != NULL)
            put_batch(pool, stock->spare);
        stock->spare = stock->open;
        stock->open = NULL;
        stock->n_open = 0;
    }
    given->next = stock->open;
    stock->open = given;
    stock->n_open++;
    pthread_mutex_unlock(&stock->lock);
}

static struct stock *
lock_stock(struct kl__pool *pool)
{
    unsigned first = (unsigned)sched_getcpu();

    for (unsigned i = 0; i < STOCKS; i++) {
        struct stock *stock = &pool->stocks[(first + i) % STOCKS];

        if (pthread_mutex_trylock(&stock->lock) == 0)
            return stock;
    }
    pthread_mutex_lock(&pool->stocks[first % STOCKS].lock);
    return &pool->stocks[first % STOCKS];
}

/* Opens the spare batch, or one of the depot. There may be none. */
static void
refill(struct kl__pool *pool, struct stock *stock)
{
    struct slot *batch = stock->spare;

    stock->spare = NULL;
    if (batch == NULL) {
        pthread_mutex_lock(&pool->lock);
        batch = pool->batches;
        if (batch != NULL)
            pool->batches = batch->next_batch;
        pthread_mutex_unlock(&pool->lock);
    }
    stock->open = batch;
    stock->n_open = batch == NULL ? 0 : BATCH;
}

static void
put_batch(struct kl__pool *pool, struct slot *batch)
{
    pthread_mutex_lock(&pool->lock);
    batch->next_batch = pool->batches;
    pool->batches = batch;
    pthread_mutex_unlock(&pool->lock);
}

/* A slot that was never used, or NULL without memory. */
static void *
cut(struct kl__pool *pool, struct stock *stock)
{
    if (stock->at == stock->end && cut_batch(pool, stock) != 0)
        return NULL;
    stock->at += pool->slot_len;
    return stock->at - pool->slot_len;
}

/* The stock gets memory for a batch, or for what is left of the slab. */
static int
cut_batch(struct kl__pool *pool, struct stock *stock)
{
    size_t len = pool->slot_len * BATCH;
    int status = 0;

    pthread_mutex_lock(&pool->lock);
    if (pool->at == pool->end)
        status = add_slab(pool);
    if (status == 0) {
        if (len > (size_t)(pool->end - pool->at))
            len = (size_t)(pool->end - pool->at);
        stock->at = pool->at;
        stock->end = pool->at += len;
    }
    pthread_mutex_unlock(&pool->lock);
    return status;
}

static int
add_slab(struct kl__pool *pool)
{
    struct slab *slab = malloc(sizeof(*slab));
    size_t len = next_slab_len(pool);

    if (slab == NULL)
        return -1;
    slab->base = map(pool, slab, len);
    if (slab->base == NULL) {
        free(slab);
        return -1;
    }
    slab->len = len;
    slab->next = pool->slabs;
    pool->slabs = slab;
    pool->at = slab->base;
    pool->end = slab->base + len / pool->slot_len * pool->slot_len;
    return 0;
}

/* As much as there is already; but a slot of its own may be larger. */
static size_t
next_slab_len(const struct kl__pool *pool)
{
    size_t len = pool->slabs == NULL ? SLAB_MIN : pool->slabs->len * 2;

    if (len > SLAB_HUGE)
        len = SLAB_HUGE;
    while (len < pool->slot_len * 2)
        len *= 2;
    return len;
}

/* Huge pages must begin where one can. */
static unsigned char *
map(const struct kl__pool *pool, struct slab *slab, size_t len)
{
    size_t lead, more = len < SLAB_HUGE ? 0 : SLAB_HUGE;
    unsigned char *base;

    slab->block = NULL;
    if (kl__spares_are_foreign(pool->spares)) {
        slab->block =
            kl__spare_realloc(pool->spares, NULL, len + KL_SLOT_ALIGN);
        base = slab->block;
        lead = (size_t)(-(uintptr_t)base % KL_SLOT_ALIGN);
        return base == NULL ? NULL : base + lead;
    }
    base = mmap(NULL, len + more, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (base == MAP_FAILED)
        return NULL;
    if (more == 0)
        return base;
    lead = (size_t)(-(uintptr_t)base % SLAB_HUGE);
    if (lead > 0)
        munmap(base, lead);
    if (more > lead)
        munmap(base + lead + len, more - lead);
    madvise(base + lead, len, MADV_HUGEPAGE);
    return base + lead;
}

static void
unmap(const struct kl__pool *pool, struct slab *slab)
{
    if (slab->block != NULL)
        kl__spare_free(pool->spares, slab->block);
    else
        munmap(slab->base, slab->len);
}
