/* SPDX-License-Identifier: MIT */
/*
 * Signals: copies, in the order in which they were put.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

void
fake_signal_init(kd_signal *signal, uint32_t type, kd_pid from)
{
    memset(signal, 0, sizeof(*signal));
    signal->size = (uint32_t)sizeof(*signal);
    signal->type = type;
    signal->from = from;
    signal->value = kd_payload_none();
    signal->error = kd_payload_none();
    signal->deadline_ns = KD_NEVER;
    signal->fd = -1;
}

kd_status
kd_fake_signal(kd_proc *proc, const kd_signal *signal)
{
    return fake_signal_put(fake_proc(proc), signal);
}

/* The one that waits unread; its deadline may come nearer (semantics C9). */
static struct fake_signal *
unread_cancel(const struct fake_proc *proc)
{
    struct fake_signal *signal = proc->signals;

    while (signal != NULL && signal->pub.type != KD_SIGNAL_CANCEL)
        signal = signal->next;
    return signal;
}

kd_status
fake_cancel(struct fake_proc *proc, kd_pid from, uint32_t flags,
    const char *reason, kd_time deadline_ns)
{
    struct fake_signal *unread = unread_cancel(proc);
    const kd_pid nobody = KD_PID_NONE_INIT;
    kd_signal signal;

    if (proc->ended != KD_FAKE_LIVES)
        return KD_EGONE;
    if (!(flags & KD_CANCEL_TOLD) && deadline_ns < proc->force)
        proc->force = deadline_ns;
    if (proc->force <= proc->fake->now) {
        fake_proc_kill(proc, KD_ECANCELED, "process terminated");
        return KD_OK;
    }
    if (unread != NULL) {
        if (deadline_ns < unread->pub.deadline_ns)
            unread->pub.deadline_ns = deadline_ns;
        return KD_OK;
    }
    fake_signal_init(
        &signal, KD_SIGNAL_CANCEL, flags & KD_CANCEL_RUNTIME ? nobody : from);
    signal.reason = reason;
    signal.deadline_ns = deadline_ns;
    return fake_signal_put(proc, &signal);
}

kd_status
kd_fake_cancel(kd_proc *proc, const char *reason, kd_time deadline_ns)
{
    const kd_pid nobody = KD_PID_NONE_INIT;

    return fake_cancel(fake_proc(proc), nobody, 0, reason, deadline_ns);
}

kd_status
fake_signal_put(struct fake_proc *proc, const kd_signal *signal)
{
    struct fake_signal *copy;

    if (proc->ended != KD_FAKE_LIVES)
        return KD_EGONE;
    copy = calloc(1, sizeof(*copy));
    if (copy == NULL)
        return KD_ENOMEM;
    copy->pub = *signal;
    copy->pub.size = (uint32_t)sizeof(copy->pub);
    if (signal->unix_ns == 0)
        copy->pub.unix_ns = proc->fake->api.unix_ns(&proc->fake->api);
    if (signal->type == KD_SIGNAL_CANCEL)
        copy->reason = strdup(signal->reason == NULL ? "" : signal->reason);
    if (fake_bytes_set(&copy->value, &signal->value) != KD_OK ||
        fake_bytes_set(&copy->error, &signal->error) != KD_OK ||
        (signal->type == KD_SIGNAL_CANCEL && copy->reason == NULL)) {
        fake_signal_free(copy);
        return KD_ENOMEM;
    }
    copy->pub.reason = copy->reason;
    copy->pub.value = fake_bytes_payload(&copy->value);
    copy->pub.error = fake_bytes_payload(&copy->error);
    *proc->signals_end = copy;
    proc->signals_end = &copy->next;
    proc->again = 1;
    return KD_OK;
}

void
fake_signal_free(struct fake_signal *signal)
{
    if (signal == NULL)
        return;
    free(signal->value.data);
    free(signal->error.data);
    free(signal->reason);
    memset(signal, 0xa5, sizeof(*signal));
    free(signal);
}
