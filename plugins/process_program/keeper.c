/* SPDX-License-Identifier: MIT */
/*
 * One guard for all programs of a runtime.
 *
 * It is a child of whatever program the library is part of, which may wait for
 * any child of its own; so whoever finds the guard already reaped is content.
 * A pidfd, where the kernel has it, makes sure that nobody else's child is
 * taken for it.
 */

#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* For one that has to wait for programs that do not even die by SIGKILL. */
#define END_TIMEOUT_MS 5000

/* P_PIDFD, which not every C library knows. */
#define WAIT_PIDFD ((idtype_t)3)

static int guard_start(struct kp_keeper *keeper);
static int guard_spawn(struct kp_keeper *keeper, int fd);
static void guard_end(struct kp_keeper *keeper, int timeout_ms);
static int guard_reap(idtype_t type, id_t id);
static int hand_over(int control, const int *fds, uint64_t order_len);

int
kp__keeper_init(struct kp_keeper *keeper, const kd_api *api)
{
    keeper->api = api;
    keeper->control = keeper->pidfd = -1;
    keeper->guard = -1;
    return pthread_mutex_init(&keeper->lock, NULL);
}

void
kp__keeper_fini(struct kp_keeper *keeper)
{
    guard_end(keeper, END_TIMEOUT_MS);
    pthread_mutex_destroy(&keeper->lock);
}

/* A guard that somebody has killed is noticed here, and replaced once. */
int
kp__keeper_start(struct kp_keeper *keeper, const int *fds, uint64_t order_len,
    int *writable, int *is_guard)
{
    int error = 0;

    *is_guard = 0;
    pthread_mutex_lock(&keeper->lock);
    for (int tries = 0; tries < 2; tries++) {
        if (keeper->control < 0)
            error = guard_start(keeper);
        if (error != 0) {
            *is_guard = 1;
            break;
        }
        error = hand_over(keeper->control, fds, order_len);
        if (error != EPIPE && error != ECONNRESET)
            break;
        guard_end(keeper, 0);
        error = 0;
    }
    if (error == EAGAIN) {
        *writable = fcntl(keeper->control, F_DUPFD_CLOEXEC, 0);
        error = *writable < 0 ? errno : EAGAIN;
    }
    pthread_mutex_unlock(&keeper->lock);
    return error;
}

const char *
kp__keeper_path(const struct kp_keeper *keeper)
{
    const char *path = keeper->api->env_get(keeper->api, "KINDRED_GUARD");

    return path == NULL || path[0] == '\0' ? KINDRED_GUARD : path;
}

static int
guard_start(struct kp_keeper *keeper)
{
    int pair[2];
    int error;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return errno;
    error = guard_spawn(keeper, pair[1]);
    close(pair[1]);
    if (error != 0) {
        close(pair[0]);
        return error;
    }
    keeper->control = pair[0];
    keeper->pidfd = -1;
#ifdef SYS_pidfd_open
    keeper->pidfd = (int)syscall(SYS_pidfd_open, keeper->guard, 0);
#endif
    return 0;
}

/*
 * In a session of its own, so that no terminal's signals reach it, with an
 * empty environment, all signals blocked and at their defaults, and three
 * descriptors that lead nowhere.
 */
static int
guard_spawn(struct kp_keeper *keeper, int fd)
{
    char name[] = "kindred-guard";
    char *args[] = {name, NULL};
    char *env[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all;
    int error;

    sigfillset(&all);
    error = posix_spawn_file_actions_init(&files);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&how);
    if (error != 0)
        goto out_files;
    error = posix_spawn_file_actions_adddup2(&files, fd, KP_CONTROL_FD);
    for (int i = 0; i < KP_CONTROL_FD && error == 0; i++)
        error =
            posix_spawn_file_actions_addopen(&files, i, "/dev/null", O_RDWR, 0);
    if (error == 0)
        error = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID |
                                                   POSIX_SPAWN_SETSIGDEF |
                                                   POSIX_SPAWN_SETSIGMASK);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(&how, &all);
    if (error == 0)
        error = posix_spawnattr_setsigmask(&how, &all);
    if (error == 0)
        error = posix_spawn(
            &keeper->guard, kp__keeper_path(keeper), &files, &how, args, env);
    posix_spawnattr_destroy(&how);
out_files:
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/*
 * The guard hears that nothing more will come, ends all that is left, and then
 * itself, which is seen at the socket. Only then is it waited for.
 */
static void
guard_end(struct kp_keeper *keeper, int timeout_ms)
{
    struct pollfd end = {.fd = keeper->control, .events = 0};

    if (keeper->control < 0)
        return;
    shutdown(keeper->control, SHUT_WR);
    if (poll(&end, 1, timeout_ms) > 0 &&
        (keeper->pidfd < 0 ||
            guard_reap(WAIT_PIDFD, (id_t)keeper->pidfd) == EINVAL))
        (void)guard_reap(P_PID, (id_t)keeper->guard);
    close(keeper->control);
    if (keeper->pidfd >= 0)
        close(keeper->pidfd);
    keeper->control = keeper->pidfd = -1;
}

/* 0, or an errno: EINVAL, the kernel does not know such ids. */
static int
guard_reap(idtype_t type, id_t id)
{
    siginfo_t info;

    while (waitid(type, id, &info, WEXITED) != 0) {
        if (errno != EINTR)
            return errno;
    }
    return 0;
}

static int
hand_over(int control, const int *fds, uint64_t order_len)
{
    struct kp_start start = {KP_PROTOCOL_VERSION, 0, order_len};
    struct iovec part = {&start, sizeof(start)};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int) * KP_N_FDS)];
    } ancillary;
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &ancillary,
        .msg_controllen = sizeof(ancillary)};

    memset(&ancillary, 0, sizeof(ancillary));
    ancillary.head.cmsg_level = SOL_SOCKET;
    ancillary.head.cmsg_type = SCM_RIGHTS;
    ancillary.head.cmsg_len = CMSG_LEN(sizeof(int) * KP_N_FDS);
    memcpy(CMSG_DATA(&ancillary.head), fds, sizeof(int) * KP_N_FDS);
    if (sendmsg(control, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return 0;
    return errno;
}
