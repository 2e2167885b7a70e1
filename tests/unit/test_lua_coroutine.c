/* SPDX-License-Identifier: MIT */
/*
 * The coroutine library against Lua's own: the same programs, the same output.
 *
 * What runs is always inside a coroutine, because the main function of a
 * process, unlike Lua's main thread, may yield.
 */

#include "lua_check.h"

#include <lauxlib.h>
#include <lualib.h>

static const char *const programs[] = {
    /* Values in and out. */
    "local co = coroutine.create(function(...) print('in', ...) "
    "local a, b = coroutine.yield(1, nil, 3) print('got', a, b) "
    "return 'end', nil end) "
    "print(coroutine.resume(co, 'x', nil)) print(coroutine.status(co)) "
    "print(coroutine.resume(co, nil, 2)) print(coroutine.status(co)) "
    "print(coroutine.resume(co)) print(coroutine.resume(co, 1))",
    "local g = coroutine.wrap(function() for i = 1, 3 do "
    "coroutine.yield(i) end end) print(g(), g(), g(), g()) print(pcall(g))",
    "local g = coroutine.wrap(function(...) while true do "
    "print(select('#', ...), coroutine.yield(...)) end end) "
    "g() g(nil) g(nil, nil)",
    /* Errors. */
    "local co = coroutine.create(function() error('e') end) "
    "print(coroutine.resume(co)) print(coroutine.status(co)) "
    "print(coroutine.resume(co)) print(coroutine.close(co)) "
    "print(coroutine.close(co))",
    "local co = coroutine.create(function() error({}) end) "
    "local ok, e = coroutine.resume(co) print(ok, type(e)) "
    "local ok2, e2 = coroutine.close(co) print(ok2, e == e2)",
    "local f = coroutine.wrap(function() error('e') end) print(pcall(f))",
    "local f = coroutine.wrap(function() error('e') end) "
    "print(pcall(function() f() end)) print(pcall(function() f() end))",
    "local f = coroutine.wrap(function() error({1}) end) "
    "local ok, e = pcall(f) print(ok, e[1])",
    "local f = coroutine.wrap(function() error() end) print(pcall(f))",
    "print(pcall(coroutine.create)) print(pcall(coroutine.create, 1)) "
    "print(pcall(coroutine.resume)) print(pcall(coroutine.resume, 1)) "
    "print(pcall(coroutine.status, {})) print(pcall(coroutine.wrap, 1)) "
    "print(pcall(coroutine.close, 1))",
    /* Status and running. */
    "local outer = coroutine.running() local co "
    "co = coroutine.create(function() print(coroutine.status(co), "
    "coroutine.status(outer), coroutine.isyieldable()) "
    "print(coroutine.resume(outer)) print(coroutine.resume(co)) "
    "print(pcall(coroutine.close, outer)) print(pcall(coroutine.close, co)) "
    "print(coroutine.running() == co, select(2, coroutine.running())) end) "
    "print(coroutine.isyieldable(co), coroutine.status(co)) "
    "coroutine.resume(co)",
    "local w w = coroutine.wrap(function() return pcall(w) end) print(w())",
    "print(pcall(coroutine.isyieldable, 42)) "
    "print(pcall(coroutine.isyieldable, nil)) "
    "print(pcall(coroutine.isyieldable, print))",
    "local me = coroutine.running() local other = coroutine.create(print) "
    "print(coroutine.isyieldable(me), coroutine.isyieldable(other)) "
    "table.sort({1, 2}, function() print(coroutine.isyieldable(), "
    "coroutine.isyieldable(me), coroutine.isyieldable(other)) "
    "coroutine.wrap(function() print(coroutine.isyieldable(), "
    "coroutine.isyieldable(me)) end)() return false end) "
    "coroutine.resume(other) print(coroutine.isyieldable(other))",
    /* Closing. */
    "local function c(n) return setmetatable({}, {__close = function(_, e) "
    "print('close', n, e) end}) end "
    "local co = coroutine.create(function() local a <close> = c(1) "
    "local b <close> = c(2) coroutine.yield('y') end) "
    "print(coroutine.resume(co)) print(coroutine.close(co)) "
    "print(coroutine.status(co)) print(coroutine.resume(co))",
    "local co = coroutine.create(function() local a <close> = "
    "setmetatable({}, {__close = function() error('in close', 0) end}) "
    "coroutine.yield() end) coroutine.resume(co) "
    "print(coroutine.close(co)) print(coroutine.status(co))",
    "local f = coroutine.wrap(function() local a <close> = setmetatable({}, "
    "{__close = function(_, e) print('close', e) end}) error('e', 0) end) "
    "print(pcall(f))",
    "local f = coroutine.wrap(function() local a <close> = setmetatable({}, "
    "{__close = function(_, e) error(e .. '+', 0) end}) error('e', 0) end) "
    "print(pcall(f))",
    "local co = coroutine.create(function() local a <close> = "
    "setmetatable({}, {__close = function() coroutine.yield('in close') "
    "print('back') end}) end) print(coroutine.resume(co)) "
    "print(coroutine.resume(co)) print(coroutine.status(co))",
    "local co = coroutine.create(print) print(coroutine.close(co)) "
    "print(coroutine.status(co))",
    /* Yields from everywhere. */
    "local y = coroutine.yield local mt = {__add = function(a, b) "
    "return y('add') end, __index = function(t, k) return y(k) end, "
    "__lt = function() return y('lt') end, __le = function() "
    "return y('le') end, __concat = function() return y('cat') end, "
    "__call = function(_, ...) return y(...) end, __eq = function() "
    "return y('eq') end, __len = function() return y('len') end, "
    "__newindex = function(t, k, v) y(k, v) end} "
    "local co = coroutine.wrap(function() local a, b = setmetatable({}, mt), "
    "setmetatable({}, mt) print(a + b, a.f, a < b, a <= b, a .. b, a(1, 2), "
    "a == b, #a) a.n = 1 if a < b then print('then') end "
    "while a < b do print('loop') end return 'done' end) "
    "local r = co() local n = 0 while r ~= 'done' do n = n + 1 "
    "io_write(tostring(r)) r = co(n < 12 and n or nil) end",
    "local co = coroutine.wrap(function() print(pcall(function() "
    "coroutine.yield(1) error('e', 0) end)) print(xpcall(function() "
    "coroutine.yield(2) error('e', 0) end, function(m) return m .. '!' end)) "
    "for k, v in pairs(setmetatable({}, {__pairs = function(t) "
    "coroutine.yield(3) return next, {a = 1} end})) do print(k, v) end "
    "for i in coroutine.yield do print('it', i) break end return 4 end) "
    "print(co()) print(co()) print(co()) print(co()) print(co(5))",
    "local co = coroutine.create(function() table.sort({3, 2, 1}, "
    "function(a, b) coroutine.yield() return a < b end) end) "
    "print(coroutine.resume(co))",
    "print(pcall(string.gsub, 'abc', '.', function(c) local w = "
    "coroutine.wrap(function() for i = 1, 2 do coroutine.yield(c .. i) end "
    "end) return w() .. w() end))",
    "table.sort({3, 2, 1}, function(a, b) local co = "
    "coroutine.create(function() coroutine.yield(1) error('e', 0) end) "
    "coroutine.resume(co) local ok, e = coroutine.resume(co) "
    "print(ok, e, coroutine.status(co)) return a < b end)",
    "string.gsub('a', '.', function() local co = "
    "coroutine.create(function() local inner = coroutine.wrap(function() "
    "coroutine.yield('deep') end) coroutine.yield(inner()) return 'r' end) "
    "print(coroutine.resume(co)) print(coroutine.resume(co)) end)",
    /* Generators in generators. */
    "local function gen(n) return coroutine.wrap(function() "
    "for i = 2, n do coroutine.yield(i) end end) end "
    "local function filter(p, g) return coroutine.wrap(function() "
    "for n in g do if n % p ~= 0 then coroutine.yield(n) end end end) end "
    "local x = gen(60) while true do local n = x() if n == nil then break end "
    "print(n) x = filter(n, x) end",
    "local function perm(a, n) n = n or #a if n <= 1 then "
    "coroutine.yield(table.concat(a)) else for i = 1, n do "
    "a[n], a[i] = a[i], a[n] perm(a, n - 1) a[n], a[i] = a[i], a[n] end end "
    "end for s in coroutine.wrap(function() perm({'a', 'b', 'c', 'd'}) end) "
    "do print(s) end",
    "local t = {} for i = 1, 250 do t[i] = i end "
    "local co = coroutine.wrap(function(...) "
    "return select('#', coroutine.yield(...)) end) "
    "print(select('#', co(table.unpack(t)))) print(co(table.unpack(t)))",
};

