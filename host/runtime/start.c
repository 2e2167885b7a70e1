/* SPDX-License-Identifier: MIT */
/*
 * Starting an application: hosts and services in their order.
 */

#include "base/error.h"
#include "runtime/runtime.h"
#include "runtime/service.h"

#include <string.h>

static kd_status host_start(kd_runtime *runtime, struct kd__host *host,
    const kd_entry *entry, kd_error *err);
static int is_optional(const kd_entry *entry);

kd_status
kd_runtime_start(kd_runtime *runtime, kd_error *err)
{
    const kd_entry *const *order;
    struct kd__service *service;
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_error why = KD_ERROR_INIT;
    kd_status status = KD_OK;
    size_t n;

    if (runtime->stage != KD__STAGE_OPEN)
        return kd__error(err, KD_ECONFLICT, "no application is open");
    runtime->stage = KD__STAGE_STARTED;
    kd__preempt_install(runtime);
    order = kd__entries_order(runtime->entries, &n);
    service = runtime->services;
    for (size_t i = 0; i < n && status == KD_OK; i++) {
        if (kd__entry_class(order[i]) == KD_CLASS_HOST)
            status = host_start(runtime,
                kd__runtime_host(runtime, kd__entry_id(order[i])), order[i],
                &why);
        else if (kd__entry_class(order[i]) == KD_CLASS_WORKER)
            status = kd__service_start(service++, &why);
        if (status != KD_OK && is_optional(order[i])) {
            kd__log_text(&runtime->log, KD_LOG_WARN, nobody, NULL,
                "not started, and the application goes on without it: %s",
                why.text);
            status = KD_OK;
        }
    }
    if (status != KD_OK && err != NULL)
        *err = why;
    if (status != KD_OK)
        kd__stop(runtime, 30ull * 1000 * 1000 * 1000, NULL);
    return status;
}

static kd_status
host_start(kd_runtime *runtime, struct kd__host *host, const kd_entry *entry,
    kd_error *err)
{
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_status status = host->kind->start(host->self, err);

    status = kd__error_check(err, status);
    if (status != KD_OK) {
        kd__error_prefix(err, "%s", kd__entry_id(entry));
        return status;
    }
    atomic_store(&host->state, KD__HOST_RUNNING);
    kd__log_text(&runtime->log, KD_LOG_DEBUG, nobody, host->id, "host started");
    return KD_OK;
}

/* Semantics L4: the application can start without it. */
static int
is_optional(const kd_entry *entry)
{
    const kd_node *node = kd__entry_get(entry, "lifecycle.startup");

    return node != NULL && strcmp(node->text, "optional") == 0;
}
