/* SPDX-License-Identifier: MIT */
/*
 * Readiness of descriptors: one signal for each request, none for one that was
 * taken back, replaced or left by a process that has ended.
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static struct actors one;

/* What the processes of a test share. */
static int pair[2];  /* A socket pair. */
static int other[2]; /* Another one. */
static sem_t heard;  /* Somebody got a signal. */
static atomic_long ready;

static void
sem_take(sem_t *sem)
{
    while (sem_wait(sem) != 0)
        continue;
}

static void
pairs_open(void)
{
    CU_ASSERT_FATAL(
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
    CU_ASSERT_FATAL(
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, other) == 0);
    while (sem_trywait(&heard) == 0)
        continue;
    atomic_store(&ready, 0);
    atomic_store(&wrong, 0);
}

static void
pairs_close(void)
{
    close(pair[0]);
    close(pair[1]);
    close(other[0]);
    close(other[1]);
}

static void
start(const struct actor_role *roles)
{
    pairs_open();
    actors_start(&one, roles, 2);
}

static void
finish(void)
{
    CU_ASSERT_EQUAL(actors_stop(&one, 10), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    pairs_close();
}

static int
has_data(int fd)
{
    char byte;

    return read(fd, &byte, 1) == 1;
}

/* Takes all signals; returns the events of the one about `fd`, else 0. */
static uint32_t
events_of(kd_proc *proc, int fd)
{
    uint32_t events = 0;
    kd_signal signal;

    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_FD || signal.fd != fd)
            continue;
        EXPECT(events == 0 && signal.events != 0 && signal.ref == 0);
        EXPECT(kd_pid_is_none(signal.from) && signal.unix_ns > 0);
        events = signal.events;
    }
    return events;
}

/* Reads what comes, a byte a signal, `number` of them. */
static kd_next
reader_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int64_t *n = state;
    uint32_t events = events_of(proc, pair[0]);

    if (events != 0) {
        EXPECT(events == KD_FD_READ);
        EXPECT(has_data(pair[0]));
        if (++*n == number)
            return KD_NEXT_DONE;
        sem_post(&heard);
    }
    if (events != 0 || !atomic_load(&ready))
        EXPECT(kd_proc_watch(proc, pair[0], KD_FD_READ, err) == KD_OK);
    atomic_store(&ready, 1);
    return KD_NEXT_WAIT;
}

static void
test_read(void)
{
    static const struct actor_role roles[] = {
        {"reader", sizeof(int64_t), reader_run}, {NULL, 0, NULL}};

    start(roles);
    actors_spawn(&one, "reader", 3);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(write(pair[1], "x", 1), 1);
        if (i < 2)
            sem_take(&heard);
    }
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 0);
    finish();
}

/* Asks once, and gets one signal only although there is more to read. */
static kd_next
once_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *has_asked = state;
    uint32_t events = events_of(proc, pair[0]);
    kd_message *message = kd_proc_next(proc);

    (void)number;
    if (events != 0) {
        atomic_fetch_add(&ready, 1);
        sem_post(&heard);
    }
    if (!*has_asked)
        EXPECT(kd_proc_watch(proc, pair[0], KD_FD_READ, err) == KD_OK);
    *has_asked = 1;
    kd_proc_release(proc, message);
    return message == NULL ? KD_NEXT_WAIT : KD_NEXT_DONE;
}

/* Says when `other` is readable: what was ready before it has been heard. */
static kd_next
herald_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *has_asked = state;

    (void)number;
    if (events_of(proc, other[0]) != 0) {
        sem_post(&heard);
        return KD_NEXT_DONE;
    }
    if (!*has_asked)
        EXPECT(kd_proc_watch(proc, other[0], KD_FD_READ, err) == KD_OK);
    *has_asked = 1;
    return KD_NEXT_WAIT;
}

static void
test_one_shot(void)
{
    static const struct actor_role roles[] = {{"once", sizeof(int), once_run},
        {"herald", sizeof(int), herald_run}, {NULL, 0, NULL}};
    kd_payload none = kd_payload_none();
    kd_pid once;

    start(roles);
    once = actors_spawn(&one, "once", 0);
    CU_ASSERT_EQUAL(write(pair[1], "x", 1), 1);
    sem_take(&heard);
    CU_ASSERT_EQUAL(write(pair[1], "x", 1), 1);
    CU_ASSERT_EQUAL(write(other[1], "x", 1), 1);
    actors_spawn(&one, "herald", 0);
    sem_take(&heard);
    CU_ASSERT_EQUAL(
        one.api->send(one.api, once, "end", 3, 0, &none, NULL), KD_OK);
    actors_await(&one.ended, 2);
    CU_ASSERT_EQUAL(atomic_load(&ready), 1);
    finish();
}

