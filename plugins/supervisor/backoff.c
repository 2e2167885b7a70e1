/* SPDX-License-Identifier: MIT */
/*
 * Delays grow by a factor until they reach their bound.
 */

#include "backoff.h"

const struct backoff ks__backoff_default = {
    .initial_ns = 0,
    .max_ns = INT64_C(30) * 1000000000,
    .reset_ns = INT64_C(5) * 1000000000,
    .factor = 2.0,
    .jitter = 0.1,
};

static double vary(double delay, double jitter, uint64_t chance);

/* The loop ends early: doubling reaches any bound in 63 steps. A factor of 1
 * has its own way out. */
uint64_t
ks__backoff_delay(const struct backoff *rule, unsigned nth, uint64_t chance)
{
    const double most = (double)rule->max_ns;
    double delay = (double)rule->initial_ns;

    if (rule->initial_ns <= 0)
        return 0;
    for (; nth > 1 && delay < most && rule->factor > 1; nth--)
        delay *= rule->factor;
    if (delay > most)
        delay = most;
    delay = vary(delay, rule->jitter, chance);
    return delay >= (double)INT64_MAX ? (uint64_t)INT64_MAX : (uint64_t)delay;
}

/* A factor in [1 - jitter, 1 + jitter], from the upper 53 bits. */
static double
vary(double delay, double jitter, uint64_t chance)
{
    const double unit = (double)(chance >> 11) * 0x1p-53;

    return delay * (1 + jitter * (2 * unit - 1));
}
