/* SPDX-License-Identifier: MIT */
/*
 * Making and freeing process records. What happens between is elsewhere: one
 * slice in run.c, the end in exit.c, links and monitors in bond.c.
 */

#include "proc/proc.h"

#include "base/block.h"
#include "base/error.h"
#include "base/memory.h"
#include "term/buf.h"

#include <stdio.h>
#include <string.h>

static kd_status host_check(const struct kd__host *host, kd_error *err);
static kd_status host_enter(
    struct kd__host *host, uint32_t is_own, kd_error *err);
static struct kd__proc *record_new(
    struct kd__system *system, const struct kd__birth *birth);
static kd_status instance_new(
    struct kd__proc *proc, const kd_payload *args, kd_error *err);
static void record_free(struct kd__proc *proc);

kd_status
kd__proc_new(struct kd__system *system, const struct kd__birth *birth,
    struct kd__proc **out_proc, kd_error *err)
{
    struct kd__proc *proc;
    kd_status status = host_enter(birth->host, birth->is_own, err);

    if (status != KD_OK)
        return status;
    proc = record_new(system, birth);
    if (proc == NULL) {
        kd__host_leave(birth->host, birth->is_own);
        return kd__error_memory(err);
    }
    status = kd__table_reserve(&system->table, &proc->pid.serial);
    if (status != KD_OK) {
        kd__error(err, status, "no slot for a process");
        goto out;
    }
    status = instance_new(proc, birth->args, err);
    if (status != KD_OK)
        goto out;
    proc->observer = birth->observer;
    *out_proc = proc;
    return KD_OK;
out:
    kd__proc_unwatch(proc);
    birth->host->kind->leave(birth->host->self, kd__proc_node(proc));
    record_free(proc);
    kd__host_leave(birth->host, birth->is_own);
    return status;
}

kd_status
kd__proc_publish(struct kd__proc *proc, kd_error *err)
{
    kd__table_publish(&proc->system->table, proc->pid.serial, proc);
    return host_check(proc->host, err);
}

void
kd__proc_start(struct kd__proc *proc)
{
    struct kd__host *host = proc->host;

    host->kind->ready(host->self, kd__proc_node(proc), KD_READY_NEW);
}

void
kd__proc_free(struct kd__retired *retired)
{
    record_free(KD_CONTAINER_OF(retired, struct kd__proc, retired));
}

void
kd__host_part(struct kd__host *host)
{
    atomic_fetch_add(&host->population, KD__HOST_APART - KD__HOST_COUNTED);
}

void
kd__host_leave(struct kd__host *host, uint32_t is_apart)
{
    struct kd__system *system = host->system;

    atomic_fetch_sub(
        &host->population, is_apart ? KD__HOST_APART : KD__HOST_COUNTED);
    if (atomic_load(&host->state) != KD__HOST_RUNNING)
        system->left(system->arg, host);
}

void
kd__proc_terminate(struct kd__proc *proc)
{
    const int is_later = (atomic_load(&proc->hints) & KD__HINT_LINK) != 0;

    if (atomic_load(&proc->end) == KD__END_NONE)
        atomic_store(&proc->end, is_later ? KD__END_LATER : KD__END_TERMINATE);
}

void
kd__proc_lock_both(struct kd__proc *a, struct kd__proc *b)
{
    if (a > b) {
        struct kd__proc *swap = a;

        a = b;
        b = swap;
    }
    kd__lock_take(&a->lock);
    kd__lock_take(&b->lock);
}

/* In the order of addresses, or without waiting. */
int
kd__proc_lock_other(struct kd__proc *proc, struct kd__proc *other)
{
    if (kd__lock_try(&other->lock))
        return 1;
    if (proc < other) {
        kd__lock_take(&other->lock);
        return 1;
    }
    kd__lock_drop(&proc->lock);
    kd__proc_lock_both(proc, other);
    return 0;
}

void
kd__proc_unlock_both(struct kd__proc *a, struct kd__proc *b)
{
    kd__lock_drop(&a->lock);
    kd__lock_drop(&b->lock);
}

/* Counts first and looks at the state then, so that a host which stops either
 * is seen to, or sees the count. */
