/* SPDX-License-Identifier: MIT */
/*
 * process.host as the library sees it, with real threads. Nothing here is
 * timed: what a broken host would never do, the test waits for, and an alarm
 * ends it.
 */

#include "harness.h"
#include "host_fake.h"

#include "process_host/pool.h"
#include "process_host/seek.h"
#include "process_host/work.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define HANG_SECONDS 120

/* The test's pthread_create: fails when the count gets to zero. */
static int creates_left = -1;

int
pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*entry)(void *), void *arg)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *symbol = dlsym(RTLD_NEXT, "pthread_create");

    if (creates_left == 0)
        return EAGAIN;
    if (creates_left > 0)
        creates_left--;
    memcpy(&real, &symbol, sizeof(real));
    return real(thread, attr, entry, arg);
}

static struct fake fake;
static struct fake_proc procs[16];
static sem_t released;
static _Atomic unsigned long done;
static _Atomic int is_over;

/* A host that runs. */
static void
setup(int workers)
{
    alarm(HANG_SECONDS);
    atomic_store(&done, 0);
    atomic_store(&is_over, 0);
    sem_init(&released, 0, 0);
    CU_ASSERT_FATAL(fake_init(&fake, workers, NULL) == KD_OK);
    CU_ASSERT_FATAL(fake_start(&fake, NULL) == KD_OK);
}

static void
teardown(void)
{
    fake_stop(&fake);
    fake_fini(&fake);
    sem_destroy(&released);
    CU_ASSERT(atomic_load(&fake.faults) == 0);
}

/* Scripts. */

static uint32_t
end(struct fake_proc *proc)
{
    fake_leave(proc);
    atomic_fetch_add(&done, 1);
    return KD_RUN_GONE;
}

static uint32_t
hold(struct fake_proc *proc)
{
    atomic_store(&proc->lane->is_blocking, (unsigned)(proc->left != 0));
    fake_wake(proc->peer, 0);
    sem_wait(&released);
    atomic_store(&proc->lane->is_blocking, 0);
    return end(proc);
}

static uint32_t
release_holder(struct fake_proc *proc)
{
    sem_post(&released);
    return end(proc);
}

static uint32_t
ping(struct fake_proc *proc)
{
    fake_wake(proc->peer, 0);
    return --proc->left == 0 ? end(proc) : KD_RUN_WAIT;
}

static uint32_t
spin(struct fake_proc *proc)
{
    if (atomic_load(&is_over))
        return end(proc);
    while (atomic_load(&proc->lane->preempts) == 0)
        continue;
    if (++proc->left == 3)
        atomic_fetch_add(&done, 1);
    return KD_RUN_AGAIN;
}

static uint32_t
finish_all(struct fake_proc *proc)
{
    atomic_store(&is_over, 1);
    return end(proc);
}

/* Creation and start. */

static void
test_host_create_with_impossible_workers_is_refused(void)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT(fake_init(&fake, -1, &err) == KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "workers must be greater than 0");
    CU_ASSERT(fake_init(&fake, 4097, &err) == KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "workers must be at most 4096");
}

static void
test_host_start_has_as_many_threads_as_workers_and_a_watcher(void)
{
    setup(3);
    CU_ASSERT(atomic_load(&fake.attached) == 4);
    teardown();
    setup(0);
    CU_ASSERT(atomic_load(&fake.attached) ==
              1 + (unsigned)sysconf(_SC_NPROCESSORS_ONLN));
    teardown();
}

static void
start_twice(int fail_create, unsigned fail_attach)
{
    kd_error err = KD_ERROR_INIT;

    alarm(HANG_SECONDS);
    atomic_store(&done, 0);
    CU_ASSERT_FATAL(fake_init(&fake, 3, NULL) == KD_OK);
    fake_enter(&fake, &procs[0], end);
    fake_wake(&procs[0], KD_READY_NEW);
    creates_left = fail_create;
    fake.attach_fails = fail_attach;
    CU_ASSERT(fake_start(&fake, &err) == KD_ESYSTEM);
    CU_ASSERT(strlen(err.text) > 10);
    CU_ASSERT(atomic_load(&fake.attached) == atomic_load(&fake.detached));
    CU_ASSERT(atomic_load(&procs[0].runs) == 0);
    creates_left = -1;
    fake.attach_fails = 0;
    CU_ASSERT_FATAL(fake_start(&fake, NULL) == KD_OK);
    fake_await(&done, 1);
    teardown();
}

