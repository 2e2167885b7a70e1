/* SPDX-License-Identifier: MIT */
/*
 * The arena of a Lua state, by random requests against a plain model.
 */

#include "harness.h"

#include "process_lua/memory/asan.h"
#include "process_lua/memory/heap.h"
#include "process_lua/memory/spare.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

#define BLOCKS 300

struct model {
    unsigned char *block;
    size_t len;
    unsigned char fill;
};

static uint64_t seed;

static unsigned
random_below(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static void
check_content(const struct model *m, size_t len)
{
    size_t wrong = 0;

    for (size_t i = 0; i < len; i++)
        wrong += m->block[i] != m->fill;
    CU_ASSERT_EQUAL(wrong, 0);
}

static size_t
random_len(void)
{
    switch (random_below(4)) {
    case 0:
        return 0;
    case 1:
        return random_below(5000);
    default:
        return 1 + random_below(600);
    }
}

static void
step(struct kl__heap *heap, struct model *m, size_t *used, unsigned char fill)
{
    size_t len = random_len();

    m->block = kl__heap_realloc(heap, m->block, m->len, len);
    CU_ASSERT_EQUAL_FATAL(m->block == NULL, len == 0);
    CU_ASSERT_EQUAL((uintptr_t)m->block % 8, 0);
    check_content(m, m->len < len ? m->len : len);
    *used = *used - m->len + len;
    m->len = len;
    m->fill = fill;
    if (len > 0)
        memset(m->block, m->fill, len);
    CU_ASSERT_EQUAL_FATAL(heap->used, *used);
}

static void
test_random_requests_keep_contents_and_counts(void)
{
    static struct model models[BLOCKS];
    struct kl__heap heap;
    size_t used = 0;

    seed = (uint64_t)time(NULL);
    printf("(seed %llu) ", (unsigned long long)seed);
    kl__heap_init(&heap, 0, NULL);
    for (int i = 0; i < 50000; i++)
        step(&heap, &models[random_below(BLOCKS)], &used, (unsigned char)i);
    kl__heap_fini(&heap);
    CU_ASSERT_PTR_NULL(heap.chunks);
    CU_ASSERT_PTR_NULL(heap.large);
}

/* A home with blocks of all sizes, which then live as any other. */
static void
test_blocks_at_home_are_as_others(void)
{
    static struct model models[BLOCKS];
    static _Alignas(16) unsigned char home[BLOCKS * 1024 + 4096];
    struct kl__heap heap;
    size_t used = 0, at = 0;

    seed = (uint64_t)time(NULL);
    printf("(seed %llu) ", (unsigned long long)seed);
    for (int i = 0; i < BLOCKS; i++) {
        struct model *m = &models[i];

        m->len = 1 + random_below(1000);
        m->block = home + at;
        m->fill = (unsigned char)i;
        memset(m->block, m->fill, m->len);
        at += kl__heap_whole(m->len);
        used += m->len;
    }
    kl__heap_init(&heap, 0, NULL);
    kl__heap_set_home(&heap, home, at + 4096, at, used);
    for (int i = 0; i < 20000; i++)
        step(&heap, &models[random_below(BLOCKS)], &used, (unsigned char)i);
    kl__heap_fini(&heap);
}

static void
use_piece_again(size_t len)
{
    static _Alignas(16) unsigned char home[4096];
    size_t whole = kl__heap_whole(len);
    struct kl__heap heap;
    unsigned char *block;

    kl__heap_init(&heap, 0, NULL);
    kl__heap_set_home(&heap, home, sizeof(home), sizeof(home), len);
    CU_ASSERT_PTR_NULL(kl__heap_realloc(&heap, home + 1024, len, 0));
    for (size_t i = 0; i < whole / 16; i++) {
        block = kl__heap_realloc(&heap, NULL, 0, 16);
        CU_ASSERT(block >= home + 1024 && block < home + 1024 + whole);
    }
    block = kl__heap_realloc(&heap, NULL, 0, 16);
    CU_ASSERT(block < home || block >= home + sizeof(home));
    kl__heap_fini(&heap);
}

/* One that is large, and one that is of the largest small ones. */
static void
test_piece_given_back_at_home_is_used_again(void)
{
    if (KL_ASAN)
        return; /* Nothing is used again there. */
    use_piece_again(2500);
    use_piece_again(2000);
}

/* Also where chunks are at their smallest. */
static void
test_chunk_has_room_for_the_largest_small_block(void)
{
    const size_t len = KL_HEAP_SMALL;
    struct kl__heap heap;

    kl__heap_init(&heap, 0, NULL);
    for (int i = 0; i < 100; i++) {
        CU_ASSERT_PTR_NOT_NULL(kl__heap_realloc(&heap, NULL, 0, len));
        CU_ASSERT(heap.at <= heap.end);
    }
    kl__heap_fini(&heap);
}

static void
test_freed_large_block_serves_another_heap(void)
{
    struct kl__spares spares;
    struct kl__heap one, other;
    void *block, *again;

    kl__spares_init(&spares, NULL);
    kl__heap_init(&one, 0, NULL);
    kl__heap_init(&other, 0, NULL);
    one.spares = other.spares = &spares;
    block = kl__heap_realloc(&one, NULL, 0, 70000);
    kl__heap_realloc(&one, block, 70000, 0);
    again = kl__heap_realloc(&other, NULL, 0, 200000);
    CU_ASSERT_PTR_NOT_EQUAL(again, block);
    again = kl__heap_realloc(&other, NULL, 0, 69000);
    CU_ASSERT_PTR_EQUAL(again, block);
    kl__heap_fini(&other);
    CU_ASSERT_EQUAL(spares.count, 2);
    kl__heap_fini(&one);
    kl__spares_fini(&spares);
}

/* However many are given, few are kept. */
static void
test_freed_large_blocks_are_not_all_kept(void)
{
    struct kl__spares spares;
    struct kl__heap heap;

    kl__spares_init(&spares, NULL);
    kl__heap_init(&heap, 0, NULL);
    heap.spares = &spares;
    for (int i = 0; i < 2 * KL_SPARES; i++)
        kl__heap_realloc(&heap, NULL, 0, 20000);
    kl__heap_realloc(&heap, NULL, 0, 2 * KL_SPARE_MAX);
    kl__heap_fini(&heap);
    CU_ASSERT_EQUAL(spares.count, KL_SPARES);
    kl__spares_fini(&spares);
}

static void
test_freed_small_block_is_used_again(void)
{
    struct kl__heap heap;
    void *first, *second;

    kl__heap_init(&heap, 0, NULL);
    for (int i = 0; i < 100000; i++) {
        first = kl__heap_realloc(&heap, NULL, 0, 40);
        second = kl__heap_realloc(&heap, NULL, 0, 200);
        kl__heap_realloc(&heap, first, 40, 0);
        kl__heap_realloc(&heap, second, 200, 0);
    }
    CU_ASSERT(heap.total <= 8192);
    CU_ASSERT_EQUAL(heap.used, 0);
    kl__heap_fini(&heap);
}

static void
test_request_beyond_all_memory_is_refused(void)
{
    struct kl__heap heap;
    void *block;

    kl__heap_init(&heap, 0, NULL);
    block = kl__heap_realloc(&heap, NULL, 0, 1000);
    CU_ASSERT_PTR_NULL(kl__heap_realloc(&heap, block, 1000, SIZE_MAX - 8));
    CU_ASSERT_EQUAL(heap.used, 1000);
    kl__heap_fini(&heap);
}

static const struct test_case tests[] = {
    TEST(test_random_requests_keep_contents_and_counts),
    TEST(test_blocks_at_home_are_as_others),
    TEST(test_piece_given_back_at_home_is_used_again),
    TEST(test_chunk_has_room_for_the_largest_small_block),
    TEST(test_freed_large_block_serves_another_heap),
    TEST(test_freed_large_blocks_are_not_all_kept),
    TEST(test_freed_small_block_is_used_again),
    TEST(test_request_beyond_all_memory_is_refused),
};

TEST_MAIN("lua_heap")
