/* SPDX-License-Identifier: MIT */
/*
 * How long a restart waits (semantics S14). Pure: chance comes from outside.
 */
#ifndef KS_BACKOFF_H
#define KS_BACKOFF_H

#include <stdint.h>

struct backoff {
    int64_t initial_ns;
    int64_t max_ns;
    int64_t reset_ns; /* A run as long as this is no failure in a row. */
    double factor;
    double jitter; /* Part by which a delay varies; 0: not at all. */
};

/* What a record has that says nothing else. */
extern const struct backoff ks__backoff_default;

/*
 * The delay before the nth restart in a row, from 1. `chance` is any number;
 * equal ones give equal delays.
 */
uint64_t ks__backoff_delay(
    const struct backoff *rule, unsigned nth, uint64_t chance);

#endif
