/* SPDX-License-Identifier: MIT */
/*
 * Mailboxes: many senders, one receiver, no lock.
 *
 * A push is one compare-and-swap onto a stack; the receiver takes the whole
 * stack with one exchange and reverses it (R. K. Treiber, "Systems
 * Programming: Coping with Parallelism", 1986). So a send that has returned is
 * visible to whoever learns of it; the usual two-step queue has a moment in
 * which it is not. Nothing is popped singly, so there is no ABA.
 *
 * What is sent counts from the send until the receiver releases it, wherever
 * it keeps it meanwhile. Senders add to one count and the receiver, which is
 * alone, to another: what is in use is the difference, and a release needs no
 * atomic step.
 */
#ifndef KD_PROC_MAILBOX_H
#define KD_PROC_MAILBOX_H

#include <kindred/message.h>
#include <stdatomic.h>

/* Counts against mailbox_bytes beside the payload, and covers a topic of that
 * length. */
#define KD__MAIL_OVERHEAD 64

/* What mailbox_messages and mailbox_bytes can be at most. */
#define KD__MAILBOX_MAX_MESSAGES (((uint64_t)1 << 23) - 1)
#define KD__MAILBOX_MAX_BYTES    (((uint64_t)1 << 40) - 1)

/* What is sent, by whom. */
struct kd__letter {
    kd_pid from;
    uint64_t limit; /* message_bytes of the sender; 0: none. */
    const char *topic;
    size_t topic_len;
    uint32_t flags; /* KD_MESSAGE_ */
    kd_ref ref;
    const kd_payload *payload;
};

/* A message as it travels; topic and copied payload follow. */
struct kd__mail {
    kd_message pub;
    uint64_t cost; /* What it counts for, see `sent`. */
};

struct kd__mailbox {
    _Atomic(struct kd__mail *) head; /* The stack, or the closed mark. */
    /* Costs, messages << 40 | bytes: of all that was let in, and, which only
     * the receiver changes, of what it has released. Both wrap around. */
    _Atomic uint64_t sent;
    _Atomic uint64_t released;
    struct kd__mail *first; /* The receiver's: taken, in order. */
};

/* How long a message is, for message_bytes: its payload, and what its topic has
 * beyond what the overhead covers. */
static inline size_t
kd__mail_len(size_t topic_len, const kd_payload *payload)
{
    size_t more =
        topic_len > KD__MAIL_OVERHEAD ? topic_len - KD__MAIL_OVERHEAD : 0;

    return more <= SIZE_MAX - payload->len ? payload->len + more : SIZE_MAX;
}

/* A copy of a letter; NULL without memory. */
struct kd__mail *kd__mail_new(const struct kd__letter *letter);
void kd__mail_free(struct kd__mail *mail);

void kd__mailbox_init(struct kd__mailbox *box);

/*
 * Take the mail in. KD_OK; KD_EFULL, unless `force`; KD_EGONE when it is
 * closed. Unless KD_OK, the mail stays the caller's.
 */
kd_status kd__mailbox_push(struct kd__mailbox *box, struct kd__mail *mail,
    uint64_t max_messages, uint64_t max_bytes, int force);

/* The receiver: the next in order, or NULL. */
struct kd__mail *kd__mailbox_pop(struct kd__mailbox *box);

/* The receiver: no longer counts, and freed. */
void kd__mailbox_release(struct kd__mailbox *box, struct kd__mail *mail);

/* Nothing can be pushed from now on. Any thread. Returns the stack, once. */
struct kd__mail *kd__mailbox_close(struct kd__mailbox *box);
/* Frees such a stack, which no longer counts. */
void kd__mailbox_discard(struct kd__mailbox *box, struct kd__mail *stack);
/* Frees all that is left. Nobody else has it. Returns how many messages were
 * taken and never released. */
uint64_t kd__mailbox_fini(struct kd__mailbox *box);

/* What is in use. In this order: a release is of what was sent before it. */
static inline uint64_t
kd__mailbox_used(const struct kd__mailbox *box)
{
    uint64_t released = atomic_load(&box->released);

    return atomic_load(&box->sent) - released;
}

static inline uint64_t
kd__mailbox_messages(uint64_t used)
{
    return used >> 40;
}

static inline uint64_t
kd__mailbox_bytes(uint64_t used)
{
    return used & KD__MAILBOX_MAX_BYTES;
}

#endif
