/* SPDX-License-Identifier: MIT */
/*
 * Slices: signals, timers, mail, tasks; and the way out of a process.
 *
 * The one setjmp stands in kl__driver_run(). Lua's own are nested inside it and
 * simply passed over, which is sound because the state is not used again.
 */

#include "process/driver.h"

#include "process/conclude.h"
#include "process/preempt.h"
#include "process/process.h"

#include <stdlib.h>
#include <string.h>

/*
 * Lua bounds the calls from C to Lua and back on each state, but counts anew on
 * one that the driver did not resume. All that it lets one have is 490 KB: 220
 * calls inside string.gsub, which takes the most. So any state may come to such
 * code with what it has; and with that of the last one on top it is 1 MB, half
 * of what the C library gives a thread where the system sets no limit. (Usual
 * are 8 MB.) Plain code of this kind takes less than 1 KB, and so may go some
 * hundreds deep: a count that is safe for the worst would stop it at the third.
 */
#define STACK_BYTES ((uintptr_t)512 * 1024)

/* Not inlined: beside a setjmp nothing of it would stay in a register. */
static kd_next slice(struct kl__process *p) __attribute__((noinline));
static int turn(struct kl__process *p, kd_next *next);
static int turn_end(
    struct kl__process *p, lua_State *L, int status, kd_next *next);
static kd_next slice_end(struct kl__process *p);
static kd_next left(struct kl__process *p, enum kl__leave why);
static void hand_over(
    struct kl__process *p, lua_State *from, lua_State *to, int status);
static int has_failed(int status);

kd_next
kl__driver_run(struct kl__process *p)
{
    jmp_buf exit;
    kd_next next;
    int why;

    if (p->driver.is_dead)
        return KD_NEXT_READY;
    why = setjmp(exit);
    if (why == 0) {
        p->driver.exit = &exit;
        p->driver.stack = __builtin_frame_address(0);
        next = slice(p);
    } else {
        next = left(p, (enum kl__leave)why);
    }
    p->driver.innermost = NULL;
    p->driver.exit = NULL;
    /* Not at the start: a signal that was early must not be lost. */
    p->driver.stop = 0;
    return next;
}

int
kl__driver_chain(struct kl__process *p, struct kl__task *task, unsigned base,
    lua_State *from, lua_State **last, int *status)
{
    struct kl__driver *d = &p->driver;

    for (;;) {
        lua_State *L = kl__task_stack(task);

        if (!kl__preempt_enter(p, L))
            return KL_SWITCH_PREEMPT;
        d->request = KL_SWITCH_YIELD;
        d->outcome = task->outcome;
        *status = lua_resume(L, from, task->n_args, &d->n_args);
        d->innermost = NULL;
        task->n_args = 0;
        task->outcome = KL_OUTCOME_OK;

        if (*status == LUA_YIELD && d->request == KL_SWITCH_RESUME) {
            task->n_args = d->target_args;
            kl__task_push(p, task, d->target);
            continue;
        }
        if (*status == LUA_YIELD && d->request != KL_SWITCH_YIELD)
            return d->request;
        if (has_failed(*status))
            d->n_args = 1;
        *last = kl__task_pop(p, task);
        if (task->depth == base)
            return KL_SWITCH_YIELD;
        hand_over(p, L, kl__task_stack(task), *status);
        task->n_args = d->n_args;
        task->outcome = d->outcome;
    }
}

void
kl__driver_leave(struct kl__process *p, enum kl__leave why)
{
    longjmp(*p->driver.exit, (int)why);
}

lua_State *
kl__driver_enter(struct kl__process *p, lua_State *L)
{
    lua_State *before = p->driver.innermost;

    p->driver.barrier++;
    kl__preempt_enter(p, L);
    return before;
}

void
kl__driver_back(struct kl__process *p, lua_State *before)
{
    p->driver.barrier--;
    p->driver.innermost = before;
    if (before != NULL)
        kl__preempt_arm(p, before);
}

/* Not the address of a variable: a sanitizer may put these elsewhere. */
int
kl__driver_has_stack(const struct kl__process *p)
{
    uintptr_t first = (uintptr_t)p->driver.stack;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    return (here < first ? first - here : here - first) < STACK_BYTES;
}

