/* SPDX-License-Identifier: MIT */
/*
 * The harness itself, and the example to copy for a new test: the functions,
 * the table, TEST_MAIN.
 */

#include "harness.h"

static unsigned n_runs;

static void
test_table_when_run_then_in_its_order(void)
{
    CU_ASSERT_EQUAL(n_runs, 0);
    n_runs++;
}

static void
test_table_when_run_then_to_its_end(void)
{
    CU_ASSERT_EQUAL(n_runs, 1);
    n_runs++;
}

static const struct test_case tests[] = {
    TEST(test_table_when_run_then_in_its_order),
    TEST(test_table_when_run_then_to_its_end),
};

TEST_MAIN("harness")
