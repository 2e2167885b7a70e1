/* SPDX-License-Identifier: MIT */
/*
 * Who kills: the process that starts the tree, and looks when all is over
 * whether it has healed.
 */
#ifndef TESTS_CHAOS_DRIVER_H
#define TESTS_CHAOS_DRIVER_H

#include "ledger.h"

#include <kindred/worker.h>

/* How it goes; set before the driver runs. */
struct driver_plan {
    uint64_t seed;
    uint64_t kill_ns; /* So long is killed. */
    long n_children;
    long n_supervisors;
};

/* How it went; read when the driver has ended. */
struct driver_report {
    long kills;
    long killed;      /* Supervisors that were ended by force, */
    long gave_up;     /* that gave up, */
    long pulled;      /* that fell with another, */
    long stopped;     /* that another one stopped for its own sake. */
    long unseen;      /* Gone before anybody could watch them. */
    long rounds;      /* Of questions until all answered. */
    long early_bytes; /* Resident, a fifth of the time into it, and */
    long late_bytes;  /* when all had healed. */
    double stop_seconds;
    struct ledger_sums sums;
};

extern struct driver_plan driver_plan;
extern struct driver_report driver_report;
extern const kd_worker_kind driver_worker;

/* Bytes of memory that the program has. */
long driver_resident(void);

#endif
