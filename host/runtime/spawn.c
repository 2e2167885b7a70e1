/* SPDX-License-Identifier: MIT */
/*
 * From ids to a process that runs. It gets its first mail before it can be
 * found; bonds are made after that and before it can run, all or none: so
 * there is no race, and no special case.
 */

#include "runtime/spawn.h"

#include "base/error.h"
#include "base/sized.h"
#include "proc/bond.h"
#include "proc/exit.h"
#include "proc/lane.h"
#include "proc/send.h"
#include "runtime/pid_text.h"
#include "term/buf.h"

#include <string.h>

#define SPAWN_FLAGS                                                            \
    (KD_SPAWN_MONITOR | KD_SPAWN_LINK | KD_SPAWN_CALL | KD_SPAWN_OWN |         \
        KD_SPAWN_READY | KD_SPAWN_FUNCTION | KD_SPAWN_TRAP |                   \
        KD_SPAWN_TERMINAL | KD_SPAWN_NO_MAIL)

static kd_status host_check(kd_runtime *runtime, const struct kd__proc *parent,
    const char *id, struct kd__host **host, kd_error *err);
static kd_status state_check(
    const struct kd__host *host, const char *id, kd_error *err);
static kd_status entry_check(kd_runtime *runtime, const kd_spawn *spawn,
    const struct kd__code **code, kd_error *err);
static kd_status name_check(
    kd_runtime *runtime, const char *name, kd_pid *holder, kd_error *err);
static kd_status mail_check(const struct kd__proc *parent,
    const kd_spawn *spawn, const struct kd__code *code, kd_error *err);
static kd_buf *arguments(const kd_spawn *spawn);
static kd_status child_make(kd_runtime *runtime, struct kd__proc *parent,
    const kd_spawn *spawn, const struct kd__birth *details, kd_pid *pid,
    kd_error *err);
static kd_status birth(kd_runtime *runtime, const struct kd__birth *birth,
    struct kd__proc **proc, kd_error *err);
static kd_status mail_put(
    struct kd__proc *child, const kd_spawn *spawn, kd_error *err);
static kd_status tie(struct kd__proc *parent, struct kd__proc *child,
    uint32_t flags, kd_error *err);
static kd_status lack(
    const struct kd__proc *child, kd_status status, kd_error *err);
static kd_status name_give(
    struct kd__proc *proc, const char *name, kd_pid *pid, kd_error *err);

kd_status
kd__spawn(kd_runtime *runtime, struct kd__proc *parent, const kd_spawn *spawn,
    struct kd__observer *observer, kd_pid *pid, kd_error *err)
{
    struct kd__birth details = {.args = &spawn->args, .observer = observer};
    kd_buf *context = NULL;
    kd_status status;

    if (!KD__SIZED(kd_spawn, spawn))
        return kd__error(
            err, KD_EINVAL, "kd_spawn without its size, or of a later library");
    if ((spawn->flags & ~SPAWN_FLAGS) != 0 || spawn->entry == NULL)
        return kd__error(err, KD_EINVAL, "unusable kd_spawn");
    if ((spawn->flags & KD_SPAWN_TERMINAL) != 0 && parent != NULL)
        return kd__error(err, KD_EINVAL, "no process gives the terminal away");
    status = host_check(runtime, parent, spawn->host, &details.host, err);
    if (status == KD_OK)
        status = entry_check(runtime, spawn, &details.code, err);
    if (status == KD_OK)
        status = name_check(runtime, spawn->name, pid, err);
    if (status == KD_OK)
        status = mail_check(parent, spawn, details.code, err);
    if (status != KD_OK)
        return status;
    if (spawn->context.format != KD_FORMAT_NONE) {
        context = kd__buf_of(&spawn->context);
        if (context == NULL)
            return kd__error_memory(err);
    }
    if ((spawn->flags & KD_SPAWN_TERMINAL) != 0) {
        details.terminal = arguments(spawn);
        if (details.terminal == NULL) {
            kd__buf_release(context);
            return kd__error_memory(err);
        }
    }
    details.context =
        context == NULL && parent != NULL ? parent->context : context;
    if (parent != NULL)
        details.spawner = parent->pid;
    details.born =
        ((spawn->flags & KD_SPAWN_LINK) != 0 ? KD__BORN_LINKED : 0) |
        ((spawn->flags & KD_SPAWN_NO_MAIL) != 0 ? KD__BORN_NO_MAIL : 0);
    status = child_make(runtime, parent, spawn, &details, pid, err);
    kd__buf_release(context);
    kd__buf_release(details.terminal);
    return status;
}

