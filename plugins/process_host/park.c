/* SPDX-License-Identifier: MIT */
/*
 * Three states in a futex word; the kernel is entered only to really sleep,
 * and by a waker only when there is a sleeper. The timeout is absolute and
 * has the kernel's precision, which no event loop's timers improve on.
 */

#include "park.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PARK_EMPTY  0u
#define PARK_ASLEEP 1u
#define PARK_TOKEN  2u

static void
futex_wait(_Atomic uint32_t *word, uint32_t value, kd_time until_ns)
{
    struct timespec ts;
    struct timespec *timeout = NULL;

    if (until_ns != KD_NEVER) {
        ts.tv_sec = (time_t)(until_ns / 1000000000u);
        ts.tv_nsec = (long)(until_ns % 1000000000u);
        timeout = &ts;
    }
    /* Whatever it returns, the word tells the truth. */
    (void)syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, timeout,
        NULL, FUTEX_BITSET_MATCH_ANY);
}

void
kh__park_wait(struct park *park, kd_time until_ns)
{
    uint32_t expected = PARK_EMPTY;

    if (atomic_compare_exchange_strong(&park->word, &expected, PARK_ASLEEP))
        futex_wait(&park->word, PARK_ASLEEP, until_ns);
    atomic_exchange(&park->word, PARK_EMPTY);
}

void
kh__park_wake(struct park *park)
{
    if (atomic_exchange(&park->word, PARK_TOKEN) == PARK_ASLEEP)
        (void)syscall(SYS_futex, &park->word, FUTEX_WAKE_PRIVATE, 1);
}