static void
test_host_start_when_threads_cannot_be_made_changes_nothing(void)
{
    int i;

    for (i = 0; i < 4; i++)
        start_twice(i, 0);
}

static void
test_host_start_when_attach_fails_changes_nothing(void)
{
    unsigned i;

    for (i = 1; i <= 4; i++)
        start_twice(-1, i);
}

/* Order. */

static struct fake_proc *order[4];
static unsigned order_len;

static uint32_t
note(struct fake_proc *proc)
{
    order[order_len++] = proc;
    return end(proc);
}

static uint32_t
wake_three(struct fake_proc *proc)
{
    fake_wake(&procs[1], KD_READY_NEW);
    fake_wake(&procs[2], KD_READY_NEW);
    fake_wake(&procs[3], 0);
    return end(proc);
}

static void
test_host_ready_of_a_woken_one_runs_before_new_ones(void)
{
    int i;

    order_len = 0;
    setup(1);
    fake_enter(&fake, &procs[0], wake_three);
    for (i = 1; i < 4; i++)
        fake_enter(&fake, &procs[i], note);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 4);
    teardown();
    CU_ASSERT_PTR_EQUAL(order[0], &procs[3]);
    CU_ASSERT_PTR_EQUAL(order[1], &procs[1]);
    CU_ASSERT_PTR_EQUAL(order[2], &procs[2]);
}

static void
enter_pair(unsigned long count)
{
    fake_enter(&fake, &procs[0], ping);
    fake_enter(&fake, &procs[1], ping);
    procs[0].peer = &procs[1];
    procs[1].peer = &procs[0];
    procs[0].left = count;
    procs[1].left = count;
}

static void
test_host_pair_that_wakes_each_other_runs_each_time(void)
{
    setup(2);
    enter_pair(20000);
    fake_wake(&procs[0], 0);
    fake_await(&done, 2);
    CU_ASSERT(atomic_load(&procs[0].runs) == 20000);
    CU_ASSERT(atomic_load(&procs[1].runs) == 20000);
    teardown();
}

static uint32_t
ping_forever(struct fake_proc *proc)
{
    if (atomic_load(&is_over))
        return end(proc);
    fake_wake(proc->peer, 0);
    return KD_RUN_WAIT;
}

static uint32_t
start_behind(struct fake_proc *proc)
{
    fake_wake(&procs[2], KD_READY_NEW);
    return ping_forever(proc);
}

static void
test_host_pair_that_wakes_each_other_starves_nobody(void)
{
    setup(1);
    enter_pair(0);
    procs[0].script = start_behind;
    procs[1].script = ping_forever;
    fake_enter(&fake, &procs[2], finish_all);
    fake_wake(&procs[0], 0);
    fake_await(&done, 1);
    fake_wake(&procs[0], 0);
    fake_wake(&procs[1], 0);
    fake_await(&done, 3);
    teardown();
}

static unsigned long spent;
static unsigned long spent_before;

static uint32_t
spend(struct fake_proc *proc)
{
    if (atomic_load(&is_over))
        return end(proc);
    spent++;
    return KD_RUN_AGAIN;
}

/* Begin when another thread has woken somebody. */
static uint32_t
spend_later(struct fake_proc *proc)
{
    atomic_fetch_add(&done, 1);
    sem_wait(&released);
    fake_wake(&procs[1], KD_READY_NEW);
    atomic_store(&proc->script, spend);
    return KD_RUN_AGAIN;
}

static uint32_t
finish_spending(struct fake_proc *proc)
{
    spent_before = spent;
    return finish_all(proc);
}

