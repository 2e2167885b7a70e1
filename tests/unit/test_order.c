/* SPDX-License-Identifier: MIT */
/*
 * Order of things that need each other.
 */

#include "text_check.h"

#include "entry/order.h"

struct order {
    size_t n;
    size_t first[16];
    size_t to[32];
    char cycles[256];
};

static void
add_cycle(void *arg, const size_t *things, size_t n)
{
    struct order *order = arg;
    size_t len = strlen(order->cycles);
    size_t i;

    for (i = 0; i < n; i++)
        len += (size_t)snprintf(order->cycles + len,
            sizeof(order->cycles) - len, "%zu ", things[i]);
    snprintf(order->cycles + len, sizeof(order->cycles) - len, "; ");
}

/* `needs`: for each thing the digits it needs, separated by commas. */
static void
check_order(const char *needs, const char *expected, const char *cycles)
{
    struct order order = {.n = 0};
    struct kd__order_graph graph = {0, order.first, order.to};
    size_t out[16];
    char text[64] = "";
    size_t n_to = 0;
    size_t i;

    for (;; needs++) {
        if (*needs >= '0' && *needs <= '9') {
            order.to[n_to++] = (size_t)(*needs - '0');
            continue;
        }
        order.first[++order.n] = n_to;
        if (*needs == '\0')
            break;
    }
    graph.n = order.n;
    CU_ASSERT_EQUAL(kd__order_sort(&graph, out, add_cycle, &order), KD_OK);
    for (i = 0; i < order.n; i++)
        sprintf(text + strlen(text), "%zu", out[i]);
    check_text("order", text, expected);
    check_text("cycles", order.cycles, cycles);
}

static void
test_sort_when_nothing_is_needed_then_as_numbered(void)
{
    check_order("", "0", "");
    check_order(",,", "012", "");
}

static void
test_sort_when_needed_then_before(void)
{
    check_order("1,2,", "210", "");
    check_order("2,2,", "201", "");
    check_order("12,3,3,", "3120", "");
    check_order(",0,1,2", "0123", "");
}

static void
test_sort_when_needed_twice_then_once(void)
{
    check_order("11,", "10", "");
}

static void
test_sort_when_in_a_cycle_then_told(void)
{
    check_order("0", "0", "0 ; ");
    check_order("1,0", "10", "0 1 ; ");
    check_order("1,2,1", "210", "1 2 ; ");
    check_order("1,2,3,1,", "32104", "1 2 3 ; ");
    check_order("1,0,3,2", "1032", "0 1 ; 2 3 ; ");
}

static void
test_sort_when_a_chain_is_long_then_no_deep_stack(void)
{
    const size_t n = 1000000;
    struct kd__order_graph graph = {n, NULL, NULL};
    size_t *first = malloc((n + 1) * sizeof(*first));
    size_t *to = malloc(n * sizeof(*to));
    size_t *out = malloc(n * sizeof(*out));
    size_t i;

    CU_ASSERT_FATAL(first != NULL && to != NULL && out != NULL);
    for (i = 0; i < n; i++) {
        first[i] = i;
        to[i] = i + 1;
    }
    first[n] = n - 1;
    graph.first = first;
    graph.to = to;
    CU_ASSERT_EQUAL(kd__order_sort(&graph, out, NULL, NULL), KD_OK);
    CU_ASSERT_EQUAL(out[0], n - 1);
    CU_ASSERT_EQUAL(out[n - 1], 0);
    free(first);
    free(to);
    free(out);
}

static const struct test_case tests[] = {
    TEST(test_sort_when_nothing_is_needed_then_as_numbered),
    TEST(test_sort_when_needed_then_before),
    TEST(test_sort_when_needed_twice_then_once),
    TEST(test_sort_when_in_a_cycle_then_told),
    TEST(test_sort_when_a_chain_is_long_then_no_deep_stack),
};

TEST_MAIN("order")
