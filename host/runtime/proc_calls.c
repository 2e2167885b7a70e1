/* SPDX-License-Identifier: MIT */
/*
 * The services of a process: what kd_proc::calls points to.
 *
 * Each begins by asking whether the process has been told of as ended while
 * its call went on (semantics X12): then it gets KD_EGONE for everything.
 */

#include "base/error.h"
#include "base/memory.h"
#include "proc/bond.h"
#include "proc/ready.h"
#include "proc/run.h"
#include "proc/send.h"
#include "runtime/pid_text.h"
#include "runtime/port.h"
#include "runtime/runtime.h"
#include "runtime/spawn.h"
#include "term/buf.h"
#include "term/failure.h"

#include <string.h>

static kd_status bond_call(
    kd_proc *pub, kd_pid target, uint32_t type, kd_error *err);
static kd_status keep_refused(
    struct kd__proc *proc, const struct kd__letter *letter, kd_status status);
static kd_status result_set(kd_buf **place, const kd_payload *payload);

/* Whether the process is over for everybody else. */
static int
is_gone(const struct kd__proc *proc)
{
    return !kd__proc_is_alive(proc);
}

static kd_status
gone(kd_error *err)
{
    return kd__error(err, KD_EGONE, "the process has ended");
}

/* Whether it may be tied to others: not before it is sure to live. */
static kd_status
check_tie(const struct kd__proc *proc, kd_error *err)
{
    if (is_gone(proc))
        return gone(err);
    if (proc->in_create)
        return kd__error(err, KD_EINVAL, "not before create has returned");
    return KD_OK;
}

static kd_pid
call_self(const kd_proc *pub)
{
    return kd__proc_of(pub)->pid;
}

static const kd_entry *
call_entry(const kd_proc *pub)
{
    return kd__proc_code(kd__proc_of(pub))->entry;
}

static kd_payload
call_context(const kd_proc *pub)
{
    return kd__buf_payload(kd__proc_of(pub)->context);
}

static kd_message *
call_next(kd_proc *pub)
{
    struct kd__mail *mail = kd__mailbox_pop(&kd__proc_of(pub)->mailbox);

    return mail == NULL ? NULL : &mail->pub;
}

static void
call_release(kd_proc *pub, kd_message *message)
{
    kd__send_release(kd__proc_of(pub), message);
}

static kd_status
call_signal(kd_proc *pub, kd_signal *signal)
{
    return kd__signals_take(&kd__proc_of(pub)->signals, signal);
}

static kd_status
call_finish(kd_proc *pub, const kd_payload *value)
{
    struct kd__proc *proc = kd__proc_of(pub);

    if (is_gone(proc))
        return KD_EGONE;
    value = kd__payload_or_none(value);
    if (value->len > kd__proc_code(proc)->message_bytes)
        return KD_ETOOBIG;
    return result_set(&proc->value, value);
}

static kd_status
call_fail(kd_proc *pub, const kd_payload *error, const char *trace)
{
    struct kd__proc *proc = kd__proc_of(pub);
    struct kd__failure failure;

    if (is_gone(proc))
        return KD_EGONE;
    if (error == NULL || kd__failure_read(error, &failure) != KD_OK)
        return KD_EFORMAT;
    kd__free(proc->trace);
    proc->trace = trace == NULL ? NULL : kd__strdup(trace);
    return result_set(&proc->error, error);
}

static void
call_wake_at(kd_proc *pub, kd_time due_ns)
{
    kd__proc_of(pub)->wake = due_ns;
}

static uint32_t
call_should_yield(const kd_proc *pub)
{
    return kd__run_should_yield(kd__proc_of(pub));
}

static kd_status
call_send(kd_proc *pub, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    struct kd__letter letter = {proc->pid, kd__proc_code(proc)->message_bytes,
        topic, topic_len, flags, 0, kd__payload_or_none(payload)};

    if (is_gone(proc))
        return gone(err);
    if ((flags & ~KD_MESSAGE_MANY) != 0)
        return kd__error(err, KD_EINVAL, "unknown message flags");
    return keep_refused(
        proc, &letter, kd__send(proc->system, to, &letter, err));
}

static kd_status
call_spawn(kd_proc *pub, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    kd_status status = check_tie(proc, err);

    if (status != KD_OK)
        return status;
    return kd__spawn(
        kd__runtime_of_system(proc->system), proc, spawn, NULL, pid, err);
}

