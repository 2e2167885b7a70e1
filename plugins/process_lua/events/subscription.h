/* SPDX-License-Identifier: MIT */
/*
 * The subscriptions of one process to the events bus, and the events that wait
 * for it.
 *
 * An event is a message that counts against the mailbox until each of the
 * subscriptions it is for has handed it over.
 */
#ifndef KL_SUBSCRIPTION_H
#define KL_SUBSCRIPTION_H

#include <kindred/message.h>
#include <kindred/term.h>
#include <lua.h>

#include "events/bus.h"

struct kl__process;
struct kl__delivery;

struct kl__subscription {
    struct kl__subscription *next;
    struct kl__channel *channel; /* Anchored in the registry. */
    struct kl__delivery *first;
    struct kl__delivery *last;
    struct kl__bus_entry entry;
    int ref;
    char patterns[]; /* System and kind, one behind the other. */
};

/* Part of struct kl__process. */
struct kl__subscriptions {
    struct kl__bus *bus;           /* The runtime's. */
    struct kl__bus_member *member; /* NULL until the first subscription. */
    struct kl__subscription *first;
};

/*
 * Subscribe, and push the channel; kind is NULL for any. NULL, and nothing
 * pushed, without memory.
 */
struct kl__subscription *kl__subscription_open(
    lua_State *L, struct kl__process *p, const struct kl__bus_event *patterns);

/* Close the channel, and free the subscription. */
void kl__subscription_close(
    lua_State *L, struct kl__process *p, struct kl__subscription *subscription);

/* Take a message of the bus that has come. */
void kl__subscriptions_sort(struct kl__process *p, kd_message *message);

/* Free all, without looking at the state. */
void kl__subscriptions_fini(struct kl__process *p);

/*
 * Append an event as the payload of such a message; the value at an index is
 * its data. Returns 0; or -1 with the sentence of a refusal pushed.
 */
int kl__event_write(lua_State *L, uint64_t number,
    const struct kl__bus_event *event, const char *path, size_t path_len,
    int data, kd_writer *to);

#endif
