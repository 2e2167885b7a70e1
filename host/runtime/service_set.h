/* SPDX-License-Identifier: MIT */
/*
 * All that starts with the application, and who needs whom among them.
 */
#ifndef KD_RUNTIME_SERVICE_SET_H
#define KD_RUNTIME_SERVICE_SET_H

#include "runtime/service.h"

/*
 * Make a service of each entry that starts, and have the kind that looks after
 * services prepare those of other kinds. What is wrong is reported about the
 * entries. KD_OK, KD_ENOMEM, or what prepare said.
 */
kd_status kd__services_make(kd_runtime *runtime, kd_error *err);
/* NULLs and what was made half are allowed. */
void kd__services_free(kd_runtime *runtime);

/* Whether all that it needs is settled. The lock is held. */
int kd__services_may_start(const struct kd__service *service);

/* What it needs and could not start, or NULL. The lock is held. */
const struct kd__service *kd__services_lacks(const struct kd__service *service);

/* Set each kd__service::n_needed, by those that are alive and not overdue. The
 * lock is held. */
void kd__services_count_needs(kd_runtime *runtime);

#endif