static kd_status
host_enter(struct kd__host *host, uint32_t is_own, kd_error *err)
{
    const uint64_t one = is_own ? KD__HOST_APART : KD__HOST_COUNTED;
    uint64_t population = atomic_load(&host->population);
    int is_full;

    do
        is_full =
            !is_own && population % KD__HOST_APART >= host->info.max_processes;
    while (!is_full && !atomic_compare_exchange_weak(
                           &host->population, &population, population + one));
    if (host_check(host, err) != KD_OK) {
        if (!is_full)
            kd__host_leave(host, is_own);
        return KD_EUNAVAIL;
    }
    if (is_full)
        return kd__error(err, KD_ELIMIT, "too many processes: %s (limit %llu)",
            host->id, (unsigned long long)host->info.max_processes);
    return KD_OK;
}

static kd_status
host_check(const struct kd__host *host, kd_error *err)
{
    if (atomic_load(&host->state) == KD__HOST_RUNNING)
        return KD_OK;
    return kd__error(err, KD_EUNAVAIL, "host is shutting down: %s", host->id);
}

/* With its node. */
static size_t
record_size(const struct kd__host *host)
{
    return ((sizeof(struct kd__proc) + 15) & ~(size_t)15) +
           host->info.node_size;
}

static struct kd__proc *
record_new(struct kd__system *system, const struct kd__birth *birth)
{
    struct kd__host *host = birth->host;
    size_t size = record_size(host);
    struct kd__proc *proc = kd__block_new(size);

    if (proc == NULL)
        return NULL;
    memset(proc, 0, size);
    kd__lock_init(&proc->lock);
    proc->pub.calls = system->calls;
    proc->pub.api = system->api;
    proc->system = system;
    proc->host = host;
    atomic_init(&proc->code, birth->code);
    proc->is_own = birth->is_own != 0;
    proc->pid.host = host->number;
    atomic_init(&proc->run, KD__RUN_QUEUED);
    atomic_init(&proc->deadline, KD_NEVER);
    atomic_init(&proc->timer, KD_NEVER);
    proc->wake = proc->request_due = KD_NEVER;
    kd__mailbox_init(&proc->mailbox);
    kd__signals_init(&proc->signals);
    kd__list_init(&proc->links);
    kd__list_init(&proc->watchers);
    kd__list_init(&proc->watching);
    proc->spawner = birth->spawner;
    proc->born = (uint8_t)birth->born;
    if (birth->context != NULL)
        proc->context = kd__buf_retain(birth->context);
    if (birth->terminal != NULL)
        proc->terminal = kd__buf_retain(birth->terminal);
    host->kind->enter(host->self, kd__proc_node(proc));
    return proc;
}

/* For whoever wrote the kind: a status that is in no list is named. */
static kd_status
instance_new(struct kd__proc *proc, const kd_payload *args, kd_error *err)
{
    const struct kd__code *code = kd__proc_code(proc);
    kd_status said, status;
    char text[80];

    proc->in_create = 1;
    said = code->kind->create(
        code->state, code->prepared, &proc->pub, args, &proc->self, err);
    proc->in_create = 0;
    status = kd__error_check(err, said);
    if (status == said)
        return status;
    snprintf(text, sizeof(text),
        "create has returned %ld, which is no status of the list", (long)said);
    proc->system->breach(proc->system->arg, KD_LOG_ERROR, proc, "orders", text);
    return status;
}

/* By now nobody can be sending: what counts still was kept by the kind. */
static void
mail_check(const struct kd__proc *proc, uint64_t n_held)
{
    char text[80];

    if (n_held == 0)
        return;
    snprintf(text, sizeof(text), "has ended with %llu messages not released",
        (unsigned long long)n_held);
    proc->system->breach(proc->system->arg, KD_LOG_ERROR, proc, "mail", text);
}

static void
record_free(struct kd__proc *proc)
{
    kd__lock_fini(&proc->lock);
    mail_check(proc, kd__mailbox_fini(&proc->mailbox));
    kd__signals_fini(&proc->signals);
    kd__buf_release(proc->context);
    kd__buf_release(proc->terminal);
    kd__buf_release(proc->value);
    kd__buf_release(proc->error);
    kd__free(proc->trace);
    if (proc->pid.serial != 0)
        kd__table_release(&proc->system->table, proc->pid.serial);
    kd__block_free(proc, record_size(proc->host));
}
