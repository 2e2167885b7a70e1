/* SPDX-License-Identifier: MIT */
/*
 * Whether a service that has failed runs again, and when (semantics L5 to L7).
 * Pure: time and chance come from outside.
 */
#ifndef KS_SERVICE_RULE_H
#define KS_SERVICE_RULE_H

#include <kindred/api.h>
#include <kindred/service.h>

/* As kd_service::decide. */
void ks__service_decide(const kd_api *api, const kd_entry *entry,
    const kd_run *run, kd_again *again);

#endif
