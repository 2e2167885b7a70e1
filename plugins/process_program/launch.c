/* SPDX-License-Identifier: MIT */
/*
 * Pipes, a channel and an order, handed over to the guard.
 *
 * Everything is close-on-exec: whatever the program that the library is part
 * of starts, has none of it. The pipes' other ends are blocking, as programs
 * expect them.
 */

#include "program.h"

#include "order.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_all(struct kp_program *program);
static int open_channel(struct kp_program *program);
static int open_stream(
    struct kp_pipe *ours, int *theirs, enum kp_framing framing, int is_input);
static int write_order(struct kp_program *program);
static int write_all(int fd, struct iovec *parts, int n_parts);
static void close_theirs(struct kp_program *program);
static kd_status queue(struct kp_program *program, int writable);
static int is_passing(int error);

kd_status
kp__launch(struct kp_program *program, kd_error *err)
{
    struct kp_keeper *keeper = program->plan->keeper;
    int writable, is_guard, error = 0;

    if (program->phase == KP_NEW)
        error = open_all(program);
    if (error != 0)
        return kp__cannot_run(program, NULL, error, err);
    kp__pipe_close(&program->gate, program->proc);
    error = kp__keeper_start(
        keeper, program->fds, program->order_len, &writable, &is_guard);
    if (error == EAGAIN)
        return queue(program, writable);
    close_theirs(program);
    if (error != 0) {
        kp__cannot_run(
            program, is_guard ? kp__keeper_path(keeper) : NULL, error, err);
        if (is_guard)
            err->code = KD_EINTERNAL;
        return err->code;
    }
    program->phase = KP_RUNNING;
    return KD_OK;
}

void
kp__launch_fini(struct kp_program *program)
{
    close_theirs(program);
    kp__pipe_close(&program->gate, program->proc);
    kp__pipe_close(&program->channel, program->proc);
}

/*
 * Semantics E3. What lacks only for now may be tried again by whoever restarts
 * failed processes; all else is final.
 */
kd_status
kp__cannot_run(const struct kp_program *program, const char *what, int error,
    kd_error *err)
{
    kd_status code = KD_EINTERNAL;
    char why[80];

    if (error == ENOENT || error == ENOTDIR)
        code = KD_ENOTFOUND;
    else if (error == EACCES || error == EPERM)
        code = KD_EPERM;
    kd_error_set(err, code, "cannot run %.80s: %.60s%s%s",
        program->plan->program, what == NULL ? "" : what,
        what == NULL ? "" : ": ", strerror_r(error, why, sizeof(why)));
    err->flags = is_passing(error) ? 0 : KD_ERROR_FINAL;
    return code;
}

static int
open_all(struct kp_program *program)
{
    const struct kp_plan *plan = program->plan;
    int *theirs = program->fds;
    int error = open_channel(program);

    if (error == 0)
        error = open_stream(
            &program->input.pipe, &theirs[KP_FD_STDIN], plan->framing_in, 1);
    if (error == 0)
        error = open_stream(
            &program->output.pipe, &theirs[KP_FD_STDOUT], plan->framing_out, 0);
    if (error == 0)
        error = open_stream(
            &program->errors.pipe, &theirs[KP_FD_STDERR], KP_FRAMING_LINES, 0);
    return error == 0 ? write_order(program) : error;
}

static int
open_channel(struct kp_program *program)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
            pair) != 0)
        return errno;
    kp__pipe_init(&program->channel, pair[0], KD_FD_READ);
    program->fds[KP_FD_CHANNEL] = pair[1];
    return 0;
}

static int
open_stream(
    struct kp_pipe *ours, int *theirs, enum kp_framing framing, int is_input)
{
    int pair[2];

    if (framing == KP_FRAMING_NONE) {
        *theirs = open("/dev/null", O_RDWR | O_CLOEXEC);
        return *theirs < 0 ? errno : 0;
    }
    if (pipe2(pair, O_CLOEXEC) != 0)
        return errno;
    *theirs = pair[is_input ? 0 : 1];
    kp__pipe_init(
        ours, pair[is_input ? 1 : 0], is_input ? KD_FD_WRITE : KD_FD_READ);
    return fcntl(ours->fd, F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

static int
write_order(struct kp_program *program)
{
    const struct kp_plan *plan = program->plan;
    const struct kp_args *args = &program->args;
    struct kp_order_head head = {
        plan->n_command + (uint32_t)args->count, plan->n_env};
    struct iovec parts[] = {{&head, sizeof(head)},
        {plan->folder.data, plan->folder.len},
        {plan->command.data, plan->command.len},
        {args->text.data, args->text.len}, {plan->env.data, plan->env.len}};
    const int n_parts = (int)(sizeof(parts) / sizeof(parts[0]));
    int fd = memfd_create("kindred-order", MFD_CLOEXEC);

    if (fd < 0)
        return errno;
    program->fds[KP_FD_ORDER] = fd;
    for (int i = 0; i < n_parts; i++)
        program->order_len += parts[i].iov_len;
    return write_all(fd, parts, n_parts);
}

static int
write_all(int fd, struct iovec *parts, int n_parts)
{
    while (n_parts > 0) {
        ssize_t n = writev(fd, parts, n_parts);

        if (n < 0 && errno != EINTR)
            return errno;
        for (; n_parts > 0 && n >= (ssize_t)parts->iov_len; n_parts--)
            n -= (ssize_t)parts++->iov_len;
        if (n_parts > 0 && n > 0) {
            parts->iov_base = (char *)parts->iov_base + n;
            parts->iov_len -= (size_t)n;
        }
    }
    return 0;
}

static void
close_theirs(struct kp_program *program)
{
    for (int i = 0; i < KP_N_FDS; i++) {
        if (program->fds[i] >= 0)
            close(program->fds[i]);
        program->fds[i] = -1;
    }
}

static kd_status
queue(struct kp_program *program, int writable)
{
    program->phase = KP_QUEUED;
    kp__pipe_init(&program->gate, writable, KD_FD_WRITE);
    program->gate.ready = 0;
    return KD_OK;
}

static int
is_passing(int error)
{
    return error == EAGAIN || error == ENOMEM || error == EMFILE ||
           error == ENFILE || error == ETXTBSY || error == ENOSPC;
}
