/* SPDX-License-Identifier: MIT */
/*
 * The plugin that is frozen with the headers of a published minor, and that
 * every later host must load and run: a worker with an option, which spawns and
 * sends, a resource, a policy and data. embedder.c is the program that runs it.
 */

#include <kindred/kindred.h>

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)err;
    *state = (void *)(uintptr_t)api;
    return KD_OK;
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = state;
    return KD_OK;
}

/* A message `breed` makes a child that is born with a message `say`. */
static kd_status
breed(
    const kd_api *api, kd_proc *proc, const kd_message *message, kd_error *err)
{
    kd_mail mail = {
        .size = sizeof(kd_mail),
        .topic = "say",
        .topic_len = 3,
        .payload = message->payload,
    };
    kd_spawn spawn = {
        .size = sizeof(kd_spawn),
        .entry = api->entry_id(kd_proc_entry(proc)),
        .args = kd_payload_none(),
        .context = kd_payload_none(),
        .mail = &mail,
        .n_mail = 1,
    };
    kd_pid child;

    return kd_proc_spawn(proc, &spawn, &child, err);
}

static kd_status
say(const kd_api *api, kd_proc *proc, const kd_message *message, kd_error *err)
{
    kd_pid ear;
    kd_status status = api->name_find(api, "ear", 3, &ear);

    if (status != KD_OK)
        return status;
    return kd_proc_send(proc, ear, "heard", 5, 0, &message->payload, err);
}

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_status status = KD_OK;
    kd_message *message;
    kd_signal signal;
    kd_next next = KD_NEXT_WAIT;

    (void)budget;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            next = KD_NEXT_DONE;
    }
    while (status == KD_OK && (message = kd_proc_next(proc)) != NULL) {
        next = KD_NEXT_DONE;
        status = kd_message_is(message, "breed")
                     ? breed(self, proc, message, err)
                     : say(self, proc, message, err);
        kd_proc_release(proc, message);
    }
    return status == KD_OK ? next : KD_NEXT_FAIL;
}

static void
destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static kd_status
start(void *state, const kd_entry *entry, void **self, kd_error *err)
{
    (void)state;
    (void)err;
    *self = (void *)(uintptr_t)entry;
    return KD_OK;
}

static void
stop(void *self)
{
    (void)self;
}

static void
decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)state;
    (void)now_ns;
    actions->start(actions, view->ended, 0);
}

static kd_status
look(void *state, const kd_entry *entry, const kd_check *check, kd_error *err)
{
    (void)state;
    (void)entry;
    (void)check;
    (void)err;
    return KD_OK;
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = run,
    .destroy = destroy,
};
static const kd_resource_kind resource = {
    .size = sizeof(kd_resource_kind), .start = start, .stop = stop};
static const kd_policy_kind policy = {
    .size = sizeof(kd_policy_kind), .decide = decide};
static const kd_data_kind data = {.size = sizeof(kd_data_kind), .check = look};

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "wait",
        .def = "5s",
        .help = "how long"},
};
static const kd_kind worker_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "frozen.worker",
    .help = "A worker",
    .options = options,
    .n_options = 1,
    .impl = &worker,
};
static const kd_kind resource_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_RESOURCE,
    .id = "frozen.resource",
    .help = "A resource",
    .impl = &resource,
};
static const kd_kind policy_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_POLICY,
    .id = "supervisor.frozen_policy",
    .help = "A policy",
    .impl = &policy,
};
static const kd_kind data_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_DATA,
    .id = "frozen.data",
    .help = "Data",
    .impl = &data,
};
static const kd_kind *const kinds[] = {
    &worker_kind, &resource_kind, &policy_kind, &data_kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "frozen.plugin",
    .version = "1.0",
    .help = "Built from the headers of its time",
    .kinds = kinds,
    .init = init,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