static void
test_host_slices_that_are_spent_let_others_between(void)
{
    spent = 0;
    setup(1);
    fake_enter(&fake, &procs[0], spend_later);
    fake_enter(&fake, &procs[1], spend);
    fake_enter(&fake, &procs[2], finish_spending);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 1);
    fake_wake(&procs[2], 0);
    sem_post(&released);
    fake_await(&done, 4);
    teardown();
    CU_ASSERT(spent_before <= 3);
}

/* Whether others would be kept from what waits where this runs. */
static int
is_kept(void)
{
    const struct runner *runner =
        kh__runner_current((const struct pool *)fake.host);

    return atomic_load(&runner->keeps);
}

/* A slice takes a tenth of what it may. */
static uint32_t
work(struct fake_proc *proc)
{
    kd_time until = fake_now() + 100000;

    if (!is_kept())
        return end(proc);
    while (fake_now() < until)
        continue;
    return KD_RUN_AGAIN;
}

/* One takes next to nothing, and is spent. */
static uint32_t
chat(struct fake_proc *proc)
{
    if (is_kept())
        atomic_store(&proc->script, work);
    return KD_RUN_AGAIN;
}

static void
test_host_queue_is_kept_as_long_as_slices_end_early(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], chat);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 1);
    teardown();
}

/* Where the one runs that all others write to, as long as they do. */
static _Atomic(kd_lane *) home;
/* So many of them have run elsewhere. */
static _Atomic unsigned long away;
#define TELLERS 4u

/* Holds its thread until the others run on another one; then hardly waits. */
static uint32_t
hear(struct fake_proc *proc)
{
    kd_time until = fake_now() + 20000;

    atomic_store(&home, proc->lane);
    while (atomic_load(&away) < TELLERS || fake_now() < until)
        continue;
    if (atomic_load(&done) < TELLERS && --proc->left != 0)
        return KD_RUN_AGAIN;
    return finish_all(proc);
}

/* Until it comes there. */
static uint32_t
tell(struct fake_proc *proc)
{
    kd_lane *there = atomic_load(&home);

    if (proc->lane != there && proc->left++ == 0)
        atomic_fetch_add(&away, 1);
    if ((proc->lane == there && proc->left != 0) || atomic_load(&is_over))
        return end(proc);
    proc->lane->gives_to = there;
    return KD_RUN_AGAIN;
}

static void
test_host_processes_that_write_to_a_busy_one_come_to_its_thread(void)
{
    unsigned i;

    setup(2);
    atomic_store(&away, 0);
    atomic_store(&home, NULL);
    fake_enter(&fake, &procs[0], hear);
    procs[0].left = 100000;
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&procs[0].runs, 1);
    for (i = 1; i <= TELLERS; i++) {
        fake_enter(&fake, &procs[i], tell);
        fake_wake(&procs[i], KD_READY_NEW);
    }
    fake_await(&done, TELLERS + 1);
    teardown();
    CU_ASSERT(procs[0].left != 0);
}

static kd_lane two_lanes[2];

/* A host that is not started, as if its two threads were at work. */
static struct pool *
set_up_still(struct runner **from, struct runner **to)
{
    struct pool *pool;
    int i;

    CU_ASSERT_FATAL(fake_init(&fake, 2, NULL) == KD_OK);
    pool = fake.host;
    for (i = 0; i < 2; i++) {
        two_lanes[i].fake = &fake;
        pool->runners[i]->lane = &two_lanes[i];
        atomic_store(&pool->runners[i]->state, RUNNER_LIVE);
    }
    fake_enter(&fake, &procs[0], end);
    fake_enter(&fake, &procs[1], end);
    *from = pool->runners[0];
    *to = pool->runners[1];
    kh__work_append(*from, procs[0].node);
    return pool;
}

