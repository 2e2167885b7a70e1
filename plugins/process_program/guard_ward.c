/* SPDX-License-Identifier: MIT */
/*
 * From a start to the reaping (semantics E11).
 */

#include "guard_ward.h"

#include "guard_exec.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct kp_ward **place(struct kp_wards *wards, pid_t pid);
static pid_t fork_program(
    struct kp_wards *wards, const struct kp_start *start, const int *fds);
static void ward_tell(const struct kp_ward *ward, int32_t type, int32_t value);
static void ward_kill(const struct kp_ward *ward, int signal);
static void ward_close(struct kp_wards *wards, struct kp_ward *ward);
static int ward_watch(struct kp_wards *wards, struct kp_ward *ward);
static void ward_ended(
    struct kp_wards *wards, struct kp_ward *ward, const siginfo_t *info);
static void ward_remove(struct kp_wards *wards, struct kp_ward *ward);
static int wait_one(idtype_t type, id_t id, siginfo_t *info);

void
kp__ward_start(
    struct kp_wards *wards, const struct kp_start *start, const int *fds)
{
    struct kp_ward *ward = calloc(1, sizeof(*ward));
    struct kp_ward **at;
    pid_t pid = -1;
    int error = ENOMEM;

    if (ward != NULL) {
        pid = fork_program(wards, start, fds);
        error = errno;
    }
    for (int i = KP_FD_CHANNEL + 1; i < KP_N_FDS; i++)
        close(fds[i]);
    if (pid < 0) {
        kp__ward_refuse(fds[KP_FD_CHANNEL], error);
        free(ward);
        return;
    }
    /* The child does the same: whoever comes first. */
    (void)setpgid(pid, pid);
    ward->pid = pid;
    ward->channel = fds[KP_FD_CHANNEL];
    at = place(wards, pid);
    ward->next = *at;
    *at = ward;
    /* Not watched, its end would not be seen: then it must not run. */
    if (ward_watch(wards, ward) == 0)
        ward_tell(ward, KP_STARTED, pid);
    else
        ward_kill(ward, SIGKILL);
}

void
kp__ward_read(struct kp_wards *wards, struct kp_ward *ward)
{
    struct kp_kill order;
    ssize_t n = recv(ward->channel, &order, sizeof(order), MSG_DONTWAIT);

    if (n == (ssize_t)sizeof(order)) {
        ward_kill(ward, order.signal);
    } else if (n >= 0 || (errno != EAGAIN && errno != EINTR)) {
        ward_kill(ward, SIGKILL);
        ward_close(wards, ward);
    }
}

/*
 * A dead child is looked at before it is reaped: until then its group cannot
 * become anybody else's. Whoever of its group is killed so becomes ours and is
 * reaped in turn, and then its end is told: what comes after it finds nobody
 * who still has the ports and files.
 */
void
kp__wards_reap(struct kp_wards *wards)
{
    struct kp_ward *ward;
    siginfo_t info;

    while (wait_one(P_ALL, 0, &info)) {
        ward = *place(wards, info.si_pid);
        if (ward != NULL && ward->end.type == 0)
            ward_ended(wards, ward, &info);
        (void)waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG);
    }
    for (struct kp_ward **at = &wards->ended; (ward = *at) != NULL;) {
        if (wait_one(P_PGID, (id_t)ward->pid, &info) || errno != ECHILD) {
            at = &ward->next_ended;
            continue;
        }
        *at = ward->next_ended;
        ward_tell(ward, ward->end.type, ward->end.value);
        ward_remove(wards, ward);
    }
}

/*
 * What is killed is waited for, so that nobody has to clean up after us, and
 * whoever waits for the guard's end knows that all is over. What has left its
 * group by itself is not ours to wait for.
 */
