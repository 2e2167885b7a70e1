/* SPDX-License-Identifier: MIT */
/*
 * Making threads, and waiting on the clock that nobody sets.
 */

#include "runtime/thread.h"

#include "base/scope.h"

#include <signal.h>

/* A thread serves whom the one serves that makes it. */
struct birth {
    const kd_allocator *memory;
    void *(*run)(void *arg);
    void *arg;
};

static void *
begin(void *arg)
{
    struct birth birth = *(struct birth *)arg;
    KD__SCOPE(birth.memory);

    kd__free(arg);
    return birth.run(birth.arg);
}

kd_status
kd__thread_start(
    pthread_t *thread, const char *name, void *(*run)(void *arg), void *arg)
{
    struct birth *birth = kd__malloc(sizeof(*birth));
    sigset_t all;
    sigset_t old;
    int failed;

    if (birth == NULL)
        return KD_ENOMEM;
    birth->memory = kd__memory_here;
    birth->run = run;
    birth->arg = arg;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    failed = pthread_create(thread, NULL, begin, birth);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed) {
        kd__free(birth);
        return KD_ESYSTEM;
    }
    pthread_setname_np(*thread, name);
    return KD_OK;
}

kd_status
kd__thread_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    int failed;

    if (pthread_condattr_init(&attr) != 0)
        return KD_ESYSTEM;
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    failed = pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
    return failed ? KD_ESYSTEM : KD_OK;
}

void
kd__thread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, kd_time until)
{
    struct timespec ts;

    if (until == KD_NEVER) {
        pthread_cond_wait(cond, lock);
        return;
    }
    ts.tv_sec = (time_t)(until / 1000000000u);
    ts.tv_nsec = (long)(until % 1000000000u);
    pthread_cond_timedwait(cond, lock, &ts);
}
