/* SPDX-License-Identifier: MIT */
/*
 * What programs print: whole records, through a bounded queue (semantics G5).
 */
#ifndef KD_RUNTIME_OUTPUT_H
#define KD_RUNTIME_OUTPUT_H

#include "proc/proc.h"
#include "runtime/writer.h"

struct kd__output {
    struct kd__writer writer;
    struct kd__system *system;
    void *arg;
    void (*sink)(void *arg, const char *data, size_t len);
    pthread_mutex_t lock; /* Guards waiters. */
    struct kd__waiter *waiters;
};

kd_status kd__output_init(struct kd__output *output, struct kd__system *system,
    void (*sink)(void *arg, const char *data, size_t len), void *arg);
void kd__output_fini(struct kd__output *output);

/*
 * Print for a process. KD_EFULL, unless `beyond`: it gets a signal when there
 * is room. KD_ENOMEM.
 */
kd_status kd__output_print(struct kd__output *output, struct kd__proc *proc,
    const char *text, size_t len, int beyond);

#endif
