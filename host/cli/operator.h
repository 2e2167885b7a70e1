/* SPDX-License-Identifier: MIT */
/*
 * A thread that serves whoever operates the command, also while the main
 * thread is busy with starting or stopping: signals, and systemd's watchdog.
 */
#ifndef KD_CLI_OPERATOR_H
#define KD_CLI_OPERATOR_H

#include "cli/notify.h"

#include <kindred/embed.h>
#include <pthread.h>

struct kd__operator {
    kd_runtime *runtime;
    const struct kd__notify *notify;
    int signal_fd; /* Of kd__interrupt_catch. */
    int quit_fd;   /* Readable once a signal wants the application to end. */
    int over_fd;   /* Readable once the thread is to end. */
    pthread_t thread;
    int has_thread;
};

/* Returns 0, or -1 with errno. _stop is legal either way. */
int kd__operator_start(struct kd__operator *op, kd_runtime *runtime,
    int signal_fd, const struct kd__notify *notify);

/* The runtime is about to go. */
void kd__operator_stop(struct kd__operator *op);

#endif