static int
stock_print(lua_State *L)
{
    int n = lua_gettop(L);

    lua_getfield(L, LUA_REGISTRYINDEX, "printed");
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            lua_pushliteral(L, "\t");
        luaL_tolstring(L, i, NULL);
        lua_concat(L, i > 1 ? 3 : 2);
    }
    lua_pushliteral(L, "\n");
    lua_concat(L, 2);
    lua_setfield(L, LUA_REGISTRYINDEX, "printed");
    return 0;
}

/* What stock Lua prints; to be freed. */
static char *
run_stock(const char *program)
{
    lua_State *L = luaL_newstate();
    char *printed;

    luaL_openlibs(L);
    lua_pushliteral(L, "");
    lua_setfield(L, LUA_REGISTRYINDEX, "printed");
    lua_register(L, "print", stock_print);
    CU_ASSERT_EQUAL_FATAL(
        luaL_loadbuffer(L, program, strlen(program), "@p.lua"), LUA_OK);
    CU_ASSERT_EQUAL(lua_pcall(L, 0, 1, 0), LUA_OK);
    CU_ASSERT_EQUAL(lua_pcall(L, 0, 0, 0), LUA_OK);
    lua_getfield(L, LUA_REGISTRYINDEX, "printed");
    printed = strdup(lua_tostring(L, -1));
    lua_close(L);
    return printed;
}

