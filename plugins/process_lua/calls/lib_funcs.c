/* SPDX-License-Identifier: MIT */
/*
 * The module `funcs`: calls of functions, each a process of its own that ends
 * with its caller.
 */

#include "calls/lib_funcs.h"

#include "calls/call.h"
#include "calls/child_options.h"
#include "calls/context.h"
#include "calls/future.h"
#include "modules/lib_base.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/object.h"

#include <lauxlib.h>
#include <string.h>

/* User value of an executor: changes to the context, or nil. */
enum { CONTEXT = 1 };

/* Never changed: each `with` makes another. */
struct executor {
    uint32_t flags; /* KD_SPAWN_ bits of its options. */
};

static const struct kl__type executor_type;

static int read_call(lua_State *L, int id, struct kl__child *child);
static int read_target(lua_State *L, int id, struct kl__child *child);
static const char *check_id(const char *id, size_t len);
static const char *push_host(lua_State *L, const kd_entry *entry);
static struct executor *executor_check(lua_State *L);
static struct executor *push_executor(lua_State *L, uint32_t flags);

static int
funcs_call(lua_State *L)
{
    struct kl__child child = {0};

    return read_call(L, 1, &child) != 0 ? 2 : kl__call_wait(L, &child);
}

static int
funcs_async(lua_State *L)
{
    struct kl__child child = {0};

    return read_call(L, 1, &child) != 0 ? 2 : kl__future_start(L, &child);
}

static int
funcs_new(lua_State *L)
{
    push_executor(L, 0);
    return 1;
}

static int
executor_call(lua_State *L)
{
    struct kl__child child = {.flags = executor_check(L)->flags};

    return read_call(L, 2, &child) != 0 ? 2 : kl__call_wait(L, &child);
}

static int
executor_async(lua_State *L)
{
    struct kl__child child = {.flags = executor_check(L)->flags};

    return read_call(L, 2, &child) != 0 ? 2 : kl__future_start(L, &child);
}

static int
with_context(lua_State *L)
{
    const struct executor *executor = executor_check(L);

    lua_settop(L, 2);
    lua_getiuservalue(L, 1, CONTEXT);
    kl__context_change(L, 3, 2);
    push_executor(L, executor->flags);
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, CONTEXT);
    return 1;
}

static int
with_options(lua_State *L)
{
    const struct executor *executor = executor_check(L);

    lua_settop(L, 2);
    push_executor(L, kl__child_options(L, 2, executor->flags));
    lua_getiuservalue(L, 1, CONTEXT);
    lua_setiuservalue(L, -2, CONTEXT);
    return 1;
}

int
kl__open_funcs(lua_State *L)
{
    static const luaL_Reg functions[] = {{"call", funcs_call},
        {"async", funcs_async}, {"new", funcs_new}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}

/*
 * The target at an index, behind an executor or not, and its arguments behind
 * it. Returns 0, or pushes nil and an Error and returns 2.
 */
static int
read_call(lua_State *L, int id, struct kl__child *child)
{
    child->flags |= KD_SPAWN_OWN;
    child->is_module = 1;
    child->first = id + 1;
    child->last = lua_gettop(L);
    if (id > 1 && lua_getiuservalue(L, 1, CONTEXT) != LUA_TNIL)
        child->changes = lua_gettop(L);
    return read_target(L, id, child);
}

/* A function, or any process that says where it runs. */
static int
read_target(lua_State *L, int id, struct kl__child *child)
{
    const kd_api *api = kl__process_of(L)->api;
    const char *problem, *text = "";
    const kd_entry *entry;
    size_t len = 0;

    if (child->last >= id && !lua_isnil(L, id))
        text = kl__dest_line(L, id, &len);
    problem = check_id(text, len);
    if (problem != NULL)
        return kl__error_nil(L, "Invalid", KL_RETRY_NO, "%s", problem);
    child->entry = text;
    entry = api->entry_find(api, text);
    if (entry != NULL && strcmp(api->entry_kind(entry), "function.lua") == 0) {
        child->flags |= KD_SPAWN_FUNCTION;
        return 0;
    }
    if (entry != NULL && api->entry_class(entry) == KD_CLASS_WORKER)
        child->host = push_host(L, entry);
    if (child->host != NULL)
        return 0;
    return kl__error_nil(L, "NotFound", KL_RETRY_NO,
        "no handler registered for target: %s", text);
}

/* What is wrong with it, or NULL. */
static const char *
check_id(const char *id, size_t len)
{
    const char *colon = memchr(id, ':', len);

    if (len == 0)
        return "function ID required";
    if (colon == NULL || colon == id)
        return "namespace required in function ID";
    if (colon + 1 == id + len)
        return "name required in function ID";
    return NULL;
}

/*
 * The whole id of meta.default_host, or NULL: as elsewhere in YAML, one without
 * a colon belongs to the namespace of the entry that mentions it.
 */
static const char *
push_host(lua_State *L, const kd_entry *entry)
{
    const kd_api *api = kl__process_of(L)->api;
    const kd_node *host = api->entry_get(entry, "meta.default_host");
    const char *id = api->entry_id(entry);

    if (host == NULL || host->type != KD_NODE_STRING)
        return NULL;
    if (memchr(host->text, ':', host->len) != NULL)
        return host->text;
    lua_pushlstring(L, id, (size_t)(strchr(id, ':') + 1 - id));
    lua_pushlstring(L, host->text, host->len);
    lua_concat(L, 2);
    return lua_tostring(L, -1);
}

static struct executor *
executor_check(lua_State *L)
{
    return (struct executor *)kl__object_check(L, 1, &executor_type);
}

static struct executor *
push_executor(lua_State *L, uint32_t flags)
{
    struct executor *executor =
        (struct executor *)lua_newuserdatauv(L, sizeof(*executor), 1);

    executor->flags = flags;
    kl__object_set(L, &executor_type);
    return executor;
}

static const luaL_Reg methods[] = {
    {"with_context", with_context},
    {"with_options", with_options},
    {"call", executor_call},
    {"async", executor_async},
    {NULL, NULL},
};

static const struct kl__type executor_type = {
    .name = "executor", .methods = methods};