static void
test_host_queue_moves_to_one_who_has_no_other(void)
{
    struct runner *from, *to;
    struct pool *pool = set_up_still(&from, &to);

    kh__work_append(to, procs[1].node);
    kh__work_append(to, procs[1].node);
    kh__work_move(from, &two_lanes[1]);
    CU_ASSERT_EQUAL(kh__run_queue_len(&from->queue), 1);
    CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&to->queue), procs[1].node);
    kh__work_move(from, &two_lanes[1]);
    CU_ASSERT_EQUAL(kh__run_queue_len(&from->queue), 0);
    CU_ASSERT(kh__runner_orders(to) & RUNNER_LOOK);
    kh__work_welcome(to);
    CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&to->queue), procs[1].node);
    CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&to->queue), procs[0].node);
    CU_ASSERT_EQUAL(kh__inject_len(&pool->inject), 0);
    fake_fini(&fake);
}

/* Neither at once nor at the next look do others take it back. */
static void
test_host_queue_that_has_come_is_kept(void)
{
    struct runner *from, *to;

    set_up_still(&from, &to);
    kh__work_append(from, procs[1].node);
    kh__work_move(from, &two_lanes[1]);
    kh__runner_enter(to);
    for (int i = 0; i < 2; i++) {
        atomic_store(&procs[i].state, FAKE_QUEUED);
        to->until_look = 0;
        CU_ASSERT(kh__runner_turn(to));
        CU_ASSERT(atomic_load(&to->keeps));
        CU_ASSERT_EQUAL(atomic_load(&procs[i].state), FAKE_GONE);
    }
    kh__runner_leave(to);
    fake_fini(&fake);
}

static void
test_host_queue_when_he_is_held_stays_or_is_taken_back(void)
{
    struct runner *from, *to;

    set_up_still(&from, &to);
    kh__work_move(from, &two_lanes[1]);
    atomic_store(&to->run, 1);
    atomic_store(&to->old_run, 1);
    CU_ASSERT(kh__work_waits(fake.host));
    CU_ASSERT_PTR_EQUAL(kh__work_steal(from), procs[0].node);
    kh__work_append(from, procs[0].node);
    kh__work_move(from, &two_lanes[1]);
    CU_ASSERT_EQUAL(kh__run_queue_len(&from->queue), 1);
    fake_fini(&fake);
}

static void
test_host_queue_when_his_place_is_lost_goes_to_all(void)
{
    struct runner *from, *to;
    struct pool *pool = set_up_still(&from, &to);

    atomic_store(&to->orders, RUNNER_LOST);
    kh__work_move(from, &two_lanes[1]);
    CU_ASSERT_EQUAL(kh__inject_len(&to->guests), 0);
    CU_ASSERT_EQUAL(kh__inject_len(&pool->inject), 1);
    fake_fini(&fake);
}

/* As by a ready() that the stand-in has not seen before it slept. */
static uint32_t
get_work_after_all_and_hold(struct fake_proc *proc)
{
    struct pool *pool = proc->fake->host;
    struct runner *runner = kh__runner_current(pool);

    atomic_store(&proc->lane->is_blocking, 1);
    while (!(kh__runner_orders(runner) & RUNNER_LOST) ||
           atomic_load(&pool->idle.asleep) != 1)
        sched_yield();
    atomic_store(&proc->peer->state, FAKE_QUEUED);
    kh__work_append(runner, proc->peer->node);
    sem_wait(&released);
    atomic_store(&proc->lane->is_blocking, 0);
    return end(proc);
}

static void
test_host_work_that_comes_to_a_lost_place_goes_to_all(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], get_work_after_all_and_hold);
    fake_enter(&fake, &procs[1], release_holder);
    procs[0].peer = &procs[1];
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 2);
    teardown();
}

static struct runner *finds; /* For whom work comes with a look at the clock. */

static kd_time
now_with_work(const kd_api *api)
{
    void *node = procs[1].node;

    (void)api;
    kh__work_inject(finds->pool, &node, 1);
    kh__runner_order(finds, RUNNER_LOOK);
    return fake_now();
}

