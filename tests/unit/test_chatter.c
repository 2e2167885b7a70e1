/* SPDX-License-Identifier: MIT */
/*
 * When a runner of process.host keeps its queue to itself.
 */

#include "harness.h"

#include "process_host/chatter.h"

/* So many looks tell enough of anything. */
#define LOOKS_MAX 1000

static const struct chatter_seen brief = {3000, 1, 1, 1};
static const struct chatter_seen among_others = {60000, 12, 1, 1};
static const struct chatter_seen whole = {1000000, 1, 1, 1};
static const struct chatter_seen working = {60000, 2, 1, 1};
static const struct chatter_seen waited = {8000, 1, 0, 1};

/* Looks until the answer is no, which they must be for. */
static int
looks_kept(struct chatter *chatter, const struct chatter_seen *seen)
{
    int looks = 0;

    while (looks < LOOKS_MAX && kh__chatter_look(chatter, seen))
        looks++;
    CU_ASSERT(looks < LOOKS_MAX);
    return looks;
}

static void
test_queue_when_slices_are_whole_or_wait_is_shared(void)
{
    struct chatter chatter = {0};

    CU_ASSERT_FALSE(kh__chatter_look(&chatter, &whole));
    CU_ASSERT_FALSE(kh__chatter_look(&chatter, &working));
    CU_ASSERT_FALSE(kh__chatter_look(&chatter, &waited));
}

static void
test_queue_when_slices_are_given_up_early_is_kept(void)
{
    struct chatter chatter = {0};
    int i;

    for (i = 0; i < LOOKS_MAX; i++)
        CU_ASSERT(kh__chatter_look(&chatter, &brief));
    /* Others' slices between them do not change that, for a while. */
    CU_ASSERT(looks_kept(&chatter, &waited) > 4);
    CU_ASSERT_FALSE(kh__chatter_look(&chatter, &waited));
}

/* The clock is read once in many slices: one that gives among many short ones
 * is seen in the mean of all. */
static void
test_queue_when_a_giver_runs_among_short_ones_is_kept(void)
{
    struct chatter chatter = {0};

    CU_ASSERT(kh__chatter_look(&chatter, &among_others));
}

static void
test_queue_when_somebody_waits_for_a_slice_is_shared(void)
{
    const struct chatter_seen unserved = {10000, 1, 1, 0};
    struct chatter chatter = {0};

    CU_ASSERT(looks_kept(&chatter, &unserved) >=
              (int)(CHATTER_PATIENCE_NS / unserved.since_ns) - 1);
    CU_ASSERT_FALSE(kh__chatter_look(&chatter, &unserved));
    CU_ASSERT(kh__chatter_look(&chatter, &brief));
}

static void
test_queue_when_the_thread_was_kept_away_once_is_kept(void)
{
    const struct chatter_seen away = {5 * CHATTER_PATIENCE_NS, 1, 0, 0};
    struct chatter chatter = {0};

    CU_ASSERT(kh__chatter_look(&chatter, &brief));
    CU_ASSERT(kh__chatter_look(&chatter, &away));
    CU_ASSERT(kh__chatter_look(&chatter, &brief));
    CU_ASSERT(looks_kept(&chatter, &away) > 1);
}

static const struct test_case tests[] = {
    TEST(test_queue_when_slices_are_whole_or_wait_is_shared),
    TEST(test_queue_when_slices_are_given_up_early_is_kept),
    TEST(test_queue_when_a_giver_runs_among_short_ones_is_kept),
    TEST(test_queue_when_somebody_waits_for_a_slice_is_shared),
    TEST(test_queue_when_the_thread_was_kept_away_once_is_kept),
};

TEST_MAIN("chatter")
