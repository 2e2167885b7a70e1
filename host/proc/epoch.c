/* SPDX-License-Identifier: MIT */
/*
 * The bookkeeping of epochs. A participant tries to move the epoch on when it
 * has gathered a batch; it never waits for one that stays inside.
 */

#include "proc/epoch.h"

#include <sched.h>

/* Retired records that a thread gathers before it looks for ones to free. */
#define BATCH 64

static void epoch_advance(struct kd__epoch *epoch);
static void free_before(struct kd__participant *participant, uint64_t epoch);
static void participant_init(struct kd__participant *participant);

kd_status
kd__epoch_init(struct kd__epoch *epoch)
{
    atomic_init(&epoch->now, 2);
    kd__list_init(&epoch->participants);
    if (pthread_mutex_init(&epoch->lock, NULL) != 0)
        return KD_ESYSTEM;
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++) {
        if (pthread_mutex_init(&epoch->guests[i].lock, NULL) != 0) {
            while (i-- > 0)
                pthread_mutex_destroy(&epoch->guests[i].lock);
            pthread_mutex_destroy(&epoch->lock);
            return KD_ESYSTEM;
        }
        kd__epoch_add(epoch, &epoch->guests[i].participant);
    }
    return KD_OK;
}

void
kd__epoch_fini(struct kd__epoch *epoch)
{
    kd__epoch_flush(epoch);
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++)
        pthread_mutex_destroy(&epoch->guests[i].lock);
    pthread_mutex_destroy(&epoch->lock);
}

void
kd__epoch_flush(struct kd__epoch *epoch)
{
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++)
        free_before(&epoch->guests[i].participant, UINT64_MAX);
}

void
kd__epoch_add(struct kd__epoch *epoch, struct kd__participant *participant)
{
    participant_init(participant);
    pthread_mutex_lock(&epoch->lock);
    kd__list_add(&epoch->participants, &participant->hook);
    pthread_mutex_unlock(&epoch->lock);
}

void
kd__epoch_remove(struct kd__epoch *epoch, struct kd__participant *participant)
{
    struct kd__guest *guest;

    if (participant->first != NULL) {
        guest = kd__epoch_visit(epoch);
        if (guest->participant.last != NULL)
            guest->participant.last->next = participant->first;
        else
            guest->participant.first = participant->first;
        guest->participant.last = participant->last;
        guest->participant.count += participant->count;
        kd__epoch_depart(guest);
    }
    pthread_mutex_lock(&epoch->lock);
    kd__list_remove(&participant->hook);
    pthread_mutex_unlock(&epoch->lock);
    participant_init(participant);
}

/* Two steps, unless somebody is inside, and then it is left for later. */
void
kd__epoch_collect(struct kd__epoch *epoch)
{
    struct kd__guest *guest;

    epoch_advance(epoch);
    epoch_advance(epoch);
    for (size_t i = 0; i < KD__EPOCH_GUESTS; i++) {
        guest = &epoch->guests[i];
        pthread_mutex_lock(&guest->lock);
        free_before(&guest->participant, atomic_load(&epoch->now) - 1);
        pthread_mutex_unlock(&guest->lock);
    }
}

struct kd__guest *
kd__epoch_visit(struct kd__epoch *epoch)
{
    size_t at = ((uintptr_t)pthread_self() >> 12) % KD__EPOCH_GUESTS;
    struct kd__guest *guest = &epoch->guests[at];
    size_t tries = 0;

    /* Never waits for a certain one: that may be the caller's own, who visits
     * again in a callback, or belong to one who waits for the caller. */
    while (pthread_mutex_trylock(&guest->lock) != 0) {
        if (++tries % KD__EPOCH_GUESTS == 0)
            sched_yield();
        guest = &epoch->guests[(at + tries) % KD__EPOCH_GUESTS];
    }
    kd__epoch_enter(epoch, &guest->participant);
    return guest;
}

void
kd__epoch_depart(struct kd__guest *guest)
{
    kd__epoch_leave(&guest->participant);
    pthread_mutex_unlock(&guest->lock);
}

void
kd__epoch_retire(struct kd__epoch *epoch, struct kd__participant *participant,
    struct kd__retired *retired, void (*free_it)(struct kd__retired *retired))
{
    retired->next = NULL;
    retired->free = free_it;
    retired->epoch = atomic_load(&epoch->now);
    if (participant->last != NULL)
        participant->last->next = retired;
    else
        participant->first = retired;
    participant->last = retired;
    participant->count++;
    if (participant->count % BATCH != 0)
        return;
    epoch_advance(epoch);
    free_before(participant, atomic_load(&epoch->now) - 1);
}

/* One step, if all who are inside have seen the current epoch. */
static void
epoch_advance(struct kd__epoch *epoch)
{
    uint64_t now = atomic_load(&epoch->now);
    struct kd__list *hook;

    if (pthread_mutex_trylock(&epoch->lock) != 0)
        return;
    KD_LIST_FOREACH (hook, &epoch->participants) {
        struct kd__participant *other =
            KD_CONTAINER_OF(hook, struct kd__participant, hook);
        uint64_t inside = atomic_load(&other->inside);

        if (inside != 0 && inside >> 1 != now)
            goto out;
    }
    atomic_compare_exchange_strong(&epoch->now, &now, now + 1);
out:
    pthread_mutex_unlock(&epoch->lock);
}

/*
 * A list is not quite in the order of epochs once another's was appended to
 * it; stopping at the first that is too young only frees the rest later.
 */
static void
free_before(struct kd__participant *participant, uint64_t epoch)
{
    struct kd__retired *retired;

    while ((retired = participant->first) != NULL && retired->epoch < epoch) {
        participant->first = retired->next;
        if (participant->first == NULL)
            participant->last = NULL;
        participant->count--;
        retired->free(retired);
    }
}

static void
participant_init(struct kd__participant *participant)
{
    atomic_init(&participant->inside, 0);
    kd__list_init(&participant->hook);
    participant->first = participant->last = NULL;
    participant->count = 0;
}
