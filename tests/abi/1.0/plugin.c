/* SPDX-License-Identifier: MIT */
/*
 * The plugin that is frozen with the headers of a published minor, and that
 * every later host must load: a worker with an option, a resource and a policy.
 */

#include <kindred/kindred.h>

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)args;
    (void)err;
    *self = proc;
    return KD_OK;
}

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)proc;
    (void)budget;
    (void)err;
    return KD_NEXT_DONE;
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
static const kd_kind *const kinds[] = {
    &worker_kind, &resource_kind, &policy_kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "frozen.plugin",
    .version = "1.0",
    .help = "Built from the headers of its time",
    .kinds = kinds,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
