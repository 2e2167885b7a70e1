/* SPDX-License-Identifier: MIT */
/*
 * process.spawn and its three sisters (semantics P3 to P6).
 */

#include "modules/lib_process.h"

#include "calls/child.h"
#include "value/dest.h"
#include "value/error.h"

static int spawn(lua_State *L, const char *function, uint32_t flags);

int
kl__process_spawn(lua_State *L)
{
    return spawn(L, "spawn", 0);
}

int
kl__process_spawn_monitored(lua_State *L)
{
    return spawn(L, "spawn_monitored", KD_SPAWN_MONITOR);
}

int
kl__process_spawn_linked(lua_State *L)
{
    return spawn(L, "spawn_linked", KD_SPAWN_LINK);
}

int
kl__process_spawn_linked_monitored(lua_State *L)
{
    return spawn(L, "spawn_linked_monitored", KD_SPAWN_LINK | KD_SPAWN_MONITOR);
}

static int
spawn(lua_State *L, const char *function, uint32_t flags)
{
    struct kl__child child = {.flags = flags};
    kd_pid pid;

    if (lua_gettop(L) < 2)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "%s requires at least id and host arguments", function);
    child.entry = kl__dest_line(L, 1, NULL);
    child.host = kl__dest_line(L, 2, NULL);
    child.first = 3;
    child.last = lua_gettop(L);
    if (kl__child_make(L, &child, &pid) != 0)
        return 2;
    kl__dest_push(L, pid);
    return 1;
}
