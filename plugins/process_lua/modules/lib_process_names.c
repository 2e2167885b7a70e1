/* SPDX-License-Identifier: MIT */
/*
 * Names of processes: the table `process.registry` (semantics N).
 */

#include "modules/lib_process.h"

#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"

#include <lauxlib.h>

/* Scopes. There is one node, so that only the first can be had. */
#define SCOPE_LOCAL      0
#define SCOPE_EVENTUAL   1
#define SCOPE_CONSISTENT 2
#define SCOPE_STRONG     3

static int register_name(lua_State *L);
static int lookup(lua_State *L);
static int unregister(lua_State *L);
static int refuse_scope(lua_State *L, int index);
static int read_pid(lua_State *L, kd_pid *pid);
static int refuse(lua_State *L, const char *text);

void
kl__process_push_registry(lua_State *L)
{
    static const luaL_Reg functions[] = {{"register", register_name},
        {"lookup", lookup}, {"unregister", unregister}, {NULL, NULL}};
    static const char *const scopes[] = {[SCOPE_LOCAL] = "LOCAL",
        [SCOPE_EVENTUAL] = "EVENTUAL",
        [SCOPE_CONSISTENT] = "CONSISTENT",
        [SCOPE_STRONG] = "STRONG"};

    lua_createtable(L, 0, 7);
    luaL_setfuncs(L, functions, 0);
    for (int scope = SCOPE_LOCAL; scope <= SCOPE_STRONG; scope++) {
        lua_pushinteger(L, scope);
        lua_setfield(L, -2, scopes[scope]);
    }
    /* Messages find the names of its functions there, as in builtin.c. */
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "process.registry");
    lua_pop(L, 1);
}

static int
register_name(lua_State *L)
{
    const kd_api *api = kl__process_of(L)->api;
    size_t len;
    const char *name = kl__dest_text(L, 1, &len);
    kd_status status;
    kd_error err;
    kd_pid pid;

    if (len == 0)
        return refuse(L, "name cannot be empty");
    if (refuse_scope(L, 3) || !read_pid(L, &pid))
        return 2;
    kl__process_error_init(&err);
    status = api->name_register(api, name, len, pid, &err);
    return kl__process_result(L, status, &err);
}

static int
lookup(lua_State *L)
{
    const kd_api *api = kl__process_of(L)->api;
    size_t len;
    const char *name = kl__dest_text(L, 1, &len);
    kd_pid pid;

    if (len == 0)
        return refuse(L, "name cannot be empty");
    if (refuse_scope(L, 2))
        return 2;
    if (api->name_find(api, name, len, &pid) != KD_OK)
        return kl__error_nil(
            L, "NotFound", KL_RETRY_UNKNOWN, "name not registered: %s", name);
    kl__dest_push(L, pid);
    return 1;
}

static int
unregister(lua_State *L)
{
    const kd_api *api = kl__process_of(L)->api;
    size_t len;
    const char *name = kl__dest_text(L, 1, &len);

    if (len == 0)
        return refuse(L, "name cannot be empty");
    if (refuse_scope(L, 2))
        return 2;
    lua_pushboolean(L, api->name_unregister(api, name, len) == KD_OK);
    return 1;
}

/* Returns whether it pushed nil and an Error. */
static int
refuse_scope(lua_State *L, int index)
{
    if (luaL_optinteger(L, index, SCOPE_LOCAL) == SCOPE_LOCAL)
        return 0;
    return kl__error_nil(L, "Unavailable", KL_RETRY_UNKNOWN, "no cluster");
}

/* The second argument, or its own. Returns 0 if it pushed nil and an Error. */
static int
read_pid(lua_State *L, kd_pid *pid)
{
    const struct kl__process *p = kl__process_of(L);
    const char *text;
    kd_status status;
    size_t len;

    if (lua_isnoneornil(L, 2)) {
        *pid = kd_proc_self(p->proc);
        return 1;
    }
    if (!lua_isstring(L, 2) && !kl__error_is(L, 2)) {
        refuse(L, "pid must be a string");
        return 0;
    }
    text = kl__dest_text(L, 2, &len);
    status = p->api->pid_parse(p->api, text, len, pid);
    if (status == KD_OK)
        return 1;
    if (status == KD_EINVAL)
        kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN, "invalid pid: %s", text);
    else
        kl__error_nil(
            L, "NotFound", KL_RETRY_UNKNOWN, "process not found: %s", text);
    return 0;
}

static int
refuse(lua_State *L, const char *text)
{
    return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN, "%s", text);
}