static kd_status
call_monitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    return bond_call(pub, target, KD__BOND_MONITOR, err);
}

static kd_status
call_unmonitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    (void)err;
    kd__bond_remove(kd__proc_of(pub), target, KD__BOND_MONITOR);
    return KD_OK;
}

static kd_status
call_link(kd_proc *pub, kd_pid target, kd_error *err)
{
    kd_status status = bond_call(pub, target, KD__BOND_LINK, err);

    return status == KD_EEXIST ? KD_OK : status;
}

static kd_status
call_unlink(kd_proc *pub, kd_pid target, kd_error *err)
{
    (void)err;
    kd__bond_remove(kd__proc_of(pub), target, KD__BOND_LINK);
    return KD_OK;
}

static void
call_set_trap(kd_proc *pub, uint32_t on)
{
    atomic_store(&kd__proc_of(pub)->trap, on != 0);
}

static uint32_t
call_trap(const kd_proc *pub)
{
    return atomic_load(&kd__proc_of(pub)->trap);
}

static kd_status
call_cancel(kd_proc *pub, kd_pid target, kd_time deadline_ns, uint32_t flags,
    const char *reason, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    kd_pid nobody = KD_PID_NONE_INIT;

    if (is_gone(proc))
        return gone(err);
    if ((flags & ~(KD_CANCEL_TOLD | KD_CANCEL_RUNTIME)) != 0)
        return kd__error(err, KD_EINVAL, "unknown cancel flags");
    return kd__cancel(proc->system,
        (flags & KD_CANCEL_RUNTIME) != 0 ? nobody : proc->pid, target,
        deadline_ns, (flags & KD_CANCEL_TOLD) != 0 ? KD_NEVER : deadline_ns,
        reason, err);
}

static kd_status
call_terminate(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);

    if (is_gone(proc))
        return gone(err);
    return kd__terminate(proc->system, target, err);
}

static kd_status
call_request(kd_proc *pub, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    struct kd__letter letter = {proc->pid, kd__proc_code(proc)->message_bytes,
        topic, 0, 0, 0, kd__payload_or_none(payload)};
    kd_status status = check_tie(proc, err);

    if (status != KD_OK)
        return status;
    if (topic == NULL || topic[0] != '@')
        return kd__error(
            err, KD_EINVAL, "the topic of a request begins with @");
    letter.topic_len = strlen(topic);
    return keep_refused(
        proc, &letter, kd__request(proc, to, &letter, deadline_ns, ref, err));
}

static kd_status
call_reply(kd_proc *pub, kd_pid to, kd_ref ref, const kd_payload *payload,
    kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);

    if (is_gone(proc))
        return gone(err);
    return kd__reply(proc, to, ref, kd__payload_or_none(payload), err);
}

static kd_status
call_when_room(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    struct kd__proc *other = kd__proc_find(proc->system, target);
    uint64_t max_bytes = other == NULL ? 0 : kd__proc_code(other)->max_bytes;
    kd_status status = check_tie(proc, err);

    if (status != KD_OK)
        return status;
    if (other == proc)
        return kd__error(
            err, KD_EINVAL, "a process cannot wait for room of its own");
    if (other != NULL && proc->refused > max_bytes)
        return kd__error(err, KD_ETOOBIG,
            "message too large: %u bytes in a mailbox of %llu", proc->refused,
            (unsigned long long)max_bytes);
    status = bond_call(pub, target, KD__BOND_ROOM, err);
    if (status != KD_OK && status != KD_EEXIST)
        return status;
    if (other != NULL)
        kd__send_want_room(other,
            proc->refused > max_bytes / 2 ? KD__HINT_ALL : KD__HINT_ROOM);
    return KD_OK;
}

static kd_status
call_print(kd_proc *pub, const char *text, size_t len, uint32_t flags)
{
    struct kd__proc *proc = kd__proc_of(pub);

    if (is_gone(proc))
        return KD_EGONE;
    if ((flags & ~KD_PRINT_BEYOND) != 0)
        return KD_EINVAL;
    return kd__output_print(&kd__runtime_of_system(proc->system)->output, proc,
        KD__OUTPUT_PLAIN, text, len, (flags & KD_PRINT_BEYOND) != 0);
}

static void
call_ready(kd_proc *pub)
{
    kd__ready(kd__proc_of(pub));
}

