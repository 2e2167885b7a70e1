/* SPDX-License-Identifier: MIT */
/*
 * Blocks and the one-word lock: what one thread frees, another gets; nobody
 * gets a block that somebody has; nothing is lost.
 */

#include "harness.h"

#include "base/block.h"

#include <pthread.h>
#include <string.h>

#define THREADS 4
#define ROUNDS  20000
#define HELD    64

/* Blocks on their way from thread to thread, each with its size in it. */
static struct {
    struct kd__lock lock;
    void *blocks[HELD];
    size_t sizes[HELD];
} market;

static struct kd__depot depot;
static long counted;

static size_t
random_size(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return 1 + (*random >> 8) % (KD__BLOCK_MAX + 64);
}

/* Put a block into a place of the market, and take out what was there. */
static void *
exchange(size_t at, void *block, size_t *size)
{
    void *old;
    size_t old_size;

    kd__lock_take(&market.lock);
    old = market.blocks[at];
    old_size = market.sizes[at];
    market.blocks[at] = block;
    market.sizes[at] = *size;
    counted++;
    kd__lock_drop(&market.lock);
    *size = old_size;
    return old;
}

static int
is_filled(const unsigned char *block, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (block[i] != (unsigned char)size)
            return 0;
    }
    return 1;
}

static void *
trade(void *arg)
{
    uint32_t random = *(uint32_t *)arg;
    struct kd__blocks blocks;
    uintptr_t wrong = 0;
    size_t size;
    void *block;

    kd__blocks_init(&blocks, &depot);
    kd__blocks_here = random % 4 == 3 ? NULL : &blocks; /* One has none. */
    for (int i = 0; i < ROUNDS; i++) {
        size = random_size(&random);
        block = kd__block_new(size);
        if (block == NULL)
            return (void *)1;
        memset(block, (int)(unsigned char)size, size);
        block = exchange(random % HELD, block, &size);
        if (block != NULL)
            wrong += !is_filled(block, size);
        kd__block_free(block, size);
    }
    kd__blocks_here = NULL;
    kd__blocks_fini(&blocks);
    return (void *)wrong;
}

static void
test_blocks_when_traded_among_threads_then_each_has_one_owner(void)
{
    static uint32_t seeds[THREADS] = {0, 1, 2, 3};
    pthread_t threads[THREADS];
    void *wrong;

    kd__depot_init(&depot);
    kd__lock_init(&market.lock);
    for (int i = 0; i < THREADS; i++)
        CU_ASSERT_EQUAL(pthread_create(&threads[i], NULL, trade, &seeds[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &wrong);
        CU_ASSERT_PTR_NULL(wrong);
    }
    CU_ASSERT_EQUAL(counted, THREADS * ROUNDS);
    for (int i = 0; i < HELD; i++)
        kd__block_free(market.blocks[i], market.sizes[i]);
    kd__lock_fini(&market.lock);
    kd__depot_fini(&depot);
}

/* A block of one thread's comes to the other by the depot. */
static void
test_blocks_when_given_then_taken_again_by_another(void)
{
    struct kd__blocks here;
    struct kd__blocks there;
    void *blocks[3 * KD__BLOCK_BATCH];
    size_t n = 3 * KD__BLOCK_BATCH;
    int is_found = 0;
    void *block;

    kd__depot_init(&depot);
    kd__blocks_init(&here, &depot);
    kd__blocks_init(&there, &depot);
    kd__blocks_here = &here;
    for (size_t i = 0; i < n; i++)
        blocks[i] = kd__block_new(100);
    for (size_t i = 0; i < n; i++)
        kd__block_free(blocks[i], 100);
    CU_ASSERT_EQUAL(depot.bytes, (size_t)KD__BLOCK_BATCH * 112);
    kd__blocks_here = &there;
    block = kd__block_new(112);
    for (size_t i = 0; i < n; i++)
        is_found |= blocks[i] == block;
    CU_ASSERT(is_found);
    CU_ASSERT_EQUAL(depot.bytes, 0);
    kd__block_free(block, 112);
    kd__blocks_here = NULL;
    kd__blocks_fini(&here);
    kd__blocks_fini(&there);
    kd__depot_fini(&depot);
}

/* Gives a magazine when the depot has so much. Returns whether it kept it. */
static int
keeps(size_t bytes)
{
    const size_t size = 112;
    struct kd__blocks blocks;
    void *given[KD__BLOCK_BATCH];

    kd__blocks_init(&blocks, &depot);
    for (int i = 0; i < KD__BLOCK_BATCH; i++)
        given[i] = kd__malloc(size);
    kd__blocks_here = &blocks;
    for (int i = 0; i < KD__BLOCK_BATCH; i++)
        kd__block_free(given[i], size);
    kd__block_free(kd__malloc(size), size);
    kd__blocks_here = NULL;
    depot.bytes = bytes;
    kd__blocks_fini(&blocks);
    return depot.bytes != bytes;
}

static void
test_depot_when_it_has_much_then_some_goes_back(void)
{
    const size_t little = (size_t)31 << 20;
    const size_t much = (size_t)64 << 20;
    const size_t most = (size_t)256 << 20;
    int kept = 0;

    kd__depot_init(&depot);
    for (int i = 0; i < 64; i++)
        CU_ASSERT(keeps(little));
    for (int i = 0; i < 64; i++)
        kept += keeps(much);
    CU_ASSERT_EQUAL(kept, 56);
    CU_ASSERT_FALSE(keeps(most));
    kd__depot_fini(&depot);
}

static const struct test_case tests[] = {
    TEST(test_blocks_when_traded_among_threads_then_each_has_one_owner),
    TEST(test_blocks_when_given_then_taken_again_by_another),
    TEST(test_depot_when_it_has_much_then_some_goes_back),
};

TEST_MAIN("block")
