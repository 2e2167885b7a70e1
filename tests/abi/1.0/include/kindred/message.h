/* SPDX-License-Identifier: MIT */
/*
 * What a process receives: messages, which others send, and signals, by which
 * the host tells of ends, cancels and other things that must not be lost.
 *
 * Messages wait in the mailbox, which is bounded. Signals travel on a queue of
 * their own whose nodes were allocated when the link, monitor or request was
 * made: it cannot fill and never waits behind messages. A kind takes signals
 * before messages.
 */
#ifndef KINDRED_MESSAGE_H
#define KINDRED_MESSAGE_H

#include <kindred/payload.h>
#include <string.h>

KD_BEGIN_DECLS

/**
 * The payload is a term array of several values that were sent together, not
 * one value that happens to be an array.
 */
#define KD_MESSAGE_MANY ((uint32_t)1)
/** An answer to kd_proc_request or to another service that says so; `ref` says
    to which call. */
#define KD_MESSAGE_REPLY ((uint32_t)2)
/** A request: answer it with kd_proc_reply and its `ref`. */
#define KD_MESSAGE_REQUEST ((uint32_t)4)

/**
 * A message, owned by the process that took it with kd_proc_next().
 *
 * It counts against the mailbox's limits until kd_proc_release() gives it
 * back, so that a kind which sorts its mail is bounded all the same.
 */
typedef struct kd_message {
    uint32_t size;     /**< sizeof(kd_message). */
    uint32_t flags;    /**< KD_MESSAGE_ bits. */
    kd_pid from;       /**< None for the runtime and for foreign threads. */
    const char *topic; /**< Ends in NUL, which `topic_len` does not count. */
    size_t topic_len;
    kd_ref ref; /**< Of a request or reply; else 0. */
    kd_payload payload;
    struct kd_message *next; /**< The holder's, for lists of his own. */
} kd_message;
KD_ABI_STRUCT(kd_message, 88);

/** Whether a message has this topic, which ends in NUL. */
static inline int
kd_message_is(const kd_message *message, const char *topic)
{
    return message->topic_len == strlen(topic) &&
           memcmp(message->topic, topic, message->topic_len) == 0;
}

/*
 * Types of signals. A later host has more: pass over those that you do not
 * know, whatever they hold.
 */

/**
 * A process ended; `value` or `error` say how. `ref` is 0 when a monitor tells
 * so, else it is KD_SPAWN_CALL's: both may come for one process.
 */
#define KD_SIGNAL_EXIT ((uint32_t)1)
/** A linked process failed and this one traps links. `error` says why. */
#define KD_SIGNAL_LINK_DOWN ((uint32_t)2)
/** Somebody asks it to end: `reason`, and `deadline_ns` or KD_NEVER. */
#define KD_SIGNAL_CANCEL ((uint32_t)3)
/** The mailbox that refused a message has room, or its process ended. */
#define KD_SIGNAL_ROOM ((uint32_t)4)
/**
 * A request gets no answer: `error` is its target's end or the timeout. `ref`
 * says which. Late answers are dropped.
 */
#define KD_SIGNAL_REPLY_FAILED ((uint32_t)5)
/** A child spawned with KD_SPAWN_READY has started up. */
#define KD_SIGNAL_READY ((uint32_t)6)
/**
 * A descriptor given to kd_proc_watch() is ready: `fd`, and in `events` what
 * for. Once for each call.
 */
#define KD_SIGNAL_FD ((uint32_t)7)

/** A read of the descriptor would not block: there is data, the end of it, or
 * an error. */
#define KD_FD_READ ((uint32_t)1)
/** A write would not block: there is room, or an error. */
#define KD_FD_WRITE ((uint32_t)2)

/**
 * A signal, owned by the process that took it with kd_proc_signal() until it
 * takes the next one or `run` returns.
 */
typedef struct kd_signal {
    uint32_t size;       /**< sizeof(kd_signal). */
    uint32_t type;       /**< KD_SIGNAL_ */
    kd_pid from;         /**< The process that ended, failed or cancels. */
    int64_t unix_ns;     /**< When it happened: Unix time in nanoseconds. */
    kd_ref ref;          /**< REPLY_FAILED: the request. EXIT: see there. */
    kd_payload value;    /**< EXIT: result of a normal end, or none. */
    kd_payload error;    /**< EXIT of a failure, LINK_DOWN, REPLY_FAILED: a
                              KD_TERM_EXT_ERROR term. Else none. */
    const char *reason;  /**< CANCEL: never NULL. Else NULL. */
    kd_time deadline_ns; /**< CANCEL: when it is ended by force. */
    int32_t fd;          /**< FD: which; else -1. */
    uint32_t events;     /**< FD: KD_FD_ bits, never none; else 0. */
} kd_signal;
KD_ABI_STRUCT(kd_signal, 128);

KD_END_DECLS

#endif
