/* SPDX-License-Identifier: MIT */
/*
 * A library made of counters, for tests of process.host: its processes are
 * scripts in C, and it checks what a host owes them. Nodes are the first bytes
 * of a fake_proc.
 */
#ifndef TESTS_UNIT_HOST_FAKE_H
#define TESTS_UNIT_HOST_FAKE_H

#include "process_host/pool.h"

#include <kindred/plugin.h>
#include <stdatomic.h>

#define FAKE_IDLE    0u
#define FAKE_QUEUED  1u
#define FAKE_RUNNING 2u
#define FAKE_AGAIN   3u /* Running, and woken meanwhile. */
#define FAKE_GONE    4u

struct fake_proc;

/* One slice; returns KD_RUN_. */
typedef uint32_t (*fake_script)(struct fake_proc *proc);

struct fake_proc {
    _Alignas(16) unsigned char node[64];
    struct fake *fake;
    _Atomic(fake_script) script;
    _Atomic unsigned state;
    _Atomic unsigned inside; /* Threads that run it. */
    _Atomic unsigned long runs;
    _Atomic unsigned long expiries;
    kd_time due_ns; /* Of its timer; KD_NEVER: none is set. */
    kd_lane *lane;  /* Where it runs. */
    struct fake_proc *peer;
    unsigned long left; /* For the script. */
};

struct kd_lane {
    struct fake *fake;
    _Atomic unsigned preempts;
    _Atomic unsigned overdues;
    _Atomic unsigned is_blocking;
    const kd_lane *gives_to; /* What it answers to `giving`; by its thread. */
};

struct fake {
    kd_api api;
    kd_host_calls calls;
    struct pool_state state;
    void *host;
    kd_node workers; /* Options: of host.workers. */
    _Atomic unsigned attached;
    _Atomic unsigned detached;
    unsigned attach_fails; /* Which attach fails, from 1. */
    _Atomic unsigned long overdues;
    _Atomic unsigned long faults; /* Broken promises of the host. */
};

/* Make a host with `workers` threads, not started. Returns its status. */
kd_status fake_init(struct fake *fake, int workers, kd_error *err);
kd_status fake_start(struct fake *fake, kd_error *err);
void fake_stop(struct fake *fake);
void fake_fini(struct fake *fake);

void fake_enter(struct fake *fake, struct fake_proc *proc, fake_script script);
/* Wake it, if it lives, as a message would; `how` is KD_READY_NEW or 0. */
void fake_wake(struct fake_proc *proc, uint32_t how);
/* Set its timer; inside its script. */
void fake_timer(struct fake_proc *proc, kd_time due_ns);
/* Let go of it; inside its script, which then returns KD_RUN_GONE. */
void fake_leave(struct fake_proc *proc);
kd_time fake_now(void);
/* Wait until a counter has a value; a broken host hangs here. */
void fake_await(_Atomic unsigned long *counter, unsigned long value);
/* Wait for so many threads of the host to be at work. */
void fake_await_threads(struct fake *fake, unsigned count);

#endif
