/* SPDX-License-Identifier: MIT */
/*
 * One record for each thing that happens to a service. That it is given up is
 * told by the end of the service's own process, which says why.
 */

#include "service_log.h"

#include <stdarg.h>
#include <stdio.h>

/* Longer ones are cut: a program may put anything into an error. */
#define PART_MAX 4096

static void put(const struct service *service, uint32_t level,
    const char *format, ...) KD_PRINTF(3, 4);
static int part(size_t len);

void
ks__service_log_started(const struct service *service)
{
    put(service, KD_LOG_INFO, "service started");
}

void
ks__service_log_again(const struct service *service,
    const struct service_error *error, const kd_again *again)
{
    const int has_stack = error->stack != NULL && service->is_settled;

    put(service, KD_LOG_WARN, "%s: %.*s; run %llu begins in %.3f s%s%.*s",
        service->is_settled
            ? "service failed"
            : "not started, and the application goes on without it",
        part(error->text_len), error->text == NULL ? "" : error->text,
        (unsigned long long)again->failures + 1, (double)again->delay_ns / 1e9,
        has_stack ? "\n" : "", has_stack ? part(error->stack_len) : 0,
        has_stack ? error->stack : "");
}

void
ks__service_log_ended(
    const struct service *service, const struct service_error *error)
{
    const kd_api *api = service->plan->api;

    if (service->state == SERVICE_RUNNING)
        put(service, KD_LOG_INFO, "service ended");
    else if (error->text == NULL)
        put(service, KD_LOG_INFO, "service stopped");
    else if (service->stop_due <= api->now_ns(api))
        put(service, KD_LOG_WARN,
            "service did not end in time and was ended by force");
    else
        put(service, KD_LOG_WARN, "service failed while it stopped: %.*s",
            part(error->text_len), error->text);
}

void
ks__service_describe(const struct service *service, char *text, size_t len)
{
    static const char *const words[SERVICE_STATES] = {
        [SERVICE_PAUSED] = "failed",
        [SERVICE_STARTING] = "starting",
        [SERVICE_RUNNING] = "running",
        [SERVICE_KILLING] = "ended by force",
        [SERVICE_STOPPING] = "stopping",
        [SERVICE_OVER] = "over",
    };
    const kd_api *api = service->plan->api;
    const kd_time now = api->now_ns(api);
    char pid[KD_PID_TEXT];

    if (service->state == SERVICE_PAUSED && service->failures == 0) {
        snprintf(text, len, "%s", words[SERVICE_STARTING]);
        return;
    }
    if (service->state == SERVICE_PAUSED) {
        snprintf(text, len, "%s, run %llu begins in %.3f s",
            words[service->state], (unsigned long long)service->failures + 1,
            service->due > now ? (double)(service->due - now) / 1e9 : 0.0);
        return;
    }
    api->pid_text(api, service->process, pid);
    snprintf(text, len, "%s as %s", words[service->state], pid);
}

static void
put(const struct service *service, uint32_t level, const char *format, ...)
{
    const kd_api *api = service->plan->api;
    kd_log_record record = {
        .size = sizeof(record), .level = level, .fields = kd_payload_none()};
    char text[2 * PART_MAX + 256];
    va_list args;

    if (!api->log_wants(api, level))
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    record.pid = service->process;
    record.subject = api->entry_id(service->plan->entry);
    record.text = text;
    api->log(api, &record);
}

static int
part(size_t len)
{
    return len > PART_MAX ? PART_MAX : (int)len;
}
