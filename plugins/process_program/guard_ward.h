/* SPDX-License-Identifier: MIT */
/*
 * The guard's wards: the programs it has started and not yet reaped.
 *
 * A ward is known by its process id, which the kernel gives to nobody else
 * until the guard has reaped it: so a signal can never reach a stranger, with
 * or without pidfds.
 */
#ifndef KP_GUARD_WARD_H
#define KP_GUARD_WARD_H

#include "protocol.h"

#include <sys/resource.h>
#include <sys/types.h>

struct kp_ward {
    struct kp_ward *next; /* Of the same bucket. */
    pid_t pid;            /* And its group's. */
    int channel;          /* -1: the plugin wants no more of it. */
    /* The program has ended, but not all of its group. */
    struct kp_ward *next_ended;
    struct kp_report end;
};

#define KP_WARD_BUCKETS 1024

struct kp_wards {
    struct kp_ward *buckets[KP_WARD_BUCKETS];
    struct kp_ward *ended;
    struct rlimit files; /* The guard's own before it raised it. */
    int epoll;           /* Where channels are watched, each for its ward. */
};

/*
 * Start a program, and watch its channel. Takes the descriptors. What goes
 * wrong is told on the channel.
 */
void kp__ward_start(
    struct kp_wards *wards, const struct kp_start *start, const int *fds);

/* Something has come on its channel. */
void kp__ward_read(struct kp_wards *wards, struct kp_ward *ward);

/* Children have died: reap them all, kill what is left of wards' groups, and
 * tell how the wards ended whose groups are gone. */
void kp__wards_reap(struct kp_wards *wards);

/* Kill all groups and wait for their end. */
void kp__wards_end(struct kp_wards *wards);

/* Tell why a program does not start, and close the channel. */
void kp__ward_refuse(int channel, int error);

#endif
