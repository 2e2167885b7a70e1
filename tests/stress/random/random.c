/* SPDX-License-Identifier: MIT */
/*
 * Everything that processes can do to each other, at random (semantics P4, D4,
 * D5, C4 to C10, W1 to W10, N1, N4, X4 to X6, M1, M3, V4, V5, S17, S18, S20).
 *
 *     SEED=1 SECONDS=600 random
 *
 * Native and Lua processes on three hosts with 1, 2 and 4 threads spawn, watch,
 * link, send, cancel, end, take names and ask supervisors, as tellers tell them
 * by a plan that the seed makes (plan.h). Whatever the host is asked for and
 * gives is written down and checked on its way (recorder.h); when all is quiet
 * it is seen what was owed and did not come (audit.h).
 *
 * It goes in rounds, each in a runtime of its own, until the time is over. The
 * same seed makes the same plan; what the processes are doing just then is up
 * to the threads.
 */

#include "audit.h"
#include "clerk.h"
#include "native.h"
#include "pair.h"
#include "plan.h"
#include "recorder.h"
#include "teller.h"

#include <kindred/embed.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS 3
#define SECOND  UINT64_C(1000000000)
#define ALIVE   60
/* ThreadSanitizer takes its time. */
#ifdef __SANITIZE_THREAD__
#define STEPS 2000
#else
#define STEPS 6000
#endif

static kd_runtime *runtime;
static const kd_worker_kind *lua_worker;
static sem_t over;

static void
fail(const char *what, const char *why)
{
    fprintf(stderr, "random: %s: %s\n", what, why);
    exit(1);
}

/* The kinds: of the clerk and the tellers as they are, the others recorded. */

static kd_status
lua_prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    return lua_worker->prepare(state, entry, check, prepared, err);
}

static void
lua_unprepare(void *prepared)
{
    lua_worker->unprepare(prepared);
}

static kd_status
lua_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    return recorder_create(lua_worker, state, prepared, proc, args, self, err);
}

static kd_status
native_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    return recorder_create(
        &native_worker, state, prepared, proc, args, self, err);
}

static const kd_worker_kind recorded_lua = {
    .size = sizeof(kd_worker_kind),
    .prepare = lua_prepare,
    .unprepare = lua_unprepare,
    .create = lua_create,
    .run = recorder_run,
    .preempt = recorder_preempt,
    .destroy = recorder_destroy,
};

static const kd_worker_kind recorded_native = {
    .size = sizeof(kd_worker_kind),
    .create = native_create,
    .run = recorder_run,
    .destroy = recorder_destroy,
};

/* process.lua as it is loaded, and its plugin. */
static const kd_kind *
find_lua(const kd_plugin **plugin)
{
    for (size_t i = 0;; i++) {
        *plugin = kd_runtime_plugin_at(runtime, i, NULL);
        if (*plugin == NULL)
            fail("plugins", "none has process.lua");
        for (size_t k = 0; (*plugin)->kinds[k] != NULL; k++) {
            if (strcmp((*plugin)->kinds[k]->id, "process.lua") == 0)
                return (*plugin)->kinds[k];
        }
    }
}

/* Copies of process.lua with other names and implementations. */
static const kd_plugin *
make_plugin(void)
{
    static kd_kind kinds[4];
    static const kd_kind *list[5];
    static kd_plugin plugin;
    static const struct {
        const char *id;
        const kd_worker_kind *impl;
    } made[] = {{"random.lua", &recorded_lua},
        {"random.native", &recorded_native}, {"random.clerk", &clerk_worker},
        {"random.teller", &teller_worker}};
    const kd_plugin *lua;
    const kd_kind *model = find_lua(&lua);

    lua_worker = model->impl;
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        kinds[i] = *model;
        kinds[i].id = made[i].id;
        kinds[i].impl = made[i].impl;
        if (i > 0) {
            kinds[i].options = NULL;
            kinds[i].n_options = 0;
        }
        list[i] = &kinds[i];
    }
    plugin = *lua;
    plugin.name = "random.kinds";
    plugin.help = "Processes that are watched closely";
    plugin.kinds = list;
    plugin.offers = NULL;
    return &plugin;
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    printf("%s\n", line);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    (void)arg;
    if (exit->failed)
        complain("the clerk has failed");
    sem_post(&over);
}

