/* SPDX-License-Identifier: MIT */
/*
 * Monitors and links (semantics W1, W2).
 */

#include "modules/lib_process.h"

#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"

typedef kd_status (*service)(kd_proc *proc, kd_pid target, kd_error *err);

static int watch(lua_State *L, const char *function, service call);
static int unwatch(lua_State *L, const char *function, service call);
static int refuse(lua_State *L, const char *function);

int
kl__process_monitor(lua_State *L)
{
    return watch(L, "monitor", kd_proc_monitor);
}

int
kl__process_unmonitor(lua_State *L)
{
    return unwatch(L, "unmonitor", kd_proc_unmonitor);
}

int
kl__process_link(lua_State *L)
{
    return watch(L, "link", kd_proc_link);
}

int
kl__process_unlink(lua_State *L)
{
    return unwatch(L, "unlink", kd_proc_unlink);
}

static int
watch(lua_State *L, const char *function, service call)
{
    struct kl__dest dest;
    kd_status status;
    kd_error err;

    if (lua_gettop(L) < 1)
        return refuse(L, function);
    kl__dest_read(L, 1, &dest);
    if (dest.status == KD_ENOHOST || dest.status == KD_ENONODE)
        return kl__error_nil(L, "NotFound", KL_RETRY_UNKNOWN,
            "pid not registered: %s", dest.text);
    if (dest.status != KD_OK)
        return kl__dest_refuse(L, &dest);
    kl__process_error_init(&err);
    status = call(kl__process_of(L)->proc, dest.pid, &err);
    return kl__process_result(L, status, &err);
}

/* A pid that nobody knows is watched by nobody: nothing is to be undone. */
static int
unwatch(lua_State *L, const char *function, service call)
{
    struct kl__dest dest;

    if (lua_gettop(L) < 1)
        return refuse(L, function);
    kl__dest_read(L, 1, &dest);
    if (dest.status == KD_ENOTFOUND)
        return kl__dest_refuse(L, &dest);
    if (dest.status == KD_OK)
        call(kl__process_of(L)->proc, dest.pid, NULL);
    lua_pushboolean(L, 1);
    return 1;
}

static int
refuse(lua_State *L, const char *function)
{
    return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
        "%s requires a destination argument", function);
}