static void
compare(const char *program, uint32_t yield)
{
    static const char form[] = "local io_write = print return function() "
                               "local co = coroutine.create(function() %s end) "
                               "print(coroutine.resume(co)) end";
    size_t len = sizeof(form) + strlen(program);
    char *whole = malloc(len);
    char *want;
    struct fake *f = fake_new();

    CU_ASSERT_PTR_NOT_NULL_FATAL(whole);
    snprintf(whole, len, form, program);
    want = run_stock(whole);
    f->yield = yield;
    CU_ASSERT_EQUAL(fake_do(f, whole), KD_NEXT_DONE);
    check_text(program, f->printed, want);
    free(want);
    free(whole);
    fake_free(f);
}

static void
test_programs_with_coroutines_print_what_lua_prints(void)
{
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        compare(programs[i], 0);
        compare(programs[i], 1);
    }
}

static void
test_nesting_is_not_bounded_by_the_c_stack(void)
{
    check_prints("local function nest(n) if n == 0 then return 'deep' end "
                 "return coroutine.wrap(nest)(n - 1) end "
                 "return function() print(nest(10000)) end",
        "deep\n");
}

static void
test_nesting_where_lua_cannot_yield_ends_in_an_error(void)
{
    check_prints("local function nest() local r table.sort({2, 1}, "
                 "function(a, b) local ok, e = "
                 "coroutine.resume(coroutine.create(nest)) "
                 "if not ok then r = e end return a < b end) "
                 "if r then error(r, 0) end end "
                 "return function() print(pcall(nest)) end",
        "false\tC stack overflow\n");
}

/* `chain(n, f)` gives the last of n that close each other; the first runs f. */
#define CHAIN                                                                  \
    "local function chain(n, f) local close = f "                              \
    "for _ = 1, n do local inner = close "                                     \
    "  local co = coroutine.create(function() "                                \
    "    local c <close> = setmetatable({}, {__close = inner}) "               \
    "    coroutine.yield() end) "                                              \
    "  coroutine.resume(co) "                                                  \
    "  close = function() local ok, e = coroutine.close(co) "                  \
    "    if not ok then error(e, 0) end end "                                  \
    "end return close end "

static void
test_closes_inside_closes_go_hundreds_deep(void)
{
    check_prints(CHAIN "return function() "
                       "chain(200, function() print('deep') end)() "
                       "print(pcall(chain(200, function() error('e', 0) end)))"
                       " end",
        "deep\nfalse\te\n");
}

/* Also where each takes as much of the C stack as Lua lets it. */
static void
test_closes_inside_closes_without_end_are_an_error(void)
{
    check_prints(CHAIN
        "local function fails(f) local ok, e = pcall(f) "
        "print(ok, e:match('C stack overflow')) end "
        "local function deep(n, f) if n == 0 then return f() end "
        "return (('x'):gsub('(x)', function() deep(n - 1, f) end)) end "
        "return function() fails(chain(20000, print)) "
        "local f = print "
        "for _ = 1, 60 do local inner = f "
        "  f = chain(1, function() deep(190, inner) end) end "
        "fails(f) chain(100, function() print('again') end)() end",
        "false\tC stack overflow\nfalse\tC stack overflow\nagain\n");
}

/* A close has as much as other code, wherever it is called. */
static void
test_close_at_any_depth_runs(void)
{
    check_prints(CHAIN
        "local function deep(n, f) if n == 0 then return f() end "
        "return (('x'):gsub('(x)', function() deep(n - 1, f) end)) end "
        "return function() deep(190, chain(1, function() "
        "deep(190, function() print('deep') end) end)) end",
        "deep\n");
}

static const struct test_case tests[] = {
    TEST(test_programs_with_coroutines_print_what_lua_prints),
    TEST(test_nesting_is_not_bounded_by_the_c_stack),
    TEST(test_nesting_where_lua_cannot_yield_ends_in_an_error),
    TEST(test_closes_inside_closes_go_hundreds_deep),
    TEST(test_closes_inside_closes_without_end_are_an_error),
    TEST(test_close_at_any_depth_runs),
};

TEST_MAIN("lua_coroutine")
