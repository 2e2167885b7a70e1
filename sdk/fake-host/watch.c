/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that processes watch. They are real ones: kd_fake_poll() asks the
 * system, and kd_fake_fd() says what a test wants it to have said.
 */

#include "state.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

/* More at a time are looked at by the next call. */
#define POLL_MAX 256

static struct fake_watch **
find(struct fake_proc *proc, int32_t fd)
{
    struct fake_watch **at = &proc->watches;

    while (*at != NULL && (*at)->fd != fd)
        at = &(*at)->next;
    return at;
}

static void
drop(struct fake_watch **at)
{
    struct fake_watch *watch = *at;

    if (watch == NULL)
        return;
    *at = watch->next;
    free(watch);
}

/* What was not taken yet of an earlier call is void. */
static void
void_signals(struct fake_proc *proc, int32_t fd)
{
    struct fake_signal **at = &proc->signals, *signal;

    while ((signal = *at) != NULL) {
        if (signal->pub.type != KD_SIGNAL_FD || signal->pub.fd != fd) {
            at = &signal->next;
            continue;
        }
        *at = signal->next;
        fake_signal_free(signal);
    }
    proc->signals_end = at;
}

static int
can_be_watched(int32_t fd)
{
    struct stat stat;

    return fstat(fd, &stat) == 0 && !S_ISREG(stat.st_mode) &&
           !S_ISDIR(stat.st_mode);
}

static int
is_of_another(const struct fake_proc *proc, int32_t fd)
{
    struct fake_proc *other = proc->fake->procs;

    for (; other != NULL; other = other->next) {
        if (other != proc && *find(other, fd) != NULL)
            return 1;
    }
    return 0;
}

kd_status
fake_watch_set(
    struct fake_proc *proc, int32_t fd, uint32_t events, kd_error *err)
{
    struct fake_watch *watch;

    if (events & ~(KD_FD_READ | KD_FD_WRITE))
        return fake_error(err, KD_EINVAL, "unknown events");
    void_signals(proc, fd);
    drop(find(proc, fd));
    if (events == 0)
        return KD_OK;
    if (!can_be_watched(fd))
        return fake_error(err, KD_EINVAL, "no descriptor that can be watched");
    if (is_of_another(proc, fd))
        return fake_error(err, KD_EEXIST, "another process watches it");
    watch = calloc(1, sizeof(*watch));
    if (watch == NULL)
        return fake_error(err, KD_ENOMEM, kd_status_text(KD_ENOMEM));
    watch->fd = fd;
    watch->events = events;
    watch->next = proc->watches;
    proc->watches = watch;
    return KD_OK;
}

uint32_t
kd_fake_watched(const kd_proc *proc, int32_t fd)
{
    const struct fake_watch *watch = *find(fake_proc(proc), fd);

    return watch == NULL ? 0 : watch->events;
}

kd_status
kd_fake_fd(kd_proc *pub, int32_t fd, uint32_t events)
{
    struct fake_proc *proc = fake_proc(pub);
    struct fake_watch **at = find(proc, fd);
    const kd_pid nobody = KD_PID_NONE_INIT;
    kd_signal signal;

    if (*at == NULL || ((*at)->events & events) == 0)
        return KD_ENOTFOUND;
    fake_signal_init(&signal, KD_SIGNAL_FD, nobody);
    signal.fd = fd;
    signal.events = (*at)->events & events;
    drop(at);
    return fake_signal_put(proc, &signal);
}

/* A hang-up or an error is for whatever was asked, as the host has it. */
static uint32_t
events_of(const struct pollfd *poller, uint32_t asked)
{
    uint32_t events = 0;

    if (poller->revents & POLLIN)
        events |= KD_FD_READ;
    if (poller->revents & POLLOUT)
        events |= KD_FD_WRITE;
    if (poller->revents & (POLLHUP | POLLERR))
        events |= asked;
    return events & asked;
}

static nfds_t
gather(kd_fake *fake, struct pollfd *pollers, struct fake_proc **owners)
{
    struct fake_proc *proc = fake->procs;
    const struct fake_watch *watch;
    nfds_t count = 0;

    for (; proc != NULL; proc = proc->next) {
        for (watch = proc->watches; watch != NULL && count < POLL_MAX;
             watch = watch->next) {
            owners[count] = proc;
            pollers[count].fd = watch->fd;
            pollers[count].events =
                (short)((watch->events & KD_FD_READ ? POLLIN : 0) |
                        (watch->events & KD_FD_WRITE ? POLLOUT : 0));
            count++;
        }
    }
    return count;
}

size_t
kd_fake_poll(kd_fake *fake, int timeout_ms)
{
    struct pollfd pollers[POLL_MAX];
    struct fake_proc *owners[POLL_MAX];
    nfds_t count = gather(fake, pollers, owners), i;
    size_t told = 0;
    kd_proc *proc;

    if (poll(pollers, count, timeout_ms) <= 0)
        return 0;
    for (i = 0; i < count; i++) {
        proc = &owners[i]->pub;
        told += kd_fake_fd(proc, pollers[i].fd,
                    events_of(&pollers[i],
                        kd_fake_watched(proc, pollers[i].fd))) == KD_OK;
    }
    return told;
}

/* After a callback: a number that is closed may be another's by now. */
void
fake_watches_check(struct fake_proc *proc)
{
    struct fake_watch **at = &proc->watches;

    while (*at != NULL) {
        if (fcntl((*at)->fd, F_GETFD) != -1) {
            at = &(*at)->next;
            continue;
        }
        fake_complain(proc->fake, "%s: descriptor %d is closed while watched",
            proc->fake->api.entry_kind(proc->entry), (int)(*at)->fd);
        drop(at);
    }
}

void
fake_watches_free(struct fake_proc *proc)
{
    while (proc->watches != NULL)
        drop(&proc->watches);
}
