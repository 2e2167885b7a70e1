/* SPDX-License-Identifier: MIT */
/*
 * Subscriptions by system: most name one, and thousands may be to others.
 */

#include "events/bus.h"

#include "events/event_pattern.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_FIRST 16

static kd_status grow(struct kl__bus *bus);
static struct kl__bus_entry **bucket(
    const struct kl__bus *bus, const char *system, size_t len);
static void push(struct kl__bus_entry **list, struct kl__bus_entry *entry);
static kd_status collect(const struct kl__bus_entry *entry,
    const struct kl__bus_event *event, struct kl__bus_found *found);
static kd_status hold(
    struct kl__bus_found *found, struct kl__bus_member *member);
static void drop_twins(struct kl__bus_found *found);
static int compare(const void *a, const void *b);

int
kl__bus_init(struct kl__bus *bus)
{
    memset(bus, 0, sizeof(*bus));
    atomic_init(&bus->events, 0);
    return pthread_rwlock_init(&bus->lock, NULL) == 0 ? 0 : -1;
}

void
kl__bus_fini(struct kl__bus *bus)
{
    free(bus->words);
    pthread_rwlock_destroy(&bus->lock);
}

struct kl__bus_member *
kl__bus_member_new(kd_pid pid)
{
    struct kl__bus_member *member = malloc(sizeof(*member));

    if (member == NULL)
        return NULL;
    member->pid = pid;
    atomic_init(&member->holders, 1);
    atomic_init(&member->has_missed, 0);
    return member;
}

void
kl__bus_member_drop(struct kl__bus_member *member)
{
    if (member != NULL && atomic_fetch_sub(&member->holders, 1) == 1)
        free(member);
}

kd_status
kl__bus_add(struct kl__bus *bus, struct kl__bus_entry *entry)
{
    int is_word = kl__event_pattern_is_word(entry->system, entry->system_len);
    kd_status status = KD_OK;

    pthread_rwlock_wrlock(&bus->lock);
    if (is_word && bus->count >= bus->n_words)
        status = grow(bus);
    if (status == KD_OK) {
        entry->since = atomic_load(&bus->events);
        push(is_word ? bucket(bus, entry->system, entry->system_len)
                     : &bus->patterns,
            entry);
        bus->count += (size_t)is_word;
    }
    pthread_rwlock_unlock(&bus->lock);
    return status;
}

void
kl__bus_remove(struct kl__bus *bus, struct kl__bus_entry *entry)
{
    pthread_rwlock_wrlock(&bus->lock);
    *entry->link = entry->next;
    if (entry->next != NULL)
        entry->next->link = entry->link;
    bus->count -=
        (size_t)kl__event_pattern_is_word(entry->system, entry->system_len);
    pthread_rwlock_unlock(&bus->lock);
}

uint64_t
kl__bus_count(struct kl__bus *bus)
{
    return atomic_fetch_add(&bus->events, 1) + 1;
}

int
kl__bus_wants(
    const struct kl__bus_entry *entry, const struct kl__bus_event *event)
{
    return kl__event_pattern_match(entry->system, entry->system_len,
               event->system, event->system_len) &&
           (entry->kind == NULL ||
               kl__event_pattern_match(
                   entry->kind, entry->kind_len, event->kind, event->kind_len));
}

kd_status
kl__bus_find(struct kl__bus *bus, const struct kl__bus_event *event,
    struct kl__bus_found *found)
{
    kd_status status = KD_OK;

    memset(found, 0, sizeof(*found));
    pthread_rwlock_rdlock(&bus->lock);
    if (bus->n_words > 0)
        status = collect(
            *bucket(bus, event->system, event->system_len), event, found);
    if (status == KD_OK)
        status = collect(bus->patterns, event, found);
    pthread_rwlock_unlock(&bus->lock);
    if (status != KD_OK)
        kl__bus_found_free(found);
    else
        drop_twins(found);
    return status;
}

void
kl__bus_found_free(struct kl__bus_found *found)
{
    for (size_t i = 0; i < found->count; i++)
        kl__bus_member_drop(found->members[i]);
    free(found->members);
    memset(found, 0, sizeof(*found));
}

static kd_status
grow(struct kl__bus *bus)
{
    struct kl__bus wider = {0};

    wider.n_words = bus->n_words == 0 ? WORDS_FIRST : 2 * bus->n_words;
    wider.words = calloc(wider.n_words, sizeof(*wider.words));
    if (wider.words == NULL)
        return KD_ENOMEM;
    for (size_t i = 0; i < bus->n_words; i++) {
        struct kl__bus_entry *entry = bus->words[i];

        while (entry != NULL) {
            struct kl__bus_entry *next = entry->next;

            push(bucket(&wider, entry->system, entry->system_len), entry);
            entry = next;
        }
    }
    free(bus->words);
    bus->words = wider.words;
    bus->n_words = wider.n_words;
    return KD_OK;
}

/* FNV-1a, as for topics. */
static struct kl__bus_entry **
bucket(const struct kl__bus *bus, const char *system, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)system[i]) * UINT64_C(0x100000001b3);
    return &bus->words[(hash ^ hash >> 32) & (bus->n_words - 1)];
}

static void
push(struct kl__bus_entry **list, struct kl__bus_entry *entry)
{
    entry->next = *list;
    entry->link = list;
    if (entry->next != NULL)
        entry->next->link = &entry->next;
    *list = entry;
}

static kd_status
collect(const struct kl__bus_entry *entry, const struct kl__bus_event *event,
    struct kl__bus_found *found)
{
    kd_status status = KD_OK;

    for (; entry != NULL && status == KD_OK; entry = entry->next) {
        if (kl__bus_wants(entry, event))
            status = hold(found, entry->member);
    }
    return status;
}

static kd_status
hold(struct kl__bus_found *found, struct kl__bus_member *member)
{
    if (found->count == found->cap) {
        size_t cap = found->cap == 0 ? 16 : 2 * found->cap;
        struct kl__bus_member **members =
            realloc(found->members, cap * sizeof(struct kl__bus_member *));

        if (members == NULL)
            return KD_ENOMEM;
        found->members = members;
        found->cap = cap;
    }
    atomic_fetch_add(&member->holders, 1);
    found->members[found->count++] = member;
    return KD_OK;
}

static void
drop_twins(struct kl__bus_found *found)
{
    size_t kept = 0;

    if (found->count < 2)
        return;
    qsort(found->members, found->count, sizeof(found->members[0]), compare);
    for (size_t i = 0; i < found->count; i++) {
        if (kept > 0 && found->members[kept - 1] == found->members[i])
            kl__bus_member_drop(found->members[i]);
        else
            found->members[kept++] = found->members[i];
    }
    found->count = kept;
}

static int
compare(const void *a, const void *b)
{
    struct kl__bus_member *const *left = a;
    struct kl__bus_member *const *right = b;

    return (*left > *right) - (*left < *right);
}
