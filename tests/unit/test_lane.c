/* SPDX-License-Identifier: MIT */
/*
 * Lanes: what a slice has given, and to whom.
 */

#include "proc/lane.h"

#include "harness.h"

#include <string.h>

/* As many as a slice gives before it should end. */
#define SLICE 32

static struct kd__system runtime;
static struct kd__host host;
static struct kd__proc procs[3];
static kd_lane *here, *there, *elsewhere;

static void
setup(void)
{
    memset(&runtime, 0, sizeof(runtime));
    memset(procs, 0, sizeof(procs));
    CU_ASSERT_FATAL(kd__epoch_init(&runtime.epoch) == KD_OK);
    kd__depot_init(&runtime.depot);
    host.system = &runtime;
    here = kd__lane_new(&host);
    there = kd__lane_new(&host);
    elsewhere = kd__lane_new(&host);
    CU_ASSERT_FATAL(here != NULL && there != NULL && elsewhere != NULL);
    kd__lane_enter(here);
    kd__lane_begin(here, &procs[0]);
}

static void
teardown(void)
{
    kd__lane_end(here);
    kd__lane_leave(here);
    kd__lane_free(here);
    kd__lane_free(there);
    kd__lane_free(elsewhere);
    kd__depot_fini(&runtime.depot);
    kd__epoch_fini(&runtime.epoch);
}

/* So many messages in turn to the first `among` processes. */
static void
give(unsigned count, unsigned among)
{
    for (unsigned i = 0; i < count; i++)
        kd__lane_gave(&procs[i % among]);
}

static void
test_slice_when_it_has_given_much_then_should_end(void)
{
    setup();
    give(SLICE - 1, 1);
    CU_ASSERT(atomic_load(&here->yield) == 0);
    give(1, 1);
    CU_ASSERT(atomic_load(&here->yield) != 0);
    teardown();
}

static void
test_giving_when_most_go_to_one_elsewhere_then_its_lane(void)
{
    setup();
    atomic_store(&procs[0].lane, there);
    CU_ASSERT_PTR_NULL(kd__lane_giving(here));
    give(SLICE, 1);
    CU_ASSERT_PTR_NULL(kd__lane_giving(here));
    give(10 * SLICE, 1);
    CU_ASSERT_PTR_EQUAL(kd__lane_giving(here), there);
    /* That is forgotten then. */
    CU_ASSERT_PTR_NULL(kd__lane_giving(here));
    /* Some for others change nothing, nor that it moves. */
    atomic_store(&procs[0].lane, elsewhere);
    for (int i = 0; i < 10 * SLICE; i++) {
        give(9, 1);
        kd__lane_gave(&procs[1]);
    }
    CU_ASSERT_PTR_EQUAL(kd__lane_giving(here), elsewhere);
    teardown();
}

static void
test_giving_when_it_is_now_for_another_then_that_ones_lane(void)
{
    setup();
    atomic_store(&procs[0].lane, there);
    atomic_store(&procs[1].lane, elsewhere);
    give(1000 * SLICE, 1);
    for (int i = 0; i < 20 * SLICE; i++)
        kd__lane_gave(&procs[1]);
    CU_ASSERT_PTR_EQUAL(kd__lane_giving(here), elsewhere);
    teardown();
}

static void
test_giving_when_it_is_here_or_to_several_then_none(void)
{
    setup();
    atomic_store(&procs[0].lane, here);
    give(10 * SLICE, 1);
    CU_ASSERT_PTR_NULL(kd__lane_giving(here));
    for (int i = 0; i < 3; i++)
        atomic_store(&procs[i].lane, there);
    for (int i = 0; i < 1000; i++) {
        give(10 * SLICE, 2);
        CU_ASSERT_PTR_NULL(kd__lane_giving(here));
        give(10 * SLICE, 3);
        CU_ASSERT_PTR_NULL(kd__lane_giving(here));
    }
    teardown();
}

static const struct test_case tests[] = {
    TEST(test_slice_when_it_has_given_much_then_should_end),
    TEST(test_giving_when_most_go_to_one_elsewhere_then_its_lane),
    TEST(test_giving_when_it_is_now_for_another_then_that_ones_lane),
    TEST(test_giving_when_it_is_here_or_to_several_then_none),
};

TEST_MAIN("lane")