static kd_port *
call_port(kd_proc *pub)
{
    return kd__port_get(kd__proc_of(pub));
}

static kd_status
call_become(kd_proc *pub, const kd_entry *entry, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    kd_runtime *runtime = kd__runtime_of_system(proc->system);

    if (is_gone(proc))
        return gone(err);
    if (entry->kind != kd__proc_code(proc)->entry->kind)
        return kd__error(err, KD_EINVAL, "not of kind %s: %s (%s)",
            kd__entry_kind(kd__proc_code(proc)->entry), kd__entry_id(entry),
            kd__entry_kind(entry));
    atomic_store_explicit(
        &proc->code, &runtime->codes[entry->index], memory_order_relaxed);
    return KD_OK;
}

static kd_pid
call_parent(const kd_proc *pub)
{
    const struct kd__proc *proc = kd__proc_of(pub);
    const kd_pid none = KD_PID_NONE_INIT;

    return (proc->born & KD__BORN_LINKED) != 0 ? proc->spawner : none;
}

static kd_pid
call_spawner(const kd_proc *pub)
{
    const struct kd__proc *proc = kd__proc_of(pub);
    const kd_pid none = KD_PID_NONE_INIT;

    return (proc->born & KD__BORN_NO_MAIL) == 0 ? proc->spawner : none;
}

static kd_status
call_watch(kd_proc *pub, int32_t fd, uint32_t events, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    kd_runtime *runtime = kd__runtime_of_system(proc->system);
    kd_status status = check_tie(proc, err);

    if (status != KD_OK)
        return status;
    if (events == 0) {
        kd__fd_watch_remove(&runtime->fd_watch, proc, fd);
        return KD_OK;
    }
    if (fd < 0 || (events & ~(KD_FD_READ | KD_FD_WRITE)) != 0)
        return kd__error(err, KD_EINVAL, "no descriptor, or unknown events");
    return kd__fd_watch_add(&runtime->fd_watch, proc, fd, events, err);
}

const kd_proc_calls kd__proc_calls = {
    .size = sizeof(kd_proc_calls),
    .self = call_self,
    .entry = call_entry,
    .context = call_context,
    .next = call_next,
    .release = call_release,
    .signal = call_signal,
    .finish = call_finish,
    .fail = call_fail,
    .wake_at = call_wake_at,
    .should_yield = call_should_yield,
    .send = call_send,
    .spawn = call_spawn,
    .monitor = call_monitor,
    .unmonitor = call_unmonitor,
    .link = call_link,
    .unlink = call_unlink,
    .set_trap = call_set_trap,
    .trap = call_trap,
    .cancel = call_cancel,
    .terminate = call_terminate,
    .request = call_request,
    .reply = call_reply,
    .when_room = call_when_room,
    .print = call_print,
    .ready = call_ready,
    .port = call_port,
    .become = call_become,
    .parent = call_parent,
    .spawner = call_spawner,
    .watch = call_watch,
};

static kd_status
bond_call(kd_proc *pub, kd_pid target, uint32_t type, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    char text[KD_PID_TEXT];
    kd_status status;

    status = check_tie(proc, err);
    if (status != KD_OK)
        return status;
    status = kd__bond_add(proc, target, type);
    if (status == KD_OK || err == NULL)
        return status;
    kd__pid_text(proc->system, target, text);
    if (status == KD_EGONE)
        return kd__error(err, status, "pid not registered: %s", text);
    if (status == KD_EEXIST)
        return kd__error(err, status, "already monitoring pid: %s", text);
    return kd__error(err, status, "%s", kd_status_text(status));
}

/* Whoever is refused for want of room may wait for it: so much it has to be. */
static kd_status
keep_refused(
    struct kd__proc *proc, const struct kd__letter *letter, kd_status status)
{
    uint64_t bytes;

    if (status != KD_EFULL)
        return status;
    bytes =
        kd__mail_len(letter->topic_len, letter->payload) + KD__MAIL_OVERHEAD;
    proc->refused = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
    return status;
}

static kd_status
result_set(kd_buf **place, const kd_payload *payload)
{
    kd_buf *buf = NULL;

    if (payload->format != KD_FORMAT_NONE) {
        buf = kd__buf_of(payload);
        if (buf == NULL)
            return KD_ENOMEM;
    }
    kd__buf_release(*place);
    *place = buf;
    return KD_OK;
}
