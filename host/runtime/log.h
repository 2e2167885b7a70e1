/* SPDX-License-Identifier: MIT */
/*
 * The log: records on their way to the embedder's sink. Never waits; what
 * does not fit is counted and told of when there is room.
 */
#ifndef KD_RUNTIME_LOG_H
#define KD_RUNTIME_LOG_H

#include "runtime/writer.h"

#include <kindred/api.h>
#include <stdatomic.h>

struct kd__log {
    struct kd__writer writer;
    const kd_api *api;
    uint32_t level; /* KD_LOG_, the most detailed wanted. */
    _Atomic uint64_t dropped;
    atomic_int lacks_thread; /* When the last one was dropped. */
    void *arg;
    void (*sink)(void *arg, const kd_log_record *record, int64_t unix_ns,
        const char *pid);
};

kd_status kd__log_init(struct kd__log *log, const kd_api *api, uint32_t level,
    void (*sink)(void *arg, const kd_log_record *record, int64_t unix_ns,
        const char *pid),
    void *arg);
void kd__log_fini(struct kd__log *log);

/* As kd__writer_stop(); then tells the sink of what was dropped since. */
kd_status kd__log_stop(struct kd__log *log, kd_time until);

int kd__log_wants(const struct kd__log *log, uint32_t level);
void kd__log_add(struct kd__log *log, const kd_log_record *record);

/* A sentence; `subject` may be NULL. */
void kd__log_text(struct kd__log *log, uint32_t level, kd_pid pid,
    const char *subject, const char *format, ...) KD_PRINTF(5, 6);

#endif
