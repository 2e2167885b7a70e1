/* SPDX-License-Identifier: MIT */
/*
 * What is to be done next, from a number: pure, so that a seed is a plan. Only
 * when it is done, and what else happens just then, is up to the threads.
 */
#ifndef TESTS_RANDOM_PLAN_H
#define TESTS_RANDOM_PLAN_H

#include <stdint.h>

enum plan_op {
    PLAN_SEND,
    PLAN_MONITOR,
    PLAN_UNMONITOR,
    PLAN_LINK,
    PLAN_UNLINK,
    PLAN_TRAP,
    PLAN_CANCEL,
    PLAN_TERMINATE,
    PLAN_SPAWN,
    PLAN_NAME,
    PLAN_UNNAME,
    PLAN_ASK,
    PLAN_SUPERVISE,
    PLAN_END,
    PLAN_FAIL,
    PLAN_OPS
};

/* One step of one process. `victim` and `object` choose among the living. */
struct plan_step {
    enum plan_op op;
    uint32_t actor;  /* Who does it, */
    uint32_t object; /* to whom, */
    uint32_t how;    /* and details, by the operation. */
    int is_stale;    /* The object may be one that has ended. */
};

/* The names that processes fight for. Those from PLAN_KEPT on are taken by
 * native processes only, for themselves, and never given back. */
#define PLAN_NAMES 12
#define PLAN_KEPT  8

/* What programs call it. */
extern const char *const plan_names[PLAN_OPS];

struct plan_step plan_step(uint64_t number);

/* splitmix64, by Sebastiano Vigna: any seed will do. */
uint64_t plan_next(uint64_t *seed);

#endif
