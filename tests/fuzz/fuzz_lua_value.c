/* SPDX-License-Identifier: MIT */
/*
 * Bytes to a Lua value, that to a term, and back: what can be read can be sent
 * on, and arrives as it was.
 */

#include "fuzz.h"

#include "process_lua/value/error.h"
#include "process_lua/value/value.h"

#include <kindred/kindred.h>
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

static const char same_source[] =
    "local same\n"
    "local function entries(a, b)\n"
    "  for k, v in next, a do\n"
    "    if not same(v, rawget(b, k)) then return false end\n"
    "  end\n"
    "  return true\n"
    "end\n"
    "local function counts(a, b)\n"
    "  local n = 0\n"
    "  for _ in next, a do n = n + 1 end\n"
    "  for _ in next, b do n = n - 1 end\n"
    "  return n == 0\n"
    "end\n"
    "function same(a, b)\n"
    "  if math.type(a) ~= math.type(b) or type(a) ~= type(b) then\n"
    "    return false\n"
    "  end\n"
    "  if type(a) == 'table' then return entries(a, b) and counts(a, b) end\n"
    "  if type(a) == 'userdata' then return tostring(a) == tostring(b) end\n"
    "  return a == b or (a ~= a and b ~= b)\n"
    "end\n"
    "return same\n";

static lua_State *
open_state(void)
{
    lua_State *L = luaL_newstate();

    FUZZ_REQUIRE(L != NULL);
    memset(lua_getextraspace(L), 0, sizeof(void *));
    luaL_openlibs(L);
    kl__open_errors(L);
    lua_setglobal(L, "errors");
    FUZZ_REQUIRE(luaL_dostring(L, same_source) == LUA_OK);
    return L;
}

/* The value is on top, `same` at 1. */
static void
check_survives(lua_State *L)
{
    int value = lua_gettop(L);
    kd_writer w = {0};
    kd_reader r;

    if (kl__value_write(L, value, "value", &w) != 0) {
        FUZZ_REQUIRE(lua_type(L, -1) == LUA_TSTRING);
        kd_writer_free(&w);
        return;
    }
    r = kd_reader_make(w.data, w.len);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, value);
    FUZZ_REQUIRE(kl__value_read(L, &r) == 0 && r.at == r.end);
    FUZZ_REQUIRE(lua_pcall(L, 2, 1, 0) == LUA_OK && lua_toboolean(L, -1));
    kd_writer_free(&w);
}

static int
try_value(lua_State *L)
{
    kd_reader *r = lua_touserdata(L, 2);

    while (r->at < r->end && kl__value_read(L, r) == 0) {
        check_survives(L);
        lua_settop(L, 2);
    }
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lua_State *L = open_state();
    kd_reader r = kd_reader_make(data, size);

    lua_pushcfunction(L, try_value);
    lua_insert(L, 1);
    lua_pushlightuserdata(L, &r);
    FUZZ_REQUIRE(lua_pcall(L, 2, 0, 0) == LUA_OK);
    lua_close(L);
    return 0;
}