kd_status
kd__spawn_own(kd_runtime *runtime, struct kd__host *host,
    const struct kd__code *code, struct kd__observer *observer, kd_pid *pid,
    kd_error *err)
{
    kd_payload none = kd_payload_none();
    kd_spawn spawn = {.size = sizeof(spawn), .args = none};
    struct kd__birth details = {.host = host,
        .code = code,
        .args = &none,
        .observer = observer,
        .is_own = 1};
    kd_status status = state_check(host, host->id, err);

    if (status != KD_OK)
        return status;
    return child_make(runtime, NULL, &spawn, &details, pid, err);
}

kd_status
kd__spawn_code(kd_runtime *runtime, const char *host,
    const struct kd__code *code, const kd_spawn *spawn,
    struct kd__observer *observer, kd_pid *pid, kd_error *err)
{
    struct kd__birth details = {
        .code = code, .args = &spawn->args, .observer = observer};
    kd_status status = KD_OK;

    if (host == NULL)
        status = kd_runtime_host(runtime, &host, err);
    if (status == KD_OK)
        status = host_check(runtime, NULL, host, &details.host, err);
    if (status == KD_OK)
        status = name_check(runtime, spawn->name, pid, err);
    if (status != KD_OK)
        return status;
    return child_make(runtime, NULL, spawn, &details, pid, err);
}

/* What the terminal says it was spawned with: an array always. */
static kd_buf *
arguments(const kd_spawn *spawn)
{
    static const unsigned char empty = 0x90;

    if (spawn->args.format == KD_FORMAT_NONE)
        return kd__buf_copy(KD_FORMAT_TERM, &empty, 1);
    return kd__buf_of(&spawn->args);
}

static kd_status
child_make(kd_runtime *runtime, struct kd__proc *parent, const kd_spawn *spawn,
    const struct kd__birth *details, kd_pid *pid, kd_error *err)
{
    struct kd__proc *child;
    kd_status status = birth(runtime, details, &child, err);

    if (status != KD_OK)
        return status;
    atomic_store(&child->trap, (spawn->flags & KD_SPAWN_TRAP) != 0);
    status = mail_put(child, spawn, err);
    if (status == KD_OK)
        status = kd__proc_publish(child, err);
    if (status == KD_OK && spawn->name != NULL)
        status = name_give(child, spawn->name, pid, err);
    if (status == KD_OK && parent != NULL)
        status = tie(parent, child, spawn->flags, err);
    if (status != KD_OK) {
        kd__exit_unstarted(child);
        return status;
    }
    *pid = child->pid;
    kd__proc_start(child);
    kd__lane_gave(child);
    return KD_OK;
}

static kd_status
host_check(kd_runtime *runtime, const struct kd__proc *parent, const char *id,
    struct kd__host **host, kd_error *err)
{
    const kd_entry *entry;

    if (id == NULL && parent == NULL)
        return kd__error(err, KD_EINVAL, "a host is needed");
    if (id == NULL) {
        *host = parent->host;
    } else {
        entry = runtime->entries == NULL
                    ? NULL
                    : kd__entries_find(runtime->entries, id);
        if (entry == NULL)
            return kd__error(err, KD_ENOTFOUND, "host not found: %s", id);
        if (kd__entry_class(entry) != KD_CLASS_HOST)
            return kd__error(err, KD_EINVAL, "not a host: %s (%s)", id,
                kd__entry_kind(entry));
        *host = kd__runtime_host(runtime, id);
    }
    return state_check(*host, id, err);
}

static kd_status
state_check(const struct kd__host *host, const char *id, kd_error *err)
{
    uint32_t state =
        host == NULL ? KD__HOST_DECLARED : atomic_load(&host->state);

    if (state == KD__HOST_DECLARED)
        return kd__error(err, KD_EUNAVAIL, "host is not running: %s", id);
    if (state != KD__HOST_RUNNING)
        return kd__error(
            err, KD_EUNAVAIL, "host is shutting down: %s", host->id);
    return KD_OK;
}

static kd_status
entry_check(kd_runtime *runtime, const kd_spawn *spawn,
    const struct kd__code **code, kd_error *err)
{
    const char *id = spawn->entry;
    const kd_entry *entry = runtime->entries == NULL
                                ? NULL
                                : kd__entries_find(runtime->entries, id);

    if (entry == NULL)
        return kd__error(err, KD_ENOTFOUND, "entry not found: %s", id);
    if (!kd__entry_is_process(entry) &&
        ((spawn->flags & KD_SPAWN_FUNCTION) == 0 ||
            kd__entry_class(entry) != KD_CLASS_WORKER))
        return kd__error(err, KD_EINVAL, "not a process: %s (%s)", id,
            kd__entry_kind(entry));
    *code = &runtime->codes[entry->index];
    return KD_OK;
}

