/* SPDX-License-Identifier: MIT */
/*
 * A tree of supervisors under random killing (semantics S5, S9, S10, S11, S12):
 * every death is accounted for, nobody is started twice, nothing is left.
 *
 * A child is known by its supervisor and its number among that one's children.
 * When it starts, whoever was known so before must have ended; when all is
 * quiet again, each that there should be lives, and no other. At the end each
 * supervisor stops its children in reverse order.
 *
 * STRESS_SECONDS says how long is killed; SEED runs a run again.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#include <pthread.h>
#include <stdlib.h>

#ifdef __SANITIZE_THREAD__
#define SINGLES 600
#define GROUPS  5
#else
#define SINGLES 9000
#define GROUPS  20
#endif
#define MEMBERS  25
#define ALL      (SINGLES + 2 * GROUPS * MEMBERS)
#define PLACES   (1 << 20)
#define PATIENCE 2000 /* Looks, 10 ms apart. */

#define MS UINT64_C(1000000)

/* A child's place: in a hash table, under one lock. */
struct place {
    kd_pid parent; /* None: free. */
    int64_t number;
    kd_pid pid;
    int is_stopped; /* By its supervisor, at the end. */
};

static struct actors actors;
static struct place *places;
static kd_pid recent[ALL]; /* Whom to kill: the last of so many to start. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t n_places;
static uint64_t n_starts;
static uint64_t n_kills;
static atomic_long wrong;
static atomic_int is_closing;
static uint64_t seed;
static kd_time until;

static struct place *
slot_of(kd_pid parent, int64_t number)
{
    uint64_t hash =
        (parent.serial * 31 + (uint64_t)number) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(hash >> 44) % PLACES;

    while (!kd_pid_is_none(places[at].parent) &&
           !(kd_pid_equal(places[at].parent, parent) &&
               places[at].number == number))
        at = (at + 1) % PLACES;
    return &places[at];
}

/* A supervisor that has ended has no places any more, but for children that
 * have not: they must be seen to end. */
static void
forget_ended(const kd_api *api)
{
    struct place *old = places;

    places = calloc(PLACES, sizeof(*places));
    if (places == NULL)
        abort();
    n_places = 0;
    for (size_t i = 0; i < PLACES; i++) {
        if (kd_pid_is_none(old[i].parent) ||
            (!api->pid_alive(api, old[i].parent) &&
                !api->pid_alive(api, old[i].pid)))
            continue;
        *slot_of(old[i].parent, old[i].number) = old[i];
        n_places++;
    }
    free(old);
}

/* Valid until the next call. */
static struct place *
place_of(const kd_api *api, kd_pid parent, int64_t number)
{
    struct place *place = slot_of(parent, number);

    if (!kd_pid_is_none(place->parent))
        return place;
    if (n_places >= PLACES / 2) {
        forget_ended(api);
        place = slot_of(parent, number);
    }
    place->parent = parent;
    place->number = number;
    n_places++;
    return place;
}

/* Nobody may be running in our place. */
static void
begin(kd_proc *proc, int64_t number)
{
    struct place *place;

    pthread_mutex_lock(&lock);
    place = place_of(proc->api, kd_proc_parent(proc), number);
    if (!kd_pid_is_none(place->pid) &&
        proc->api->pid_alive(proc->api, place->pid))
        atomic_fetch_add(&wrong, 1);
    place->pid = kd_proc_self(proc);
    recent[n_starts++ % ALL] = place->pid;
    pthread_mutex_unlock(&lock);
}

/* All behind us must have stopped before. */
static void
stop_in_order(kd_proc *proc, int64_t number)
{
    struct place *place, *next;
    kd_pid parent = kd_proc_parent(proc);

    pthread_mutex_lock(&lock);
    place = place_of(proc->api, parent, number);
    place->is_stopped = 1;
    if (atomic_load(&is_closing)) {
        next = place_of(proc->api, parent, number + 1);
        if (!kd_pid_is_none(next->pid) && !next->is_stopped)
            atomic_fetch_add(&wrong, 1);
    }
    pthread_mutex_unlock(&lock);
}

static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *is_begun = state;
    kd_signal signal;

    (void)err;
    if (!*is_begun)
        begin(proc, number);
    *is_begun = 1;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_CANCEL)
            continue;
        stop_in_order(proc, number);
        return KD_NEXT_DONE;
    }
    return KD_NEXT_WAIT;
}

/* How many live in a place, of a supervisor that lives. */
static long
count(kd_proc *proc)
{
    const kd_api *api = proc->api;
    long living = 0;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < PLACES; i++) {
        const struct place *place = &places[i];

        if (!kd_pid_is_none(place->pid) && api->pid_alive(api, place->pid))
            living++;
    }
    pthread_mutex_unlock(&lock);
    return living;
}

struct driver {
    kd_pid top;
    int phase;
    int looks;
};

