/* SPDX-License-Identifier: MIT */
/*
 * One poll for the pipe of the signal handler and for the watchdog's time.
 */

#include "cli/operator.h"

#include "cli/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void *operate(void *arg);
static void take_signals(struct kd__operator *op);
static void raise_event(int fd);
static int start_thread(struct kd__operator *op);

int
kd__operator_start(struct kd__operator *op, kd_runtime *runtime, int signal_fd,
    const struct kd__notify *notify)
{
    memset(op, 0, sizeof(*op));
    op->runtime = runtime;
    op->notify = notify;
    op->signal_fd = signal_fd;
    op->quit_fd = eventfd(0, EFD_CLOEXEC);
    op->over_fd = eventfd(0, EFD_CLOEXEC);
    if (op->quit_fd < 0 || op->over_fd < 0)
        return -1;
    return start_thread(op);
}

void
kd__operator_stop(struct kd__operator *op)
{
    if (op->has_thread) {
        raise_event(op->over_fd);
        pthread_join(op->thread, NULL);
    }
    op->has_thread = 0;
    if (op->quit_fd >= 0)
        close(op->quit_fd);
    if (op->over_fd >= 0)
        close(op->over_fd);
    op->quit_fd = op->over_fd = -1;
}

static void *
operate(void *arg)
{
    struct kd__operator *op = arg;
    struct pollfd fds[2] = {
        {.fd = op->signal_fd, .events = POLLIN},
        {.fd = op->over_fd, .events = POLLIN},
    };
    int n;

    while (fds[1].revents == 0) {
        n = poll(fds, 2, op->notify->watchdog_ms);
        if (n == 0)
            kd__notify_send(op->notify, "WATCHDOG=1");
        if (n > 0 && fds[0].revents != 0)
            take_signals(op);
        if (n < 0)
            fds[1].revents = 0;
    }
    return NULL;
}

static void
take_signals(struct kd__operator *op)
{
    char word;

    while (read(op->signal_fd, &word, 1) == 1) {
        if (word == KD__INTERRUPT_TREE) {
            kd_runtime_tree(op->runtime);
            continue;
        }
        kd__notify_send(op->notify, "STOPPING=1");
        kd_runtime_interrupt(op->runtime);
        raise_event(op->quit_fd);
    }
}

static void
raise_event(int fd)
{
    uint64_t one = 1;
    ssize_t n = write(fd, &one, sizeof(one));

    (void)n;
}

/* Signals are the main thread's. */
static int
start_thread(struct kd__operator *op)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    errno = pthread_create(&op->thread, NULL, operate, op);
    op->has_thread = errno == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return op->has_thread ? 0 : -1;
}
