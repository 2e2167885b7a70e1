/* SPDX-License-Identifier: MIT */
/*
 * Threads of the library itself: named, and deaf to all signals.
 */
#ifndef KD_RUNTIME_THREAD_H
#define KD_RUNTIME_THREAD_H

#include <kindred/types.h>
#include <pthread.h>

/* KD_OK, KD_ENOMEM or KD_ESYSTEM. */
kd_status kd__thread_start(
    pthread_t *thread, const char *name, void *(*run)(void *arg), void *arg);

/* A condition variable on the monotonic clock. KD_OK or KD_ESYSTEM. */
kd_status kd__thread_cond_init(pthread_cond_t *cond);

/* Wait for it until a time of that clock; KD_NEVER waits without end. */
void kd__thread_cond_wait(
    pthread_cond_t *cond, pthread_mutex_t *lock, kd_time until);

#endif
