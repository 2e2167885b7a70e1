/* SPDX-License-Identifier: MIT */
/*
 * The guard, without a runtime: its keeper starts it, and the tests talk to it
 * as processes do.
 */

#include "harness.h"

#include "process_program/keeper.h"
#include "process_program/order.h"
#include "process_program/outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 10000

/* What the guard has open when nothing runs: 0 to 2, its socket, and two to
 * wait with. */
#define GUARD_FDS 6

/* A program that was started. */
struct run {
    int channel;
    int out;   /* Of its stdout and stderr. */
    int error; /* What the start gave. */
    pid_t pid;
};

static struct kp_keeper keeper;
static char text[1 << 16];

static const char *
env_get(const kd_api *api, const char *name)
{
    (void)api;
    return getenv(name);
}

static const kd_api api = {.size = sizeof(kd_api), .env_get = env_get};

static void
set_up(void)
{
    CU_ASSERT_EQUAL_FATAL(kp__keeper_init(&keeper, &api), 0);
}

static void
add(int fd, const char *string)
{
    size_t len = strlen(string) + 1;

    CU_ASSERT_EQUAL(write(fd, string, len), (ssize_t)len);
}

/* The order of a command line; its length in *len. */
static int
make_order(const char *folder, const char *const *args, const char *const *env,
    uint64_t *len)
{
    int fd = memfd_create("order", MFD_CLOEXEC);
    struct kp_order_head head = {0, 0};

    while (args[head.n_args] != NULL)
        head.n_args++;
    while (env[head.n_env] != NULL)
        head.n_env++;
    CU_ASSERT_EQUAL(write(fd, &head, sizeof(head)), (ssize_t)sizeof(head));
    add(fd, folder);
    for (; *args != NULL; args++)
        add(fd, *args);
    for (; *env != NULL; env++)
        add(fd, *env);
    *len = (uint64_t)lseek(fd, 0, SEEK_CUR);
    return fd;
}

