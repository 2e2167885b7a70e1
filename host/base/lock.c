/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a lock, and waking who waits.
 */

#include "base/lock.h"

#if !KD__SANITIZE_THREAD

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Looks before it sleeps; a critical section takes less than that. */
#define LOOKS 100

static void
pause_short(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

static int
take_soon(struct kd__lock *lock)
{
    uint32_t word;

    for (int i = 0; i < LOOKS; i++) {
        word = atomic_load_explicit(&lock->word, memory_order_relaxed);
        if (word == 0 &&
            atomic_compare_exchange_weak_explicit(&lock->word, &word, 1,
                memory_order_acquire, memory_order_relaxed))
            return 1;
        if (word == 2)
            return 0;
        pause_short();
    }
    return 0;
}

void
kd__lock_wait(struct kd__lock *lock)
{
    if (take_soon(lock))
        return;
    while (atomic_exchange_explicit(&lock->word, 2, memory_order_acquire) != 0)
        syscall(SYS_futex, &lock->word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

void
kd__lock_wake(struct kd__lock *lock)
{
    syscall(SYS_futex, &lock->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#else

/* The mutex does it all; a file has to have something in it. */
typedef int kd__lock_is_a_mutex;

#endif
