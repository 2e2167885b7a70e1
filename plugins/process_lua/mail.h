/* SPDX-License-Identifier: MIT */
/*
 * Mail and events of one process, sorted by the channel that will hand them
 * over (semantics M2 to M4), from before any channel exists.
 */
#ifndef KL_MAIL_H
#define KL_MAIL_H

#include <kindred/message.h>
#include <lua.h>
#include <stdint.h>

struct kl__process;
struct kl__event;
struct kl__route;

struct kl__mail {
    struct kl__route *routes; /* Topics with a channel of listen. */
    kd_message *first;        /* What has no channel yet, or the inbox's. */
    kd_message *last;
    struct kl__event *events; /* Events not yet read. */
    struct kl__event *events_last;
    struct kl__channel *inbox; /* NULL until asked for; anchored in Lua. */
    struct kl__channel *event_channel;
    uint64_t arrived; /* Number of the last message. */
};

/* Take all signals of the slice, as events; called before anything else. */
void kl__mail_signals(struct kl__process *p);
/* Take all messages there are and wake who waits for them. */
void kl__mail_fetch(struct kl__process *p);
/* Release everything; the state is gone or will not be used again. */
void kl__mail_fini(struct kl__process *p);

#endif
