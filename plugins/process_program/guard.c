/* SPDX-License-Identifier: MIT */
/*
 * The guard: the parent of all programs of a runtime.
 *
 * The host could start them itself, but could not see to it that they end with
 * it when it is killed by SIGKILL. PR_SET_PDEATHSIG alone does not do: it comes
 * when the *thread* that forked ends, which a worker thread may at any time,
 * and reaches one process of the group. It would also have to share SIGCHLD and
 * the children with whatever program the library is embedded in. So there is
 * this little program, of one thread, which does nothing but start, signal and
 * reap. It knows that the host is gone because its end of the control socket
 * is, and that needs no cooperation of the dead.
 *
 * It is the reaper of what its programs leave behind, too: nothing becomes a
 * zombie of a process 1 that does not care, as in containers.
 */

#include "guard_ward.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct guard {
    int deaths; /* A signalfd of SIGCHLD. */
    struct kp_wards wards;
};

/* Room for the descriptors of one start. */
union ancillary {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int) * KP_N_FDS)];
};

static int set_up(struct guard *guard);
static int watch(const struct guard *guard, int fd, void *what);
static int control_read(struct guard *guard);
static size_t control_fds(struct msghdr *message, int *fds);
static void start(
    struct guard *guard, const struct kp_start *start, int *fds, size_t n_fds);
static void deaths_read(struct guard *guard);

/* One event at a time: what one brings may end what another one is about. */
int
main(void)
{
    static struct guard guard;
    struct epoll_event event;
    int is_over = 0;

    if (set_up(&guard) != 0) {
        fputs("kindred-guard is started by Kindred, for programs that run as "
              "its processes\n",
            stderr);
        return 2;
    }
    while (!is_over) {
        if (epoll_wait(guard.wards.epoll, &event, 1, -1) != 1)
            continue;
        if (event.data.ptr == &guard.wards)
            is_over = control_read(&guard);
        else if (event.data.ptr == &guard.deaths)
            deaths_read(&guard);
        else
            kp__ward_read(&guard.wards, event.data.ptr);
    }
    kp__wards_end(&guard.wards);
    return EXIT_SUCCESS;
}

/* What the host left open without CLOEXEC is not for programs (semantics E4).
 */
static int
set_up(struct guard *guard)
{
    struct rlimit most;
    sigset_t all, deaths;
    int is_socket;
    socklen_t len = sizeof(is_socket);

    if (getsockopt(KP_CONTROL_FD, SOL_SOCKET, SO_DOMAIN, &is_socket, &len) != 0)
        return -1;
    closefrom(KP_CONTROL_FD + 1);
    if (fcntl(KP_CONTROL_FD, F_SETFD, FD_CLOEXEC) != 0 ||
        getrlimit(RLIMIT_NOFILE, &guard->wards.files) != 0)
        return -1;
    most = guard->wards.files;
    most.rlim_cur = most.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &most);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigfillset(&all);
    sigemptyset(&deaths);
    sigaddset(&deaths, SIGCHLD);
    sigprocmask(SIG_SETMASK, &all, NULL);
    guard->deaths = signalfd(-1, &deaths, SFD_CLOEXEC | SFD_NONBLOCK);
    guard->wards.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (guard->deaths < 0 || guard->wards.epoll < 0)
        return -1;
    if (watch(guard, KP_CONTROL_FD, &guard->wards) != 0)
        return -1;
    return watch(guard, guard->deaths, &guard->deaths);
}

static int
watch(const struct guard *guard, int fd, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

    return epoll_ctl(guard->wards.epoll, EPOLL_CTL_ADD, fd, &event);
}

/* Nonzero: the runtime is gone. */
static int
control_read(struct guard *guard)
{
    struct kp_start body = {0};
    struct iovec part = {&body, sizeof(body)};
    union ancillary ancillary;
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &ancillary,
        .msg_controllen = sizeof(ancillary)};
    ssize_t n =
        recvmsg(KP_CONTROL_FD, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    int fds[KP_N_FDS];

    if (n < 0)
        return errno != EAGAIN && errno != EINTR;
    if (n == 0)
        return 1;
    start(guard, &body, fds, control_fds(&message, fds));
    return 0;
}

/* Those that came: fewer when the guard can have no more open. */
static size_t
control_fds(struct msghdr *message, int *fds)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    size_t n;

    if (head == NULL || head->cmsg_level != SOL_SOCKET ||
        head->cmsg_type != SCM_RIGHTS)
        return 0;
    n = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(fds, CMSG_DATA(head), n * sizeof(int));
    return n;
}

static void
start(struct guard *guard, const struct kp_start *start, int *fds, size_t n_fds)
{
    if (n_fds == KP_N_FDS) {
        kp__ward_start(&guard->wards, start, fds);
        return;
    }
    for (size_t i = 1; i < n_fds; i++)
        close(fds[i]);
    if (n_fds > 0)
        kp__ward_refuse(fds[KP_FD_CHANNEL], EMFILE);
}

static void
deaths_read(struct guard *guard)
{
    struct signalfd_siginfo death;

    while (read(guard->deaths, &death, sizeof(death)) > 0)
        continue;
    kp__wards_reap(&guard->wards);
}