/* Whoever brought it has woken nobody, since one was searching. */
static void
test_host_search_that_is_called_away_from_work_goes_on(void)
{
    struct runner *other;
    struct pool *pool = set_up_still(&finds, &other);

    kh__run_queue_pop(&finds->queue);
    finds->spins = 1;
    fake.api.now_ns = now_with_work;
    CU_ASSERT_PTR_NULL(kh__seek_work(finds));
    CU_ASSERT(finds->is_searching);
    CU_ASSERT_EQUAL(atomic_load(&pool->idle.searching), 1);
    kh__seek_end(finds);
    fake_fini(&fake);
}

/* Another thread has set the mark and not written yet. */
static void
test_host_step_leaves_a_mark_without_its_write(void)
{
    struct pollfd polled = {.events = POLLIN};
    uint64_t one = 1;
    struct pool *pool;

    CU_ASSERT_FATAL(fake_init(&fake, 1, NULL) == KD_OK);
    pool = fake.host;
    polled.fd = kh__pool_kind.fd(pool);
    atomic_store(&pool->step.is_poked, 1);
    kh__pool_kind.step(pool, 1000000);
    CU_ASSERT_EQUAL(write(polled.fd, &one, sizeof(one)), sizeof(one));
    kh__pool_kind.step(pool, 1000000);
    CU_ASSERT_EQUAL(poll(&polled, 1, 0), 0);
    kh__pool_kind.stop(pool);
    fake_fini(&fake);
}

/* The watcher. */

static void
test_host_slices_without_end_are_preempted(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], spin);
    fake_enter(&fake, &procs[1], spin);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_wake(&procs[1], KD_READY_NEW);
    fake_await(&done, 2);
    fake_enter(&fake, &procs[2], finish_all);
    fake_wake(&procs[2], 0);
    fake_await(&done, 5);
    teardown();
}

/* The holder is let go only by one that must run on the same worker. */
static void
hold_worker(unsigned long is_blocking)
{
    setup(1);
    fake_enter(&fake, &procs[0], hold);
    fake_enter(&fake, &procs[1], release_holder);
    procs[0].peer = &procs[1];
    procs[0].left = is_blocking;
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 2);
    /* The held thread has ended, the stand-in is the worker now. */
    fake_await_threads(&fake, 2);
    fake_enter(&fake, &procs[2], end);
    fake_wake(&procs[2], KD_READY_NEW);
    fake_await(&done, 3);
    fake_await_threads(&fake, 2);
}

static void
test_host_call_that_holds_a_worker_stops_nobody(void)
{
    hold_worker(0);
    CU_ASSERT(atomic_load(&fake.overdues) > 0);
    teardown();
}

static void
test_host_call_of_a_blocking_kind_stops_nobody(void)
{
    hold_worker(1);
    teardown();
}

static void
test_host_calls_that_hold_stand_ins_too_stop_nobody(void)
{
    int i;

    setup(1);
    for (i = 0; i < 4; i++) {
        fake_enter(&fake, &procs[i], hold);
        procs[i].peer = &procs[i + 1];
        procs[i].left = 1;
    }
    fake_enter(&fake, &procs[4], release_holder);
    fake_wake(&procs[0], 0);
    fake_await(&done, 1);
    for (i = 0; i < 3; i++)
        sem_post(&released);
    fake_await(&done, 5);
    fake_await_threads(&fake, 2);
    teardown();
}

/* Timers. */

static uint32_t
wait_for_timer(struct fake_proc *proc)
{
    if (proc->due_ns == KD_NEVER) {
        fake_timer(proc, fake_now() + proc->left);
        return KD_RUN_WAIT;
    }
    if (fake_now() < proc->due_ns || atomic_load(&proc->expiries) != 1)
        atomic_fetch_add(&proc->fake->faults, 1);
    return end(proc);
}

static void
test_host_timers_fire_once_and_not_early(void)
{
    unsigned long i;

    setup(2);
    for (i = 0; i < 16; i++) {
        fake_enter(&fake, &procs[i], wait_for_timer);
        procs[i].left = i * i * 300001;
        fake_wake(&procs[i], KD_READY_NEW);
    }
    fake_await(&done, 16);
    teardown();
}

