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

struct fake_proc *
fake_proc_living(kd_fake *fake, kd_pid pid)
{
    struct fake_proc *proc = fake_proc_find(fake, pid);

    return proc != NULL && proc->ended == KD_FAKE_LIVES ? proc : NULL;
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
    fake_watches_check(proc);
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
    fake_check_status(proc->fake, kind_of(proc), "create", status);
    if (status != KD_OK && proc->self != NULL)
        fake_complain(proc->fake,
            "%s: create fails and has written to *self all the same",
            kind_of(proc));
    if (status != KD_OK && err != NULL && err->code == KD_OK)
        fake_error(err, status, kd_status_text(status));
    return status;
}

struct fake_proc *
fake_proc_new(kd_fake *fake, const kd_entry *entry, const kd_payload *args,
    const struct fake_birth *birth, kd_error *err)
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
    proc->parent = birth->parent;
    proc->spawner = birth->spawner;
    proc->use = use;
    proc->entry = entry;
    proc->mail_end = &proc->mail;
    proc->taken_end = &proc->taken;
    proc->signals_end = &proc->signals;
    proc->wake = proc->force = KD_NEVER;
    proc->again = 1;
    if (fake_bytes_set(&proc->context, &birth->context) != KD_OK ||
        create(proc, args, err) != KD_OK) {
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
    struct fake_birth birth = {.context = kd_payload_none()};
    struct fake_proc *proc = fake_proc_new(fake, entry, args, &birth, err);

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

/* Its error, for whoever watches, as text and as a term. */
static void
fail(struct fake_proc *proc, const kd_error *err)
{
    snprintf(proc->error, sizeof(proc->error), "%s",
        err->text[0] != '\0' ? err->text : kd_status_text(err->code));
    fake_error_bytes(&proc->value, err);
}

/* What kd_proc_fail() said counts; else *err; else that nothing was said. */
static void
end_failed(struct fake_proc *proc, const kd_error *err)
{
    kd_error silence = KD_ERROR_INIT;

    fake_error(&silence, KD_EINTERNAL, "failed without an error");
    if (err->code == KD_OK && !proc->has_failed)
        fake_complain(proc->fake,
            "%s: run returns KD_NEXT_FAIL and says no error", kind_of(proc));
    if (err->code != KD_OK || !proc->has_failed)
        fail(proc, err->code != KD_OK ? err : &silence);
    fake_proc_end(proc, KD_FAKE_FAILED);
}

/* From inside a callback for it, also one of its own: then at its return. */
void
fake_proc_kill(struct fake_proc *proc, kd_status code, const char *text)
{
    kd_error doom = KD_ERROR_INIT;

    if (proc->ended != KD_FAKE_LIVES || proc->doomed)
        return;
    fake_error(&doom, code, text);
    fail(proc, &doom);
    if (proc->where != NULL) {
        proc->doomed = 1;
        proc->doom = doom;
        return;
    }
    fake_proc_end(proc, KD_FAKE_KILLED);
}

static kd_next
end_doomed(struct fake_proc *proc)
{
    /* What the slice said of its result is void. */
    fail(proc, &proc->doom);
    fake_proc_end(proc, KD_FAKE_KILLED);
    return KD_NEXT_DONE;
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
    if (proc->doomed)
        return end_doomed(proc);
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
        fake_error(&err, KD_EPLUGIN, kd_status_text(KD_EPLUGIN));
        end_failed(proc, &err);
        return KD_NEXT_FAIL;
    }
}

int
kd_fake_ready(const kd_proc *pub)
{
    const struct fake_proc *proc = fake_proc(pub);

    return proc->ended == KD_FAKE_LIVES &&
           (proc->again || proc->wake <= proc->fake->now);
}

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
    fake_proc_kill(fake_proc(proc), KD_ECANCELED, "process terminated");
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

void
fake_proc_end(struct fake_proc *proc, uint32_t how)
{
    if (proc->ended != KD_FAKE_LIVES)
        return;
    proc->ended = how;
    fake_watches_free(proc);
    fake_names_free(proc);
    enter(proc, "destroy");
    proc->use->worker->destroy(proc->self, &proc->pub);
    leave(proc);
    fake_bonds_end(proc);
    fake_requests_end(proc);
    fake_waits_look(proc->fake);
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
    fake_requests_free(proc);
    fake_waits_free(proc);
    fake_watches_free(proc);
    fake_names_free(proc);
    free(proc->value.data);
    free(proc->context.data);
    free(proc);
}
