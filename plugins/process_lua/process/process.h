/* SPDX-License-Identifier: MIT */
/*
 * One Lua process: the state, the tasks in it, and what they wait for.
 *
 * Everything here belongs to the thread that is inside run, create or destroy
 * for the process; nothing is shared and nothing is locked. A process may be
 * left at any instruction of its program by a long jump to the driver (forced
 * end, memory limit) and its state is then thrown away. So C functions called
 * by programs hold no lock, and own nothing outside the state, while they call
 * any Lua function that may allocate or call back; what must be released is
 * hung on this struct, and kl__process_free() releases it.
 */
#ifndef KL_PROCESS_H
#define KL_PROCESS_H

#include <kindred/kindred.h>
#include <lua.h>

#include "events/subscription.h"
#include "mail/mail.h"
#include "memory/heap.h"
#include "modules/lib_print.h"
#include "process/driver.h"
#include "process/limit.h"
#include "process/task.h"
#include "process/timer.h"
#include "value/object.h"

struct kl__program;
struct kl__interned;
struct kl__pool;
struct kl__owned;
struct kl__shared;

/*
 * What no slice can do without lies together, at the end: of a process that has
 * left the cache a message brings back few lines.
 */
struct kl__process {
    const struct kl__program *program; /* What prepare made of the entry. */
    struct kl__pool *pool; /* This is a slot of it: a copy of an image. */
    lua_State *L;          /* Main thread; the root task's. */
    lua_State *aside;      /* Of kl__process_aside(), once needed, or NULL. */
    struct kl__heap heap;  /* Memory of the state, its limit. */
    /* What it shares, strings above all, or NULL; while they are cut off, how
     * long the table of strings was before, else 0. */
    const struct kl__interned *interned;
    int cut_size;
    /* Of common types, once used: where the registry has the metatable, and
     * its address. */
    int metatable_refs[KL_OBJECT_COMMON];
    const void *metatables[KL_OBJECT_COMMON];
    struct kl__shared *shared; /* Large strings that came or went; NULL. */
    /* Arguments of main, until it has them, or NULL. From malloc; the bytes
     * are behind it if they are in no buffer. */
    kd_payload *args;
    uint64_t opened;         /* Lazy globals that were looked up: bits, */
    uint64_t opened_foreign; /* and such modules of other plugins. */
    struct kl__owned *owned; /* What these have outside of the state. */
    struct kl__subscriptions subscriptions; /* To the events bus. */
    struct kl__print print;                 /* Records that wait for room. */
    uint64_t last_uuid;                     /* Ticks of the last one by time. */
    const kd_api *api;
    struct kl__limit limit; /* What happens at the limit. */
    kd_proc *proc;
    struct kl__driver driver; /* What runs, and how it stops. */
    struct kl__tasks tasks;   /* Ready ones, the current one. */
    struct kl__timers timers; /* Heap of due times. */
    kd_writer scratch;    /* For encoding; kept here so that a jump frees it. */
    struct kl__mail mail; /* Messages and events, sorted. */
};

/*
 * The process of a state is kept in the extra space of each of its threads,
 * with a bit that says whether the thread is in the chain of a task.
 */
#define KL_THREAD_BUSY ((uintptr_t)1)

static inline struct kl__process *
kl__process_of(lua_State *L)
{
    uintptr_t word;

    memcpy(&word, lua_getextraspace(L), sizeof(word));
    return (struct kl__process *)(word & ~KL_THREAD_BUSY);
}

static inline int
kl__thread_is_busy(lua_State *L)
{
    uintptr_t word;

    memcpy(&word, lua_getextraspace(L), sizeof(word));
    return (word & KL_THREAD_BUSY) != 0;
}

static inline void
kl__thread_set(lua_State *L, struct kl__process *p, int is_busy)
{
    uintptr_t word = (uintptr_t)p | (is_busy ? KL_THREAD_BUSY : 0);

    memcpy(lua_getextraspace(L), &word, sizeof(word));
}

/* Push a new coroutine of the process: no hook, in no chain. */
lua_State *kl__thread_push(lua_State *L);

/*
 * The stack for what is done between tasks, with as many values on it as before
 * in the end. It is the main thread's, unless the first task was preempted
 * there: to ask for room makes the frame of a function in Lua larger, each time
 * and for as long as that runs.
 */
lua_State *kl__process_aside(struct kl__process *p);

/*
 * Make a process, with its program loaded and nothing of it run. `args` is
 * copied. NULL, and *err, when there is no memory.
 */
struct kl__process *kl__process_new(const struct kl__program *program,
    kd_proc *proc, const kd_payload *args, kd_error *err);
void kl__process_free(struct kl__process *p);
/*
 * Give a process that has none its state, with the program loaded and the
 * first task about to run it. Returns 0, or -1 without memory.
 */
int kl__process_load(struct kl__process *p, lua_Alloc alloc, void *ud);
/*
 * Start anew as the entry that it now is, with the arguments that are kept: the
 * old state is thrown away, mail and events that the program has not read stay.
 * Returns 0, or -1 without memory.
 */
int kl__process_restart(struct kl__process *p);
/* It waits for the first time: what it has by now others will need as well,
 * but for what it has encoded, which many do at first and never again. */
void kl__process_settle(struct kl__process *p);
/* Keep arguments for main, from create or a restart on. 0, or -1. */
int kl__process_keep_args(struct kl__process *p, const kd_payload *args);
/* Main has them. */
void kl__process_forget_args(struct kl__process *p);

#endif