/* A taken name costs no process; name_give() settles the races. */
static kd_status
name_check(kd_runtime *runtime, const char *name, kd_pid *holder, kd_error *err)
{
    kd_pid read;

    if (name == NULL)
        return KD_OK;
    if (name[0] == '\0')
        return kd__error(err, KD_EINVAL, "name cannot be empty");
    if (kd__pid_parse(&runtime->system, name, strlen(name), &read) != KD_EINVAL)
        return kd__error(
            err, KD_EINVAL, "name cannot have the form of a pid: %.100s", name);
    if (kd__name_find(&runtime->system.names, name, strlen(name), holder) !=
        KD_OK)
        return KD_OK;
    return kd__name_error(KD_EEXIST, name, strlen(name), err);
}

/* The array is walked in steps of what a kd_mail is to the plugin. */
static const kd_mail *
mail_at(const kd_spawn *spawn, size_t i)
{
    const char *first = (const char *)spawn->mail;

    return (const kd_mail *)(const void *)(first + i * spawn->mail[0].size);
}

/* Mail that cannot travel costs no process either. */
static kd_status
mail_check(const struct kd__proc *parent, const kd_spawn *spawn,
    const struct kd__code *code, kd_error *err)
{
    uint64_t limit = parent == NULL ? 0 : kd__proc_code(parent)->message_bytes;
    kd_status status = KD_OK;

    for (size_t i = 0; i < spawn->n_mail && status == KD_OK; i++) {
        if (mail_at(spawn, i)->size != spawn->mail[0].size ||
            !KD__SIZED(kd_mail, mail_at(spawn, i)))
            return kd__error(err, KD_EINVAL,
                "kd_mail without its size, or of a later library");
        if ((mail_at(spawn, i)->flags & ~KD_MESSAGE_MANY) != 0)
            return kd__error(err, KD_EINVAL, "unknown message flags");
        status = kd__send_check(kd__mail_len(mail_at(spawn, i)->topic_len,
                                    &mail_at(spawn, i)->payload),
            limit, code, err);
    }
    return status;
}

/* What the host says passes as it is; all else is the kind's, who either
 * cannot use the arguments or lacks something. */
static kd_status
birth(kd_runtime *runtime, const struct kd__birth *details,
    struct kd__proc **proc, kd_error *err)
{
    kd_error why;
    kd_status status;

    kd__error_init(&why);
    status = kd__proc_new(&runtime->system, details, proc, &why);
    if (status == KD_OK)
        return KD_OK;
    if (status == KD_ELIMIT || status == KD_EUNAVAIL) {
        if (err != NULL)
            *err = why;
        return status;
    }
    if (status != KD_EINVAL)
        status = KD_EINTERNAL;
    kd__error(err, status, "failed to create process: %s: %s",
        details->code->id, why.text);
    if (err != NULL && status == KD_EINTERNAL)
        err->flags = KD_ERROR_RETRYABLE;
    return status;
}

/* Nobody else knows it: so its mailbox is found full by this mail alone. */
static kd_status
mail_put(struct kd__proc *child, const kd_spawn *spawn, kd_error *err)
{
    const struct kd__code *code = kd__proc_code(child);

    for (size_t i = 0; i < spawn->n_mail; i++) {
        const kd_mail *from = mail_at(spawn, i);
        const struct kd__letter letter = {KD_PID_NONE_INIT, 0, from->topic,
            from->topic_len, from->flags, 0, &from->payload};
        struct kd__mail *mail = kd__mail_new(&letter);

        if (mail == NULL)
            return lack(child, KD_ENOMEM, err);
        if (kd__mailbox_push(&child->mailbox, mail, code->max_messages,
                code->max_bytes, 0) != KD_OK) {
            kd__mail_free(mail);
            return kd__error(err, KD_EFULL, "mailbox full: %s", code->id);
        }
    }
    return KD_OK;
}

static kd_status
tie(struct kd__proc *parent, struct kd__proc *child, uint32_t flags,
    kd_error *err)
{
    kd_status status = kd__bond_child(parent, child, flags);

    return status == KD_OK ? KD_OK : lack(child, status, err);
}

/* Semantics P6: a process cannot be made for want of something. */
static kd_status
lack(const struct kd__proc *child, kd_status status, kd_error *err)
{
    kd__error(err, KD_EINTERNAL, "failed to create process: %s: %s",
        kd__proc_code(child)->id, kd_status_text(status));
    if (err != NULL)
        err->flags = KD_ERROR_RETRYABLE;
    return KD_EINTERNAL;
}

static kd_status
name_give(struct kd__proc *proc, const char *name, kd_pid *pid, kd_error *err)
{
    size_t len = strlen(name);

    return kd__name_error(
        kd__name_add(&proc->system->names, proc, name, len, pid), name, len,
        err);
}
