/* SPDX-License-Identifier: MIT */
/*
 * Mailboxes: copies of messages, in the order in which they were put, within
 * the limits of the entry. What a process has taken counts until it is
 * released.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that a message counts for beside its payload. */
#define OVERHEAD 64

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

static uint64_t
limit(const struct fake_proc *proc, const char *name, uint64_t def)
{
    const kd_node *node = proc->fake->api.entry_get(proc->entry, name);

    return node != NULL && node->integer > 0 ? (uint64_t)node->integer : def;
}

/* As semantics K2 counts: with what the mail itself takes. */
static uint64_t
len_of(const kd_message *message)
{
    size_t topic =
        message->topic_len > OVERHEAD ? message->topic_len : OVERHEAD;

    return message->payload.len + topic;
}

static int
is_full(const struct fake_proc *proc, uint64_t len)
{
    return proc->n_mail >= limit(proc, "limits.mailbox_messages", 1000000) ||
           proc->mail_len + len >
               limit(proc, "limits.mailbox_bytes", UINT64_C(256) << 20);
}

int
fake_mail_is_full(const struct fake_proc *proc)
{
    return is_full(proc, OVERHEAD);
}

uint64_t
fake_message_bytes(const struct fake_proc *proc)
{
    return limit(proc, "limits.message_bytes", UINT64_C(16) << 20);
}

static struct fake_message *
copy_of(const kd_message *message)
{
    struct fake_message *copy = calloc(1, sizeof(*copy));

    if (copy == NULL)
        return NULL;
    copy->pub = *message;
    copy->pub.size = (uint32_t)sizeof(copy->pub);
    copy->pub.next = NULL;
    copy->topic = bytes_dup(message->topic, message->topic_len);
    if (copy->topic == NULL ||
        fake_bytes_set(&copy->bytes, &message->payload) != KD_OK) {
        fake_mail_free(copy);
        return NULL;
    }
    copy->pub.topic = copy->topic;
    copy->pub.payload = fake_bytes_payload(&copy->bytes);
    return copy;
}

/* An answer has room always: the request has asked for it. */
kd_status
fake_reply_put(struct fake_proc *proc, const kd_message *message)
{
    struct fake_message *copy;

    if (proc->ended != KD_FAKE_LIVES)
        return KD_EGONE;
    copy = copy_of(message);
    if (copy == NULL)
        return KD_ENOMEM;
    pthread_mutex_lock(&proc->fake->lock);
    proc->n_mail++;
    proc->mail_len += len_of(message);
    *proc->mail_end = copy;
    proc->mail_end = &copy->next;
    proc->again = 1;
    pthread_mutex_unlock(&proc->fake->lock);
    return KD_OK;
}

kd_status
fake_mail_put(struct fake_proc *proc, const kd_message *message)
{
    if (proc->ended != KD_FAKE_LIVES)
        return KD_EGONE;
    if (len_of(message) - OVERHEAD > fake_message_bytes(proc))
        return KD_ETOOBIG;
    if (is_full(proc, len_of(message)))
        return KD_EFULL;
    return fake_reply_put(proc, message);
}

void
fake_mail_released(struct fake_proc *proc, const struct fake_message *message)
{
    pthread_mutex_lock(&proc->fake->lock);
    proc->n_mail--;
    proc->mail_len -= len_of(&message->pub);
    pthread_mutex_unlock(&proc->fake->lock);
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
