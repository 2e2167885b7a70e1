/* SPDX-License-Identifier: MIT */
/*
 * Events: signals that wait for the program to read them (semantics X9).
 */
#ifndef KL_EVENT_H
#define KL_EVENT_H

#include <kindred/message.h>
#include <lua.h>

struct kl__process;

struct kl__event {
    struct kl__event *next;
    uint32_t type; /* KD_SIGNAL_ */
    int is_failure;
    kd_pid from;
    double at;
    kd_time deadline_ns; /* Of a CANCEL. */
    kd_payload content;  /* The value or the error; bytes below or a buffer. */
    size_t reason_len;
    unsigned char bytes[];
};

/* A copy of a signal, or NULL without memory. */
struct kl__event *kl__event_new(
    const struct kl__process *p, const kd_signal *signal);
void kl__event_free(const struct kl__process *p, struct kl__event *event);

/* Push the table that programs see. */
void kl__event_push(
    lua_State *L, const struct kl__process *p, const struct kl__event *event);

#endif
