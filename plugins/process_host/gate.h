/* SPDX-License-Identifier: MIT */
/*
 * Where the threads of a host wait until all of them have come: then they go
 * to work, or all go back because one could not be made.
 */
#ifndef KH_GATE_H
#define KH_GATE_H

#include <pthread.h>

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned arrived;
    unsigned failed;
    int order; /* 0: wait; else GATE_ */
};

#define GATE_GO   1
#define GATE_BACK 2

void kh__gate_init(struct gate *gate);
void kh__gate_fini(struct gate *gate);
/* Close it again, before the threads are made. */
void kh__gate_close(struct gate *gate);
/* A thread arrives, fit for work or not. Returns whether it shall work. */
int kh__gate_pass(struct gate *gate, int is_fit);
/* Wait for `count` to arrive. Returns whether all are fit. */
int kh__gate_gather(struct gate *gate, unsigned count);
void kh__gate_open(struct gate *gate, int order);

#endif
