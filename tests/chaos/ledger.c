/* SPDX-License-Identifier: MIT */
/*
 * A hash table of places under one lock. Places of supervisors that have gone
 * are closed when the table is half full: they must balance then.
 */

#include "ledger.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES        16                /* For each child, at least. */
#define PARENTS       ((size_t)1 << 16) /* Not yet told of; a ring. */
#define COMPLAINS_MAX 20                /* Then they are only counted. */

/* All zero: free. */
struct place {
    kd_pid parent;
    int64_t number;
    kd_pid pid; /* Who was born here last. */
    long births;
    long deaths;
};

static const kd_api *api;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct place *places;
static struct place *spare; /* A table to close the books into. */
static size_t places_bits;
static size_t n_places;
static kd_pid *recent;
static size_t n_recent;
static kd_pid parents[PARENTS];
static size_t first_parent, last_parent;
static struct ledger_sums sums; /* Of what is closed, and births and deaths. */

static struct place *place_of(kd_pid parent, int64_t number);
static struct place *slot_of(kd_pid parent, int64_t number);
static void close_fallen(void);
static void balance(const struct place *place, struct ledger_sums *to);

static size_t
size(void)
{
    return (size_t)1 << places_bits;
}

/* Every page of it is there from the beginning, so that it is not mistaken for
 * a leak. */
static void
clear(struct place *table)
{
    static const struct place nobody = {.number = 0};

    for (size_t i = 0; i < size(); i++)
        table[i] = nobody;
}

void
ledger_init(const kd_api *the_api, size_t n_children)
{
    api = the_api;
    n_recent = n_children;
    while (size() < PLACES * n_children)
        places_bits++;
    places = malloc(size() * sizeof(*places));
    spare = malloc(size() * sizeof(*spare));
    recent = calloc(n_recent, sizeof(*recent));
    if (places == NULL || spare == NULL || recent == NULL)
        abort();
    clear(places);
    clear(spare);
}

void
ledger_fini(void)
{
    free(places);
    free(spare);
    free(recent);
}

void
ledger_born(kd_pid parent, int64_t number, kd_pid pid)
{
    struct place *place;

    pthread_mutex_lock(&lock);
    place = place_of(parent, number);
    if (place->births > 0 && api->pid_alive(api, place->pid)) {
        sums.wrong++;
        printf("child %lld was started while it lived\n", (long long)number);
    }
    place->pid = pid;
    place->births++;
    recent[(size_t)sums.births++ % n_recent] = pid;
    pthread_mutex_unlock(&lock);
}

void
ledger_died(kd_pid parent, int64_t number)
{
    pthread_mutex_lock(&lock);
    place_of(parent, number)->deaths++;
    sums.deaths++;
    pthread_mutex_unlock(&lock);
}

int
ledger_next_lives(kd_pid parent, int64_t number)
{
    const struct place *next;
    int lives;

    pthread_mutex_lock(&lock);
    next = slot_of(parent, number + 1);
    lives = next->births > 0 && api->pid_alive(api, next->pid);
    pthread_mutex_unlock(&lock);
    return lives;
}

void
ledger_complain(const char *format, ...)
{
    va_list args;

    pthread_mutex_lock(&lock);
    if (sums.wrong++ < COMPLAINS_MAX) {
        va_start(args, format);
        vprintf(format, args);
        va_end(args);
        putchar('\n');
    }
    pthread_mutex_unlock(&lock);
}

long
ledger_wrong(void)
{
    long wrong;

    pthread_mutex_lock(&lock);
    wrong = sums.wrong;
    pthread_mutex_unlock(&lock);
    return wrong;
}

kd_pid
ledger_recent(uint64_t chance)
{
    kd_pid pid;

    pthread_mutex_lock(&lock);
    pid = recent[chance % n_recent];
    pthread_mutex_unlock(&lock);
    return pid;
}

