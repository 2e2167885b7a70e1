/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target is one file, fuzz_NAME.c, with the one function that libFuzzer
 * calls. Configured with --enable-fuzzing (and clang), it is a fuzzer; else it
 * is a test that runs the function over what is in corpus/NAME (replay.c).
 *
 * The function must be the same each time: no clock, no state kept from one
 * input to the next.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What holds for every input. In all builds, unlike assert. */
#define FUZZ_REQUIRE(truth)                                                    \
    do {                                                                       \
        if (!(truth)) {                                                        \
            fprintf(                                                           \
                stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #truth);    \
            abort();                                                           \
        }                                                                      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
