/* SPDX-License-Identifier: MIT */
/*
 * Tasks: the main function of a process and what coroutine.spawn starts.
 *
 * They run one at a time, in FIFO order of becoming ready, and switch only
 * where they wait. A task is a chain of coroutines, of which the driver
 * resumes the innermost directly: a wait costs the same at any depth.
 *
 * How a C function waits. It first arranges that somebody will call
 * kl__task_ready(), then ends with
 *
 *     return kl__task_wait(L, continuation, context);
 *
 * and the continuation runs, on the same lua_State, when the task is ready
 * again. What it needs to keep stays on that Lua stack meanwhile, and values
 * pushed there by whoever makes it ready are found on top.
 */
#ifndef KL_TASK_H
#define KL_TASK_H

#include "process/timer.h"
#include "process/waiter.h"

#include <lua.h>
#include <stddef.h>

struct kl__process;

struct kl__task {
    struct kl__task *next; /* Among the ready ones. */
    /* Coroutines from the task's own to the innermost, which goes on next. */
    lua_State **chain;
    unsigned depth, cap;
    int n_args;   /* Values on top of the innermost's stack to go on with. */
    int outcome;  /* KL_OUTCOME_ to go on with. */
    int is_ready; /* Among the ready ones. */
    int anchor;   /* Where the registry holds its coroutine. */
    lua_State *few[2];        /* A short chain. */
    struct kl__wait wait;     /* For a send or receive. */
    struct kl__waiter waiter; /* The one of that. */
    struct kl__timer sleep;   /* For time.sleep. */
};

/* How the coroutine that was resumed came back. */
#define KL_OUTCOME_OK    0
#define KL_OUTCOME_ERROR 1

struct kl__tasks {
    struct kl__task *ready_first; /* FIFO of tasks that can go on. */
    struct kl__task *ready_last;
    struct kl__task *current; /* The one that runs, or NULL. */
    unsigned count;           /* All that have not ended. */
    unsigned external;        /* Waits that the outside can end: H12. */
    struct kl__task root;     /* Runs on the main thread of the state. */
};

/* The task that runs now. */
struct kl__task *kl__task_current(lua_State *L);

/*
 * Raise "cannot wait inside <function>" (H11) if the caller could not wait.
 * For functions that must know before they change anything.
 */
void kl__task_check_wait(lua_State *L);

/* Whether it could. */
int kl__task_can_wait(lua_State *L);

/*
 * Give way until kl__task_ready() for this task. Does not return to its
 * caller: the continuation's results are the call's. Raises as above.
 */
int kl__task_wait(lua_State *L, lua_KFunction k, lua_KContext ctx);

/* The same, for who has called kl__task_check_wait() already. */
int kl__task_leave(lua_State *L, lua_KFunction k, lua_KContext ctx);

/* Put a waiting task behind the ready ones. Again has no effect. */
void kl__task_ready(struct kl__process *p, struct kl__task *task);

/*
 * The Lua stack on which a waiting task will go on: the lua_State that called
 * kl__task_wait().
 */
static inline lua_State *
kl__task_stack(const struct kl__task *task)
{
    return task->chain[task->depth - 1];
}

/*
 * The stack of a waiter's task. A receiver's value is handed over by pushing it
 * there; the C function that waits has left room for more than a few.
 */
static inline lua_State *
kl__waiter_stack(const struct kl__waiter *waiter)
{
    return kl__task_stack(waiter->wait->task);
}

/*
 * Count, and uncount, a reason for which the process can be woken from outside
 * although all its tasks wait: a subscription (inbox, events, listen), a
 * timer, a request under way. When all tasks wait and there is none, the
 * process fails with the deadlock of H12.
 */
void kl__task_external(struct kl__process *p, int delta);

/* Make the first task, which takes the main thread as it is. */
void kl__task_root(struct kl__process *p, lua_State *L, int n_args);
/* Pop a function and start a task with it; pushes its thread. */
void kl__task_spawn(lua_State *L);
/* Free a task that has ended. */
void kl__task_end(struct kl__process *p, struct kl__task *task);
/* The first of the ready ones, taken off their list, or NULL. */
static inline struct kl__task *
kl__task_take(struct kl__tasks *tasks)
{
    struct kl__task *task = tasks->ready_first;

    if (task == NULL)
        return NULL;
    tasks->ready_first = task->next;
    if (tasks->ready_first == NULL)
        tasks->ready_last = NULL;
    task->is_ready = 0;
    return task;
}

/* Make a coroutine the innermost; and take the innermost away. */
void kl__task_push(struct kl__process *p, struct kl__task *task, lua_State *L);
lua_State *kl__task_pop(struct kl__process *p, struct kl__task *task);

#endif