kd_pid
ledger_parent(uint64_t chance)
{
    kd_pid pid = KD_PID_NONE_INIT;
    size_t at = (size_t)chance % size();

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < size() && kd_pid_is_none(pid); i++) {
        const struct place *place = &places[(at + i) % size()];

        if (place->births > 0 && api->pid_alive(api, place->parent))
            pid = place->parent;
    }
    pthread_mutex_unlock(&lock);
    return pid;
}

kd_pid
ledger_child(kd_pid parent, int64_t number)
{
    kd_pid pid;

    pthread_mutex_lock(&lock);
    pid = slot_of(parent, number)->pid;
    pthread_mutex_unlock(&lock);
    return pid;
}

kd_pid
ledger_next_parent(void)
{
    kd_pid pid = KD_PID_NONE_INIT;

    pthread_mutex_lock(&lock);
    if (first_parent != last_parent)
        pid = parents[first_parent++ % PARENTS];
    pthread_mutex_unlock(&lock);
    return pid;
}

long
ledger_births(void)
{
    long births;

    pthread_mutex_lock(&lock);
    births = sums.births;
    pthread_mutex_unlock(&lock);
    return births;
}

size_t
ledger_living(kd_pid *pids, size_t max)
{
    size_t n = 0;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < size() && n < max; i++) {
        if (places[i].births > 0 && api->pid_alive(api, places[i].pid))
            pids[n++] = places[i].pid;
    }
    pthread_mutex_unlock(&lock);
    return n;
}

struct ledger_sums
ledger_sum(void)
{
    struct ledger_sums all;

    pthread_mutex_lock(&lock);
    all = sums;
    for (size_t i = 0; i < size(); i++) {
        if (places[i].births > 0)
            balance(&places[i], &all);
    }
    pthread_mutex_unlock(&lock);
    if (all.deaths != all.restarts + all.fallen) {
        all.wrong++;
        printf("%ld deaths, but %ld restarts and %ld ends with a supervisor\n",
            all.deaths, all.restarts, all.fallen);
    }
    pthread_mutex_lock(&lock);
    sums.wrong = all.wrong;
    pthread_mutex_unlock(&lock);
    return all;
}

static struct place *
place_of(kd_pid parent, int64_t number)
{
    struct place *place = slot_of(parent, number);

    if (!kd_pid_is_none(place->parent))
        return place;
    if (n_places >= size() / 2) {
        close_fallen();
        place = slot_of(parent, number);
    }
    place->parent = parent;
    place->number = number;
    n_places++;
    /* Of each supervisor the first child is seen first. */
    if (number <= 1 && last_parent - first_parent < PARENTS)
        parents[last_parent++ % PARENTS] = parent;
    return place;
}

/* Its place, or where it would be. */
static struct place *
slot_of(kd_pid parent, int64_t number)
{
    uint64_t hash =
        (parent.serial * 31 + (uint64_t)number) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(hash >> 32) % size();

    while (!kd_pid_is_none(places[at].parent) &&
           !(kd_pid_equal(places[at].parent, parent) &&
               places[at].number == number))
        at = (at + 1) % size();
    return &places[at];
}

/* Those whose last child is not gone yet stay: its death is to be counted. */
static void
close_fallen(void)
{
    struct place *old = places;

    places = spare;
    spare = old;
    clear(places);
    n_places = 0;
    for (size_t i = 0; i < size(); i++) {
        if (old[i].births == 0)
            continue;
        if (!api->pid_alive(api, old[i].parent) &&
            old[i].deaths == old[i].births) {
            balance(&old[i], &sums);
            continue;
        }
        *slot_of(old[i].parent, old[i].number) = old[i];
        n_places++;
    }
}

static void
balance(const struct place *place, struct ledger_sums *to)
{
    const int stands = api->pid_alive(api, place->parent) != 0;

    to->restarts += place->births - 1;
    to->standing += stands ? place->births - 1 : 0;
    to->living += stands;
    to->fallen += !stands;
    if (place->births != place->deaths + stands) {
        to->wrong++;
        printf("child %lld: %ld births and %ld deaths, and its supervisor %s\n",
            (long long)place->number, place->births, place->deaths,
            stands ? "lives" : "is gone");
    }
}
