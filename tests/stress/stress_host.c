/* SPDX-License-Identifier: MIT */
/*
 * process.host under load: many processes that wake each other at random,
 * foreign threads that wake them too, timers that are moved, taken back and
 * left behind, calls that hold their worker, queues that move to another one.
 * Every wake-up must be seen, no timer may fire early or after its process has
 * gone (whose memory is freed then), and nobody may run twice at once.
 *
 * SEED=... runs one again.
 */

#include "../unit/host_fake.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define HANG_SECONDS 300
#define PROCS        500u
#define FOREIGNERS   2u
/* ThreadSanitizer takes its time. */
#ifdef __SANITIZE_THREAD__
#define STEPS    20u
#define SLEEPERS 1000u
#else
#define STEPS    100u
#define SLEEPERS 4000u
#endif

static struct fake fake;
static struct fake_proc procs[PROCS];
static _Atomic unsigned long sent[PROCS];
static _Atomic unsigned long received[PROCS];
static _Atomic unsigned long steps_left;
static _Atomic unsigned long done;
static _Atomic uint64_t seeds;
static _Atomic unsigned long early;
static _Atomic(kd_lane *) somewhere; /* Where one ran; may have ended. */

static uint64_t
random_next(void)
{
    uint64_t seed = atomic_fetch_add(&seeds, 0x9e3779b97f4a7c15u);

    seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebu;
    return seed ^ (seed >> 31);
}

static void
poke(size_t index)
{
    atomic_fetch_add(&sent[index], 1);
    fake_wake(&procs[index], 0);
}

static void
spend(kd_time span_ns)
{
    kd_time end_ns = fake_now() + span_ns;

    while (fake_now() < end_ns)
        continue;
}

/* Do one of the things that a process can do. */
static void
act(struct fake_proc *proc)
{
    uint64_t what = random_next();

    switch (what % 16) {
    case 0:
        fake_timer(proc, fake_now() + (what >> 8) % 30000000);
        break;
    case 1:
        fake_timer(proc, KD_NEVER);
        break;
    case 2:
        spend((what >> 8) % 20000);
        break;
    case 3:
        atomic_store(&proc->lane->is_blocking, 1);
        if ((what >> 8) % 16 == 0)
            spend(3000000);
        atomic_store(&proc->lane->is_blocking, 0);
        break;
    case 4:
        proc->lane->gives_to = atomic_exchange(&somewhere, proc->lane);
        break;
    default:
        poke((what >> 8) % PROCS);
    }
    poke((what >> 32) % PROCS);
}

static uint32_t
wander(struct fake_proc *proc)
{
    size_t index = (size_t)(proc - procs);
    unsigned long left = atomic_load(&steps_left);

    atomic_store(&received[index], atomic_load(&sent[index]));
    if (left != 0 &&
        atomic_compare_exchange_strong(&steps_left, &left, left - 1))
        act(proc);
    return random_next() % 8 == 0 ? KD_RUN_AGAIN : KD_RUN_WAIT;
}

static void *
foreigner_main(void *arg)
{
    (void)arg;
    while (atomic_load(&steps_left) != 0)
        poke(random_next() % PROCS);
    return NULL;
}

static uint32_t
finish(struct fake_proc *proc)
{
    fake_leave(proc);
    atomic_fetch_add(&done, 1);
    return KD_RUN_GONE;
}

/* Returns how many processes missed a wake-up. */
static unsigned
wander_all(void)
{
    pthread_t threads[FOREIGNERS];
    unsigned missed = 0;
    unsigned i;

    atomic_store(&steps_left, PROCS * STEPS);
    for (i = 0; i < PROCS; i++)
        fake_enter(&fake, &procs[i], wander);
    for (i = 0; i < FOREIGNERS; i++)
        pthread_create(&threads[i], NULL, foreigner_main, NULL);
    for (i = 0; i < PROCS; i++)
        poke(i);
    for (i = 0; i < FOREIGNERS; i++)
        pthread_join(threads[i], NULL);
    /*
     * A process that is idle has seen all; one that never is hangs here.
     * Timers may still run it now and then. Once more, for those who were poked
     * by the last to act after they had been looked at.
     */
    for (i = 0; i < 2 * PROCS; i++) {
        while (atomic_load(&procs[i % PROCS].state) != FAKE_IDLE)
            sched_yield();
    }
    for (i = 0; i < PROCS; i++)
        missed += atomic_load(&received[i]) != atomic_load(&sent[i]);
    return missed;
}