void
kp__wards_end(struct kp_wards *wards)
{
    struct kp_ward *ward;
    siginfo_t info;

    for (size_t i = 0; i < KP_WARD_BUCKETS; i++) {
        for (ward = wards->buckets[i]; ward != NULL; ward = ward->next)
            ward_kill(ward, SIGKILL);
    }
    for (size_t i = 0; i < KP_WARD_BUCKETS; i++) {
        while ((ward = wards->buckets[i]) != NULL) {
            while (waitid(P_PGID, (id_t)ward->pid, &info, WEXITED) == 0 ||
                   errno == EINTR)
                continue;
            ward_remove(wards, ward);
        }
    }
}

void
kp__ward_refuse(int channel, int error)
{
    const struct kp_ward nobody = {.channel = channel};

    ward_tell(&nobody, KP_NOT_RUN, error);
    close(channel);
}

/* Where the ward with this id stands, or would. */
static struct kp_ward **
place(struct kp_wards *wards, pid_t pid)
{
    struct kp_ward **at = &wards->buckets[(size_t)pid % KP_WARD_BUCKETS];

    while (*at != NULL && (*at)->pid != pid)
        at = &(*at)->next;
    return at;
}

/* A child that becomes the program. -1 and errno: none. */
static pid_t
fork_program(
    struct kp_wards *wards, const struct kp_start *start, const int *fds)
{
    struct kp_exec exec = {.files = wards->files, .guard = getpid()};
    size_t len = (size_t)start->order_len;
    char *data;
    pid_t pid;
    int error;

    memcpy(exec.fds, fds, sizeof(exec.fds));
    if (start->version != KP_PROTOCOL_VERSION || len == 0) {
        errno = EPROTO;
        return -1;
    }
    data = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fds[KP_FD_ORDER], 0);
    if (data == MAP_FAILED)
        return -1;
    error = kp__order_read(&exec.order, data, len);
    pid = error == 0 ? fork() : -1;
    if (pid == 0)
        kp__exec(&exec);
    if (error == 0) {
        error = errno;
        kp__order_free(&exec.order);
    }
    (void)munmap(data, len);
    errno = error;
    return pid;
}

static void
ward_tell(const struct kp_ward *ward, int32_t type, int32_t value)
{
    const struct kp_report report = {type, value};

    /* Nobody may be there any more, and then it does not matter. */
    if (ward->channel >= 0)
        (void)send(ward->channel, &report, sizeof(report),
            MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
ward_kill(const struct kp_ward *ward, int signal)
{
    (void)kill(-ward->pid, signal);
}

/* A child that has not yet become its program has a copy of the descriptor: so
 * closing it alone would not end the watch. */
static void
ward_close(struct kp_wards *wards, struct kp_ward *ward)
{
    if (ward->channel < 0)
        return;
    (void)epoll_ctl(wards->epoll, EPOLL_CTL_DEL, ward->channel, NULL);
    close(ward->channel);
    ward->channel = -1;
}

static void
ward_ended(struct kp_wards *wards, struct kp_ward *ward, const siginfo_t *info)
{
    ward_kill(ward, SIGKILL);
    ward->end.type = info->si_code == CLD_EXITED ? KP_EXITED : KP_KILLED;
    ward->end.value = info->si_status;
    ward->next_ended = wards->ended;
    wards->ended = ward;
}

static void
ward_remove(struct kp_wards *wards, struct kp_ward *ward)
{
    *place(wards, ward->pid) = ward->next;
    ward_close(wards, ward);
    free(ward);
}

static int
ward_watch(struct kp_wards *wards, struct kp_ward *ward)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = ward};

    return epoll_ctl(wards->epoll, EPOLL_CTL_ADD, ward->channel, &event);
}

/* A child that has ended and is not yet reaped. 0: none, and errno is ECHILD if
 * none lives either. */
static int
wait_one(idtype_t type, id_t id, siginfo_t *info)
{
    memset(info, 0, sizeof(*info));
    errno = 0;
    return waitid(type, id, info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info->si_pid != 0;
}
