/* SPDX-License-Identifier: MIT */
/*
 * Sending and its kin. None of it waits; all of it says why it could not.
 */

#include "proc/send.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "proc/bond.h"
#include "proc/lane.h"
#include "proc/wake.h"
#include "term/buf.h"

#include <string.h>

static kd_status refused(struct kd__proc *proc, struct kd__mail *mail,
    kd_status status, kd_error *err);
static int is_half_free(const struct kd__code *code, uint64_t used);
static kd_status deadline_lower(struct kd__proc *proc, kd_time deadline);

kd_status
kd__send(struct kd__system *system, kd_pid to, const struct kd__letter *letter,
    kd_error *err)
{
    struct kd__proc *proc = kd__proc_find(system, to);
    const struct kd__code *code;
    struct kd__mail *mail;
    kd_status status;

    if (proc == NULL)
        return kd__send_gone(system, to, err);
    code = kd__proc_code(proc);
    status = kd__send_check(kd__mail_len(letter->topic_len, letter->payload),
        letter->limit, code, err);
    if (status != KD_OK)
        return status;
    mail = kd__mail_new(letter);
    if (mail == NULL)
        return kd__error_memory(err);
    status = kd__mailbox_push(&proc->mailbox, mail, code->max_messages,
        code->max_bytes, (letter->flags & KD_MESSAGE_REPLY) != 0);
    if (status != KD_OK)
        return refused(proc, mail, status, err);
    kd__wake(proc);
    kd__lane_gave(proc);
    return KD_OK;
}

kd_status
kd__send_check(
    size_t len, uint64_t limit, const struct kd__code *to, kd_error *err)
{
    if (limit == 0 || limit > to->message_bytes)
        limit = to->message_bytes;
    if (len <= limit)
        return KD_OK;
    return kd__error(err, KD_ETOOBIG,
        "message too large: %zu bytes (limit %llu)", len,
        (unsigned long long)limit);
}

struct kd__proc *
kd__send_find(struct kd__system *system, kd_pid to, kd_error *err)
{
    struct kd__proc *proc = kd__proc_find(system, to);

    if (proc == NULL)
        kd__send_gone(system, to, err);
    return proc;
}

/*
 * The deadline is a state, which only moves forward; the event is a signal.
 * Either may come to a process that is just being told of the other.
 */
kd_status
kd__cancel(struct kd__system *system, kd_pid from, kd_pid target,
    kd_time deadline, kd_time force, const char *reason, kd_error *err)
{
    struct kd__proc *proc = kd__send_find(system, target, err);
    struct kd__signal *signal;

    if (proc == NULL)
        return KD_EGONE;
    signal = kd__signal_new(KD_SIGNAL_CANCEL, sizeof(*signal));
    if (signal != NULL && reason != NULL && reason[0] != '\0')
        signal->reason = kd__strdup(reason);
    if (signal == NULL ||
        (reason != NULL && reason[0] != '\0' && signal->reason == NULL)) {
        kd__signal_free(signal);
        return kd__error_memory(err);
    }
    signal->from = from;
    signal->at_ns = kd__system_unix(system);
    signal->deadline_ns = deadline;
    if (deadline_lower(proc, force) != KD_OK) {
        kd__signal_free(signal);
        return kd__send_gone(system, target, err);
    }
    if (kd__signals_push(&proc->signals, signal) != KD_OK)
        return kd__send_gone(system, target, err);
    kd__wake_at_once(proc);
    return KD_OK;
}

kd_status
kd__terminate(struct kd__system *system, kd_pid target, kd_error *err)
{
    struct kd__proc *proc = kd__send_find(system, target, err);
    uint32_t closed;

    if (proc == NULL)
        return KD_EGONE;
    kd__lock_take(&proc->lock);
    closed = proc->closed;
    if (!closed)
        kd__proc_terminate(proc);
    kd__lock_drop(&proc->lock);
    if (closed)
        return kd__send_gone(system, target, err);
    kd__wake_at_once(proc);
    return KD_OK;
}

kd_status
kd__request(struct kd__proc *proc, kd_pid to, const struct kd__letter *letter,
    kd_time deadline, kd_ref *ref, kd_error *err)
{
    struct kd__system *system = proc->system;
    struct kd__letter numbered = *letter;
    kd_status status;

    numbered.ref = atomic_fetch_add(&system->next_ref, 1) + 1;
    numbered.flags |= KD_MESSAGE_REQUEST;
    status = kd__bond_request(proc, to, numbered.ref, deadline);
    if (status == KD_EGONE)
        return kd__send_gone(system, to, err);
    if (status != KD_OK)
        return kd__error(err, status, "%s",
            status == KD_EINVAL ? "a process cannot ask itself"
                                : kd_status_text(status));
    status = kd__send(system, to, &numbered, err);
    if (status != KD_OK) {
        kd__bond_unask(proc, to, numbered.ref);
        return status;
    }
    *ref = numbered.ref;
    return KD_OK;
}

