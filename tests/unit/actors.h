/* SPDX-License-Identifier: MIT */
/*
 * A runtime for tests, with a worker kind whose processes are C functions.
 *
 * A role is a function and some bytes of state; each role becomes an entry
 * `t:<role>` of kind `test.actor`, and `t:host` is a process.host. A second
 * kind, `test.function`, is the same but only to be called; a third,
 * `test.blocking`, may stay in its calls.
 */
#ifndef TESTS_ACTORS_H
#define TESTS_ACTORS_H

#include <kindred/embed.h>
#include <kindred/term.h>
#include <semaphore.h>
#include <stdatomic.h>

struct actor_role {
    const char *name;
    size_t state_size; /* Zeroed bytes an instance gets. */
    /* As kd_worker_kind::run; `number` is the integer it was spawned with. */
    kd_next (*run)(void *state, kd_proc *proc, int64_t number, kd_error *err);
};

struct actors {
    kd_runtime *runtime;
    const kd_api *api;
    const struct actor_role *roles;
    /* Asked by create, if there is one, before it makes an instance. */
    kd_status (*create)(kd_proc *proc, kd_error *err);
    atomic_long live;    /* Instances that are not yet destroyed. */
    atomic_long ended;   /* Of those that actors_spawn() was asked to see. */
    atomic_long failed;  /* Of these. */
    atomic_long logged;  /* Error records in the log. */
    atomic_long held;    /* Records that name who holds a thread. */
    atomic_long closing; /* Records of a tree with a host that stops. */
    atomic_long printed; /* Bytes of output. */
    sem_t *sink;         /* Output waits for it once, if there is one. */
    char dir[64];
};

/*
 * Start a runtime with these roles (the last has no name) and `workers`
 * threads. Ends the program with a message when it cannot.
 */
void actors_start(
    struct actors *actors, const struct actor_role *roles, unsigned workers);

/* The same, with more lines of YAML behind its entries. */
void actors_start_with(struct actors *actors, const struct actor_role *roles,
    unsigned workers, const char *entries);

/* The same; `tune` sees the configuration last. Its callbacks get `actors`. */
void actors_start_tuned(struct actors *actors, const struct actor_role *roles,
    unsigned workers, const char *entries, void (*tune)(kd_config *config));

/* Stop it within `seconds`, and free it. Returns what kd_runtime_stop did. */
kd_status actors_stop(struct actors *actors, unsigned seconds);

/* Spawn a role on t:host from outside; its end is counted. */
kd_pid actors_spawn(struct actors *actors, const char *role, int64_t number);
/* The same with flags, as kd_runtime_spawn() takes them. */
kd_pid actors_spawn_as(
    struct actors *actors, const char *role, int64_t number, uint32_t flags);

/* The same on another host, and of any entry: `role` is its name. */
kd_pid actors_spawn_on(struct actors *actors, const char *host,
    const char *role, int64_t number, uint32_t flags);

/* Spawn a role as a child; `flags` as in kd_spawn. */
kd_status actors_child(kd_proc *proc, const char *role, int64_t number,
    uint32_t flags, kd_pid *pid);

/* Send an integer. */
kd_status actors_send(kd_proc *proc, kd_pid to, int64_t number);
/* The integer of a message. */
int64_t actors_number(const kd_message *message);

/* Wait until a counter has a value; a hang is ended by the alarm. */
void actors_await(const atomic_long *counter, long value);

/* The seed to use: $SEED or the clock; printed. */
uint64_t actors_seed(const char *test);
/* The next random number. */
uint64_t actors_random(uint64_t *seed);

#endif
