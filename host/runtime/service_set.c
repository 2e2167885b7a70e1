/* SPDX-License-Identifier: MIT */
/*
 * The set of services. It is constant from open on, but for their states.
 */

#include "runtime/service_set.h"

#include "base/error.h"
#include "base/memory.h"
#include "runtime/checked.h"
#include "runtime/resource.h"

#include <kindred/service.h>
#include <string.h>

static kd_status service_init(
    struct kd__service *service, kd_runtime *runtime, kd_error *err);
static kd_status worker_init(struct kd__service *service, kd_error *err);
static kd_status resource_init(struct kd__service *service, kd_error *err);
static const struct kd__service *need_at(
    const struct kd__service *service, size_t index);

kd_status
kd__services_make(kd_runtime *runtime, kd_error *err)
{
    const kd_entry *const *order;
    kd_status status = KD_OK;
    size_t n;

    order = kd__entries_order(runtime->entries, &n);
    runtime->service_offer =
        kd__plugins_offer(runtime->plugins, KD_SERVICE_OFFER, 0, NULL);
    runtime->services = kd__calloc(n + 1, sizeof(runtime->services[0]));
    runtime->service_of = kd__calloc(kd__entries_count(runtime->entries) + 1,
        sizeof(runtime->service_of[0]));
    if (runtime->services == NULL || runtime->service_of == NULL)
        return kd__error_memory(err);
    for (size_t i = 0; i < n && status == KD_OK; i++) {
        struct kd__service *service = &runtime->services[i];

        runtime->n_services++;
        service->entry = order[i];
        runtime->service_of[order[i]->index] = service;
        status = service_init(service, runtime, err);
    }
    return status;
}

void
kd__services_free(kd_runtime *runtime)
{
    for (size_t i = 0; i < runtime->n_services; i++) {
        struct kd__service *service = &runtime->services[i];
        struct kd__code *code = &service->own_code;

        if (code->prepared != NULL && code->kind->unprepare != NULL)
            code->kind->unprepare(code->prepared);
        kd__checked_unwrap(code);
        kd__resource_free(service->resource);
    }
    kd__free(runtime->services);
    kd__free(runtime->service_of);
}

int
kd__services_may_start(const struct kd__service *service)
{
    const struct kd__service *need;

    for (size_t i = 0; (need = need_at(service, i)) != NULL; i++) {
        if (!need->is_settled)
            return 0;
    }
    return 1;
}

/* What was blocked itself comes before whatever it blocks. */
const struct kd__service *
kd__services_lacks(const struct kd__service *service)
{
    const struct kd__service *need;

    for (size_t i = 0; (need = need_at(service, i)) != NULL; i++) {
        if (need->state == KD__SERVICE_FAILED && !need->is_settled)
            return need;
    }
    return NULL;
}

void
kd__services_count_needs(kd_runtime *runtime)
{
    const struct kd__service *need;
    struct kd__service *service;
    size_t i, k;

    for (i = 0; i < runtime->n_services; i++)
        runtime->services[i].n_needed = 0;
    for (i = 0; i < runtime->n_services; i++) {
        service = &runtime->services[i];
        if (!kd__service_is_alive(service) || service->is_overdue)
            continue;
        for (k = 0; (need = need_at(service, k)) != NULL; k++)
            runtime->service_of[need->entry->index]->n_needed++;
    }
}

/* Entries that are wrong already are not shown to kinds. */
static kd_status
service_init(struct kd__service *service, kd_runtime *runtime, kd_error *err)
{
    const kd_entry *entry = service->entry;
    const kd_entry *host = kd__entry_host(entry);

    service->runtime = runtime;
    service->why.size = (uint32_t)sizeof(service->why);
    if (kd__entry_class(entry) == KD_CLASS_HOST) {
        service->host = kd__runtime_host(runtime, kd__entry_id(entry));
        return KD_OK;
    }
    if (host != NULL)
        service->host = kd__runtime_host(runtime, kd__entry_id(host));
    if (kd__entries_is_broken(runtime->entries, entry))
        return KD_OK;
    if (runtime->service_offer == NULL) {
        kd__entries_report(runtime->entries, KD_LOG_ERROR, entry, NULL, NULL, 0,
            "nothing looks after what starts with the application: no plugin "
            "that offers " KD_SERVICE_OFFER " is loaded");
        return KD_OK;
    }
    return kd__entry_class(entry) == KD_CLASS_RESOURCE
               ? resource_init(service, err)
               : worker_init(service, err);
}

static kd_status
worker_init(struct kd__service *service, kd_error *err)
{
    kd_runtime *runtime = service->runtime;
    const char *id = runtime->service_offer->kind;
    struct kd__plugin *plugin;
    const kd_kind *kind = kd__plugins_find_kind(runtime->plugins, id, &plugin);

    service->code = &runtime->codes[service->entry->index];
    if (strcmp(kd__entry_kind(service->entry), id) == 0)
        return KD_OK;
    service->own_code = *service->code;
    service->own_code.kind = kind->impl;
    service->own_code.state = plugin->state;
    service->own_code.prepared = NULL;
    service->code = &service->own_code;
    return kd__code_prepare(runtime, &service->own_code, err);
}

static kd_status
resource_init(struct kd__service *service, kd_error *err)
{
    const char *id = kd__entry_kind(service->entry);
    struct kd__plugin *plugin;

    kd__plugins_find_kind(service->runtime->plugins, id, &plugin);
    service->resource = kd__resource_new(service, plugin->state);
    return service->resource == NULL ? kd__error_memory(err) : KD_OK;
}

/* NULL behind the last. */
static const struct kd__service *
need_at(const struct kd__service *service, size_t index)
{
    const kd_entry *const *needs;
    size_t n;

    needs = kd__entry_needs(service->entry, &n);
    return index < n ? service->runtime->service_of[needs[index]->index] : NULL;
}
