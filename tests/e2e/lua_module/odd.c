/* SPDX-License-Identifier: MIT */
/*
 * Modules that are there to be tested: `services` uses all that process.lua has
 * for a module, the others do something wrong.
 */

#include <kindred/ext/lua.h>
#include <kindred/plugin.h>

#include <stdlib.h>

/* The value that comes back, by way of its payload. */
static int
services_echo(lua_State *L)
{
    const kd_lua *lua = kd_lua_of(L);
    kd_error err = KD_ERROR_INIT;
    kd_payload payload;

    luaL_checkany(L, 1);
    if (lua->encode(L, 1, &payload, &err) == KD_OK) {
        if (lua->push(L, &payload) == KD_OK)
            return 1;
        return luaL_error(L, "what was encoded cannot be read");
    }
    lua_pushnil(L);
    lua->push_error(L, &err);
    return 2;
}

/* Bytes that are no term push nothing. */
static int
services_malformed(lua_State *L)
{
    kd_payload bad = kd_payload_make(KD_FORMAT_TERM, "\x92\x01", 2);
    kd_payload bytes = kd_payload_make(KD_FORMAT_BYTES, "x", 1);
    kd_payload none = kd_payload_none();
    const kd_lua *lua = kd_lua_of(L);

    lua_settop(L, 0);
    lua_pushboolean(L, lua->push(L, &bad) == KD_EFORMAT &&
                           lua->push(L, &bytes) == KD_EFORMAT &&
                           lua_gettop(L) == 0 && lua->push(L, &none) == KD_OK &&
                           lua_isnil(L, 1));
    return 1;
}

static int
services_send(lua_State *L)
{
    const kd_lua *lua = kd_lua_of(L);
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    kd_error err = KD_ERROR_INIT;
    kd_payload payload;
    kd_pid to;

    if (lua->api->pid_parse(lua->api, text, len, &to) == KD_OK &&
        lua->encode(L, 2, &payload, &err) == KD_OK &&
        kd_proc_send(lua->proc(L), to, "sent", 4, 0, &payload, &err) == KD_OK)
        return 0;
    lua_pushnil(L);
    lua->push_error(L, &err);
    return 2;
}

static int
services_error(lua_State *L)
{
    kd_error err = KD_ERROR_INIT;

    err.code = (kd_status)luaL_checkinteger(L, 1);
    err.flags = (uint32_t)luaL_checkinteger(L, 2);
    snprintf(err.text, sizeof(err.text), "%s", luaL_checkstring(L, 3));
    kd_lua_of(L)->push_error(L, &err);
    return 1;
}

/* An empty thing is not released, nor nothing at all. */
static void
never(void *thing)
{
    (void)thing;
    abort();
}

static int
services_own(lua_State *L)
{
    const kd_lua *lua = kd_lua_of(L);
    kd_lua_owned *owned[3];

    for (int i = 0; i < 3; i++)
        owned[i] = lua->own(L, never);
    lua->disown(L, owned[1]);
    lua->disown(L, NULL);
    return 0;
}

/* Calls back, once in protected mode. */
static int
services_call(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    lua_pushboolean(L, lua_pcall(L, 0, 1, 0) == LUA_OK);
    lua_insert(L, 1);
    return 2;
}

static int
open_services(lua_State *L, const kd_lua *lua)
{
    static const luaL_Reg functions[] = {{"echo", services_echo},
        {"malformed", services_malformed}, {"send", services_send},
        {"error", services_error}, {"own", services_own},
        {"call", services_call}, {NULL, NULL}};

    return kd_lua_new_table(L, lua, functions);
}

/* Not a table. */
static int
open_number(lua_State *L, const kd_lua *lua)
{
    (void)lua;
    lua_pushliteral(L, "left behind");
    lua_pushinteger(L, 42);
    return 1;
}

static int
open_raising(lua_State *L, const kd_lua *lua)
{
    (void)lua;
    return luaL_error(L, "it does not want to");
}

static int
open_nothing(lua_State *L, const kd_lua *lua)
{
    (void)L;
    (void)lua;
    return 0;
}

static int
open_nil(lua_State *L, const kd_lua *lua)
{
    (void)lua;
    lua_pushnil(L);
    return 1;
}

#define MODULE(tag, lua_name, lua_build, function)                             \
    static const kd_lua_module tag = {                                         \
        .size = sizeof(kd_lua_module),                                         \
        .build = (lua_build),                                                  \
        .name = (lua_name),                                                    \
        .help = "A test",                                                      \
        .open = (function),                                                    \
    };                                                                         \
    static const kd_offer tag##_offer = {                                      \
        .size = sizeof(kd_offer),                                              \
        .id = KD_LUA_OFFER,                                                    \
        .table = &(tag),                                                       \
    }

MODULE(services, "services", KD_LUA_BUILD, open_services);
MODULE(number, "number", KD_LUA_BUILD, open_number);
MODULE(raising, "raising", KD_LUA_BUILD, open_raising);
MODULE(nothing, "nothing", KD_LUA_BUILD, open_nothing);
MODULE(nil, "none", KD_LUA_BUILD, open_nil);
MODULE(old, "old", KD_LUA_BUILD - (1u << 16), open_number);
MODULE(bad_name, "bad-name", KD_LUA_BUILD, open_number);
MODULE(no_open, "no_open", KD_LUA_BUILD, NULL);
MODULE(twice, "twice", KD_LUA_BUILD, open_number);
MODULE(again, "twice", KD_LUA_BUILD, open_number);
#ifdef TAKEN
MODULE(taken, "json", KD_LUA_BUILD, open_number);
#endif

static const kd_offer *const offers[] = {&services_offer, &number_offer,
    &raising_offer, &nothing_offer, &nil_offer, &old_offer, &bad_name_offer,
    &no_open_offer, &twice_offer, &again_offer,
#ifdef TAKEN
    &taken_offer,
#endif
    NULL};
static const kd_kind *const kinds[] = {NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.odd",
    .version = "1.0",
    .help = "Modules to test with",
    .kinds = kinds,
    .offers = offers,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
