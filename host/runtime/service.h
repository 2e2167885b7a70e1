/* SPDX-License-Identifier: MIT */
/*
 * One entry that starts with the application: a host, a worker, or a resource.
 *
 * A worker is looked after by a process of the kind that kd_service names; the
 * service here is that process, and what becomes of the one it looks after is
 * its own business. A resource has a thread (resource.h).
 */
#ifndef KD_RUNTIME_SERVICE_H
#define KD_RUNTIME_SERVICE_H

#include "runtime/runtime.h"

/* Semantics L2. Of a worker that fails and starts again only its own process
 * knows more. */
#define KD__SERVICE_UNKNOWN  0u
#define KD__SERVICE_STARTING 1u
#define KD__SERVICE_RUNNING  2u
#define KD__SERVICE_STOPPING 3u /* It has been asked to stop. */
#define KD__SERVICE_STOPPED  4u
#define KD__SERVICE_EXITED   5u
#define KD__SERVICE_FAILED   6u

struct kd__service {
    struct kd__observer observer;
    kd_runtime *runtime;
    const kd_entry *entry;
    struct kd__host *host;       /* It, or where its process runs. */
    const struct kd__code *code; /* Of its process. */
    struct kd__code own_code;    /* If that is not the entry's own. */
    struct kd__resource *resource;
    kd_pid pid; /* Of its process. */

    /* By kd_runtime::lock. */
    uint32_t state;      /* KD__SERVICE_ */
    uint32_t is_settled; /* Nobody waits for its start any more. */
    uint32_t is_overdue; /* It has not stopped in time. */
    uint32_t n_needed;   /* So many that live need it; see service_set.h. */
    kd_time due;         /* When its start, or its stop, is overdue. */
    kd_error why;        /* Why it failed. */
};

/*
 * Start it, as far as that takes no waiting: the rest shows in its state.
 * Returns why not. The lock is not held, and the state is STARTING already.
 */
kd_status kd__service_start(struct kd__service *service, kd_error *err);

/*
 * Ask it to end, as semantics O4 wants: nothing forces it when it is overdue.
 * The lock is not held, and the state is STOPPING already.
 */
void kd__service_ask(struct kd__service *service);

/* Whether it has started and not ended. The lock is held. */
int kd__service_is_alive(const struct kd__service *service);

/* Whether the application can start without it. */
int kd__service_is_optional(const struct kd__service *service);

/* A duration of its lifecycle; 0 if it has none. */
kd_time kd__service_time(const struct kd__service *service, const char *path);

static inline const char *
kd__service_id(const struct kd__service *service)
{
    return kd__entry_id(service->entry);
}

#endif
