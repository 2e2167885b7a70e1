/* SPDX-License-Identifier: MIT */
/*
 * Lists of messages, and the table of topics that have a list of their own.
 */
#ifndef KL_ROUTE_H
#define KL_ROUTE_H

#include <kindred/message.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct kl__channel;

/* Messages in the order of their arrival, which stands in their `ref`. */
struct kl__letters {
    kd_message *first;
    kd_message *last;
};

static inline void
kl__letters_append(struct kl__letters *letters, kd_message *message)
{
    message->next = NULL;
    if (letters->first == NULL)
        letters->first = message;
    else
        letters->last->next = message;
    letters->last = message;
}

/* Take the first; NULL if there is none. */
static inline kd_message *
kl__letters_shift(struct kl__letters *letters)
{
    kd_message *message = letters->first;

    if (message != NULL)
        letters->first = message->next;
    return message;
}

/* Move all of `from` to where they belong in `to`. */
void kl__letters_merge(struct kl__letters *to, struct kl__letters *from);

/* A topic that a program listens to. */
struct kl__route {
    struct kl__route *next; /* In its bucket. */
    struct kl__channel *channel;
    struct kl__letters letters;
    uint64_t hash;
    int ref;   /* Where the channel is in the registry. */
    int whole; /* It wants Message objects. */
    size_t len;
    char topic[];
};

struct kl__routes {
    struct kl__route *recent;   /* The one that was found last, or NULL. */
    struct kl__route **buckets; /* From malloc; their number a power of two. */
    size_t n_buckets;
    size_t count;
};

static inline int
kl__route_is(const struct kl__route *route, const char *topic, size_t len)
{
    return route->len == len && memcmp(route->topic, topic, len) == 0;
}

/* The one that is not the most recent. */
struct kl__route *kl__routes_search(
    struct kl__routes *routes, const char *topic, size_t len);

/* NULL if nobody listens to the topic. */
static inline struct kl__route *
kl__routes_find(struct kl__routes *routes, const char *topic, size_t len)
{
    struct kl__route *recent = routes->recent;

    if (recent != NULL && kl__route_is(recent, topic, len))
        return recent;
    return kl__routes_search(routes, topic, len);
}

/* A new one, or NULL without memory. */
struct kl__route *kl__routes_add(
    struct kl__routes *routes, const char *topic, size_t len);
void kl__routes_remove(struct kl__routes *routes, struct kl__route *route);
/* One of the bucket `*at`, from 0 on, or of those behind it; NULL if there is
 * none left. To remove them all takes one walk so. */
struct kl__route *kl__routes_next(const struct kl__routes *routes, size_t *at);
/* Remove all; their messages go to where they belong in `to`. */
void kl__routes_drain(struct kl__routes *routes, struct kl__letters *to);
void kl__routes_fini(struct kl__routes *routes);

/* Move the messages of a route's topic from `from` to the route. */
void kl__route_claim(struct kl__route *route, struct kl__letters *from);

#endif
