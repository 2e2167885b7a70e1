/* SPDX-License-Identifier: MIT */
/*
 * time.sleep: a task that waits for a timer and nothing else.
 *
 * A task sleeps once at a time, so the timer is its own: there is nothing to
 * make and nothing to keep alive.
 */

#include "time/sleep.h"

#include "process/process.h"
#include "time/duration.h"

#include <lauxlib.h>
#include <stddef.h>

static void
sleep_fire(struct kl__process *p, struct kl__timer *timer)
{
    unsigned char *task =
        (unsigned char *)timer - offsetof(struct kl__task, sleep);

    kl__task_ready(p, (struct kl__task *)(void *)task);
}

static int
sleep_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)L;
    (void)status;
    (void)ctx;
    return 0;
}

int
kl__sleep(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__timer *timer;
    int64_t ns;

    if (!kl__duration_read(L, 1, &ns))
        return 2;
    if (ns <= 0)
        return 0;

    kl__task_check_wait(L);
    timer = &kl__task_current(L)->sleep;
    timer->fire = sleep_fire;
    if (kl__timer_set(p, timer, kl__timer_due(p, ns)) != 0)
        return luaL_error(L, "not enough memory");
    return kl__task_leave(L, sleep_done, 0);
}
