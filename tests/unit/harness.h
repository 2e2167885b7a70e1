/* SPDX-License-Identifier: MIT */
/*
 * The main program of a CUnit test: one table of tests, one suite.
 *
 * Define `tests`, an array of struct test_case, and end the file with
 * TEST_MAIN("name"). CUnit prints every test and its own summary; the status
 * is not 0 when anything failed, also when a suite could not be set up.
 */

#ifndef TESTS_UNIT_HARNESS_H
#define TESTS_UNIT_HARNESS_H

#include <CUnit/Basic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct test_case {
    const char *name;
    void (*run)(void);
};

/* The test's name is its function's, so that it need not be written twice. */
#define TEST(function)                                                         \
    {                                                                          \
        .name = #function, .run = function                                     \
    }

static int
harness_run(const char *suite_name, const struct test_case *cases, size_t len)
{
    CU_pSuite suite;
    unsigned bad;
    size_t i;

    /* A crash must not swallow the lines that say which test it was. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
    suite = CU_add_suite(suite_name, NULL, NULL);
    for (i = 0; suite != NULL && i < len; i++) {
        if (CU_add_test(suite, cases[i].name, cases[i].run) == NULL)
            suite = NULL;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    bad = (suite == NULL || CU_basic_run_tests() != CUE_SUCCESS) ? 1 : 0;
    bad += CU_get_number_of_failure_records();
    if (CU_get_number_of_tests_run() != len)
        bad++;
    CU_cleanup_registry();
    return bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define TEST_MAIN(suite_name)                                                  \
    int main(void)                                                             \
    {                                                                          \
        return harness_run(                                                    \
            suite_name, tests, sizeof(tests) / sizeof(tests[0]));              \
    }

#endif
