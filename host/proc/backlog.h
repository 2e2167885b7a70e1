/* SPDX-License-Identifier: MIT */
/*
 * Mail that waits in a mailbox with many messages, in the order of arrival.
 *
 * A long stack has left the cache when its receiver gets to it, and to turn it
 * round is one trip to memory after the other, as each message only says which
 * came before it. So senders turn a stack round while it is short and lies in
 * their cache, and note in each message which one to fetch while it is
 * received.
 */
#ifndef KD_PROC_BACKLOG_H
#define KD_PROC_BACKLOG_H

#include "base/lock.h"
#include "proc/mailbox.h"

/* So many messages are under way from memory while one is received. */
#define KD__BACKLOG_AHEAD 8u

/* A mailbox has one from when it is needed. */
struct kd__backlog {
    struct kd__lock lock; /* Guards all of it, and that it goes on in order. */
    uint32_t at;          /* Of the oldest one in `recent`. */
    struct kd__mail *first;
    struct kd__mail *last;
    struct kd__mail *recent[KD__BACKLOG_AHEAD];
};

/* NULL without memory. */
struct kd__backlog *kd__backlog_new(void);
void kd__backlog_free(struct kd__backlog *backlog);

/* What came next, a list that is not empty. The lock is held. */
void kd__backlog_append(struct kd__backlog *backlog, struct kd__mail *list);
/* All of it; it is empty then. The lock is held. */
struct kd__mail *kd__backlog_take(struct kd__backlog *backlog);

#endif
