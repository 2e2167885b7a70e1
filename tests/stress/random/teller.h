/* SPDX-License-Identifier: MIT */
/*
 * Who tells processes what to do, by the plan, and keeps enough of them alive.
 * Several tellers on different hosts share the steps of a round.
 */
#ifndef TESTS_RANDOM_TELLER_H
#define TESTS_RANDOM_TELLER_H

#include <kindred/worker.h>

/* Set before the first one runs. */
extern struct teller_plan {
    uint64_t seed;
    long n_steps; /* Of each. */
    long n_alive; /* So many processes at least. */
} teller_plan;

extern const kd_worker_kind teller_worker;

#endif