/* Room to write at once; all that was asked when the other end hangs up. */
static kd_next
events_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *step = state;
    uint32_t both = KD_FD_READ | KD_FD_WRITE;
    uint32_t events = events_of(proc, pair[0]);

    (void)number;
    if (*step > 0 && events == 0)
        return KD_NEXT_WAIT;
    switch ((*step)++) {
    case 0:
        EXPECT(kd_proc_watch(proc, pair[0], both, err) == KD_OK);
        return KD_NEXT_WAIT;
    case 1:
        EXPECT(events == KD_FD_WRITE);
        EXPECT(write(pair[1], "x", 1) == 1);
        EXPECT(kd_proc_watch(proc, pair[0], both, err) == KD_OK);
        return KD_NEXT_WAIT;
    case 2:
        EXPECT(events == both);
        EXPECT(has_data(pair[0]));
        close(pair[1]);
        pair[1] = -1;
        EXPECT(kd_proc_watch(proc, pair[0], both, err) == KD_OK);
        return KD_NEXT_WAIT;
    default:
        EXPECT(events == both);
        return KD_NEXT_DONE;
    }
}

static void
test_events(void)
{
    static const struct actor_role roles[] = {
        {"events", sizeof(int), events_run}, {NULL, 0, NULL}};

    start(roles);
    actors_spawn(&one, "events", 0);
    actors_await(&one.ended, 1);
    finish();
}

/*
 * Asks for what is ready and stays in its slice until that has been heard; so
 * the signal has come, and is void by what follows: taken back (number 0), or
 * replaced by another request (1).
 */
static kd_next
fickle_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *step = state;
    uint32_t events = events_of(proc, pair[0]);

    /* The void signal has woken it, which is no harm. */
    if (*step == 1 && number == 1 && events == 0)
        return KD_NEXT_WAIT;
    switch ((*step)++) {
    case 0:
        EXPECT(kd_proc_watch(proc, pair[0], KD_FD_READ, err) == KD_OK);
        EXPECT(write(pair[1], "x", 1) == 1);
        EXPECT(write(other[1], "x", 1) == 1);
        sem_take(&heard);
        EXPECT(kd_proc_watch(
                   proc, pair[0], number == 0 ? 0 : KD_FD_WRITE, err) == KD_OK);
        return number == 0 ? KD_NEXT_READY : KD_NEXT_WAIT;
    case 1:
        EXPECT(events == (number == 0 ? 0 : KD_FD_WRITE));
        return KD_NEXT_READY;
    default:
        EXPECT(events == 0);
        return KD_NEXT_DONE;
    }
}

static void
fickle_check(int64_t number)
{
    static const struct actor_role roles[] = {
        {"fickle", sizeof(int), fickle_run},
        {"herald", sizeof(int), herald_run}, {NULL, 0, NULL}};

    start(roles);
    actors_spawn(&one, "herald", 0);
    actors_spawn(&one, "fickle", number);
    actors_await(&one.ended, 2);
    finish();
}

static void
test_take_back(void)
{
    fickle_check(0);
}

static void
test_replace(void)
{
    fickle_check(1);
}

/* In one slice: the signal is for the kind to take when it is taken back. */
static kd_next
late_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *step = state;

    (void)number;
    if ((*step)++ == 0) {
        EXPECT(kd_proc_watch(proc, pair[0], KD_FD_WRITE, err) == KD_OK);
        return KD_NEXT_WAIT;
    }
    EXPECT(kd_proc_watch(proc, pair[0], 0, err) == KD_OK);
    EXPECT(events_of(proc, pair[0]) == 0);
    return KD_NEXT_DONE;
}

static void
test_take_back_late(void)
{
    static const struct actor_role roles[] = {
        {"late", sizeof(int), late_run}, {NULL, 0, NULL}};

    start(roles);
    actors_spawn(&one, "late", 0);
    actors_await(&one.ended, 1);
    finish();
}

