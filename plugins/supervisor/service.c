/* SPDX-License-Identifier: MIT */
/*
 * The kind. Signals and the clock are turned into events here; what follows
 * from them is said in service_life.c.
 */

#include "service.h"

#include "service_log.h"
#include "service_rule.h"

#include <stdio.h>

static kd_status
prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    (void)check;
    (void)err;
    *prepared = ks__service_plan_new(state, entry);
    return *prepared == NULL ? KD_ENOMEM : KD_OK;
}

static void
unprepare(void *prepared)
{
    ks__service_plan_free(prepared);
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    struct service *service = calloc(1, sizeof(*service));

    (void)state;
    (void)err;
    if (service == NULL)
        return KD_ENOMEM;
    service->plan = prepared;
    service->proc = proc;
    service->due = 0;
    service->chance = proc->api->now_ns(proc->api) ^ kd_proc_self(proc).serial
                                                         << 20;
    ks__service_plan_args(prepared, args, &service->args);
    if (service->args.status == KD_OK) {
        *self = service;
        return KD_OK;
    }
    kd_writer_free(&service->args);
    free(service);
    return KD_ENOMEM;
}

/* Of other processes than its own it has no signals, but late ones of one that
 * it has given up. */
static void
take_signal(struct service *service, const kd_signal *signal)
{
    if (signal->type == KD_SIGNAL_CANCEL)
        ks__service_handle(service, SERVICE_CANCEL, signal);
    else if (!kd_pid_equal(signal->from, service->process))
        return;
    else if (signal->type == KD_SIGNAL_READY)
        ks__service_handle(service, SERVICE_READY, signal);
    else if (signal->type == KD_SIGNAL_EXIT)
        ks__service_handle(service, SERVICE_END, signal);
}

/* Nobody has anything to say to a service: mail is dropped. */
static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct service *service = self;
    kd_signal signal = {.size = sizeof(signal)};
    kd_message *message;

    (void)budget;
    (void)err;
    while (kd_proc_signal(proc, &signal) == KD_OK)
        take_signal(service, &signal);
    if (service->due <= proc->api->now_ns(proc->api))
        ks__service_handle(service, SERVICE_DUE, NULL);
    while ((message = kd_proc_next(proc)) != NULL)
        kd_proc_release(proc, message);
    kd_proc_wake_at(proc, service->due);
    return service->state == SERVICE_OVER ? service->end : KD_NEXT_WAIT;
}

static void
destroy(void *self, kd_proc *proc)
{
    struct service *service = self;

    (void)proc;
    kd_writer_free(&service->args);
    free(service);
}

static void
describe(void *self, char *text, size_t len)
{
    ks__service_describe(self, text, len);
}

static void
outline(void *prepared, const kd_outline *to)
{
    const struct service_plan *plan = prepared;

    to->child(to, NULL, plan->api->entry_find(plan->api, plan->process), NULL);
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .prepare = prepare,
    .unprepare = unprepare,
    .create = create,
    .run = run,
    .destroy = destroy,
    .describe = describe,
    .outline = outline,
};

static const kd_option input_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ANY,
    .help = "an argument",
};

static const kd_option options[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_ENTRY,
        .flags = KD_OPTION_REQUIRED,
        .classes = KD_CLASS_WORKER,
        .name = "process",
        .help = "what it runs",
    },
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_ENTRY,
        .flags = KD_OPTION_HOST_RULE,
        .classes = KD_CLASS_HOST,
        .name = "host",
        .help = "the host it runs on",
    },
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_LIST,
        .name = "input",
        .def = "[]",
        .help = "its arguments",
        .item = &input_item,
    },
};

const kd_kind ks__service_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = KS_SERVICE_KIND,
    .help = "Keeps one process running",
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .impl = &worker,
};

const kd_service ks__service_offer = {
    .size = sizeof(kd_service),
    .kind = KS_SERVICE_KIND,
    .decide = ks__service_decide,
};
