/* SPDX-License-Identifier: MIT */
/*
 * The module `supervisor` (semantics S17 to S21): each function is a request to
 * a supervisor, which answers with a value or an Error.
 */

#include "modules/lib_supervisor.h"

#include "mail/ask.h"
#include "modules/lib_base.h"
#include "modules/lib_process.h"
#include "process/process.h"
#include "time/duration.h"
#include "value/argument.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/value.h"

#include <kindred/duration.h>
#include <lauxlib.h>
#include <string.h>

#define TIMEOUT_DEFAULT INT64_C(5000000000)

/* Places on the stack of a call; what a function takes besides lies between. */
enum { SUPERVISOR = 1, ARGUMENT = 2 };

static int ask(lua_State *L, const char *topic, int n_arguments);
static int answered(lua_State *L, int status, lua_KContext ctx);
static int is_supervisor(const char *kind);
static int refuse_end(lua_State *L, kd_pid pid);
static void plain_durations(lua_State *L, int index);

static int
which_children(lua_State *L)
{
    return ask(L, "@supervisor.which_children", 0);
}

static int
count_children(lua_State *L)
{
    return ask(L, "@supervisor.count_children", 0);
}

/* Durations cannot travel, but may stand in a record. */
static int
start_child(lua_State *L)
{
    if (lua_isnoneornil(L, ARGUMENT)) {
        lua_settop(L, lua_gettop(L) < ARGUMENT ? ARGUMENT : lua_gettop(L));
        lua_newtable(L);
    } else {
        kl__argument_table(L, ARGUMENT);
        lua_pushvalue(L, ARGUMENT);
        plain_durations(L, lua_gettop(L));
    }
    lua_replace(L, ARGUMENT);
    return ask(L, "@supervisor.start_child", 1);
}

static int
ask_about(lua_State *L, const char *topic)
{
    kl__dest_text(L, ARGUMENT, NULL);
    return ask(L, topic, 1);
}

static int
terminate_child(lua_State *L)
{
    return ask_about(L, "@supervisor.terminate_child");
}

static int
restart_child(lua_State *L)
{
    return ask_about(L, "@supervisor.restart_child");
}

static int
delete_child(lua_State *L)
{
    return ask_about(L, "@supervisor.delete_child");
}

int
kl__open_supervisor(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"which_children", which_children},
        {"count_children", count_children},
        {"start_child", start_child},
        {"terminate_child", terminate_child},
        {"restart_child", restart_child},
        {"delete_child", delete_child},
        {NULL, NULL},
    };

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}

/* The timeout comes after the arguments, and is kept there as an integer. */
static int
ask(lua_State *L, const char *topic, int n_arguments)
{
    struct kl__process *p = kl__process_of(L);
    const int timeout = SUPERVISOR + n_arguments + 1;
    int64_t ns = TIMEOUT_DEFAULT;
    const kd_entry *entry;
    struct kl__dest dest;
    kd_error err;

    kl__dest_read(L, SUPERVISOR, &dest);
    lua_settop(L, timeout);
    if (!lua_isnil(L, timeout) && !kl__duration_read(L, timeout, &ns))
        return 2;
    lua_pushinteger(L, ns);
    lua_replace(L, timeout);
    if (dest.status != KD_OK)
        return kl__dest_refuse(L, &dest);
    entry = p->api->pid_entry(p->api, dest.pid);
    if (entry == NULL)
        return refuse_end(L, dest.pid);
    if (!is_supervisor(p->api->entry_kind(entry))) {
        kl__dest_push(L, dest.pid);
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "not a supervisor: %s", lua_tostring(L, -1));
    }
    if (kl__value_write_args(
            L, ARGUMENT, ARGUMENT + n_arguments - 1, kl__value_scratch(p)) != 0)
        return kl__value_refuse(L, KL_RETRY_UNKNOWN);
    kl__dest_push(L, dest.pid);
    kl__process_error_init(&err);
    if (ns < 0)
        ns = 0;
    kl__ask(L, dest.pid, topic,
        ns == 0 ? p->api->now_ns(p->api) : kl__timer_due(p, ns), answered,
        &err);
    if (err.code == KD_EGONE)
        return refuse_end(L, dest.pid);
    return kl__process_result(L, err.code, &err);
}

/* Below what `ctx` says lies the supervisor's pid, and below that the time. */
static int
answered(lua_State *L, int status, lua_KContext ctx)
{
    const int top = (int)ctx;
    char within[KD_DURATION_TEXT];

    (void)status;
    lua_settop(L, top);
    switch (kl__ask_take(L, ctx)) {
    case KL_ASK_ANSWERED:
        return lua_gettop(L) - top;
    case KL_ASK_ENDED:
        return kl__error_nil(L, "Unavailable", KL_RETRY_UNKNOWN,
            "supervisor ended: %s", lua_tostring(L, top - 1));
    default:
        kd_duration_format(lua_tointeger(L, top - 2), within, sizeof(within));
        return kl__error_nil(L, "Timeout", KL_RETRY_YES,
            "supervisor did not answer within %s: %s", within,
            lua_tostring(L, SUPERVISOR));
    }
}

/* All that begin so are, whoever brings their policy. */
static int
is_supervisor(const char *kind)
{
    static const char prefix[] = "supervisor.";

    return strncmp(kind, prefix, sizeof(prefix) - 1) == 0;
}

static int
refuse_end(lua_State *L, kd_pid pid)
{
    kl__dest_push(L, pid);
    return kl__error_nil(L, "Unavailable", KL_RETRY_UNKNOWN,
        "supervisor ended: %s", lua_tostring(L, -1));
}

/*
 * Replace the table at an index by a copy whose durations are nanoseconds, and
 * likewise the tables in it, but not `input`, which is the program's.
 */
static void
plain_durations(lua_State *L, int index)
{
    int64_t ns;

    luaL_checkstack(L, 8, NULL);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        const int value = lua_gettop(L);

        if (lua_type(L, value) == LUA_TUSERDATA) {
            if (kl__duration_read(L, value, &ns)) {
                lua_pushinteger(L, ns);
                lua_replace(L, value);
            }
            lua_settop(L, value);
        } else if (lua_istable(L, value) &&
                   lua_type(L, value - 1) == LUA_TSTRING &&
                   strcmp(lua_tostring(L, value - 1), "backoff") == 0) {
            plain_durations(L, value);
        }
        lua_pushvalue(L, value - 1);
        lua_insert(L, value);
        lua_rawset(L, index + 1);
    }
    lua_replace(L, index);
}