/* Watches and waits for ever. */
static kd_next
holder_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)number;
    EXPECT(kd_proc_watch(proc, other[0], KD_FD_READ, err) == KD_OK);
    EXPECT(kd_proc_watch(proc, pair[0], KD_FD_READ, err) == KD_OK);
    sem_post(&heard);
    return KD_NEXT_WAIT;
}

/* Its number is the status it is to get, for a descriptor of the holder. */
static kd_next
rival_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    EXPECT(kd_proc_watch(proc, pair[0], KD_FD_READ, err) == number);
    EXPECT(kd_proc_watch(proc, pair[0], 0, err) == KD_OK);
    return KD_NEXT_DONE;
}

static const struct actor_role rivals[] = {
    {"holder", 0, holder_run}, {"rival", 0, rival_run}, {NULL, 0, NULL}};

static void
test_owner(void)
{
    kd_pid holder;

    start(rivals);
    holder = actors_spawn(&one, "holder", 0);
    sem_take(&heard);
    actors_spawn(&one, "rival", KD_EEXIST);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(one.api->terminate(one.api, holder, NULL), KD_OK);
    actors_await(&one.live, 0);
    actors_spawn(&one, "rival", KD_OK);
    actors_await(&one.ended, 3);
    finish();
}

/* Nobody took it back before it was closed, and the number is used again. */
static void
test_number_used_again(void)
{
    int again[2];
    kd_pid holder;

    start(rivals);
    holder = actors_spawn(&one, "holder", 0);
    sem_take(&heard);
    CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, again) == 0);
    CU_ASSERT_EQUAL(dup2(again[0], pair[0]), pair[0]);
    actors_spawn(&one, "rival", KD_OK);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(one.api->terminate(one.api, holder, NULL), KD_OK);
    actors_await(&one.ended, 2);
    close(again[0]);
    close(again[1]);
    finish();
}

static kd_next
refused_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    (void)state;
    (void)number;
    EXPECT(kd_proc_watch(proc, file, KD_FD_READ, err) == KD_EINVAL);
    EXPECT(strstr(err->text, "cannot watch descriptor") != NULL);
    close(file);
    EXPECT(kd_proc_watch(proc, file, KD_FD_READ, err) == KD_EINVAL);
    EXPECT(kd_proc_watch(proc, -1, KD_FD_READ, err) == KD_EINVAL);
    EXPECT(kd_proc_watch(proc, INT32_MAX, KD_FD_READ, err) == KD_EINVAL);
    EXPECT(kd_proc_watch(proc, -1, 0, err) == KD_OK);
    EXPECT(kd_proc_watch(proc, pair[0], 4, err) == KD_EINVAL);
    EXPECT(kd_proc_watch(proc, pair[0], 0, err) == KD_OK);
    EXPECT(kd_proc_watch(proc, 1000000, 0, err) == KD_OK);
    return KD_NEXT_DONE;
}

static void
test_refused(void)
{
    static const struct actor_role roles[] = {
        {"refused", 0, refused_run}, {NULL, 0, NULL}};

    start(roles);
    actors_spawn(&one, "refused", 0);
    actors_await(&one.ended, 1);
    finish();
}

/* At most `n` more descriptors may be opened from here on. */
static void
allow(rlim_t n)
{
    struct rlimit limit;
    int lowest = dup(0);

    EXPECT(lowest >= 0 && close(lowest) == 0);
    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = (rlim_t)lowest + n;
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

/* Watching takes two descriptors of its own: each is missing once, which is
 * said, and what was missing is asked for again. */
static kd_next
scarce_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct rlimit before;
    kd_error why[2] = {KD_ERROR_INIT, KD_ERROR_INIT};
    kd_status status[2];

    (void)state;
    (void)number;
    if (events_of(proc, pair[0]) != 0)
        return KD_NEXT_DONE;
    EXPECT(getrlimit(RLIMIT_NOFILE, &before) == 0);
    for (int i = 0; i < 2; i++) {
        allow((rlim_t)i);
        status[i] = kd_proc_watch(proc, pair[0], KD_FD_WRITE, &why[i]);
        EXPECT(setrlimit(RLIMIT_NOFILE, &before) == 0);
        EXPECT(status[i] == KD_ESYSTEM);
        EXPECT(strcmp(why[i].text,
                   "cannot watch descriptors: Too many open files") == 0);
    }
    EXPECT(kd_proc_watch(proc, pair[0], KD_FD_WRITE, err) == KD_OK);
    return KD_NEXT_WAIT;
}