/* The request is over when nothing but the asker's end can be in the way of its
 * answer: until then there may be another. */
kd_status
kd__reply(struct kd__proc *proc, kd_pid to, kd_ref ref,
    const kd_payload *payload, kd_error *err)
{
    const struct kd__letter letter = {
        proc->pid, 0, "@reply", 6, KD_MESSAGE_REPLY, ref, payload};
    struct kd__proc *asker = kd__proc_find(proc->system, to);
    struct kd__mail *mail;
    kd_status status;

    if (asker == NULL)
        return KD_OK;
    status = kd__send_check(payload->len, kd__proc_code(proc)->message_bytes,
        kd__proc_code(asker), err);
    if (status != KD_OK)
        return status;
    mail = kd__mail_new(&letter);
    if (mail == NULL)
        return kd__error_memory(err);
    if (kd__bond_answer(proc, to, ref) == KD_OK &&
        kd__mailbox_push(&asker->mailbox, mail, 0, 0, 1) == KD_OK) {
        kd__wake(asker);
        kd__lane_gave(asker);
    } else {
        kd__mail_free(mail);
    }
    return KD_OK;
}

void
kd__send_release(struct kd__proc *proc, kd_message *message)
{
    struct kd__mail *mail = (struct kd__mail *)(void *)message;

    if (mail == NULL)
        return;
    kd__mailbox_release(&proc->mailbox, mail);
    /* Its slice may last for ever; those of others end soon, see below. */
    if ((kd__proc_code(proc)->kind->flags & KD_WORKER_BLOCKING) != 0)
        kd__fence();
    kd__send_gave_room(proc);
}

/*
 * The hint first, the count then. Who releases stores the count first and looks
 * for the hint then: at once, and again when the slice has ended, whose store
 * of the run state no processor lets a later look overtake. So one of the two
 * sees the other.
 */
void
kd__send_want_room(struct kd__proc *proc, uint8_t hint)
{
    atomic_fetch_or(&proc->hints, hint);
    kd__send_tell_room(proc);
}

/* Room is told of when half of both limits is free again, so that a waiter
 * who is woken can send more than one; and at the latest when all is. */
void
kd__send_tell_room(struct kd__proc *proc)
{
    uint64_t used = kd__mailbox_used(&proc->mailbox);

    if (used != 0 && ((atomic_load(&proc->hints) & KD__HINT_ROOM) == 0 ||
                         !is_half_free(kd__proc_code(proc), used)))
        return;
    atomic_fetch_and(&proc->hints, (uint8_t) ~(KD__HINT_ROOM | KD__HINT_ALL));
    kd__bond_signal(proc, KD__BOND_ROOM);
}

kd_status
kd__send_gone(struct kd__system *system, kd_pid pid, kd_error *err)
{
    char text[KD_PID_TEXT];

    if (err == NULL)
        return KD_EGONE;
    system->api->pid_text(system->api, pid, text);
    return kd__error(err, KD_EGONE, "process not found: %s", text);
}

static int
is_half_free(const struct kd__code *code, uint64_t used)
{
    return kd__mailbox_messages(used) <= code->max_messages / 2 &&
           kd__mailbox_bytes(used) <= code->max_bytes / 2;
}

/* The mailbox has not taken it. While it was counted, somebody may have looked
 * for room in vain. */
static kd_status
refused(struct kd__proc *proc, struct kd__mail *mail, kd_status status,
    kd_error *err)
{
    struct kd__system *system = proc->system;
    char text[KD_PID_TEXT];

    kd__mail_free(mail);
    if (status == KD_EGONE)
        return kd__send_gone(system, proc->pid, err);
    kd__send_gave_room(proc);
    system->api->pid_text(system->api, proc->pid, text);
    return kd__error(err, KD_EFULL, "mailbox full: %s", text);
}

/* KD_EGONE when the process has closed. */
static kd_status
deadline_lower(struct kd__proc *proc, kd_time deadline)
{
    kd_status status = KD_OK;

    kd__lock_take(&proc->lock);
    if (proc->closed)
        status = KD_EGONE;
    else if (deadline < atomic_load(&proc->deadline))
        atomic_store(&proc->deadline, deadline);
    kd__lock_drop(&proc->lock);
    return status;
}
