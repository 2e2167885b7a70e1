/* SPDX-License-Identifier: MIT */
/*
 * A third party's plugin, built with nothing but the installed headers: one
 * kind of worker, which greets on the program's output and ends.
 */

#include <kindred/kindred.h>

static const char greeting[] = "hello from a third party\n";

static kd_status
greeter_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)args;
    (void)err;
    *self = proc;
    return KD_OK;
}

static kd_next
greeter_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)budget;
    (void)err;
    if (kd_proc_print(proc, greeting, sizeof(greeting) - 1, 0) == KD_EFULL)
        return KD_NEXT_WAIT;
    return KD_NEXT_DONE;
}

static void
greeter_destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static const kd_worker_kind greeter_worker = {
    .size = sizeof(greeter_worker),
    .create = greeter_create,
    .run = greeter_run,
    .destroy = greeter_destroy,
};

static const kd_kind greeter_kind = {
    .size = sizeof(greeter_kind),
    .cls = KD_CLASS_WORKER,
    .id = "thirdparty.greeter",
    .help = "Greets and ends",
    .impl = &greeter_worker,
};

static const kd_kind *const kinds[] = {&greeter_kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "thirdparty.greeter",
    .version = "1.0",
    .help = "An example from outside",
    .kinds = kinds,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
