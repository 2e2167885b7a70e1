/* SPDX-License-Identifier: MIT */
/*
 * What the log, and an operator who asks, are told about a service.
 */
#ifndef KS_SERVICE_LOG_H
#define KS_SERVICE_LOG_H

#include "service.h"
#include "service_error.h"

void ks__service_log_started(const struct service *service);
/* It has failed, or could not be started, and runs again. */
void ks__service_log_again(const struct service *service,
    const struct service_error *error, const kd_again *again);
/* Its process has ended, as it was asked to or by itself. */
void ks__service_log_ended(
    const struct service *service, const struct service_error *error);

/* As kd_worker_kind::describe. */
void ks__service_describe(
    const struct service *service, char *text, size_t len);

#endif
