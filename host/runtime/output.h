/* SPDX-License-Identifier: MIT */
/*
 * What programs print: whole records, through a bounded queue (semantics G5).
 */
#ifndef KD_RUNTIME_OUTPUT_H
#define KD_RUNTIME_OUTPUT_H

#include "proc/proc.h"
#include "runtime/writer.h"

#define KD__OUTPUT_PLAIN 0u
#define KD__OUTPUT_ERROR 1u

typedef void kd__output_sink(void *arg, const char *data, size_t len);

struct kd__output {
    struct kd__writer writer;
    struct kd__system *system;
    void *arg;
    kd__output_sink *sinks[2]; /* By stream; either may be NULL. */
    pthread_mutex_t lock;      /* Guards waiters. */
    struct kd__waiter *waiters;
};

kd_status kd__output_init(struct kd__output *output, struct kd__system *system,
    kd__output_sink *plain, kd__output_sink *error, void *arg);
void kd__output_fini(struct kd__output *output);

/*
 * Print for a process to a KD__OUTPUT_; both share the queue. KD_EFULL, unless
 * `beyond`: it gets a signal when there is room. KD_ENOMEM.
 */
kd_status kd__output_print(struct kd__output *output, struct kd__proc *proc,
    uint32_t stream, const char *text, size_t len, int beyond);

#endif
