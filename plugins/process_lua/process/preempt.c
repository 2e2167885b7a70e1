/* SPDX-License-Identifier: MIT */
/*
 * The count hook and who sets it.
 *
 * A hook left set costs a factor of two, so that one is only left where the
 * code cannot give way (a sort's comparison, say) and must be looked at again.
 * The handler runs on the thread that is inside run, between any two of its
 * instructions: a tick may be lost in lua_sethook(), which `stop` makes up
 * for, and a hook may stay on a state that has given way by itself, which
 * kl__preempt_enter() removes.
 *
 * Setting a hook walks all calls of the state, so that deep in a recursion it
 * can take longer than the time between two ticks: it is not set again where it
 * is set. Whether it is, its mask tells, which is the last thing that
 * lua_sethook() changes before the walk: one that a tick has interrupted while
 * it removed the hook may leave the function behind.
 */

#include "process/preempt.h"

#include "process/process.h"

#include <time.h>

/* How long a failed process may have the processor: to say why, to close. */
#define TELLING_NS 100000000u
#define CLOSING_NS 1000000u
/* Instructions between two looks where the hook stays. */
#define LOOK_EVERY 1000
/* Switches of coroutines between two looks. */
#define COUNT_EVERY 64
/* Gifts between two questions whether they are enough for a slice. */
#define GAVE_EVERY 16

static inline void arm(struct kl__process *p, lua_State *L);
static void set(lua_State *L, int count);
static void hook(lua_State *L, lua_Debug *record);
static void hook_remove(struct kl__process *p, lua_State *L);
static int is_over(struct kl__driver *d);
static kd_time cpu_ns(void);

void
kl__preempt(struct kl__process *p)
{
    lua_State *L = p->driver.innermost;

    p->driver.stop = 1;
    if (L != NULL && lua_gethookmask(L) == 0)
        lua_sethook(L, hook, LUA_MASKCOUNT, 1);
}

int
kl__preempt_enter(struct kl__process *p, lua_State *L)
{
    struct kl__driver *d = &p->driver;

    arm(p, L);
    d->innermost = L;
    if (d->counts && ++d->switches % COUNT_EVERY == 0)
        kl__preempt_count(p);
    if (!d->stop)
        return 1;
    if (d->barrier == 0) {
        d->innermost = NULL;
        return 0;
    }
    kl__preempt_arm(p, L);
    if (kd_proc_should_yield(p->proc) == 2)
        kl__driver_leave(p, KL_LEAVE_END);
    return 1;
}

void
kl__preempt_count(struct kl__process *p)
{
    if (p->driver.counts && kd_proc_should_yield(p->proc) != 0)
        p->driver.stop = 1;
}

void
kl__preempt_call(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);

    if (p != NULL && p->driver.counts && p->driver.exit != NULL &&
        kd_proc_should_yield(p->proc) != 0) {
        p->driver.stop = 1;
        lua_sethook(L, hook, LUA_MASKCOUNT, 1);
    }
}

void
kl__preempt_gave(struct kl__process *p)
{
    if (++p->driver.gifts % GAVE_EVERY == 0 &&
        kd_proc_should_yield(p->proc) != 0) {
        p->driver.stop = 1;
        kl__preempt_now(p);
    }
}

void
kl__preempt_now(struct kl__process *p)
{
    if (p->driver.innermost != NULL)
        lua_sethook(p->driver.innermost, hook, LUA_MASKCOUNT, 1);
}

void
kl__preempt_arm(struct kl__process *p, lua_State *L)
{
    arm(p, L);
}

static inline void
arm(struct kl__process *p, lua_State *L)
{
    if (p->limit.refused || p->driver.counts || p->driver.stop)
        set(L, p->limit.refused || (p->driver.counts && p->driver.stop)
                   ? 1
                   : LOOK_EVERY);
    else if (lua_gethook(L) != NULL)
        hook_remove(p, L);
}

static void
set(lua_State *L, int count)
{
    if (lua_gethookmask(L) == 0 || lua_gethookcount(L) != count)
        lua_sethook(L, hook, LUA_MASKCOUNT, count);
}

/* A signal may have come between the caller's look at `stop` and here. */
static void
hook_remove(struct kl__process *p, lua_State *L)
{
    lua_sethook(L, NULL, 0, 0);
    if (p->driver.stop)
        lua_sethook(L, hook, LUA_MASKCOUNT, LOOK_EVERY);
}

static void
hook(lua_State *L, lua_Debug *record)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__driver *d = &p->driver;
    uint32_t answer;

    (void)record;
    if (p->limit.refused)
        kl__driver_leave(p, KL_LEAVE_MEMORY);
    answer = kd_proc_should_yield(p->proc);
    if (!d->stop && answer == 0) {
        if (!d->counts)
            hook_remove(p, L);
        return;
    }
    d->stop = 1;
    if (d->has_failed) {
        if (answer == 2)
            kl__driver_leave(p, d->is_closing ? KL_LEAVE_FAILED : KL_LEAVE_END);
        if (is_over(d))
            kl__driver_leave(p, KL_LEAVE_LATE);
        set(L, LOOK_EVERY);
        return;
    }
    if (kl__task_can_wait(L)) {
        d->request = KL_SWITCH_PREEMPT;
        lua_sethook(L, NULL, 0, 0);
        lua_yield(L, 0);
        return;
    }
    if (answer == 2)
        kl__driver_leave(p, KL_LEAVE_END);
    set(L, LOOK_EVERY);
}

/*
 * The time is the processor's, from the first look on: a process that fails at
 * the end of a slice, or on a busy machine, closes what any other does.
 */
static int
is_over(struct kl__driver *d)
{
    if (d->failed_cpu_ns == 0)
        d->failed_cpu_ns = cpu_ns();
    return cpu_ns() - d->failed_cpu_ns >=
           (d->is_closing ? CLOSING_NS : TELLING_NS);
}

static kd_time
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (kd_time)now.tv_sec * 1000000000u + (kd_time)now.tv_nsec;
}
