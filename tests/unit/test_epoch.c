/* SPDX-License-Identifier: MIT */
/*
 * Epochs: nothing is freed while somebody could have it, all is in the end.
 */

#include "proc/epoch.h"

#include "harness.h"

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

static const struct test_case tests[] = {
    TEST(test_retire_when_nobody_is_inside_then_freed_soon),
    TEST(test_retire_when_somebody_is_inside_then_kept),
    TEST(test_visit_when_inside_then_guests_count_too),
};

TEST_MAIN("epoch")
