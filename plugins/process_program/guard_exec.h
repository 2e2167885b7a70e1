/* SPDX-License-Identifier: MIT */
/*
 * In the guard's child: becoming the program.
 */
#ifndef KP_GUARD_EXEC_H
#define KP_GUARD_EXEC_H

#include "order.h"
#include "protocol.h"

#include <sys/resource.h>
#include <sys/types.h>

struct kp_exec {
    struct kp_order order;
    int fds[KP_N_FDS];
    struct rlimit files; /* What the program may have open. */
    pid_t guard;         /* Our parent. */
};

/* Does not return: what goes wrong is told on the channel. */
_Noreturn void kp__exec(const struct kp_exec *exec);

#endif
