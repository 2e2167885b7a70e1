/* SPDX-License-Identifier: MIT */
/*
 * One lock, one condition: it is used once a start.
 */

#include "gate.h"

void
kh__gate_init(struct gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
    kh__gate_close(gate);
}

void
kh__gate_fini(struct gate *gate)
{
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->lock);
}

void
kh__gate_close(struct gate *gate)
{
    gate->arrived = 0;
    gate->failed = 0;
    gate->order = 0;
}

int
kh__gate_pass(struct gate *gate, int is_fit)
{
    int order;

    pthread_mutex_lock(&gate->lock);
    gate->arrived++;
    if (!is_fit)
        gate->failed++;
    pthread_cond_broadcast(&gate->changed);
    while (gate->order == 0)
        pthread_cond_wait(&gate->changed, &gate->lock);
    order = gate->order;
    pthread_mutex_unlock(&gate->lock);
    return order == GATE_GO;
}

int
kh__gate_gather(struct gate *gate, unsigned count)
{
    int all_fit;

    pthread_mutex_lock(&gate->lock);
    while (gate->arrived < count)
        pthread_cond_wait(&gate->changed, &gate->lock);
    all_fit = gate->failed == 0;
    pthread_mutex_unlock(&gate->lock);
    return all_fit;
}

void
kh__gate_open(struct gate *gate, int order)
{
    pthread_mutex_lock(&gate->lock);
    gate->order = order;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}
