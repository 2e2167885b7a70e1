/* SPDX-License-Identifier: MIT */
/*
 * time.sleep: a task that waits for a timer and nothing else.
 *
 * The timer lies on the stack of the task while it sleeps, and is kept in an
 * upvalue of the function for the next sleep: a loop makes no garbage.
 */

#include "time/sleep.h"

#include "process/process.h"
#include "time/duration.h"
#include "value/object.h"

struct sleeper {
    struct kl__timer timer;
    struct kl__task *task;
};

/* Places on the stack of a sleep. */
enum { DURATION = 1, SLEEPER = 2 };

#define SPARE lua_upvalueindex(1) /* A sleeper, or nil. */
#define NEXT  1                   /* User value: the spare after it. */

static void
sleeper_fire(struct kl__process *p, struct kl__timer *timer)
{
    /* The timer is its first member. */
    kl__task_ready(p, ((struct sleeper *)(void *)timer)->task);
}

static struct sleeper *
take_sleeper(lua_State *L)
{
    struct sleeper *sleeper;

    if (lua_isnil(L, SPARE)) {
        sleeper = lua_newuserdatauv(L, sizeof(*sleeper), 1);
        memset(sleeper, 0, sizeof(*sleeper));
        sleeper->timer.fire = sleeper_fire;
        return sleeper;
    }
    lua_pushvalue(L, SPARE);
    lua_getiuservalue(L, -1, NEXT);
    lua_replace(L, SPARE);
    return lua_touserdata(L, -1);
}

static int
sleep_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    lua_pushvalue(L, SPARE);
    lua_setiuservalue(L, SLEEPER, NEXT);
    lua_pushvalue(L, SLEEPER);
    lua_replace(L, SPARE);
    return 0;
}

static int
sleep_start(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct sleeper *sleeper;
    int64_t ns;

    if (!kl__duration_read(L, DURATION, &ns))
        return 2;
    if (ns <= 0)
        return 0;

    kl__task_check_wait(L);
    lua_settop(L, DURATION);
    sleeper = take_sleeper(L);
    sleeper->task = kl__task_current(L);
    if (kl__timer_set(p, &sleeper->timer, kl__timer_due(p, ns)) != 0)
        return luaL_error(L, "not enough memory");
    return kl__task_wait(L, sleep_done, 0);
}

void
kl__sleep_push(lua_State *L)
{
    lua_pushnil(L);
    lua_pushcclosure(L, sleep_start, 1);
}
