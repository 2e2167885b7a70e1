/* SPDX-License-Identifier: MIT */
/*
 * Whether a service that has failed runs again, and when. The options are a
 * table here: nothing of an application is needed to decide.
 */

#include "harness.h"

#include "supervisor/service_rule.h"

#include <string.h>

#define MS      INT64_C(1000000)
#define SECOND  (1000 * MS)
#define HALFWAY (UINT64_MAX / 2) /* Chance that changes nothing. */

static int64_t max_attempts;
static int64_t stable;
static double jitter;

static const kd_node *
get(const kd_entry *entry, const char *path)
{
    static kd_node node;

    (void)entry;
    node.integer = 0;
    node.number = 0;
    if (strcmp(path, "lifecycle.restart.initial_delay") == 0)
        node.integer = SECOND;
    else if (strcmp(path, "lifecycle.restart.max_delay") == 0)
        node.integer = 90 * SECOND;
    else if (strcmp(path, "lifecycle.stable_threshold") == 0)
        node.integer = stable;
    else if (strcmp(path, "lifecycle.restart.max_attempts") == 0)
        node.integer = max_attempts;
    else if (strcmp(path, "lifecycle.restart.backoff_factor") == 0)
        node.number = 2;
    else if (strcmp(path, "lifecycle.restart.jitter") == 0)
        node.number = jitter;
    else
        return NULL;
    return &node;
}

static const kd_api api = {.size = sizeof(kd_api), .entry_get = get};

static kd_again
decide(uint64_t failures, uint64_t ran_ns, uint32_t flags, uint64_t chance)
{
    kd_run run = {sizeof(run), flags, failures, ran_ns, chance};
    kd_again again = {sizeof(again), 7, 7, 7};

    ks__service_decide(&api, NULL, &run, &again);
    return again;
}

static void
set(int64_t attempts, int64_t stable_ns, double part)
{
    max_attempts = attempts;
    stable = stable_ns;
    jitter = part;
}

/* (semantics L7) */
static void
test_delay_doubles_until_its_bound(void)
{
    static const int64_t seconds[] = {1, 2, 4, 8, 16, 32, 64, 90, 90, 90};

    set(0, 5 * SECOND, 0);
    for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
        kd_again again = decide(i, MS, 0, i * 77);

        CU_ASSERT_EQUAL(again.again, 1);
        CU_ASSERT_EQUAL(again.failures, i + 1);
        CU_ASSERT_EQUAL(again.delay_ns, (uint64_t)(seconds[i] * SECOND));
    }
    CU_ASSERT_EQUAL(
        decide(UINT64_MAX - 1, MS, 0, 0).delay_ns, (uint64_t)(90 * SECOND));
}

/* (semantics L7) */
static void
test_delay_varies_by_its_jitter(void)
{
    set(0, 5 * SECOND, 0.1);
    CU_ASSERT_EQUAL(decide(0, MS, 0, 0).delay_ns, (uint64_t)(900 * MS));
    CU_ASSERT_DOUBLE_EQUAL(
        (double)decide(0, MS, 0, HALFWAY).delay_ns, 1e9, 1e3);
    CU_ASSERT_DOUBLE_EQUAL(
        (double)decide(0, MS, 0, UINT64_MAX).delay_ns, 1.1e9, 1e3);
}

/* (semantics L6) */
static void
test_long_run_sets_the_count_back(void)
{
    set(0, 5 * SECOND, 0);
    CU_ASSERT_EQUAL(decide(4, 5 * SECOND, 0, 0).failures, 1);
    CU_ASSERT_EQUAL(decide(4, 5 * SECOND, 0, 0).delay_ns, (uint64_t)SECOND);
    CU_ASSERT_EQUAL(decide(4, 5 * SECOND - 1, 0, 0).failures, 5);
    /* What did not even start was no run, however short one need be. */
    set(0, 0, 0);
    CU_ASSERT_EQUAL(decide(4, 1, 0, 0).failures, 1);
    CU_ASSERT_EQUAL(decide(4, 0, 0, 0).failures, 5);
}

/* (semantics L6) */
static void
test_attempts_are_runs_in_a_row(void)
{
    set(3, 5 * SECOND, 0);
    CU_ASSERT_EQUAL(decide(0, MS, 0, 0).again, 1);
    CU_ASSERT_EQUAL(decide(1, MS, 0, 0).again, 1);
    CU_ASSERT_EQUAL(decide(2, MS, 0, 0).again, 0);
    CU_ASSERT_EQUAL(decide(2, MS, 0, 0).failures, 3);
    CU_ASSERT_EQUAL(decide(2, 5 * SECOND, 0, 0).again, 1);
    set(1, 5 * SECOND, 0);
    CU_ASSERT_EQUAL(decide(0, MS, 0, 0).again, 0);
}

/* (semantics L5, K12) */
static void
test_final_error_is_the_last(void)
{
    set(0, 5 * SECOND, 0);
    CU_ASSERT_EQUAL(decide(0, MS, KD_ERROR_FINAL, 0).again, 0);
    CU_ASSERT_EQUAL(decide(0, 9 * SECOND, KD_ERROR_FINAL, 0).again, 0);
    CU_ASSERT_EQUAL(decide(0, MS, KD_ERROR_RETRYABLE, 0).again, 1);
}

static const struct test_case tests[] = {
    TEST(test_delay_doubles_until_its_bound),
    TEST(test_delay_varies_by_its_jitter),
    TEST(test_long_run_sets_the_count_back),
    TEST(test_attempts_are_runs_in_a_row),
    TEST(test_final_error_is_the_last),
};

TEST_MAIN("service_rule")
