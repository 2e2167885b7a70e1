/* SPDX-License-Identifier: MIT */
/*
 * The map from strings, and the arena that its keys often live in.
 */

#include "harness.h"

#include "base/arena.h"
#include "base/map.h"

#include <stdint.h>
#include <string.h>

static void
test_map_when_empty_then_nothing_is_found(void)
{
    struct kd__map map;

    kd__map_init(&map);
    CU_ASSERT_PTR_NULL(kd__map_get(&map, "a", 1));
    CU_ASSERT_PTR_NULL(kd__map_get(&map, "", 0));
    kd__map_fini(&map);
}

static void
test_map_when_set_twice_then_the_later_value(void)
{
    struct kd__map map;
    int one, two;

    kd__map_init(&map);
    CU_ASSERT_EQUAL(kd__map_set(&map, "a", 1, &one), KD_OK);
    CU_ASSERT_EQUAL(kd__map_set(&map, "a", 1, &two), KD_OK);
    CU_ASSERT_PTR_EQUAL(kd__map_get(&map, "a", 1), &two);
    CU_ASSERT_EQUAL(map.count, 1);
    kd__map_fini(&map);
}

static void
test_map_when_keys_share_a_beginning_then_kept_apart(void)
{
    struct kd__map map;
    int one, two, three;

    kd__map_init(&map);
    CU_ASSERT_EQUAL(kd__map_set(&map, "ab", 1, &one), KD_OK);
    CU_ASSERT_EQUAL(kd__map_set(&map, "ab", 2, &two), KD_OK);
    CU_ASSERT_EQUAL(kd__map_set(&map, "a\0b", 3, &three), KD_OK);
    CU_ASSERT_PTR_EQUAL(kd__map_get(&map, "a", 1), &one);
    CU_ASSERT_PTR_EQUAL(kd__map_get(&map, "ab", 2), &two);
    CU_ASSERT_PTR_EQUAL(kd__map_get(&map, "a\0b", 3), &three);
    kd__map_fini(&map);
}

static void
test_map_when_many_then_all_are_found(void)
{
    static char keys[10000][8];
    struct kd__map map;
    size_t i;

    kd__map_init(&map);
    for (i = 0; i < 10000; i++) {
        snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
        CU_ASSERT_EQUAL_FATAL(
            kd__map_set(&map, keys[i], strlen(keys[i]), keys[i]), KD_OK);
    }
    for (i = 0; i < 10000; i++)
        CU_ASSERT_PTR_EQUAL(
            kd__map_get(&map, keys[i], strlen(keys[i])), keys[i]);
    CU_ASSERT_PTR_NULL(kd__map_get(&map, "k10000", 6));
    CU_ASSERT_EQUAL(map.count, 10000);
    kd__map_fini(&map);
}

static void
test_arena_when_blocks_of_all_sizes_then_zeroed_aligned_and_apart(void)
{
    struct kd__arena arena;
    char *blocks[200];
    size_t i, j;

    kd__arena_init(&arena);
    for (i = 0; i < 200; i++) {
        size_t size = i * i;

        blocks[i] = kd__arena_alloc(&arena, size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(blocks[i]);
        CU_ASSERT_EQUAL((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        for (j = 0; j < size; j++)
            CU_ASSERT_EQUAL_FATAL(blocks[i][j], 0);
        if (size > 0)
            memset(blocks[i], (int)i, size);
    }
    for (i = 1; i < 200; i++) {
        CU_ASSERT_EQUAL(blocks[i][0], (char)i);
        CU_ASSERT_EQUAL(blocks[i][i * i - 1], (char)i);
    }
    kd__arena_fini(&arena);
}

static void
test_arena_when_asked_too_much_then_null(void)
{
    struct kd__arena arena;

    kd__arena_init(&arena);
    CU_ASSERT_PTR_NULL(kd__arena_alloc(&arena, SIZE_MAX));
    CU_ASSERT_PTR_NULL(kd__arena_copy(&arena, "", SIZE_MAX));
    kd__arena_fini(&arena);
}

static void
test_arena_when_copied_then_with_an_end(void)
{
    struct kd__arena arena;
    char *copy;

    kd__arena_init(&arena);
    copy = kd__arena_copy(&arena, "abcdef", 3);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    CU_ASSERT_STRING_EQUAL(copy, "abc");
    kd__arena_fini(&arena);
}

static const struct test_case tests[] = {
    TEST(test_map_when_empty_then_nothing_is_found),
    TEST(test_map_when_set_twice_then_the_later_value),
    TEST(test_map_when_keys_share_a_beginning_then_kept_apart),
    TEST(test_map_when_many_then_all_are_found),
    TEST(test_arena_when_blocks_of_all_sizes_then_zeroed_aligned_and_apart),
    TEST(test_arena_when_asked_too_much_then_null),
    TEST(test_arena_when_copied_then_with_an_end),
};

TEST_MAIN("map")
