/* SPDX-License-Identifier: MIT */
/*
 * Control signals: ends of watched processes, failures of linked ones,
 * cancels. They travel apart from mail and are handled between slices.
 *
 * The queue is a stack like the mailbox's, of nodes that were allocated when
 * what they tell of was set up: so it cannot fill, and pushing cannot fail but
 * for a receiver that has ended.
 */
#ifndef KD_PROC_SIGNAL_H
#define KD_PROC_SIGNAL_H

#include <kindred/message.h>
#include <stdatomic.h>

/* Made by kd__signal_new() alone. */
struct kd__signal {
    struct kd__signal *next;
    uint32_t type;   /* KD_SIGNAL_ */
    uint16_t size;   /* Of its memory, which may be more than a signal. */
    uint16_t events; /* FD: KD_FD_ */
    kd_pid from;
    int64_t at_ns; /* Unix time. */
    kd_ref ref;    /* FD: the descriptor. */
    kd_buf *value; /* A reference each, or NULL. */
    kd_buf *error;
    char *reason;        /* CANCEL: from malloc, or NULL. */
    kd_time deadline_ns; /* CANCEL: as asked for. */
};

struct kd__signals {
    _Atomic(struct kd__signal *) head; /* The stack, or the closed mark. */
    struct kd__signal *arrived;        /* The receiver's: not yet handled. */
    struct kd__signal *arrived_last;
    struct kd__signal *deliver; /* The receiver's: for the kind to take. */
    struct kd__signal *deliver_last;
    struct kd__signal *lent; /* What the kind looks at now. */
};

/* A signal at the beginning of so many bytes, which are zero; or NULL. */
struct kd__signal *kd__signal_new(uint32_t type, size_t size);
void kd__signal_free(struct kd__signal *signal);

void kd__signals_init(struct kd__signals *signals);

/* Takes the signal; KD_EGONE, and it is freed, when the receiver has ended. */
kd_status kd__signals_push(
    struct kd__signals *signals, struct kd__signal *signal);
/* Whether anything has come that was not yet fetched. Any thread. */
int kd__signals_pending(const struct kd__signals *signals);
/* Put one of our own behind what is for the kind to take. */
void kd__signals_deliver(
    struct kd__signals *signals, struct kd__signal *signal);

/* The receiver: bring in what has come, in order, behind `arrived`. */
void kd__signals_fetch(struct kd__signals *signals);
/* The receiver: the next one to handle, or NULL. */
struct kd__signal *kd__signals_next(struct kd__signals *signals);
/* The receiver: the first of this type that was fetched and not yet handled, or
 * NULL. */
const struct kd__signal *kd__signals_find(
    const struct kd__signals *signals, uint32_t type);
/* The receiver: drop what has arrived of this type and number from this
 * process. */
void kd__signals_void(
    struct kd__signals *signals, uint32_t type, kd_pid from, kd_ref ref);
/* The receiver: drop what has come of a descriptor, also what is for the kind
 * to take already. */
void kd__signals_void_fd(struct kd__signals *signals, int fd);
/* The receiver: lend the kind the next, as far as out->size; KD_ENOTFOUND. Ends
 * the last loan. */
kd_status kd__signals_take(struct kd__signals *signals, kd_signal *out);
/* The receiver: end the last loan. */
void kd__signals_return(struct kd__signals *signals);

/* No signal comes from now on. Any thread. Returns the stack, once. */
struct kd__signal *kd__signals_close(struct kd__signals *signals);
/* Frees a stack. */
void kd__signal_discard(struct kd__signal *stack);
/* Frees all that is left. Nobody else has it. */
void kd__signals_fini(struct kd__signals *signals);

#endif
