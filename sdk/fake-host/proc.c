/* SPDX-License-Identifier: MIT */
/*
 * A process of the fake: create, slices, end. Each callback is given its place
 * on the record, so that the services know who may call them.
 */

#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_proc *
fake_proc(const kd_proc *pub)
{
    return (struct fake_proc *)(uintptr_t)pub;
}

struct fake_proc *
fake_proc_find(kd_fake *fake, kd_pid pid)
{
    struct fake_proc *proc;

    for (proc = fake->procs; proc != NULL; proc = proc->next) {
        if (kd_pid_equal(proc->pid, pid))
            return proc;
    }
    return NULL;
}

static void
enter(struct fake_proc *proc, const char *where)
{
    proc->inside = pthread_self();
    proc->where = where;
    proc->spent = 0;
}

static void
leave(struct fake_proc *proc)
{
    proc->where = NULL;
    fake_signal_free(proc->shown);
    proc->shown = NULL;
}

static const char *
kind_of(const struct fake_proc *proc)
{
    return proc->fake->api.entry_kind(proc->entry);
}

/* A failure of `create` says why, and leaves nothing. */
static kd_status
create(struct fake_proc *proc, const kd_payload *args, kd_error *err)
{
    kd_payload none = kd_payload_none();
    kd_error own = KD_ERROR_INIT;
    kd_status status;

    enter(proc, "create");
    status = proc->use->worker->create(proc->use->state, proc->use->prepared,
        &proc->pub, args != NULL ? args : &none, &proc->self,
        err != NULL ? err : &own);
    leave(proc);
    if (status > 0 || status <= KD_STATUS_LAST_)
        fake_complain(proc->fake, "%s: create returns %d, which is no status",
            kind_of(proc), (int)status);
    if (status != KD_OK && proc->self != NULL)
        fake_complain(proc->fake,
            "%s: create fails and has written to *self all the same",
            kind_of(proc));
    return status;
}

struct fake_proc *
fake_proc_new(kd_fake *fake, const kd_entry *entry, const kd_payload *args,
    kd_pid parent, kd_error *err)
{
    const struct fake_use *use = fake_use(fake, entry, err);
    struct fake_proc *proc;

    if (use == NULL || use->status != KD_OK)
        return NULL;
    proc = calloc(1, sizeof(*proc));
    if (proc == NULL)
        return NULL;
    proc->pub.calls = &fake_proc_calls;
    proc->pub.api = &fake->api;
    proc->fake = fake;
    proc->pid.host = 1;
    proc->pid.serial = ++fake->serial;
    proc->parent = parent;
    proc->use = use;
    proc->entry = entry;
    proc->mail_end = &proc->mail;
    proc->taken_end = &proc->taken;
    proc->signals_end = &proc->signals;
    proc->wake = KD_NEVER;
    proc->again = 1;
    if (create(proc, args, err) != KD_OK) {
        fake_proc_free(proc);
        return NULL;
    }
    proc->next = fake->procs;
    fake->procs = proc;
    return proc;
}

kd_proc *
kd_fake_spawn(
    kd_fake *fake, const kd_entry *entry, const kd_payload *args, kd_error *err)
{
    const kd_pid nobody = KD_PID_NONE_INIT;
    struct fake_proc *proc = fake_proc_new(fake, entry, args, nobody, err);

    return proc == NULL ? NULL : &proc->pub;
}

void *
kd_fake_self(const kd_proc *proc)
{
    return fake_proc(proc)->self;
}

kd_pid
kd_fake_pid(const kd_proc *proc)
{
    return fake_proc(proc)->pid;
}

kd_proc *
kd_fake_find(kd_fake *fake, kd_pid pid)
{
    struct fake_proc *proc = fake_proc_find(fake, pid);

    return proc == NULL ? NULL : &proc->pub;
}

static void
end_failed(struct fake_proc *proc, const kd_error *err)
{
    snprintf(proc->error, sizeof(proc->error), "%s",
        err->code != KD_OK ? err->text : "");
    fake_proc_end(proc, KD_FAKE_FAILED);
}

