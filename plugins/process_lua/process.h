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

#include "heap.h"
#include "mail.h"
#include "task.h"
#include "timer.h"

struct kl__program;

struct kl__process {
    kd_proc *proc;
    const kd_api *api;
    const struct kl__program *program; /* What prepare made of the entry. */
    lua_State *L;                      /* Main thread; the root task's. */
    struct kl__heap heap;              /* Memory of the state, its limit. */
    struct kl__tasks tasks;            /* Ready ones, the current one. */
    struct kl__timers timers;          /* Heap of due times. */
    struct kl__mail mail;              /* Messages and events, sorted. */
    kd_writer scratch; /* For encoding; kept here so that a jump frees it. */
};

/* The process of a state: kept in the extra space of each of its threads. */
static inline struct kl__process *
kl__process_of(lua_State *L)
{
    struct kl__process *p;

    memcpy(&p, lua_getextraspace(L), sizeof(p));
    return p;
}

#endif
