/* SPDX-License-Identifier: MIT */
/*
 * Our end of something that the program has the other end of: read or written
 * without waiting, and watched while there is nothing to be done with it.
 */
#ifndef KP_PIPE_H
#define KP_PIPE_H

#include <kindred/proc.h>
#include <sys/types.h>
#include <sys/uio.h>

struct kp_pipe {
    int fd;          /* -1: closed. */
    uint32_t events; /* KD_FD_READ or KD_FD_WRITE. */
    uint8_t ready;   /* It is worth a try. */
    uint8_t watched; /* A KD_SIGNAL_FD will come. */
};

/* Takes the descriptor, which does not block. */
void kp__pipe_init(struct kp_pipe *pipe, int fd, uint32_t events);
/* Closed again, and watched no more. Any number of times. */
void kp__pipe_close(struct kp_pipe *pipe, kd_proc *proc);

/* At most `room` bytes. 0: the end; -1: none now, or an errno that is none of
 * these. */
ssize_t kp__pipe_read(struct kp_pipe *pipe, void *data, size_t room);
/* As many as fit; -1 and errno: EAGAIN, EPIPE. Never a SIGPIPE. */
ssize_t kp__pipe_write(
    struct kp_pipe *pipe, const struct iovec *parts, int n_parts);

/* Have a signal when it is worth a try again; no effect if it is, or if it is
 * closed. */
kd_status kp__pipe_watch(struct kp_pipe *pipe, kd_proc *proc, kd_error *err);
/* Nonzero: the signal is about this one. */
int kp__pipe_told(struct kp_pipe *pipe, const kd_signal *signal);

#endif
