/* SPDX-License-Identifier: MIT */
/*
 * Reading, writing, watching.
 */

#include "pipe.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static ssize_t write_quietly(int fd, const struct iovec *parts, int n_parts);

void
kp__pipe_init(struct kp_pipe *pipe, int fd, uint32_t events)
{
    pipe->fd = fd;
    pipe->events = events;
    pipe->ready = 1;
    pipe->watched = 0;
}

void
kp__pipe_close(struct kp_pipe *pipe, kd_proc *proc)
{
    if (pipe->fd < 0)
        return;
    /* Also when its signal has come: of a gate the file stays open. */
    (void)kd_proc_watch(proc, pipe->fd, 0, NULL);
    close(pipe->fd);
    pipe->fd = -1;
    pipe->ready = pipe->watched = 0;
}

/* What cannot be read for another reason is at its end. */
ssize_t
kp__pipe_read(struct kp_pipe *pipe, void *data, size_t room)
{
    ssize_t n;

    do {
        n = read(pipe->fd, data, room);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        pipe->ready = 0;
    else if (n < 0)
        n = 0;
    return n;
}

ssize_t
kp__pipe_write(struct kp_pipe *pipe, const struct iovec *parts, int n_parts)
{
    ssize_t n = write_quietly(pipe->fd, parts, n_parts);

    if (n < 0 && errno == EAGAIN)
        pipe->ready = 0;
    return n;
}

kd_status
kp__pipe_watch(struct kp_pipe *pipe, kd_proc *proc, kd_error *err)
{
    kd_status status;

    if (pipe->fd < 0 || pipe->ready || pipe->watched)
        return KD_OK;
    status = kd_proc_watch(proc, pipe->fd, pipe->events, err);
    pipe->watched = status == KD_OK;
    return status;
}

int
kp__pipe_told(struct kp_pipe *pipe, const kd_signal *signal)
{
    if (pipe->fd < 0 || signal->fd != pipe->fd)
        return 0;
    pipe->watched = 0;
    pipe->ready = 1;
    return 1;
}

/*
 * The library's own threads block SIGPIPE, but this may be a thread of an
 * embedder who steps the runtime. What the write raises is taken back; what
 * was pending before is not ours.
 */
static ssize_t
write_quietly(int fd, const struct iovec *parts, int n_parts)
{
    const struct timespec at_once = {0, 0};
    sigset_t broken, before, pending;
    int was_pending, error;
    ssize_t n;

    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    sigpending(&pending);
    was_pending = sigismember(&pending, SIGPIPE);
    do {
        n = writev(fd, parts, n_parts);
    } while (n < 0 && errno == EINTR);
    error = errno;
    if (n < 0 && error == EPIPE && !was_pending)
        (void)sigtimedwait(&broken, NULL, &at_once);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return n;
}
