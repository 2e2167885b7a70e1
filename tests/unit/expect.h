/* SPDX-License-Identifier: MIT */
/*
 * What is expected on threads of a runtime, where CUnit cannot be used: a test
 * looks at `wrong` when they are done.
 */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H

#include <stdatomic.h>
#include <stdio.h>

static atomic_long wrong;

/* The line is what one sees when it fails. */
#define EXPECT(condition)                                                      \
    do {                                                                       \
        if (!(condition)) {                                                    \
            printf("line %d: %s\n", __LINE__, #condition);                     \
            atomic_fetch_add(&wrong, 1);                                       \
        }                                                                      \
    } while (0)

#endif
