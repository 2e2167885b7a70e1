/* SPDX-License-Identifier: MIT */
/*
 * Messages and signals: copies, in the order in which they were put.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

kd_status
kd_fake_send(kd_proc *proc, kd_pid from, const char *topic, uint32_t flags,
    const kd_payload *payload)
{
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = flags;
    message.from = from;
    message.topic = topic;
    message.topic_len = strlen(topic);
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    return fake_mail_put(fake_proc(proc), &message);
}

kd_status
kd_fake_request(kd_proc *proc, kd_pid from, const char *topic,
    const kd_payload *payload, kd_ref ref)
{
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = KD_MESSAGE_REQUEST;
    message.from = from;
    message.topic = topic;
    message.topic_len = strlen(topic);
    message.ref = ref;
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    return fake_mail_put(fake_proc(proc), &message);
}

kd_status
kd_fake_signal(kd_proc *proc, const kd_signal *signal)
{
    return fake_signal_put(fake_proc(proc), signal);
}

kd_status
kd_fake_cancel(kd_proc *proc, const char *reason, kd_time deadline_ns)
{
    kd_signal signal;

    memset(&signal, 0, sizeof(signal));
    signal.type = KD_SIGNAL_CANCEL;
    signal.value = kd_payload_none();
    signal.error = kd_payload_none();
    signal.reason = reason;
    signal.deadline_ns = deadline_ns;
    return fake_signal_put(fake_proc(proc), &signal);
}

/* Topics are bytes, and may hold NULs. */
static char *
bytes_dup(const char *bytes, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

kd_status
fake_mail_put(struct fake_proc *proc, const kd_message *message)
{
    struct fake_message *copy;

    if (proc->ended != KD_FAKE_LIVES)
        return KD_EGONE;
    copy = calloc(1, sizeof(*copy));
    if (copy == NULL)
        return KD_ENOMEM;
    copy->pub = *message;
    copy->pub.size = (uint32_t)sizeof(copy->pub);
    copy->pub.next = NULL;
    copy->topic = bytes_dup(message->topic, message->topic_len);
    if (copy->topic == NULL ||
        fake_bytes_set(&copy->bytes, &message->payload) != KD_OK) {
        fake_mail_free(copy);
        return KD_ENOMEM;
    }
    copy->pub.topic = copy->topic;
    copy->pub.payload = fake_bytes_payload(&copy->bytes);
    pthread_mutex_lock(&proc->fake->lock);
    *proc->mail_end = copy;
    proc->mail_end = &copy->next;
    pthread_mutex_unlock(&proc->fake->lock);
    return KD_OK;
}

void
fake_mail_free(struct fake_message *message)
{
    free(message->topic);
    free(message->bytes.data);
    /* Whoever reads a message that he gave back should see it. */
    memset(message, 0xa5, sizeof(*message));
    free(message);
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
