/* SPDX-License-Identifier: MIT */
/*
 * Resources (semantics K12): each has a thread, which starts it, asks how it
 * is, stops it, and begins anew as the kd_service that is offered says.
 */
#ifndef KD_RUNTIME_RESOURCE_H
#define KD_RUNTIME_RESOURCE_H

#include "runtime/service.h"

/* `state` is its plugin's. NULL without memory. */
struct kd__resource *kd__resource_new(struct kd__service *service, void *state);
/* Its thread has been joined. NULL is allowed. */
void kd__resource_free(struct kd__resource *resource);

/* As kd__service_start and kd__service_ask. */
kd_status kd__resource_start(struct kd__service *service, kd_error *err);
void kd__resource_ask(struct kd__service *service);

/* Wait for the end of its thread. KD_OK; KD_EBUSY: a call has not returned. */
kd_status kd__resource_join(
    struct kd__resource *resource, kd_time until, kd_error *err);

#endif
