/* SPDX-License-Identifier: MIT */
/*
 * The queue for all workers: first in, first out, however it is used.
 */

#include "harness.h"

#include "process_host/inject.h"

/* More than one of each of its lists, and no multiple of their number. */
#define NODES 101

static struct node nodes[NODES];

/* Push and take by turns, so many at a time; each once, in order. */
static void
check_order(size_t push, size_t take)
{
    struct inject inject;
    void *in[NODES];
    void *out[NODES];
    size_t pushed = 0;
    size_t taken = 0;
    size_t n;
    size_t i;

    kh__inject_init(&inject);
    for (i = 0; i < NODES; i++)
        in[i] = &nodes[i];
    while (taken < NODES) {
        n = NODES - pushed < push ? NODES - pushed : push;
        kh__inject_push(&inject, &in[pushed], n);
        pushed += n;
        n = kh__inject_take(&inject, out, take);
        CU_ASSERT_EQUAL(n, pushed - taken < take ? pushed - taken : take);
        for (i = 0; i < n; i++)
            CU_ASSERT_PTR_EQUAL(out[i], &nodes[taken + i]);
        taken += n;
        CU_ASSERT_EQUAL(kh__inject_len(&inject), pushed - taken);
    }
    CU_ASSERT_EQUAL(kh__inject_take(&inject, out, NODES), 0);
    kh__inject_fini(&inject);
}

static void
test_inject_hands_out_in_the_order_of_pushing(void)
{
    static const size_t counts[] = {1, 3, INJECT_LISTS, 20, NODES};
    const size_t n = sizeof(counts) / sizeof(counts[0]);

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++)
            check_order(counts[i], counts[k]);
    }
}

static const struct test_case tests[] = {
    TEST(test_inject_hands_out_in_the_order_of_pushing),
};

TEST_MAIN("inject")
