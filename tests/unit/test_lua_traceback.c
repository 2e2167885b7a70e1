/* SPDX-License-Identifier: MIT */
/*
 * Tracebacks of our own: the same as Lua's, from whatever stack.
 */

#include "harness.h"

#include "process_lua/value/traceback.h"

#include <lauxlib.h>
#include <lualib.h>

#include <string.h>

/* both([thread,] level): Lua's and ours from there; raises unless alike. */
static int
both(lua_State *L)
{
    lua_State *of = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
    int level = (int)luaL_checkinteger(L, of == L ? 1 : 2);
    int top = lua_gettop(L);

    luaL_traceback(L, of, NULL, level);
    kl__traceback_push(L, of, level, NULL);
    if (lua_gettop(L) != top + 2 || !lua_rawequal(L, -1, -2))
        return luaL_error(
            L, "%s\n\nbut ours:\n%s", lua_tostring(L, -2), lua_tostring(L, -1));
    return 1;
}

static void
run(const char *source)
{
    lua_State *L = luaL_newstate();

    CU_ASSERT_PTR_NOT_NULL_FATAL(L);
    luaL_openlibs(L);
    lua_register(L, "both", both);
    if (luaL_dostring(L, source) != LUA_OK) {
        fprintf(stderr, "%s\n%s\n", source, lua_tostring(L, -1));
        CU_FAIL("differs");
    }
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
    "load('both(0)', '=' .. ('n'):rep(100))()",
    "load(('-- a long line, and so the name of the chunk is cut\\n'):rep(5) .. "
    "'both(0)')()",
    "local function f(n) if n == 0 then both(0) else f(n - 1) end end "
    "for n = 0, 18 do f(n) end",
};

static void
test_traceback_from_any_stack_is_that_of_lua(void)
{
    for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++)
        run(stacks[i]);
}

/* Lua counts one too few of those that it leaves out. */
static int
deep(lua_State *L)
{
    const char *ours;

    luaL_traceback(L, L, NULL, 0);
    luaL_gsub(L, lua_tostring(L, -1), "skipping 77 ", "skipping 78 ");
    kl__traceback_push(L, L, 0, NULL);
    ours = lua_tostring(L, -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(ours, "\n\t...\t(skipping 78 levels)\n"));
    CU_ASSERT_STRING_EQUAL(lua_tostring(L, -2), ours);
    return 0;
}

static void
test_traceback_of_a_deep_stack_shows_both_ends(void)
{
    lua_State *L = luaL_newstate();

    CU_ASSERT_PTR_NOT_NULL_FATAL(L);
    luaL_openlibs(L);
    lua_register(L, "deep", deep);
    /* deep, 97 times f, and the main chunk. */
    CU_ASSERT_EQUAL(
        luaL_dostring(L, "local function f(n) if n == 1 then deep() else "
                         "f(n - 1) end end f(97)"),
        LUA_OK);
    lua_close(L);
}

static const struct test_case tests[] = {
    TEST(test_traceback_from_any_stack_is_that_of_lua),
    TEST(test_traceback_of_a_deep_stack_shows_both_ends),
};

TEST_MAIN("lua_traceback")
