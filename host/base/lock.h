/* SPDX-License-Identifier: MIT */
/*
 * A lock of one word, for what there is a million of and what is held for a
 * few dozen instructions: a pthread mutex has ten words.
 *
 * The word is 0 when free, 1 when held, 2 when held and somebody may sleep for
 * it: the third lock of U. Drepper, "Futexes Are Tricky" (2011). A thread that
 * finds it held looks again for a little while first, since the holder is
 * about to let go. Whoever has slept takes it as 2, as he cannot know whether
 * others sleep still.
 *
 * ThreadSanitizer gets a mutex, so that it can tell of orders of locks that
 * may deadlock.
 */
#ifndef KD_BASE_LOCK_H
#define KD_BASE_LOCK_H

#include "base/sanitizer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#if KD__SANITIZE_THREAD

struct kd__lock {
    pthread_mutex_t mutex;
};

static inline void
kd__lock_init(struct kd__lock *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
}

static inline void
kd__lock_fini(struct kd__lock *lock)
{
    pthread_mutex_destroy(&lock->mutex);
}

static inline void
kd__lock_take(struct kd__lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

/* Whether it was free, and is held now. */
static inline int
kd__lock_try(struct kd__lock *lock)
{
    return pthread_mutex_trylock(&lock->mutex) == 0;
}

static inline void
kd__lock_drop(struct kd__lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}

#else

struct kd__lock {
    _Atomic uint32_t word;
};

/* The ways to take it when it is held, and to drop it when somebody sleeps. */
void kd__lock_wait(struct kd__lock *lock);
void kd__lock_wake(struct kd__lock *lock);

static inline void
kd__lock_init(struct kd__lock *lock)
{
    atomic_init(&lock->word, 0);
}

static inline void
kd__lock_fini(struct kd__lock *lock)
{
    (void)lock;
}

/* Whether it was free, and is held now. */
static inline int
kd__lock_try(struct kd__lock *lock)
{
    uint32_t word = 0;

    return atomic_compare_exchange_strong_explicit(
        &lock->word, &word, 1, memory_order_acquire, memory_order_relaxed);
}

static inline void
kd__lock_take(struct kd__lock *lock)
{
    if (!kd__lock_try(lock))
        kd__lock_wait(lock);
}

static inline void
kd__lock_drop(struct kd__lock *lock)
{
    if (atomic_exchange_explicit(&lock->word, 0, memory_order_release) == 2)
        kd__lock_wake(lock);
}

#endif

#endif
