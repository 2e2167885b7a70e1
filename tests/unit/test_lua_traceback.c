/* SPDX-License-Identifier: MIT */
/*
 * Tracebacks of our own: the same as Lua's, from whatever stack.
 */

#include "harness.h"

#include "process_lua/value/traceback.h"

#include <lauxlib.h>
#include <lualib.h>

#include <stdlib.h>
#include <string.h>

/* But for the number of levels left out, of which Lua counts one too few. */
static int
are_alike(const char *theirs, const char *ours)
{
    static const char skipping[] = "(skipping ";
    const char *at = strstr(theirs, skipping);
    size_t len;
    char *rest[2];

    if (at == NULL)
        return strcmp(theirs, ours) == 0;
    len = (size_t)(at - theirs) + strlen(skipping);
    return strncmp(theirs, ours, len) == 0 &&
           strtol(theirs + len, &rest[0], 10) + 1 ==
               strtol(ours + len, &rest[1], 10) &&
           strcmp(rest[0], rest[1]) == 0;
}

/* both([thread,] level): looks at Lua's and ours from there. No error, which
 * much of what is tried here would catch. */
static int
both(lua_State *L)
{
    lua_State *of = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
    int level = (int)luaL_checkinteger(L, of == L ? 1 : 2);
    int top = lua_gettop(L);
    int is_alike;

    luaL_traceback(L, of, NULL, level);
    kl__traceback_push(L, of, level);
    CU_ASSERT_EQUAL(lua_gettop(L), top + 2);
    is_alike = are_alike(lua_tostring(L, -2), lua_tostring(L, -1));
    CU_ASSERT(is_alike);
    if (!is_alike)
        fprintf(stderr, "%s\n\nbut ours:\n%s\n", lua_tostring(L, -2),
            lua_tostring(L, -1));
    return 0;
}

static void
run(const char *source)
{
    lua_State *L = luaL_newstate();

    CU_ASSERT_PTR_NOT_NULL_FATAL(L);
    luaL_openlibs(L);
    lua_register(L, "both", both);
    CU_ASSERT_EQUAL(luaL_dostring(L, source), LUA_OK);
    lua_close(L);
}

static const char *const stacks[] = {
    "both(0) both(1) both(2) both(100)",
    "function f() both(0) both(1) end f()",
    "local function f() both(0) end f() local g = f g()",
    "function f() both(0) end pcall(f) local function g() both(0) end pcall(g)",
    "local f = both f(0)",
    "local t = {f = both} t.f(0)",
    "local o = {} function o:m() both(0) end o:m()",
    "local up = both local function f() up(0) end f()",
    "local function f() return both(0) end local function g() return f() end "
    "g()",
    "pcall(both, 0) xpcall(both, print, 0) assert(pcall(both, 0))",
    "assert(xpcall(error, function() both(0) end) == false)",
    "string.gsub('x', 'x', function() both(0) end)",
    "local sub = string.gsub sub('x', 'x', function() both(0) end)",
    "table.sort({2, 1}, function(a, b) both(0) return a < b end)",
    "local t = setmetatable({}, {__index = function() both(0) end}) "
    "local x = t.x",
    "local t = setmetatable({}, {__add = function() both(0) return 1 end, "
    "__close = function() both(0) end}) local x = t + 1 "
    "do local c <close> = t end",
    "for _ in function() both(0) end do end",
    "coroutine.wrap(function() both(0) coroutine.wrap(both)(0) end)()",
    "local c = coroutine.create(function() coroutine.yield() end) "
    "both(c, 0) coroutine.resume(c) both(c, 0) both(c, 1) "
    "coroutine.resume(c) both(c, 0)",
    "local c = coroutine.create(string.rep) both(c, 0)",
    "local c = coroutine.create(function(f) f(f) end) "
    "local function f(g) g(g) return 1 end "
    "assert(not coroutine.resume(c, f)) both(c, 0) both(c, 5)",
    "load('both(0)', '=' .. ('n'):rep(100))()",
    "load(('-- a long line, and so the name of the chunk is cut\\n'):rep(5) .. "
    "'both(0)')()",
    "local function f(n) if n == 0 then both(0) else f(n - 1) end end "
    "for n = 0, 30 do f(n) end f(97)",
};

static void
test_traceback_from_any_stack_is_that_of_lua(void)
{
    for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++)
        run(stacks[i]);
}

static const struct test_case tests[] = {
    TEST(test_traceback_from_any_stack_is_that_of_lua),
};

TEST_MAIN("lua_traceback")
