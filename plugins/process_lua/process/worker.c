/* SPDX-License-Identifier: MIT */
/*
 * The table of callbacks, each a line or two away from what does the work.
 */

#include "process/worker.h"

#include "memory/asan.h"
#include "process/preempt.h"
#include "process/process.h"
#include "program/program.h"

#include <stdio.h>

static kd_status
worker_prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    struct kl__plugin *plugin = state;
    struct kl__program *program = NULL;
    kd_status status =
        kl__program_new(plugin->api, entry, check, &program, err);

    if (status != KD_OK)
        return status;
    if (!KL_ASAN)
        program->spares = &plugin->spares;
    status = kl__program_build(program, err);
    if (status == KD_OK)
        *prepared = program;
    else
        kl__program_free(program);
    return status;
}

static void
worker_unprepare(void *prepared)
{
    kl__program_free(prepared);
}

static kd_status
worker_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    struct kl__plugin *plugin = state;
    struct kl__process *p = kl__process_new(prepared, proc, args, err);

    if (p == NULL)
        return KD_ENOMEM;
    p->subscriptions.bus = &plugin->bus;
    *self = p;
    return KD_OK;
}

/* Time is what is counted here, not steps: the host says when it is over. */
static kd_next
worker_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_next next = kl__driver_run(self);

    (void)proc;
    (void)budget;
    /* What is read only if there was no memory for the real error. */
    if (next == KD_NEXT_FAIL)
        kd_error_set(err, KD_ENOMEM, "%s", kd_status_text(KD_ENOMEM));
    return next;
}

static void
worker_preempt(void *self)
{
    kl__preempt(self);
}

static void
worker_destroy(void *self, kd_proc *proc)
{
    (void)proc;
    kl__process_free(self);
}

/* What the main function called, and where: "in receive at pool.lua:12".
 * Nothing of this allocates, or changes the state. */
static size_t
describe_place(const struct kl__process *p, char *text, size_t len)
{
    lua_Debug place = {0};
    const char *name = NULL;
    lua_State *L;
    int n;

    if (p->driver.is_dead || p->tasks.root.depth == 0)
        return 0;
    L = kl__task_stack(&p->tasks.root);
    for (int level = 0; lua_getstack(L, level, &place); level++) {
        lua_getinfo(L, "Sln", &place);
        if (level == 0)
            name = place.name;
        if (place.currentline <= 0)
            continue;
        n = snprintf(text, len, "in %s at %s:%d, ", name == NULL ? "?" : name,
            place.short_src, place.currentline);
        return n < 0 || (size_t)n >= len ? 0 : (size_t)n;
    }
    return 0;
}

static void
worker_describe(void *self, char *text, size_t len)
{
    const struct kl__process *p = self;
    size_t used = 0;

    if (p->tasks.current == NULL && p->tasks.ready_first == NULL)
        used = describe_place(p, text, len);
    snprintf(text + used, len - used, "tasks=%u timers=%zu", p->tasks.count,
        p->timers.count);
}

#define CALLBACKS(flag)                                                        \
    .flags = KD_WORKER_SEES_BROKEN | (flag), .size = sizeof(kd_worker_kind),   \
    .prepare = worker_prepare, .unprepare = worker_unprepare,                  \
    .create = worker_create, .run = worker_run, .preempt = worker_preempt,     \
    .destroy = worker_destroy, .describe = worker_describe

const kd_worker_kind kl__worker = {CALLBACKS(0)};
const kd_worker_kind kl__function = {CALLBACKS(KD_WORKER_NO_SPAWN)};