/* What is started by these bytes, which it closes. */
static struct run
run_order(int order, uint64_t len)
{
    struct run run = {-1, -1, 0, 0};
    int pair[2], pipes[2], fds[KP_N_FDS];
    int writable, is_guard;

    CU_ASSERT_EQUAL_FATAL(
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    CU_ASSERT_EQUAL_FATAL(pipe2(pipes, O_CLOEXEC), 0);
    fds[KP_FD_CHANNEL] = pair[1];
    fds[KP_FD_STDIN] = open("/dev/null", O_RDWR | O_CLOEXEC);
    fds[KP_FD_STDOUT] = pipes[1];
    fds[KP_FD_STDERR] = dup(pipes[1]);
    fds[KP_FD_ORDER] = order;
    for (;;) {
        struct pollfd room = {.events = POLLOUT};

        run.error = kp__keeper_start(&keeper, fds, len, &writable, &is_guard);
        if (run.error != EAGAIN)
            break;
        room.fd = writable;
        CU_ASSERT_EQUAL(poll(&room, 1, WAIT_MS), 1);
        close(writable);
    }
    for (int i = 0; i < KP_N_FDS; i++)
        close(fds[i]);
    run.channel = pair[0];
    run.out = pipes[0];
    return run;
}

static struct run
run_in(const char *folder, const char *const *args, const char *const *env)
{
    uint64_t len;
    int order = make_order(folder, args, env, &len);

    return run_order(order, len);
}

#define RUN(...)                                                               \
    run_in("", (const char *const[]){__VA_ARGS__, NULL},                       \
        (const char *const[]){"PATH=/usr/bin:/bin", NULL})

/* The next report but KP_STARTED, whose pid is kept. Type 0: the end. */
static struct kp_report
report(struct run *run)
{
    struct pollfd ready = {.fd = run->channel, .events = POLLIN};
    struct kp_report report = {0, 0};

    do {
        memset(&report, 0, sizeof(report));
        CU_ASSERT_EQUAL_FATAL(poll(&ready, 1, WAIT_MS), 1);
        if (recv(run->channel, &report, sizeof(report), 0) <= 0)
            report.type = 0;
        if (report.type == KP_STARTED)
            run->pid = report.value;
    } while (report.type == KP_STARTED);
    return report;
}

/* All it writes, until nobody can write any more. */
static const char *
output(const struct run *run)
{
    size_t len = 0;
    ssize_t n;

    while ((n = read(run->out, text + len, sizeof(text) - 1 - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
    return text;
}

static void
done(struct run *run)
{
    close(run->channel);
    close(run->out);
}

static void
check_ends(struct run run, int32_t type, int32_t value)
{
    struct kp_report end = report(&run);

    CU_ASSERT_EQUAL(run.error, 0);
    CU_ASSERT_EQUAL(end.type, type);
    CU_ASSERT_EQUAL(end.value, value);
    done(&run);
}

/* Until the first bytes of its output. */
static void
await_output(const struct run *run, char *to, size_t room)
{
    struct pollfd ready = {.fd = run->out, .events = POLLIN};
    ssize_t n;

    CU_ASSERT_EQUAL_FATAL(poll(&ready, 1, WAIT_MS), 1);
    n = read(run->out, to, room - 1);
    to[n < 0 ? 0 : n] = '\0';
}

/* Its pipe is at its end: whoever had it is dead. */
static void
check_dead(const struct run *run)
{
    struct pollfd ready = {.fd = run->out, .events = POLLIN};
    char byte;

    CU_ASSERT_EQUAL(poll(&ready, 1, WAIT_MS), 1);
    CU_ASSERT_EQUAL(read(run->out, &byte, 1), 0);
}

/* (semantics E9) */
static void
test_guard_tells_how_a_program_ended(void)
{
    set_up();
    check_ends(RUN("true"), KP_EXITED, 0);
    check_ends(RUN("sh", "-c", "exit 7"), KP_EXITED, 7);
    check_ends(RUN("/bin/sh", "-c", "kill -USR1 $$"), KP_KILLED, SIGUSR1);
    kp__keeper_fini(&keeper);
}

/* (semantics E3) */
static void
test_guard_tells_why_a_program_cannot_be_run(void)
{
    static const char *const ls[] = {"ls", NULL};
    static const char *const none[] = {NULL};

    set_up();
    check_ends(RUN("no-such-program"), KP_NOT_RUN, ENOENT);
    check_ends(RUN("/no/such/program"), KP_NOT_RUN, ENOENT);
    check_ends(RUN("/etc"), KP_NOT_RUN, EACCES);
    check_ends(RUN("/etc/passwd"), KP_NOT_RUN, EACCES);
    check_ends(run_in("/no/such/folder", ls, none), KP_NO_FOLDER, ENOENT);
    check_ends(run_in("/", ls, none), KP_EXITED, 0);
    kp__keeper_fini(&keeper);
}

/* What is said to be longer than it is, or to have more in it, or nothing. */
static void
test_guard_runs_no_order_that_is_malformed(void)
{
    static const struct kp_order_head heads[] = {
        {0, 0}, {1, 0}, {0, 1}, {UINT32_MAX, UINT32_MAX}};

    set_up();
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        for (uint64_t len = 0; len <= 2 * sizeof(heads[0]);
             len += sizeof(heads[0]) / 2) {
            int order = memfd_create("order", MFD_CLOEXEC);

            CU_ASSERT_EQUAL(write(order, &heads[i], sizeof(heads[i])),
                (ssize_t)sizeof(heads[i]));
            check_ends(run_order(order, len), KP_NOT_RUN, EPROTO);
        }
    }
    check_ends(RUN("true"), KP_EXITED, 0);
    kp__keeper_fini(&keeper);
}

/* Some of what a start needs arrives, and is closed again. Without the first
 * nobody can be told why, but that it is over. */
static void
test_guard_without_descriptors_tells_so(void)
{
    struct rlimit usual, few;
    struct kp_report end;
    struct run run;

    set_up();
    check_ends(RUN("true"), KP_EXITED, 0);
    CU_ASSERT_EQUAL_FATAL(
        prlimit(keeper.guard, RLIMIT_NOFILE, NULL, &usual), 0);
    few = usual;
    for (rlim_t more = 0; more < KP_N_FDS; more++) {
        few.rlim_cur = GUARD_FDS + more;
        CU_ASSERT_EQUAL(prlimit(keeper.guard, RLIMIT_NOFILE, &few, NULL), 0);
        run = RUN("true");
        end = report(&run);
        CU_ASSERT_EQUAL(end.type, more == 0 ? 0 : KP_NOT_RUN);
        CU_ASSERT_EQUAL(end.value, more == 0 ? 0 : EMFILE);
        done(&run);
    }
    CU_ASSERT_EQUAL(prlimit(keeper.guard, RLIMIT_NOFILE, &usual, NULL), 0);
    check_ends(RUN("true"), KP_EXITED, 0);
    kp__keeper_fini(&keeper);
}

/* Descriptors, group, signals, environment (semantics E1, E4). The 3 is what
 * ls itself opens to look. */
static void
test_guard_gives_a_program_what_it_should_have(void)
{
    struct run run;
    int extra = open("/dev/null", O_RDONLY); /* Not close-on-exec. */
    int a, b, c;

    set_up();
    run = RUN("ls", "/proc/self/fd");
    CU_ASSERT_STRING_EQUAL(output(&run), "0\n1\n2\n3\n");
    done(&run);
    run = RUN("cat", "/proc/self/status");
    CU_ASSERT(strstr(output(&run), "\nSigBlk:\t0000000000000000\n") != NULL);
    CU_ASSERT(strstr(text, "\nSigIgn:\t0000000000000000\n") != NULL);
    CU_ASSERT(strstr(text, "\nSigCgt:\t0000000000000000\n") != NULL);
    done(&run);
    run = RUN("sh", "-c", "echo $$ $(cut -d ' ' -f 4,5 /proc/$$/stat)");
    CU_ASSERT_EQUAL(sscanf(output(&run), "%d %d %d", &a, &b, &c), 3);
    CU_ASSERT_EQUAL(b, keeper.guard);
    CU_ASSERT_EQUAL(a, c);
    done(&run);
    run = RUN("env");
    CU_ASSERT_STRING_EQUAL(output(&run), "PATH=/usr/bin:/bin\n");
    done(&run);
    kp__keeper_fini(&keeper);
    close(extra);
}

/* (semantics E10) */
static void
test_guard_signals_the_whole_group(void)
{
    struct kp_kill kill = {SIGTERM};
    struct kp_report end;
    struct run run;
    char ready[16];

    set_up();
    run = RUN("sh", "-c", "sleep 600 & echo up; wait");
    await_output(&run, ready, sizeof(ready));
    CU_ASSERT_EQUAL(send(run.channel, &kill, sizeof(kill), 0), sizeof(kill));
    end = report(&run);
    CU_ASSERT_EQUAL(end.type, KP_KILLED);
    CU_ASSERT_EQUAL(end.value, SIGTERM);
    check_dead(&run);
    done(&run);
    kp__keeper_fini(&keeper);
}

/* What it leaves behind goes with it, and stays nobody's zombie (semantics
 * E11). */
static void
test_guard_kills_what_is_left_of_a_group(void)
{
    struct kp_report end;
    struct run run;
    int sleeper;

    set_up();
    run = RUN("sh", "-c", "trap '' TERM; sleep 600 & echo $!");
    await_output(&run, text, sizeof(text));
    sleeper = atoi(text);
    end = report(&run);
    CU_ASSERT_EQUAL(end.type, KP_EXITED);
    check_dead(&run);
    done(&run);
    CU_ASSERT(sleeper > 1);
    kp__keeper_fini(&keeper);
    CU_ASSERT(kill(sleeper, 0) != 0 && errno == ESRCH);
}

/* (semantics E10) */
static void
test_guard_kills_a_group_whose_channel_ends(void)
{
    struct run run;
    char ready[16];

    set_up();
    run = RUN("sh", "-c", "trap '' TERM; sleep 600 & echo up; wait");
    await_output(&run, ready, sizeof(ready));
    close(run.channel);
    check_dead(&run);
    close(run.out);
    kp__keeper_fini(&keeper);
}

/* As when the host dies (semantics E12). */
static void
test_guard_kills_all_when_its_socket_ends(void)
{
    struct run runs[3];
    pid_t guard;
    char ready[16];

    set_up();
    for (int i = 0; i < 3; i++) {
        runs[i] = RUN("sh", "-c", "trap '' TERM; sleep 600 & echo up; wait");
        await_output(&runs[i], ready, sizeof(ready));
    }
    guard = keeper.guard;
    kp__keeper_fini(&keeper);
    CU_ASSERT(kill(guard, 0) != 0 && errno == ESRCH);
    for (int i = 0; i < 3; i++) {
        struct kp_report end = report(&runs[i]);

        CU_ASSERT_EQUAL(end.type, 0);
        CU_ASSERT(kill(-runs[i].pid, 0) != 0 && errno == ESRCH);
        check_dead(&runs[i]);
        done(&runs[i]);
    }
}

/* Somebody kills the guard itself: its programs end, and the next one has a
 * guard again. */
static void
test_guard_killed_takes_programs_along_and_is_replaced(void)
{
    struct run run;
    char ready[16];

    set_up();
    run = RUN("sh", "-c", "echo up; exec sleep 600");
    await_output(&run, ready, sizeof(ready));
    kill(keeper.guard, SIGKILL);
    check_dead(&run);
    CU_ASSERT_EQUAL(report(&run).type, 0);
    done(&run);
    check_ends(RUN("true"), KP_EXITED, 0);
    kp__keeper_fini(&keeper);
}

/* More than a message could hold, and more at a time than a socket does. */
static void
test_guard_takes_large_orders_and_many(void)
{
    static char large[100 * 1024];
    static struct run runs[200];
    const char *env[12] = {NULL};
    const char *const count[] = {"/bin/sh", "-c", "env | wc -c", NULL};
    struct run run;

    memset(large, 'x', sizeof(large) - 1);
    large[1] = '=';
    for (int i = 0; i < 10; i++)
        env[i] = large;
    set_up();
    run = run_in("", count, env);
    CU_ASSERT(atol(output(&run)) > 0);
    done(&run);
    for (int i = 0; i < 200; i++)
        runs[i] = RUN("true");
    for (int i = 0; i < 200; i++)
        check_ends(runs[i], KP_EXITED, 0);
    kp__keeper_fini(&keeper);
}

/* Nothing of it is open in the host afterwards (semantics E11). */
static void
test_guard_leaves_no_descriptor(void)
{
    int before = open("/dev/null", O_RDONLY);
    int after;

    close(before);
    set_up();
    check_ends(RUN("true"), KP_EXITED, 0);
    check_ends(RUN("no-such-program"), KP_NOT_RUN, ENOENT);
    kp__keeper_fini(&keeper);
    after = open("/dev/null", O_RDONLY);
    CU_ASSERT_EQUAL(before, after);
    close(after);
}

static const struct test_case tests[] = {
    TEST(test_guard_tells_how_a_program_ended),
    TEST(test_guard_tells_why_a_program_cannot_be_run),
    TEST(test_guard_runs_no_order_that_is_malformed),
    TEST(test_guard_without_descriptors_tells_so),
    TEST(test_guard_gives_a_program_what_it_should_have),
    TEST(test_guard_signals_the_whole_group),
    TEST(test_guard_kills_what_is_left_of_a_group),
    TEST(test_guard_kills_a_group_whose_channel_ends),
    TEST(test_guard_kills_all_when_its_socket_ends),
    TEST(test_guard_killed_takes_programs_along_and_is_replaced),
    TEST(test_guard_takes_large_orders_and_many),
    TEST(test_guard_leaves_no_descriptor),
};

TEST_MAIN("guard")
