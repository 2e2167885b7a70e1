/* SPDX-License-Identifier: MIT */
/*
 * print and its waits (semantics G5).
 */

#include "lib_print.h"

#include "process.h"

#include <lauxlib.h>

static int hand_on(lua_State *L, int status, lua_KContext ctx);
static void wait_for_room(struct kl__process *p);
static void join(lua_State *L);

int
kl__print(lua_State *L)
{
    join(L);
    return hand_on(L, LUA_OK, 0);
}

void
kl__print_room(struct kl__process *p)
{
    struct kl__task *task, *next;

    for (task = p->print.first; task != NULL; task = next) {
        next = task->next;
        kl__task_external(p, -1);
        kl__task_ready(p, task);
    }
    p->print.first = p->print.last = NULL;
}

/* The record is the only value on the stack. */
static int
hand_on(lua_State *L, int status, lua_KContext ctx)
{
    struct kl__process *p = kl__process_of(L);
    int can_wait = kl__task_can_wait(L);
    size_t len;
    const char *text = lua_tolstring(L, 1, &len);
    kd_status result;

    (void)status;
    (void)ctx;
    result = kd_proc_print(p->proc, text, len, can_wait ? 0 : KD_PRINT_BEYOND);
    if (result == KD_OK || result == KD_EGONE)
        return 0;
    if (result != KD_EFULL || !can_wait)
        return luaL_error(L, "%s", kd_status_text(result));
    wait_for_room(p);
    return kl__task_wait(L, hand_on, 0);
}

static void
wait_for_room(struct kl__process *p)
{
    struct kl__task *task = p->tasks.current;

    task->next = NULL;
    if (p->print.last == NULL)
        p->print.first = task;
    else
        p->print.last->next = task;
    p->print.last = task;
    kl__task_external(p, 1);
}

/* Replaces the arguments by one string: their texts, TABs, a newline. */
static void
join(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_Buffer record;
    int i;

    for (i = 1; i <= n; i++) {
        luaL_tolstring(L, i, NULL);
        lua_replace(L, i);
    }
    luaL_checkstack(L, 8, NULL);
    luaL_buffinit(L, &record);
    for (i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&record, '\t');
        lua_pushvalue(L, i);
        luaL_addvalue(&record);
    }
    luaL_addchar(&record, '\n');
    luaL_pushresult(&record);
    lua_insert(L, 1);
    lua_settop(L, 1);
}
