/* SPDX-License-Identifier: MIT */
/*
 * The events bus of one runtime (semantics B5): who wants what.
 *
 * It only knows processes and patterns. An event is a message on the topic
 * KL_BUS_TOPIC, one to each process however many subscriptions of it match, so
 * that it counts against a mailbox like all mail; the process finds out which
 * of its subscriptions it is for (subscription.h).
 *
 * The lock is held while the list is searched or changed, never while messages
 * are sent or Lua runs. Members are counted, since a sender still holds those
 * that it found while their processes may be ending.
 */
#ifndef KL_BUS_H
#define KL_BUS_H

#include <kindred/kindred.h>
#include <pthread.h>
#include <stdatomic.h>

#define KL_BUS_TOPIC "@events"

/* A process that has subscribed. */
struct kl__bus_member {
    kd_pid pid;
    atomic_uint holders;
    atomic_int has_missed; /* It was said that it misses events. */
};

/* One subscription. Owned by its process; its memory as well. */
struct kl__bus_entry {
    struct kl__bus_entry *next;
    struct kl__bus_entry **link; /* What points to it. */
    struct kl__bus_member *member;
    uint64_t since;     /* The number of the last event before it. */
    const char *system; /* Patterns. */
    size_t system_len;
    const char *kind; /* NULL: any. */
    size_t kind_len;
};

struct kl__bus {
    pthread_rwlock_t lock;
    struct kl__bus_entry **words; /* By system, if that is no pattern. */
    size_t n_words;               /* Buckets: 0, or a power of two. */
    size_t count;                 /* Entries in them. */
    struct kl__bus_entry *patterns;
    atomic_uint_least64_t events; /* Sent so far. */
};

/* What an event is, but for its data. */
struct kl__bus_event {
    const char *system;
    size_t system_len;
    const char *kind;
    size_t kind_len;
};

/* Those that an event is for, each once. */
struct kl__bus_found {
    struct kl__bus_member **members;
    size_t count;
    size_t cap;
};

int kl__bus_init(struct kl__bus *bus);
void kl__bus_fini(struct kl__bus *bus);

/* NULL without memory. */
struct kl__bus_member *kl__bus_member_new(kd_pid pid);
void kl__bus_member_drop(struct kl__bus_member *member);

/* KD_OK or KD_ENOMEM. What the entry points to must stay until removal. */
kd_status kl__bus_add(struct kl__bus *bus, struct kl__bus_entry *entry);
void kl__bus_remove(struct kl__bus *bus, struct kl__bus_entry *entry);

/*
 * Give an event its number, from 1. It is not for subscriptions that are made
 * later, even if it is found that they want it.
 */
uint64_t kl__bus_count(struct kl__bus *bus);

/* Whether an entry wants an event, apart from its number. */
int kl__bus_wants(
    const struct kl__bus_entry *entry, const struct kl__bus_event *event);

/*
 * Find whom an event is for, and hold them until kl__bus_found_free(). KD_OK
 * or KD_ENOMEM.
 */
kd_status kl__bus_find(struct kl__bus *bus, const struct kl__bus_event *event,
    struct kl__bus_found *found);
void kl__bus_found_free(struct kl__bus_found *found);

#endif