static void
test_too_few_descriptors(void)
{
    static const struct actor_role roles[] = {
        {"scarce", 0, scarce_run}, {NULL, 0, NULL}};

    start(roles);
    actors_spawn(&one, "scarce", 0);
    actors_await(&one.ended, 1);
    finish();
}

/*
 * The storm: bouncers return each byte that comes on their sockets, while
 * others come, watch, change their minds and end, or are ended, at any moment.
 */
#define BOUNCERS 8
#define BOUNCES  400
#define CHURN    600

static int wires[BOUNCERS][2];
static atomic_long bounced;

static kd_next
bouncer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *has_begun = state;
    int fd = wires[number / 2][number % 2];
    char byte = 'x';

    if (events_of(proc, fd) != 0) {
        EXPECT(read(fd, &byte, 1) == 1);
        if (atomic_fetch_add(&bounced, 1) >= (long)BOUNCERS * BOUNCES)
            return KD_NEXT_DONE;
        EXPECT(write(fd, &byte, 1) == 1);
    } else if (!*has_begun && number % 2 == 0) {
        EXPECT(write(fd, &byte, 1) == 1);
    } else if (*has_begun) {
        return KD_NEXT_WAIT;
    }
    *has_begun = 1;
    EXPECT(kd_proc_watch(proc, fd, KD_FD_READ, err) == KD_OK);
    return KD_NEXT_WAIT;
}

/* A socket pair of its own, closed only when it is taken back. */
static kd_next
whim_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *has_asked = state;
    kd_status status;
    int mine[2];

    if (*has_asked)
        return KD_NEXT_DONE;
    *has_asked = 1;
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, mine) == 0);
    for (int64_t i = 0; i < number % 4; i++) {
        EXPECT(kd_proc_watch(proc, mine[0], KD_FD_WRITE, err) == KD_OK);
        EXPECT(kd_proc_watch(proc, mine[1], KD_FD_READ, err) == KD_OK);
        EXPECT(write(mine[0], "x", 1) == 1);
    }
    EXPECT(kd_proc_watch(proc, mine[0], 0, err) == KD_OK);
    EXPECT(kd_proc_watch(proc, mine[1], 0, err) == KD_OK);
    close(mine[0]);
    close(mine[1]);
    status = number % 3 == 0 ? kd_proc_watch(proc, pair[0], KD_FD_WRITE, err)
                             : KD_OK;
    EXPECT(status == KD_OK || status == KD_EEXIST);
    EXPECT(events_of(proc, mine[0]) == 0);
    return number % 2 == 0 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

static void
test_storm(void)
{
    static const struct actor_role roles[] = {
        {"bouncer", sizeof(int), bouncer_run}, {"whim", sizeof(int), whim_run},
        {NULL, 0, NULL}};
    uint64_t seed = actors_seed("test_fd_watch");
    kd_pid pid;

    start(roles);
    atomic_store(&bounced, 0);
    for (int i = 0; i < BOUNCERS; i++)
        CU_ASSERT_FATAL(
            socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, wires[i]) == 0);
    for (int i = 0; i < 2 * BOUNCERS; i++)
        actors_spawn(&one, "bouncer", i);
    for (int i = 0; i < CHURN; i++) {
        pid = actors_spawn(&one, "whim", (int64_t)(actors_random(&seed) % 12));
        if (actors_random(&seed) % 2 == 0)
            one.api->terminate(one.api, pid, NULL);
    }
    while (atomic_load(&bounced) < (long)BOUNCERS * BOUNCES)
        sched_yield();
    finish();
    for (int i = 0; i < BOUNCERS; i++) {
        close(wires[i][0]);
        close(wires[i][1]);
    }
}

static const struct test_case tests[] = {
    TEST(test_read),
    TEST(test_one_shot),
    TEST(test_events),
    TEST(test_take_back),
    TEST(test_replace),
    TEST(test_take_back_late),
    TEST(test_owner),
    TEST(test_number_used_again),
    TEST(test_refused),
    TEST(test_too_few_descriptors),
    TEST(test_storm),
};

int
main(void)
{
    alarm(120);
    sem_init(&heard, 0, 0);
    return harness_run("fd_watch", tests, sizeof(tests) / sizeof(tests[0]));
}
