/* SPDX-License-Identifier: MIT */
/*
 * Keeps the guard of a runtime: starts it when the first program is to run,
 * and again if somebody has killed it, hands starts over to it, and sees it
 * end.
 */
#ifndef KP_KEEPER_H
#define KP_KEEPER_H

#include "protocol.h"

#include <kindred/api.h>
#include <pthread.h>
#include <sys/types.h>

struct kp_keeper {
    const kd_api *api;
    pthread_mutex_t lock; /* What follows; held for no more than a spawn. */
    int control;          /* -1: there is no guard. */
    int pidfd;            /* -1: the kernel has none. */
    pid_t guard;
};

/* 0, or an errno. */
int kp__keeper_init(struct kp_keeper *keeper, const kd_api *api);
/* All programs and the guard are gone when it returns. */
void kp__keeper_fini(struct kp_keeper *keeper);

/*
 * Hand a start over, with KP_N_FDS descriptors, which stay the caller's. 0;
 * EAGAIN: when `writable` can be written, a descriptor that is the caller's
 * now; else an errno. `is_guard`: it is about the guard.
 */
int kp__keeper_start(struct kp_keeper *keeper, const int *fds,
    uint64_t order_len, int *writable, int *is_guard);

/* The file that is run as the guard. */
const char *kp__keeper_path(const struct kp_keeper *keeper);

#endif
