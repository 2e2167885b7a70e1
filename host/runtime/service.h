/* SPDX-License-Identifier: MIT */
/*
 * Worker entries that start with the application: their one process.
 */
#ifndef KD_RUNTIME_SERVICE_H
#define KD_RUNTIME_SERVICE_H

#include "runtime/runtime.h"

/* Spawn it, with its `input`. Returns why not, with the entry's id. */
kd_status kd__service_start(struct kd__service *service, kd_error *err);

/*
 * Ask it to end: the event says by when, but nothing forces it then. The lock
 * of the runtime is not held.
 */
void kd__service_cancel(struct kd__service *service, kd_time now);

/* Whether some service that needs this one has neither ended nor become
 * overdue. The lock of the runtime is held. */
int kd__service_is_needed(const struct kd__service *service);

#endif
