/* SPDX-License-Identifier: MIT */
/*
 * The pool of slots: no slot is in two hands, whoever takes and gives, and what
 * was given back last is what is taken next.
 */

#include "harness.h"

#include "process_lua/memory/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#define SLOT_LEN ((size_t)1280)
#define THREADS  3
#define HELD     200
#define STEPS    20000

static struct kl__pool *pool;
static atomic_size_t doubled;

/* Two may give what they took in the other's stock: so it goes both ways. */
static void *_Atomic crossing;

static void
mark(unsigned char *slot, uintptr_t owner)
{
    memcpy(slot, &owner, sizeof(owner));
    memcpy(slot + SLOT_LEN - sizeof(owner), &owner, sizeof(owner));
}

static void
check_mark(const unsigned char *slot, uintptr_t owner)
{
    if (memcmp(slot, &owner, sizeof(owner)) != 0 ||
        memcmp(slot + SLOT_LEN - sizeof(owner), &owner, sizeof(owner)) != 0)
        atomic_fetch_add(&doubled, 1);
}

static void *
take_and_give(void *arg)
{
    uintptr_t owner = (uintptr_t)arg;
    uint64_t seed = owner;
    unsigned char *held[HELD] = {NULL};

    for (int i = 0; i < STEPS; i++) {
        size_t which;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        which = (size_t)(seed >> 33) % HELD;
        if (held[which] == NULL) {
            held[which] = kl__pool_take(pool);
            mark(held[which], owner);
        } else {
            check_mark(held[which], owner);
            kl__pool_give(
                pool, atomic_exchange(&crossing, (void *)held[which]));
            held[which] = NULL;
        }
    }
    for (size_t i = 0; i < HELD; i++) {
        if (held[i] != NULL)
            kl__pool_give(pool, held[i]);
    }
    return NULL;
}

static void
test_slots_when_threads_take_and_give_then_have_one_owner(void)
{
    pthread_t threads[THREADS];

    pool = kl__pool_new(SLOT_LEN, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    atomic_store(&crossing, kl__pool_take(pool));
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, take_and_give, (void *)(i + 1));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    kl__pool_give(pool, atomic_load(&crossing));
    CU_ASSERT_EQUAL(atomic_load(&doubled), 0);
    kl__pool_free(pool);
}

static void
test_slots_are_apart_and_aligned(void)
{
    static unsigned char *slots[5000];
    size_t n = sizeof(slots) / sizeof(slots[0]);
    size_t misplaced = 0;

    pool = kl__pool_new(SLOT_LEN, NULL);
    for (uintptr_t i = 0; i < n; i++) {
        slots[i] = kl__pool_take(pool);
        CU_ASSERT_PTR_NOT_NULL_FATAL(slots[i]);
        misplaced += (uintptr_t)slots[i] % KL_SLOT_ALIGN != 0;
        mark(slots[i], i);
    }
    for (uintptr_t i = 0; i < n; i++)
        check_mark(slots[i], i);
    for (size_t i = 0; i < n; i++)
        kl__pool_give(pool, slots[i]);
    CU_ASSERT_EQUAL(misplaced, 0);
    CU_ASSERT_EQUAL(atomic_load(&doubled), 0);
    kl__pool_free(pool);
}

/* One larger than a usual slab has its place too. */
static void
test_slot_of_any_size_can_be_had(void)
{
    for (size_t len = KL_SLOT_ALIGN; len < (size_t)16 << 20; len *= 3) {
        unsigned char *slot;

        pool = kl__pool_new(len, NULL);
        slot = kl__pool_take(pool);
        CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
        slot[0] = slot[len - 1] = 1;
        kl__pool_give(pool, slot);
        kl__pool_free(pool);
    }
}

static const struct test_case tests[] = {
    TEST(test_slots_when_threads_take_and_give_then_have_one_owner),
    TEST(test_slots_are_apart_and_aligned),
    TEST(test_slot_of_any_size_can_be_had),
};

TEST_MAIN("lua_pool")
