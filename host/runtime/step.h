/* SPDX-License-Identifier: MIT */
/*
 * A runtime without threads, driven by the embedder's own loop: what threads do
 * elsewhere (run processes, hear of descriptors, write the log and the output)
 * is done in steps, and one descriptor tells when a step is due.
 *
 * Starting and stopping wait for processes, so they take steps while they do.
 */
#ifndef KD_RUNTIME_STEP_H
#define KD_RUNTIME_STEP_H

#include <kindred/embed.h>
#include <pthread.h>
#include <stdatomic.h>

struct kd__step {
    int is_on;
    int epoll; /* What the embedder waits for. */
    int poke;  /* An eventfd: something has come that no host knows of. */
    _Atomic int is_poked;
    pthread_t thread; /* The one that has started it. */
    int is_under_way; /* That thread is in a step, and whom it calls. */
};

/* Turns it on: the runtime makes no threads from now on. KD_OK, KD_ESYSTEM. */
kd_status kd__step_init(kd_runtime *runtime);
void kd__step_fini(kd_runtime *runtime);

/* The descriptor's readiness makes the runtime's readable. KD_OK, KD_ESYSTEM.
 */
kd_status kd__step_add(kd_runtime *runtime, int fd);
/* Have a step come soon, if this runtime is stepped. Any thread. */
void kd__step_poke(void *runtime);

/*
 * Wait for kd_runtime::changed until a time: by steps if this runtime is
 * stepped, and so on the embedder's thread only. The lock is held, as around
 * pthread_cond_wait().
 */
void kd__step_wait(kd_runtime *runtime, kd_time until);
/* kd_runtime::changed has: tell those who wait. The lock is held. */
void kd__step_changed(kd_runtime *runtime);

#endif