static void
start(void)
{
    kd_config config = {.size = sizeof(config),
        .preempt_signal = SIGURG,
        .diagnostic = on_diagnostic};
    const char *top = getenv("top_srcdir");
    kd_error err = KD_ERROR_INIT;
    char dir[4096];

    snprintf(dir, sizeof(dir), "%s/tests/stress/random/app",
        top == NULL ? "." : top);
    if (kd_runtime_new(&config, &runtime, &err) != KD_OK ||
        kd_runtime_search(runtime, &err) != KD_OK)
        fail("runtime", err.text);
    accounts_open(kd_runtime_api(runtime));
    if (kd_runtime_add(runtime, make_plugin(), &err) != KD_OK ||
        kd_runtime_open(runtime, dir, &err) != KD_OK ||
        kd_runtime_start(runtime, &err) != KD_OK)
        fail("application", err.text);
}

static void
play(void)
{
    kd_spawn what = {
        .size = sizeof(what), .entry = "random:clerk", .host = "random:host-0"};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid;

    what.args = what.context = kd_payload_none();
    if (kd_runtime_spawn(runtime, &what, on_ended, NULL, &pid, &err) != KD_OK)
        fail("clerk", err.text);
    while (sem_wait(&over) != 0)
        continue;
}

static void
stop(void)
{
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_stop(runtime, 30 * SECOND, &err) != KD_OK)
        fail("kd_runtime_stop", err.text);
    if (kd_runtime_free(runtime, &err) != KD_OK)
        fail("kd_runtime_free", err.text);
    if (atomic_load(&recorder_live) != 0)
        complain("%ld processes are left", atomic_load(&recorder_live));
}

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? otherwise : strtoull(text, NULL, 10);
}

static void
play_round(uint64_t seed, struct account_sums *all)
{
    teller_plan.seed = seed;
    teller_plan.n_steps = STEPS;
    teller_plan.n_alive = ALIVE;
    start();
    play();
    stop();
    all->births += account_sums.births;
    all->exits += account_sums.exits;
    all->downs += account_sums.downs;
    all->numbers += account_sums.numbers;
    all->full += account_sums.full;
    all->cancels += account_sums.cancels;
    all->replies += account_sums.replies;
    all->rooms += account_sums.rooms;
    pairs_close();
    accounts_close();
}

int
main(void)
{
    const uint64_t seed =
        number_of("SEED", (uint64_t)time(NULL) * UINT64_C(2654435761));
    const time_t until = time(NULL) + (time_t)number_of("SECONDS", SECONDS);
    uint64_t dice = seed;
    uint64_t next;
    struct account_sums all = {0};
    long rounds = 0;

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    sem_init(&over, 0, 0);
    printf("random: SEED=%llu\n", (unsigned long long)seed);
    do {
        next = rounds == 0 ? seed : plan_next(&dice);
        play_round(next, &all);
        rounds++;
        if (complaints() > 0)
            printf(
                "in round %ld, SEED=%llu\n", rounds, (unsigned long long)next);
    } while (complaints() == 0 && time(NULL) < until);
    if (all.numbers == 0 || all.exits == 0 || all.downs == 0 ||
        all.replies == 0)
        complain("nothing was done");
    printf("%ld rounds, %ld steps: %ld processes, %ld messages (%ld refused), "
           "%ld EXITs, %ld LINK_DOWNs, %ld CANCELs, %ld answers, %ld ROOMs\n",
        rounds, rounds * STEPS * NATIVE_HOSTS, all.births, all.numbers,
        all.full, all.exits, all.downs, all.cancels, all.replies, all.rooms);
    printf(complaints() == 0 ? "all is well\n" : "%ld things are wrong\n",
        complaints());
    return complaints() == 0 ? 0 : 1;
}
