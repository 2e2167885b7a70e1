/* SPDX-License-Identifier: MIT */
/*
 * The table of slots: serials are never used again (semantics P1).
 */

#include "proc/table.h"

#include "harness.h"

#define MANY 20000

/* The table only keeps the address. */
static struct kd__proc *
proc_fake(size_t i)
{
    static char places[MANY];

    return (struct kd__proc *)(void *)&places[i];
}

static int
serial_compare(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void
test_find_when_published_then_found_until_removed(void)
{
    struct kd__table table;
    uint64_t serial = 0;

    CU_ASSERT_EQUAL_FATAL(kd__table_init(&table), KD_OK);
    CU_ASSERT_PTR_NULL(kd__table_find(&table, 12345));
    CU_ASSERT_EQUAL(kd__table_reserve(&table, &serial), KD_OK);
    CU_ASSERT_NOT_EQUAL(serial, 0);
    CU_ASSERT_PTR_NULL(kd__table_find(&table, serial));
    kd__table_publish(&table, serial, proc_fake(1));
    CU_ASSERT_PTR_EQUAL(kd__table_find(&table, serial), proc_fake(1));
    kd__table_remove(&table, serial);
    CU_ASSERT_PTR_NULL(kd__table_find(&table, serial));
    kd__table_fini(&table);
}

/* (semantics P1) */
static void
test_reserve_when_slots_are_reused_then_no_serial_comes_twice(void)
{
    static uint64_t serials[MANY];
    struct kd__table table;

    CU_ASSERT_EQUAL_FATAL(kd__table_init(&table), KD_OK);
    for (size_t i = 0; i < MANY; i++) {
        CU_ASSERT_EQUAL_FATAL(kd__table_reserve(&table, &serials[i]), KD_OK);
        kd__table_publish(&table, serials[i], proc_fake(i));
        /* A few stay, so that slots come back in another order. */
        if (i % 7 != 0) {
            kd__table_remove(&table, serials[i]);
            kd__table_release(&table, serials[i]);
        }
    }
    CU_ASSERT(table.n_slots < MANY / 2);
    for (size_t i = 0; i < MANY; i += 7)
        CU_ASSERT_PTR_EQUAL(kd__table_find(&table, serials[i]), proc_fake(i));
    qsort(serials, MANY, sizeof(serials[0]), serial_compare);
    for (size_t i = 1; i < MANY; i++)
        CU_ASSERT_NOT_EQUAL(serials[i - 1], serials[i]);
    kd__table_fini(&table);
}

/* (semantics P1) */
static void
test_release_when_generations_are_spent_then_the_slot_retires(void)
{
    struct kd__table table;
    uint64_t serial = 0;
    uint64_t other = 0;

    CU_ASSERT_EQUAL_FATAL(kd__table_init(&table), KD_OK);
    kd__table_reserve(&table, &serial);
    kd__table_release(&table, serial);
    CU_ASSERT_EQUAL(table.n_free, 1);
    table.n_free = 0;
    table.free_first = table.free_last = UINT32_MAX;
    atomic_load(&table.chunks[0])[0].generation = UINT64_MAX >> 28;
    kd__table_release(&table, serial);
    CU_ASSERT_EQUAL(table.n_free, 0);
    kd__table_reserve(&table, &other);
    CU_ASSERT_NOT_EQUAL(other & 0xfffffff, serial & 0xfffffff);
    kd__table_fini(&table);
}

static const struct test_case tests[] = {
    TEST(test_find_when_published_then_found_until_removed),
    TEST(test_reserve_when_slots_are_reused_then_no_serial_comes_twice),
    TEST(test_release_when_generations_are_spent_then_the_slot_retires),
};

TEST_MAIN("table")
