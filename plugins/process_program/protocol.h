/* SPDX-License-Identifier: MIT */
/*
 * What the plugin and the guard say to each other.
 *
 * There is one *control* socket a runtime, and one *channel* a program: both
 * keep messages apart (SOCK_SEQPACKET). The plugin makes a channel, and hands
 * its other end to the guard over the control socket, together with what the
 * program is to have as its descriptors 0, 1 and 2, and an order (order.h) that
 * says what to run. From then on the two talk over the channel.
 *
 * The end of a channel means that nobody wants the program any more: its group
 * is killed. The end of the control socket means that the runtime is gone, and
 * all groups are killed. The kernel closes both whatever the host died of, and
 * that is what the guard is for.
 */
#ifndef KP_PROTOCOL_H
#define KP_PROTOCOL_H

#include <stdint.h>

/* Both are installed together, but a host may outlive an update. */
#define KP_PROTOCOL_VERSION ((uint32_t)1)

/* The guard's end of the control socket. */
#define KP_CONTROL_FD 3

/* Descriptors that come with a start, in this order. */
enum {
    KP_FD_CHANNEL, /* First: without it the guard can tell nobody. */
    KP_FD_STDIN,
    KP_FD_STDOUT,
    KP_FD_STDERR,
    KP_FD_ORDER,
    KP_N_FDS
};

/* On the control socket: start a program. */
struct kp_start {
    uint32_t version; /* KP_PROTOCOL_VERSION */
    uint32_t reserved;
    uint64_t order_len;
};

/* On a channel, to the guard: send the program's group a signal. */
struct kp_kill {
    int32_t signal;
};

enum {
    KP_STARTED = 1, /* Its process id. Whether it can be run is not known. */
    KP_NO_FOLDER,   /* An errno: its working directory. */
    KP_NOT_RUN,     /* An errno: it cannot be run. */
    KP_EXITED,      /* Its status. */
    KP_KILLED,      /* A signal. */
};

/* On a channel, from the guard, or from its child that cannot become the
 * program. */
struct kp_report {
    int32_t type;
    int32_t value;
};

#endif
