/* SPDX-License-Identifier: MIT */
/*
 * print and its waits (semantics G5).
 */

#include "modules/lib_print.h"

#include "process/process.h"

#include <kindred/ext/terminal.h>
#include <lauxlib.h>

static int hand_on(lua_State *L, int status, lua_KContext to);
static kd_status write_to(struct kl__process *p, enum kl__output to,
    const char *text, size_t len, int can_wait);
static const char *refusal(kd_status status);
static void wait_for_room(struct kl__process *p);

int
kl__print(lua_State *L)
{
    kl__print_join(L);
    return kl__print_to(L, KL_OUTPUT_RECORD);
}

int
kl__print_to(lua_State *L, enum kl__output to)
{
    return hand_on(L, LUA_OK, (lua_KContext)to);
}

void
kl__print_join(lua_State *L)
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
hand_on(lua_State *L, int status, lua_KContext to)
{
    struct kl__process *p = kl__process_of(L);
    int can_wait = kl__task_can_wait(L);
    size_t len;
    const char *text = lua_tolstring(L, 1, &len);
    kd_status result;

    (void)status;
    result = write_to(p, (enum kl__output)to, text, len, can_wait);
    if (result == KD_OK || result == KD_EGONE) {
        lua_pushboolean(L, 1);
        return to != KL_OUTPUT_RECORD;
    }
    if (result != KD_EFULL || !can_wait)
        return luaL_error(L, "%s", refusal(result));
    wait_for_room(p);
    return kl__task_wait(L, hand_on, to);
}

static kd_status
write_to(struct kl__process *p, enum kl__output to, const char *text,
    size_t len, int can_wait)
{
    const kd_terminal *terminal;

    if (to == KL_OUTPUT_RECORD)
        return kd_proc_print(
            p->proc, text, len, can_wait ? 0 : KD_PRINT_BEYOND);
    terminal = (const kd_terminal *)p->api->service(p->api, KD_TERMINAL);
    return terminal->write(p->proc, text, len,
        (to == KL_OUTPUT_ERROR ? KD_TERMINAL_ERROR : 0) |
            (can_wait ? 0 : KD_TERMINAL_BEYOND));
}

/* The host gives a status alone here, and has one system call that may fail. */
static const char *
refusal(kd_status status)
{
    return status == KD_ESYSTEM ? "no thread can be made to write the output"
                                : kd_status_text(status);
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