/* First far away, then taken back, then soon, then a little later. */
static uint32_t
move_timer(struct fake_proc *proc)
{
    if (proc->due_ns == KD_NEVER) {
        fake_timer(proc, fake_now() + 3600000000000u);
        fake_timer(proc, KD_NEVER);
        fake_timer(proc, fake_now() + 100000);
        fake_timer(proc, fake_now() + 20000000);
        return KD_RUN_WAIT;
    }
    return wait_for_timer(proc);
}

static void
test_host_timer_that_is_moved_fires_at_its_last_time(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], move_timer);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 1);
    teardown();
}

static uint32_t
take_back(struct fake_proc *proc)
{
    fake_timer(proc, fake_now() + 1000000);
    fake_timer(proc, KD_NEVER);
    fake_wake(proc->peer, KD_READY_NEW);
    return KD_RUN_WAIT;
}

static void
test_host_timer_that_is_taken_back_does_not_fire(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], take_back);
    fake_enter(&fake, &procs[1], wait_for_timer);
    procs[0].peer = &procs[1];
    procs[1].left = 10000000;
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 1);
    CU_ASSERT(atomic_load(&procs[0].expiries) == 0);
    teardown();
}

static uint32_t
release_in_time(struct fake_proc *proc)
{
    if (proc->due_ns == KD_NEVER) {
        fake_timer(proc, fake_now() + 1000000);
        fake_wake(proc->peer, KD_READY_NEW);
        return KD_RUN_WAIT;
    }
    return release_holder(proc);
}

static void
test_host_timer_of_a_held_worker_fires(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], release_in_time);
    fake_enter(&fake, &procs[1], hold);
    fake_enter(&fake, &procs[2], end);
    procs[0].peer = &procs[1];
    procs[1].peer = &procs[2];
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 3);
    teardown();
}

static void
set_timer_on(struct runner *runner, struct fake_proc *proc, kd_time due_ns)
{
    kh__runner_enter(runner);
    fake_timer(proc, due_ns);
    kh__runner_leave(runner);
}

/* He has slept for both. */
static void
test_host_timers_of_sleepers_fire_where_somebody_is_awake(void)
{
    struct runner *sleeper, *awake;
    struct pool *pool = set_up_still(&sleeper, &awake);
    kd_time due_ns = fake_now() + 1000000;

    fake_enter(&fake, &procs[2], end);
    fake_enter(&fake, &procs[3], end);
    set_timer_on(awake, &procs[2], 0);
    set_timer_on(sleeper, &procs[3], due_ns);
    kh__duty_sleep(&pool->duty, &awake->sleeper, awake->alarms, 0);
    CU_ASSERT(kh__duty_sleep(&pool->duty, &sleeper->sleeper, sleeper->alarms,
                  0) == KD_NEVER);
    kh__duty_wake(&pool->duty, &awake->sleeper);
    while (fake_now() < due_ns + ALARM_TICK_NS)
        sched_yield();
    kh__runner_enter(awake);
    CU_ASSERT(kh__runner_turn(awake));
    CU_ASSERT(kh__runner_turn(awake));
    CU_ASSERT_EQUAL(atomic_load(&procs[2].state), FAKE_GONE);
    CU_ASSERT_EQUAL(atomic_load(&procs[3].state), FAKE_GONE);
    kh__runner_leave(awake);
    fake_fini(&fake);
}

/* Whether a worker sleeps that wakes for the alarms of all. */
static int
somebody_has_the_duty(struct fake_proc *proc)
{
    struct pool *pool = proc->fake->host;
    int has;

    pthread_mutex_lock(&pool->duty.lock);
    has = pool->duty.holder != NULL;
    pthread_mutex_unlock(&pool->duty.lock);
    return has;
}

/* Each on a worker of his own. */
static void
meet(void)
{
    static _Atomic unsigned n;

    atomic_fetch_add(&n, 1);
    while (atomic_load(&n) % 2 != 0)
        sched_yield();
}

