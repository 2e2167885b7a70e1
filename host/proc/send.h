/* SPDX-License-Identifier: MIT */
/*
 * Acting on another process by its pid: send, cancel, terminate, requests.
 *
 * The caller has entered the epoch. Errors carry the sentences of semantics D
 * and C.
 */
#ifndef KD_PROC_SEND_H
#define KD_PROC_SEND_H

#include "proc/proc.h"

kd_status kd__send(struct kd__system *system, kd_pid to,
    const struct kd__letter *letter, kd_error *err);

/* Whether messages of this kd__mail_len() may travel: KD_OK or KD_ETOOBIG
 * (semantics M11). `limit` is message_bytes of the sender; 0: none. */
kd_status kd__send_check(
    size_t len, uint64_t limit, const struct kd__code *to, kd_error *err);

/* The living process, or why not: process, host or node not found. */
struct kd__proc *kd__send_find(
    struct kd__system *system, kd_pid to, kd_error *err);

/* `force` is when it is ended; `deadline` is what the event says. */
kd_status kd__cancel(struct kd__system *system, kd_pid from, kd_pid target,
    kd_time deadline, kd_time force, const char *reason, kd_error *err);
kd_status kd__terminate(
    struct kd__system *system, kd_pid target, kd_error *err);

/* For a process whose token the caller has. */
kd_status kd__request(struct kd__proc *proc, kd_pid to,
    const struct kd__letter *letter, kd_time deadline, kd_ref *ref,
    kd_error *err);
kd_status kd__reply(struct kd__proc *proc, kd_pid to, kd_ref ref,
    const kd_payload *payload, kd_error *err);

/* The process gives a message back; wakes those who wait for room. */
void kd__send_release(struct kd__proc *proc, kd_message *message);

/* Somebody waits for room in this mailbox; if there is some, tell him. The hint
 * is KD__HINT_ROOM, or KD__HINT_ALL for more than half of it. */
void kd__send_want_room(struct kd__proc *proc, uint8_t hint);
void kd__send_tell_room(struct kd__proc *proc);

/*
 * A slice has ended, and its state is stored. Who has begun to wait for room
 * and a release that was not a fence can have missed each other until now.
 */
static inline void
kd__send_gave_room(struct kd__proc *proc)
{
    if ((atomic_load(&proc->hints) & (KD__HINT_ROOM | KD__HINT_ALL)) != 0)
        kd__send_tell_room(proc);
}

/* The sentence of KD_EGONE for a pid. */
kd_status kd__send_gone(struct kd__system *system, kd_pid pid, kd_error *err);

#endif
