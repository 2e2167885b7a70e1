/* SPDX-License-Identifier: MIT */

#include "teller.h"

#include "account.h"
#include "native.h"
#include "plan.h"

#include <kindred/term.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BURST    64
#define PAUSE_NS UINT64_C(50000)

struct teller {
    uint64_t seed;
    long n_left;
};

struct teller_plan teller_plan;

static kd_status
teller_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    struct teller *teller = calloc(1, sizeof(*teller));

    (void)state;
    (void)prepared;
    (void)args;
    (void)err;
    if (teller == NULL)
        return KD_ENOMEM;
    teller->seed = teller_plan.seed + kd_proc_self(proc).host;
    teller->n_left = teller_plan.n_steps;
    *self = teller;
    return KD_OK;
}

static void
spawn_one(kd_proc *proc, uint64_t chance)
{
    kd_spawn what = {.size = sizeof(what)};
    char host[32];
    kd_pid pid;

    snprintf(host, sizeof(host), "random:host-%u",
        (unsigned)(chance >> 8) % NATIVE_HOSTS);
    what.flags = chance % 8 == 0 ? 0 : KD_SPAWN_TRAP;
    what.entry = (chance >> 16) % 2 == 0 ? "random:native" : "random:lua";
    what.host = host;
    what.args = what.context = kd_payload_none();
    kd_proc_spawn(proc, &what, &pid, NULL);
}

static void
tell(kd_proc *proc, const struct plan_step *step)
{
    const struct account *actor = account_choose(step->actor, 0);
    const struct account *object = account_choose(step->object, step->is_stale);
    kd_writer w = {0};
    kd_payload payload;

    if (actor == NULL || object == NULL)
        return;
    kd_write_array(&w, 3);
    kd_write_text(&w, plan_names[step->op]);
    kd_write_pid(&w, object->pid);
    kd_write_int(&w, step->how);
    payload = kd_writer_payload(&w);
    kd_proc_send(proc, actor->pid, "step", 4, KD_MESSAGE_MANY, &payload, NULL);
    kd_writer_free(&w);
}

static kd_next
teller_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct teller *teller = self;
    struct plan_step step;

    (void)budget;
    (void)err;
    for (int i = 0; i < BURST && teller->n_left > 0; i++, teller->n_left--) {
        step = plan_step(plan_next(&teller->seed));
        if (atomic_load(&account_sums.births) -
                atomic_load(&account_sums.deaths) <
            teller_plan.n_alive)
            spawn_one(proc, plan_next(&teller->seed));
        tell(proc, &step);
    }
    if (teller->n_left == 0)
        return KD_NEXT_DONE;
    kd_proc_wake_at(proc, proc->api->now_ns(proc->api) + PAUSE_NS);
    return KD_NEXT_WAIT;
}

static void
teller_destroy(void *self, kd_proc *proc)
{
    (void)proc;
    free(self);
}

const kd_worker_kind teller_worker = {
    .size = sizeof(kd_worker_kind),
    .create = teller_create,
    .run = teller_run,
    .destroy = teller_destroy,
};
