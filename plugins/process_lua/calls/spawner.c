/* SPDX-License-Identifier: MIT */
/*
 * A spawner is never changed: each `with` makes a copy that differs in one
 * thing. What it holds has been copied from the program, and is shared by the
 * copies.
 */

#include "calls/spawner.h"

#include "calls/child.h"
#include "calls/child_options.h"
#include "calls/context.h"
#include "value/argument.h"
#include "value/dest.h"
#include "value/object.h"

#include <lauxlib.h>
#include <string.h>

/* User values; each may be nil. */
enum { CONTEXT = 1, NAME, MAIL, LAST_VALUE = MAIL };

struct spawner {
    uint32_t flags; /* KD_SPAWN_ bits of its options. */
};

static const struct kl__type spawner_type;

static struct spawner *spawner_check(lua_State *L);
static struct spawner *push_copy(lua_State *L, const struct spawner *from);
static int spawn(lua_State *L, const char *function, uint32_t flags);

int
kl__spawner_with_context(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushnil(L);
    kl__context_change(L, 2, 1);
    push_copy(L, NULL);
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, CONTEXT);
    return 1;
}

int
kl__spawner_with_options(lua_State *L)
{
    uint32_t flags = kl__child_options(L, 1, 0);

    push_copy(L, NULL)->flags = flags;
    return 1;
}

static int
with_context(lua_State *L)
{
    const struct spawner *spawner = spawner_check(L);

    lua_settop(L, 2);
    lua_getiuservalue(L, 1, CONTEXT);
    kl__context_change(L, 3, 2);
    push_copy(L, spawner);
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, CONTEXT);
    return 1;
}

static int
with_options(lua_State *L)
{
    const struct spawner *spawner = spawner_check(L);
    uint32_t flags = kl__child_options(L, 2, spawner->flags);

    push_copy(L, spawner)->flags = flags;
    return 1;
}

static int
with_name(lua_State *L)
{
    const struct spawner *spawner = spawner_check(L);
    size_t len;
    const char *name = kl__dest_text(L, 2, &len);

    if (len == 0)
        return luaL_error(L, "name cannot be empty");
    kl__argument_check(L, strlen(name) == len, 2, "name contains zeros");
    push_copy(L, spawner);
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, -2, NAME);
    return 1;
}

static int
with_message(lua_State *L)
{
    const struct spawner *spawner = spawner_check(L);
    int last = lua_gettop(L);
    size_t len;
    const char *topic = kl__dest_text(L, 2, &len);

    if (len > 0 && topic[0] == '@')
        return luaL_error(L, "cannot send to @ topics");
    lua_getiuservalue(L, 1, MAIL);
    kl__child_mail(L, last + 1, 2, 3, last);
    push_copy(L, spawner);
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, MAIL);
    return 1;
}

static int
spawn_plain(lua_State *L)
{
    return spawn(L, "spawn", 0);
}

static int
spawn_monitored(lua_State *L)
{
    return spawn(L, "spawn_monitored", KD_SPAWN_MONITOR);
}

static int
spawn_linked(lua_State *L)
{
    return spawn(L, "spawn_linked", KD_SPAWN_LINK);
}

static int
spawn_linked_monitored(lua_State *L)
{
    return spawn(L, "spawn_linked_monitored", KD_SPAWN_LINK | KD_SPAWN_MONITOR);
}

static int
spawn(lua_State *L, const char *function, uint32_t flags)
{
    const struct spawner *spawner = spawner_check(L);
    struct kl__child child = {.flags = flags | spawner->flags};
    int last = lua_gettop(L);
    kd_pid pid;

    if (last < 3)
        return luaL_error(
            L, "%s requires at least id and host arguments", function);
    child.entry = kl__dest_line(L, 2, NULL);
    child.host = kl__dest_line(L, 3, NULL);
    child.first = 4;
    child.last = last;
    if (lua_getiuservalue(L, 1, CONTEXT) != LUA_TNIL)
        child.changes = last + 1;
    if (lua_getiuservalue(L, 1, NAME) != LUA_TNIL)
        child.name = lua_tostring(L, -1);
    if (lua_getiuservalue(L, 1, MAIL) != LUA_TNIL)
        child.mail = last + 3;
    if (kl__child_make(L, &child, &pid) != 0)
        return 2;
    kl__dest_push(L, pid);
    return 1;
}

static struct spawner *
spawner_check(lua_State *L)
{
    return (struct spawner *)kl__object_check(L, 1, &spawner_type);
}

/* Push a copy of the one at index 1, if there is one. */
static struct spawner *
push_copy(lua_State *L, const struct spawner *from)
{
    struct spawner *copy =
        (struct spawner *)lua_newuserdatauv(L, sizeof(*copy), LAST_VALUE);

    copy->flags = from == NULL ? 0 : from->flags;
    kl__object_set(L, &spawner_type);
    for (int i = 1; i <= LAST_VALUE && from != NULL; i++) {
        lua_getiuservalue(L, 1, i);
        lua_setiuservalue(L, -2, i);
    }
    return copy;
}

static const luaL_Reg methods[] = {
    {"with_context", with_context},
    {"with_options", with_options},
    {"with_name", with_name},
    {"with_message", with_message},
    {"spawn", spawn_plain},
    {"spawn_monitored", spawn_monitored},
    {"spawn_linked", spawn_linked},
    {"spawn_linked_monitored", spawn_linked_monitored},
    {NULL, NULL},
};

static const struct kl__type spawner_type = {
    .name = "spawner", .methods = methods};