static uint32_t
wake_first_and_hold(struct fake_proc *proc)
{
    if (proc->due_ns == KD_NEVER) {
        meet();
        fake_timer(proc, fake_now() + 20000000);
        return KD_RUN_WAIT;
    }
    sem_wait(&released);
    return end(proc);
}

static uint32_t
sleep_after_the_other(struct fake_proc *proc)
{
    if (proc->due_ns == KD_NEVER) {
        meet();
        fake_timer(proc, fake_now() + 40000000);
        while (!somebody_has_the_duty(proc))
            sched_yield();
        return KD_RUN_WAIT;
    }
    return release_holder(proc);
}

/* The other worker sleeps without an end; nobody can be sent in his place. */
static void
test_host_timers_of_sleepers_fire_when_who_has_the_duty_is_held(void)
{
    setup(2);
    creates_left = 0;
    fake_enter(&fake, &procs[0], wake_first_and_hold);
    fake_enter(&fake, &procs[1], sleep_after_the_other);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_wake(&procs[1], KD_READY_NEW);
    fake_await(&done, 2);
    creates_left = -1;
    teardown();
}

static uint32_t
lose_place_and_sleep(struct fake_proc *proc)
{
    if (proc->due_ns != KD_NEVER)
        return end(proc);
    atomic_store(&proc->lane->is_blocking, 1);
    while (!somebody_has_the_duty(proc))
        sched_yield();
    atomic_store(&proc->lane->is_blocking, 0);
    fake_timer(proc, fake_now() + 1000000);
    return KD_RUN_WAIT;
}

/* The stand-in sleeps already, and for no alarm. */
static void
test_host_timer_of_one_who_has_lost_his_place_fires(void)
{
    setup(1);
    fake_enter(&fake, &procs[0], lose_place_and_sleep);
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&done, 1);
    teardown();
}

