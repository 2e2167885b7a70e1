/* SPDX-License-Identifier: MIT */
/*
 * Comparing texts in tests: when they differ, both are shown.
 */
#ifndef TESTS_UNIT_TEXT_CHECK_H
#define TESTS_UNIT_TEXT_CHECK_H

#include "harness.h"

#include <string.h>

static inline void
check_text(const char *name, const char *actual, const char *expected)
{
    int is_equal = strcmp(actual, expected) == 0;

    if (!is_equal)
        printf(
            "\n%s\n--- expected\n%s\n--- actual\n%s\n", name, expected, actual);
    CU_ASSERT(is_equal);
}

#endif
