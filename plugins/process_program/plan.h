/* SPDX-License-Identifier: MIT */
/*
 * What an entry of process.program says, ready to be used by its processes.
 */
#ifndef KP_PLAN_H
#define KP_PLAN_H

#include "keeper.h"

#include <kindred/entry.h>
#include <kindred/term.h>

/* How messages lie in a stream. */
enum kp_framing { KP_FRAMING_NONE, KP_FRAMING_LINES, KP_FRAMING_MSGPACK };

struct kp_plan {
    const kd_api *api;
    struct kp_keeper *keeper;
    const kd_entry *entry;
    const char *program; /* The first word of its command. */
    const char *to;      /* A name, or NULL. */
    enum kp_framing framing_in;
    enum kp_framing framing_out;
    int32_t kill_signal;
    uint64_t message_bytes;
    /* For orders: strings, each with its NUL. */
    kd_writer folder;
    kd_writer command;
    uint32_t n_command;
    kd_writer env;
    uint32_t n_env;
};

/* What is wrong with the entry is reported. KD_OK or KD_ENOMEM. */
kd_status kp__plan_new(const kd_api *api, struct kp_keeper *keeper,
    const kd_entry *entry, const kd_check *check, struct kp_plan **plan);
void kp__plan_free(struct kp_plan *plan);

#endif