int
kl__driver_panic(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    const char *text =
        lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error";

    if (p->driver.exit == NULL)
        return 0;
    free(p->driver.panic);
    p->driver.panic = strdup(text);
    kl__driver_leave(p, KL_LEAVE_PANIC);
}

static kd_next
slice(struct kl__process *p)
{
    kd_next next;

    kl__mail_signals(p);
    if (p->timers.count > 0)
        kl__timers_fire(p, p->api->now_ns(p->api));
    if (p->tasks.external > 0)
        kl__mail_fetch(p);
    while (!p->driver.stop) {
        if (!turn(p, &next))
            return slice_end(p);
        if (next != KD_NEXT_READY)
            return next;
        if (p->driver.counts)
            kl__preempt_count(p);
    }
    return slice_end(p);
}

/* Lets one task go on. Returns 0 if none can. */
static int
turn(struct kl__process *p, kd_next *next)
{
    struct kl__tasks *tasks = &p->tasks;
    struct kl__task *task;
    lua_State *last;
    int status;

    *next = KD_NEXT_READY;
    if (tasks->current == NULL)
        tasks->current = kl__task_take(tasks);
    task = tasks->current;
    if (task == NULL)
        return 0;
    switch (kl__driver_chain(p, task, 0, NULL, &last, &status)) {
    case KL_SWITCH_YIELD:
        return turn_end(p, last, status, next);
    case KL_SWITCH_WAIT:
        tasks->current = NULL;
        break;
    case KL_SWITCH_GIVE:
        tasks->current = NULL;
        kl__task_ready(p, task);
        break;
    default:
        break;
    }
    return 1;
}

/* The current task has ended. */
static int
turn_end(struct kl__process *p, lua_State *L, int status, kd_next *next)
{
    struct kl__task *task = p->tasks.current;

    if (has_failed(status)) {
        *next = kl__conclude_error(p, L);
    } else if (task == &p->tasks.root) {
        *next = kl__conclude_result(p, L, p->driver.n_args);
    } else {
        /* Dropped, or who has the thread could call the first of them. */
        lua_pop(L, p->driver.n_args);
        p->tasks.current = NULL;
        kl__task_end(p, task);
    }
    return 1;
}

static kd_next
slice_end(struct kl__process *p)
{
    kl__timers_tell(p);
    if (p->tasks.current != NULL || p->tasks.ready_first != NULL ||
        (p->mail.has_more && p->tasks.external > 0))
        return KD_NEXT_READY;
    if (p->tasks.external == 0)
        return kl__conclude_deadlock(p);
    if (!p->driver.has_waited)
        kl__process_settle(p);
    return KD_NEXT_WAIT;
}

static kd_next
left(struct kl__process *p, enum kl__leave why)
{
    p->driver.is_dead = 1;
    switch (why) {
    case KL_LEAVE_UPGRADE:
        if (kl__process_restart(p) == 0)
            return KD_NEXT_READY;
        return kl__conclude_text(p, "upgrade: out of memory");
    case KL_LEAVE_MEMORY:
        return kl__conclude_memory(p);
    case KL_LEAVE_PANIC:
        return kl__conclude_text(
            p, p->driver.panic == NULL ? "error" : p->driver.panic);
    case KL_LEAVE_LATE:
        if (!p->driver.is_closing)
            return kl__conclude_text(
                p, "(error object whose __tostring takes too long)");
        return KD_NEXT_FAIL;
    case KL_LEAVE_FAILED:
        return KD_NEXT_FAIL;
    default:
        return KD_NEXT_READY;
    }
}

/* What a coroutine yielded, returned or raised goes to who resumed it. */
static void
hand_over(struct kl__process *p, lua_State *from, lua_State *to, int status)
{
    struct kl__driver *d = &p->driver;

    d->outcome = has_failed(status) ? KL_OUTCOME_ERROR : KL_OUTCOME_OK;
    if (lua_checkstack(to, d->n_args + 1)) {
        lua_xmove(from, to, d->n_args);
        return;
    }
    lua_pop(from, d->n_args);
    lua_pushliteral(to, "too many results to resume");
    d->n_args = 1;
    d->outcome = KL_OUTCOME_ERROR;
}

static int
has_failed(int status)
{
    return status != LUA_OK && status != LUA_YIELD;
}