kd_next
kd_fake_run(kd_proc *pub, uint32_t budget)
{
    struct fake_proc *proc = fake_proc(pub);
    kd_error err = KD_ERROR_INIT;
    kd_next next;

    if (proc->ended != KD_FAKE_LIVES)
        return KD_NEXT_DONE;
    if (proc->wake <= proc->fake->now)
        proc->wake = KD_NEVER;
    proc->again = 0;
    enter(proc, "run");
    next = proc->use->worker->run(proc->self, pub, budget, &err);
    leave(proc);
    if (proc->doomed) {
        fake_proc_end(proc, KD_FAKE_KILLED);
        return KD_NEXT_DONE;
    }
    switch (next) {
    case KD_NEXT_READY:
        proc->again = 1;
        return next;
    case KD_NEXT_WAIT:
        return next;
    case KD_NEXT_DONE:
        fake_proc_end(proc, KD_FAKE_DONE);
        return next;
    case KD_NEXT_FAIL:
        end_failed(proc, &err);
        return next;
    default:
        fake_complain(proc->fake, "%s: run returns %u, which is no kd_next",
            kind_of(proc), (unsigned)next);
        fake_proc_end(proc, KD_FAKE_FAILED);
        return KD_NEXT_FAIL;
    }
}

int
kd_fake_ready(const kd_proc *pub)
{
    const struct fake_proc *proc = fake_proc(pub);

    return proc->ended == KD_FAKE_LIVES &&
           (proc->again || proc->mail != NULL || proc->signals != NULL ||
               proc->wake <= proc->fake->now);
}

/* A kind that leaves mail in its mailbox waits all the same: once a round. */
int
kd_fake_settle(kd_fake *fake, size_t slices)
{
    struct fake_proc *proc;
    size_t run;

    do {
        run = 0;
        for (proc = fake->procs; proc != NULL; proc = proc->next) {
            if (!kd_fake_ready(&proc->pub))
                continue;
            if (slices == 0)
                return 0;
            slices--;
            run++;
            kd_fake_run(&proc->pub, 1000);
        }
    } while (run > 0);
    return 1;
}

void
kd_fake_end(kd_proc *proc)
{
    fake_proc_end(fake_proc(proc), KD_FAKE_KILLED);
}

kd_time
kd_fake_due(const kd_proc *proc)
{
    return fake_proc(proc)->wake;
}

size_t
kd_fake_held(const kd_proc *proc)
{
    const struct fake_message *message;
    size_t held = 0;

    for (message = fake_proc(proc)->taken; message != NULL;
         message = message->next)
        held++;
    return held;
}

uint32_t
kd_fake_ended(const kd_proc *proc)
{
    return fake_proc(proc)->ended;
}

kd_payload
kd_fake_value(const kd_proc *proc)
{
    return fake_bytes_payload(&fake_proc(proc)->value);
}

const char *
kd_fake_error(const kd_proc *proc)
{
    return fake_proc(proc)->error;
}

/* Tell whoever watches, or is linked. */
static void
tell(struct fake_proc *proc, const struct fake_bond *bond)
{
    struct fake_proc *to = fake_proc_find(proc->fake, bond->to);
    int failed = proc->ended != KD_FAKE_DONE;
    kd_signal signal;

    if (to == NULL || (bond->type == KD_FAKE_LINK && !failed))
        return;
    if (bond->type == KD_FAKE_LINK && !to->trap) {
        fake_proc_end(to, KD_FAKE_KILLED);
        return;
    }
    memset(&signal, 0, sizeof(signal));
    signal.type =
        bond->type == KD_FAKE_LINK ? KD_SIGNAL_LINK_DOWN : KD_SIGNAL_EXIT;
    signal.from = proc->pid;
    signal.ref = bond->ref;
    signal.value = failed ? kd_payload_none() : kd_fake_value(&proc->pub);
    signal.error = failed ? kd_fake_value(&proc->pub) : kd_payload_none();
    signal.deadline_ns = KD_NEVER;
    fake_signal_put(to, &signal);
}

void
fake_proc_end(struct fake_proc *proc, uint32_t how)
{
    struct fake_bond *bond;

    if (proc->ended != KD_FAKE_LIVES)
        return;
    proc->ended = how;
    enter(proc, "destroy");
    proc->use->worker->destroy(proc->self, &proc->pub);
    leave(proc);
    while ((bond = proc->bonds) != NULL) {
        proc->bonds = bond->next;
        tell(proc, bond);
        free(bond);
    }
}

void
fake_proc_free(struct fake_proc *proc)
{
    struct fake_message *message;
    struct fake_signal *signal;

    while ((message = proc->mail) != NULL) {
        proc->mail = message->next;
        fake_mail_free(message);
    }
    while ((message = proc->taken) != NULL) {
        proc->taken = message->next;
        fake_mail_free(message);
    }
    while ((signal = proc->signals) != NULL) {
        proc->signals = signal->next;
        fake_signal_free(signal);
    }
    free(proc->value.data);
    free(proc->name);
    free(proc);
}