/* As by the watcher, who took him for held just before he lay down. */
static void
replace(struct runner *victim, struct runner *runner)
{
    sigset_t all, old;

    CU_ASSERT_PTR_NOT_NULL_FATAL(runner);
    runner->alarms = victim->alarms;
    runner->victim = victim;
    runner->victim_run = atomic_load(&victim->run);
    atomic_store(&victim->awaits_stand_in, 1);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    CU_ASSERT_FATAL(kh__runner_start(runner) == 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* Nothing else would wake him, and one who sleeps counts as one of the pool's.
 */
static void
test_host_worker_that_has_lost_his_place_asleep_ends(void)
{
    struct runner *stand_in;
    struct pool *pool;

    setup(1);
    pool = fake.host;
    while (atomic_load(&pool->idle.asleep) != 1)
        sched_yield();
    stand_in = kh__pool_spare(pool);
    replace(pool->runners[0], stand_in);
    while (atomic_load(&pool->runners[0]->state) == RUNNER_LIVE)
        sched_yield();
    while (atomic_load(&stand_in->state) != RUNNER_LIVE)
        sched_yield();
    /* What is known of the next thread in this slot is not for him to say. */
    CU_ASSERT(atomic_load(&pool->runners[0]->awaits_stand_in));
    teardown();
}

/* The sleeper has his wheel, and sleeps without an end. */
static void
test_host_timers_set_while_a_lost_worker_fires_are_seen(void)
{
    struct runner *sleeper, *lost;
    struct pool *pool = set_up_still(&sleeper, &lost);

    kh__run_queue_pop(&sleeper->queue);
    fake_enter(&fake, &procs[2], end);
    fake_enter(&fake, &procs[3], end);
    CU_ASSERT(kh__duty_sleep(&pool->duty, &sleeper->sleeper, lost->alarms, 0) ==
              KD_NEVER);
    set_timer_on(lost, &procs[2], 0);
    set_timer_on(lost, &procs[3], fake_now() + 3600000000000u);
    atomic_store(&lost->orders, RUNNER_LOST);
    CU_ASSERT_EQUAL(atomic_load(&sleeper->sleeper.park.word), 0);
    kh__runner_enter(lost);
    CU_ASSERT(kh__runner_turn(lost));
    kh__runner_leave(lost);
    CU_ASSERT_NOT_EQUAL(atomic_load(&sleeper->sleeper.park.word), 0);
    fake_fini(&fake);
}

/* He may have had the duty. */
static void
test_host_worker_that_ends_wakes_a_sleeper(void)
{
    struct runner *sleeper, *ends;
    struct pool *pool = set_up_still(&sleeper, &ends);

    kh__run_queue_pop(&sleeper->queue);
    kh__idle_enter(&pool->idle, &sleeper->sleeper, 0);
    replace(sleeper, ends);
    kh__runner_order(ends, RUNNER_STOP);
    kh__runner_join(ends);
    CU_ASSERT(!sleeper->sleeper.is_listed);
    fake_fini(&fake);
}

/* Both sleep for one wheel, and he who has the duty ends when he wakes. */
static void
test_host_timer_when_a_place_is_lost_asleep_fires(void)
{
    struct pool *pool;

    setup(1);
    pool = fake.host;
    fake_enter(&fake, &procs[0], wait_for_timer);
    procs[0].left = 50000000;
    fake_wake(&procs[0], KD_READY_NEW);
    fake_await(&procs[0].runs, 1);
    while (!somebody_has_the_duty(&procs[0]))
        sched_yield();
    replace(pool->runners[0], kh__pool_spare(pool));
    fake_await(&done, 1);
    teardown();
}

static const struct test_case tests[] = {
    TEST(test_host_create_with_impossible_workers_is_refused),
    TEST(test_host_start_has_as_many_threads_as_workers_and_a_watcher),
    TEST(test_host_start_when_threads_cannot_be_made_changes_nothing),
    TEST(test_host_start_when_attach_fails_changes_nothing),
    TEST(test_host_ready_of_a_woken_one_runs_before_new_ones),
    TEST(test_host_pair_that_wakes_each_other_runs_each_time),
    TEST(test_host_pair_that_wakes_each_other_starves_nobody),
    TEST(test_host_slices_that_are_spent_let_others_between),
    TEST(test_host_queue_is_kept_as_long_as_slices_end_early),
    TEST(test_host_processes_that_write_to_a_busy_one_come_to_its_thread),
    TEST(test_host_queue_moves_to_one_who_has_no_other),
    TEST(test_host_queue_that_has_come_is_kept),
    TEST(test_host_queue_when_he_is_held_stays_or_is_taken_back),
    TEST(test_host_queue_when_his_place_is_lost_goes_to_all),
    TEST(test_host_work_that_comes_to_a_lost_place_goes_to_all),
    TEST(test_host_search_that_is_called_away_from_work_goes_on),
    TEST(test_host_step_leaves_a_mark_without_its_write),
    TEST(test_host_slices_without_end_are_preempted),
    TEST(test_host_call_that_holds_a_worker_stops_nobody),
    TEST(test_host_call_of_a_blocking_kind_stops_nobody),
    TEST(test_host_calls_that_hold_stand_ins_too_stop_nobody),
    TEST(test_host_timers_fire_once_and_not_early),
    TEST(test_host_timer_that_is_moved_fires_at_its_last_time),
    TEST(test_host_timer_that_is_taken_back_does_not_fire),
    TEST(test_host_timer_of_a_held_worker_fires),
    TEST(test_host_timers_of_sleepers_fire_where_somebody_is_awake),
    TEST(test_host_timers_of_sleepers_fire_when_who_has_the_duty_is_held),
    TEST(test_host_timer_of_one_who_has_lost_his_place_fires),
    TEST(test_host_worker_that_has_lost_his_place_asleep_ends),
    TEST(test_host_timers_set_while_a_lost_worker_fires_are_seen),
    TEST(test_host_worker_that_ends_wakes_a_sleeper),
    TEST(test_host_timer_when_a_place_is_lost_asleep_fires),
};

TEST_MAIN("process.host")
