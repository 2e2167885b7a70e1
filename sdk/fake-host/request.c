/* SPDX-License-Identifier: MIT */
/*
 * Requests: each gets one answer, a reply, or that there will be none.
 */

#include "state.h"

#include <stdlib.h>

kd_status
fake_request_add(struct fake_proc *proc, kd_ref ref, kd_pid to, kd_time due)
{
    struct fake_request *request = calloc(1, sizeof(*request));

    if (request == NULL)
        return KD_ENOMEM;
    request->ref = ref;
    request->to = to;
    request->due = due;
    request->next = proc->requests;
    proc->requests = request;
    return KD_OK;
}

/* 0: nobody waits for it, any more or at all. */
int
fake_request_take(struct fake_proc *proc, kd_ref ref)
{
    struct fake_request **at = &proc->requests, *found;

    while (*at != NULL && (*at)->ref != ref)
        at = &(*at)->next;
    found = *at;
    if (found == NULL)
        return 0;
    *at = found->next;
    free(found);
    return 1;
}

kd_status
kd_fake_reply(kd_proc *pub, kd_ref ref, const kd_payload *payload)
{
    struct fake_proc *proc = fake_proc(pub);
    kd_message message = {.flags = KD_MESSAGE_REPLY, .topic = "", .ref = ref};

    message.payload = payload == NULL ? kd_payload_none() : *payload;
    if (!fake_request_take(proc, ref))
        return KD_ENOTFOUND;
    return fake_reply_put(proc, &message);
}

static void
fail(struct fake_proc *proc, const struct fake_request *request,
    const kd_payload *error)
{
    kd_signal signal;

    fake_signal_init(&signal, KD_SIGNAL_REPLY_FAILED, request->to);
    signal.ref = request->ref;
    signal.error = *error;
    fake_signal_put(proc, &signal);
    fake_request_take(proc, request->ref);
}

/* Also one that ended normally owes its answers. */
void
fake_requests_end(struct fake_proc *to)
{
    kd_error gone = KD_ERROR_INIT;
    struct fake_bytes bytes = {0};
    struct fake_request *request, *next;
    struct fake_proc *proc;
    kd_payload error = kd_fake_value(&to->pub);

    if (to->ended == KD_FAKE_DONE) {
        fake_error(&gone, KD_EGONE, "process not found");
        fake_error_bytes(&bytes, &gone);
        error = fake_bytes_payload(&bytes);
    }
    for (proc = to->fake->procs; proc != NULL; proc = proc->next) {
        for (request = proc->requests; request != NULL; request = next) {
            next = request->next;
            if (kd_pid_equal(request->to, to->pid))
                fail(proc, request, &error);
        }
    }
    free(bytes.data);
}

void
fake_requests_due(struct fake_proc *proc)
{
    kd_error late = KD_ERROR_INIT;
    struct fake_bytes bytes = {0};
    struct fake_request *request, *next;
    kd_payload error;

    fake_error(&late, KD_ETIMEOUT, "no answer in time");
    fake_error_bytes(&bytes, &late);
    error = fake_bytes_payload(&bytes);
    for (request = proc->requests; request != NULL; request = next) {
        next = request->next;
        if (request->due <= proc->fake->now)
            fail(proc, request, &error);
    }
    free(bytes.data);
}

void
fake_requests_free(struct fake_proc *proc)
{
    struct fake_request *request;

    while ((request = proc->requests) != NULL) {
        proc->requests = request->next;
        free(request);
    }
}
