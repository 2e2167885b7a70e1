/* SPDX-License-Identifier: MIT */
/*
 * Epochs: nothing is freed while somebody could have it, all is in the end.
 */

#include "proc/epoch.h"

#include "harness.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define MANY 1000

struct thing {
    struct kd__retired retired;
    int freed;
};

static struct thing things[MANY];
static int n_freed;

static void
thing_free(struct kd__retired *retired)
{
    KD_CONTAINER_OF(retired, struct thing, retired)->freed++;
    n_freed++;
}

static void
retire_all(struct kd__epoch *epoch, struct kd__participant *participant)
{
    for (size_t i = 0; i < MANY; i++) {
        things[i].freed = 0;
        kd__epoch_enter(epoch, participant);
        kd__epoch_retire(epoch, participant, &things[i].retired, thing_free);
        kd__epoch_leave(participant);
    }
}

static void
test_retire_when_nobody_is_inside_then_freed_soon(void)
{
    struct kd__epoch epoch;
    struct kd__participant self;

    n_freed = 0;
    CU_ASSERT_EQUAL_FATAL(kd__epoch_init(&epoch), KD_OK);
    kd__epoch_add(&epoch, &self);
    retire_all(&epoch, &self);
    CU_ASSERT(n_freed > MANY / 2);
    kd__epoch_remove(&epoch, &self);
    kd__epoch_fini(&epoch);
    CU_ASSERT_EQUAL(n_freed, MANY);
}

static void
test_retire_when_somebody_is_inside_then_kept(void)
{
    struct kd__epoch epoch;
    struct kd__participant self;
    struct kd__participant other;

    n_freed = 0;
    CU_ASSERT_EQUAL_FATAL(kd__epoch_init(&epoch), KD_OK);
    kd__epoch_add(&epoch, &self);
    kd__epoch_add(&epoch, &other);
    kd__epoch_enter(&epoch, &other);
    retire_all(&epoch, &self);
    CU_ASSERT_EQUAL(n_freed, 0);
    kd__epoch_leave(&other);
    kd__epoch_remove(&epoch, &other);
    kd__epoch_remove(&epoch, &self);
    kd__epoch_fini(&epoch);
    CU_ASSERT_EQUAL(n_freed, MANY);
    for (size_t i = 0; i < MANY; i++)
        CU_ASSERT_EQUAL(things[i].freed, 1);
}

static void
test_visit_when_inside_then_guests_count_too(void)
{
    struct kd__epoch epoch;
    struct kd__participant self;
    struct kd__guest *guest;

    n_freed = 0;
    CU_ASSERT_EQUAL_FATAL(kd__epoch_init(&epoch), KD_OK);
    kd__epoch_add(&epoch, &self);
    guest = kd__epoch_visit(&epoch);
    retire_all(&epoch, &self);
    CU_ASSERT_EQUAL(n_freed, 0);
    kd__epoch_depart(guest);
    kd__epoch_remove(&epoch, &self);
    kd__epoch_fini(&epoch);
    CU_ASSERT_EQUAL(n_freed, MANY);
}

static atomic_int n_visitors;

static void *
visit(void *arg)
{
    struct kd__epoch *epoch = arg;

    atomic_fetch_add(&n_visitors, 1);
    kd__epoch_depart(kd__epoch_visit(epoch));
    return NULL;
}

/*
 * The visitor must not wait for a certain one: that may be his own, or belong
 * to one who waits for him. He has had the time to find none free, most likely.
 */
static void
test_visit_when_one_guest_becomes_free_then_that(void)
{
    struct kd__epoch epoch;
    struct kd__guest *guests[KD__EPOCH_GUESTS];
    pthread_t thread;

    CU_ASSERT_EQUAL_FATAL(kd__epoch_init(&epoch), KD_OK);
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++)
        guests[i] = kd__epoch_visit(&epoch);
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++) {
        atomic_store(&n_visitors, 0);
        CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, visit, &epoch), 0);
        while (atomic_load(&n_visitors) == 0)
            sched_yield();
        for (int pause = 0; pause < 1000; pause++)
            sched_yield();
        kd__epoch_depart(guests[i]);
        pthread_join(thread, NULL);
        guests[i] = kd__epoch_visit(&epoch);
    }
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++)
        kd__epoch_depart(guests[i]);
    kd__epoch_fini(&epoch);
}

static const struct test_case tests[] = {
    TEST(test_retire_when_nobody_is_inside_then_freed_soon),
    TEST(test_retire_when_somebody_is_inside_then_kept),
    TEST(test_visit_when_inside_then_guests_count_too),
    TEST(test_visit_when_one_guest_becomes_free_then_that),
};

TEST_MAIN("epoch")