/* Children mostly; now and then a whole supervisor. */
static void
kill_some(kd_proc *proc)
{
    kd_pid victim;

    for (int i = 0; i < 50; i++) {
        uint64_t chance = actors_random(&seed);

        pthread_mutex_lock(&lock);
        victim = recent[chance % ALL];
        if (chance >> 32 & 0x1ff)
            chance = 0;
        else
            for (size_t k = chance % PLACES; k < PLACES; k++) {
                if (!kd_pid_is_none(places[k].parent) &&
                    proc->api->pid_alive(proc->api, places[k].parent)) {
                    victim = places[k].parent;
                    break;
                }
            }
        pthread_mutex_unlock(&lock);
        if (!kd_pid_is_none(victim) &&
            kd_proc_terminate(proc, victim, NULL) == KD_OK)
            n_kills++;
    }
}

static kd_next
sleep_on(kd_proc *proc, uint64_t ns)
{
    kd_proc_wake_at(proc, proc->api->now_ns(proc->api) + ns);
    return KD_NEXT_WAIT;
}

/* The end of the top: it must be a supervisor's normal one. */
static int
has_ended(kd_proc *proc)
{
    static const char value[] = "\xa8shutdown";
    kd_signal signal;

    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_EXIT)
            continue;
        if (signal.value.len != sizeof(value) - 1 ||
            memcmp(signal.value.data, value, signal.value.len) != 0)
            atomic_fetch_add(&wrong, 1);
        return 1;
    }
    return 0;
}

static kd_next
driver_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct driver *d = state;

    (void)number;
    (void)err;
    if (kd_pid_is_none(d->top) &&
        actors_child(proc, "top", 0, KD_SPAWN_MONITOR, &d->top) != KD_OK) {
        atomic_fetch_add(&wrong, 1);
        return KD_NEXT_DONE;
    }
    if (has_ended(proc)) {
        if (d->phase != 3)
            atomic_fetch_add(&wrong, 1);
        return KD_NEXT_DONE;
    }
    switch (d->phase) {
    case 0: /* Until all have started. */
    case 2: /* Until all live again, and no other. */
        if (count(proc) == ALL && atomic_load(&actors.live) == ALL + 1) {
            d->phase++;
            d->looks = 0;
            return KD_NEXT_READY;
        }
        if (++d->looks == PATIENCE) {
            printf("%ld of %d live, %ld instances\n", count(proc), ALL,
                atomic_load(&actors.live));
            abort();
        }
        return sleep_on(proc, 10 * MS);
    case 1:
        if (until == 0)
            until = proc->api->now_ns(proc->api) + seed % 1 +
                    MS * 1000 *
                        (uint64_t)atoi(getenv("STRESS_SECONDS") == NULL
                                           ? "2"
                                           : getenv("STRESS_SECONDS"));
        kill_some(proc);
        if (proc->api->now_ns(proc->api) >= until)
            d->phase++;
        return sleep_on(proc, MS / 2);
    default:
        if (!atomic_exchange(&is_closing, 1))
            kd_proc_cancel(proc, d->top, KD_NEVER, 0, NULL, NULL);
        return KD_NEXT_WAIT;
    }
}

static const struct actor_role roles[] = {
    {"child", sizeof(int), child_run},
    {"driver", sizeof(struct driver), driver_run},
    {NULL, 0, NULL},
};

/* No intensity stops the top or the singles; groups give up now and then. */
static void
write_entries(char *text, size_t size)
{
    snprintf(text, size,
        "- {name: top, kind: supervisor.one_for_one, host: t:host, restarts: "
        "{max: 1000000000}, children: ["
        "{id: singles, process: t:singles}, "
        "{id: all, process: t:all, count: %d}, "
        "{id: rest, process: t:rest, count: %d}]}\n"
        "- {name: singles, kind: supervisor.one_for_one, restarts: {max: "
        "1000000000}, children: [{id: c, process: t:child, count: %d}]}\n"
        "- {name: all, kind: supervisor.one_for_all, restarts: {max: 50, "
        "within: 100ms}, children: [{id: c, process: t:child, count: %d, "
        "backoff: {initial_delay: 1ms, max_delay: 4ms}}]}\n"
        "- {name: rest, kind: supervisor.rest_for_one, restarts: {max: 50, "
        "within: 100ms}, children: [{id: c, process: t:child, count: %d, "
        "backoff: {initial_delay: 1ms, max_delay: 4ms}}]}\n",
        GROUPS, GROUPS, SINGLES, MEMBERS, MEMBERS);
}

static void
test_tree_under_random_killing_heals(void)
{
    char entries[2048];

    seed = actors_seed("stress_supervisor");
    places = calloc(PLACES, sizeof(*places));
    CU_ASSERT_PTR_NOT_NULL_FATAL(places);
    write_entries(entries, sizeof(entries));
    actors_start_with(&actors, roles, 4, entries);
    actors_spawn(&actors, "driver", 0);
    actors_await(&actors.ended, 1);
    actors_await(&actors.live, 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    CU_ASSERT(n_kills > 0);
    CU_ASSERT(n_starts >= ALL + n_kills / 4);
    printf("%llu kills, %llu starts\n", (unsigned long long)n_kills,
        (unsigned long long)n_starts);
    free(places);
}

static const struct test_case tests[] = {
    TEST(test_tree_under_random_killing_heals),
};

TEST_MAIN("stress_supervisor")