static void
end_all(void)
{
    unsigned i;

    atomic_store(&done, 0);
    for (i = 0; i < PROCS; i++)
        atomic_store(&procs[i].script, finish);
    for (i = 0; i < PROCS; i++)
        fake_wake(&procs[i], 0);
    fake_await(&done, PROCS);
}

/* Sleepers: each sleeps some times, and is freed by its end. */

static uint32_t
sleep_some(struct fake_proc *proc)
{
    kd_time now_ns = fake_now();

    if (proc->due_ns != KD_NEVER && now_ns < proc->due_ns)
        atomic_fetch_add(&early, 1);
    if (proc->left-- != 0) {
        fake_timer(proc, now_ns + random_next() % 20000000);
        return KD_RUN_WAIT;
    }
    /* One that will fire at about the time at which it is dropped. */
    fake_timer(proc, now_ns + random_next() % 200000);
    spend(random_next() % 100000);
    fake_leave(proc);
    free(proc);
    atomic_fetch_add(&done, 1);
    return KD_RUN_GONE;
}

static void
sleep_all(void)
{
    struct fake_proc *proc;
    unsigned i;

    atomic_store(&done, 0);
    for (i = 0; i < SLEEPERS; i++) {
        proc = aligned_alloc(_Alignof(struct fake_proc), sizeof(*proc));
        if (proc == NULL)
            abort();
        fake_enter(&fake, proc, sleep_some);
        proc->left = 4;
        fake_wake(proc, KD_READY_NEW);
    }
    fake_await(&done, SLEEPERS);
}

/* What an idle host costs: nothing is asserted, it is only told. */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static int is_awake;

static uint32_t
sleep_and_tell(struct fake_proc *proc)
{
    if (proc->due_ns == KD_NEVER) {
        fake_timer(proc, fake_now() + 300000000);
        return KD_RUN_WAIT;
    }
    fake_leave(proc);
    pthread_mutex_lock(&lock);
    is_awake = 1;
    pthread_cond_signal(&woken);
    pthread_mutex_unlock(&lock);
    return KD_RUN_GONE;
}

static double
cpu_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static double
idle_ms(void)
{
    struct fake_proc proc;
    double begin_ms = cpu_ms();

    fake_enter(&fake, &proc, sleep_and_tell);
    fake_wake(&proc, 0);
    pthread_mutex_lock(&lock);
    while (!is_awake)
        pthread_cond_wait(&woken, &lock);
    is_awake = 0;
    pthread_mutex_unlock(&lock);
    return cpu_ms() - begin_ms;
}

/* Returns 0 when the host kept its promises. */
static int
stress(int workers)
{
    unsigned missed;
    double ms;

    if (fake_init(&fake, workers, NULL) != KD_OK ||
        fake_start(&fake, NULL) != KD_OK)
        return 1;
    missed = wander_all();
    end_all();
    sleep_all();
    ms = idle_ms();
    fake_stop(&fake);
    fake_fini(&fake);
    printf("%d workers: %u missed, %lu early, %lu faults, "
           "%u threads were made, idle for 300 ms: %.2f ms of CPU\n",
        workers, missed, atomic_load(&early), atomic_load(&fake.faults),
        atomic_load(&fake.attached), ms);
    return missed != 0 || atomic_load(&early) != 0 ||
           atomic_load(&fake.faults) != 0;
}

int
main(void)
{
    static const int workers[] = {1, 2, 4, 7};
    uint64_t seed = (uint64_t)time(NULL);
    int failed = 0;
    size_t i;

    if (getenv("SEED") != NULL)
        seed = strtoull(getenv("SEED"), NULL, 0);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    printf("seed %llu\n", (unsigned long long)seed);
    atomic_store(&seeds, seed);
    alarm(HANG_SECONDS);
    for (i = 0; i < sizeof(workers) / sizeof(workers[0]); i++)
        failed |= stress(workers[i]);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
