/* SPDX-License-Identifier: MIT */
/*
 * The table library of processes against the stock one, and its bounds.
 *
 * A chunk sees `t`, the library under test, and `log`, to which tables that are
 * made by spy() write each access. Values, messages and accesses must be those
 * of the stock library (semantics G8).
 */

#include "harness.h"

#include "process_lua/modules/lib_table.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

/* run(library, chunk) returns everything that can be seen, as text. */
static const char helper[] =
    "function run(library, chunk)\n"
    "  local log = {}\n"
    "  local function note(...)\n"
    "    local all = table.pack(...)\n"
    "    for i = 1, all.n do\n"
    "      local v = all[i]\n"
    "      all[i] = type(v) == 'table' and 'table' or tostring(v)\n"
    "    end\n"
    "    log[#log + 1] = table.concat(all, ' ')\n"
    "  end\n"
    "  local function spy(len, data)\n"
    "    return setmetatable({}, {\n"
    "      __len = function() note('len') return len end,\n"
    "      __index = function(_, k) note('get', k) return data[k] end,\n"
    "      __newindex = function(_, k, v) note('set', k, v) data[k] = v end,\n"
    "    })\n"
    "  end\n"
    "  local env = setmetatable({ t = library, spy = spy }, { __index = _G })\n"
    "  local f = assert(load(chunk, '=chunk', 't', env))\n"
    "  note(pcall(f))\n"
    "  return table.concat(log, '\\n')\n"
    "end\n";

/* The libraries ask whose state it is: nobody's. */
static lua_State *
bare_state(void)
{
    lua_State *L = luaL_newstate();

    memset(lua_getextraspace(L), 0, sizeof(void *));
    return L;
}

static lua_State *
new_state(void)
{
    lua_State *L = bare_state();

    luaL_openlibs(L);
    CU_ASSERT_EQUAL_FATAL(luaL_dostring(L, helper), LUA_OK);
    kl__open_table(L);
    lua_setglobal(L, "ours");
    return L;
}

/* Leaves on the stack what a chunk shows with a library. */
static const char *
run(lua_State *L, const char *library, const char *chunk)
{
    lua_getglobal(L, "run");
    lua_getglobal(L, library);
    lua_pushstring(L, chunk);
    if (lua_pcall(L, 2, 1, 0) != LUA_OK)
        CU_FAIL("the chunk does not compile");
    return lua_tostring(L, -1);
}

static void
test_calls_then_as_stock(void)
{
    static const char *const chunks[] = {
        "local a = { 1, 2 } t.insert(a, 3) t.insert(a, 1, 0) "
        "return t.concat(a, ',')",
        "local a = { 1, 2 } t.insert(a, 3, 9) return t.concat(a, ',')",
        "t.insert({ 1, 2 }, 4, 9)",
        "t.insert({ 1, 2 }, 0, 9)",
        "t.insert({ 1, 2 }, 1.5, 9)",
        "t.insert({ 1, 2 })",
        "t.insert({ 1, 2 }, 1, 2, 3)",
        "t.insert(nil, 1)",
        "t.insert('text', 1)",
        "t.insert(setmetatable({}, { __len = function() return 'x' end }), 1)",
        "t.insert(spy(3, { 'a', 'b', 'c' }), 2, 'x')",
        "t.insert(spy(3, { 'a', 'b', 'c' }), 'x')",
        "t.insert(spy(math.maxinteger, {}), 'x')",
        "t.insert(spy(math.maxinteger, {}), 1, 'x')",
        "t.insert(spy(-5, {}), 'x')",
        "t.insert(spy(-5, {}), -4, 'x')",
        "local a = { 1, 2, 3 } return t.remove(a), t.remove(a, 1), #a, a[1]",
        "return t.remove({}), t.remove({}, 0), t.remove({}, 1)",
        "return t.remove({}, 2)",
        "return t.remove({ 1 }, 0)",
        "return t.remove({ 1 }, 2)",
        "return t.remove({ 1 }, 3)",
        "return t.remove({ 1, 2 }, nil)",
        "return t.remove()",
        "return t.remove(spy(3, { 'a', 'b', 'c' }))",
        "return t.remove(spy(3, { 'a', 'b', 'c' }), 1)",
        "return t.remove(spy(3, { 'a', 'b', 'c' }), 4)",
        "return t.remove(spy(math.maxinteger, {}))",
        "return t.remove(spy(-5, {}))",
        "return t.concat(t.move({ 1, 2, 3 }, 1, 3, 2), ',')",
        "return t.concat(t.move({ 1, 2, 3 }, 2, 3, 1), ',')",
        "return t.concat(t.move({ 1, 2, 3 }, 1, 3, 1, {}), ',')",
        "return t.move({ 1, 2, 3 }, 1, 0, 5)",
        "return t.move({}, 1, 2, math.maxinteger)",
        "return t.move({}, 1, 2, math.maxinteger - 1)",
        "return t.move({}, math.maxinteger, math.maxinteger, 1)",
        "return t.move({}, math.mininteger, math.mininteger + 1, 1)",
        "return t.move({}, 1, 2)",
        "return t.move({}, 1, 2, 3, 4)",
        "return t.move(1, 1, 2, 3)",
        "local a = spy(0, { 'a', 'b' }) t.move(a, 1, 2, 2)",
        "local a = spy(0, { 'a', 'b' }) t.move(a, 1, 2, 2, spy(0, {}))",
        "return t.concat({})",
        "return t.concat({ 1, 2.5, 'x' }, '\\0-')",
        "return t.concat({ 1, 2, 3 }, ',', 2)",
        "return t.concat({ 1, 2, 3 }, ',', 2, 3)",
        "return t.concat({ 1, 2, 3 }, ',', 3, 2)",
        "return t.concat({ 1, 2, 3 }, 7)",
        "return t.concat({ 1, {}, 3 })",
        "return t.concat({ 1 }, ',', 1, 2)",
        "return t.concat({ 1 }, {})",
        "return t.concat({ 1 }, ',', 'x')",
        "return t.concat(5)",
        "return t.concat(spy(2, { 'a', 'b' }), ',')",
        "return t.concat(spy(2, { 'a', 'b' }), ',', 2, 2)",
        "return t.concat({ [math.maxinteger] = 'm' }, ',', math.maxinteger, "
        "math.maxinteger)",
        "return t.unpack({ 1, 2, nil, 4 }, 1, 4)",
        "return t.unpack({ 1, 2 })",
        "return t.unpack({ 1, 2 }, 2)",
        "return t.unpack({ 1, 2 }, 3)",
        "return t.unpack({ 1, 2 }, -1, 1)",
        "return t.unpack({}, 1, 5000000)",
        "return t.unpack({}, math.maxinteger, math.maxinteger)",
        "return t.unpack({}, math.maxinteger, math.mininteger)",
        "return t.unpack('abc', 1, 1)",
        "return t.unpack(5)",
        "return t.unpack({}, 'x')",
        "return t.unpack({}, 1, 'x')",
        "return t.unpack(spy(2, { 'a', 'b' }))",
        "return t.unpack(spy(2, { 'a', 'b' }), 1, 1)",
        "local p = t.pack(1, nil, 3) return p.n, p[3]",
        "local a = { 3, 1, 2 } t.sort(a) return t.concat(a)",
        "t.sort({ 1, 'x' })",
    };
    lua_State *L = new_state();
    size_t i;

    for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
        const char *stock = run(L, "table", chunks[i]);
        const char *ours = run(L, "ours", chunks[i]);

        if (strcmp(stock, ours) != 0)
            printf("%s\n-- stock: %s\n-- ours: %s\n", chunks[i], stock, ours);
        CU_ASSERT_STRING_EQUAL(stock, ours);
        lua_settop(L, 0);
    }
    lua_close(L);
}

/* Each would run from seconds to centuries. */
static void
test_calls_over_the_bound_then_too_many_elements(void)
{
    static const char *const chunks[] = {
        "t.insert(setmetatable({}, { __len = function() "
        "return 1 << 60 end }), 1, 'x')",
        "t.remove(setmetatable({}, { __len = function() "
        "return 1 << 60 end }), 1)",
        "t.concat(setmetatable({}, { __len = function() "
        "return 1 << 60 end, __index = function() return '' end }))",
        "t.unpack(setmetatable({}, { __len = function() "
        "return 1 << 60 end }))",
        "t.insert(setmetatable({}, { __len = function() "
        "return 10000001 end }), 1, 'x')",
        "t.remove(setmetatable({}, { __len = function() "
        "return 10000001 end }), 1)",
        "t.move({}, 1, math.maxinteger - 1, 2)",
        "t.move({}, 1, math.maxinteger, 2)",
        "t.move({}, math.mininteger, math.maxinteger, 2)",
        "t.move({}, 1, 10000001, 2)",
        "t.move({}, 1, 10000001, 2, {})",
        "t.concat({}, '', 1, math.maxinteger)",
        "t.concat({}, '', math.mininteger, math.maxinteger)",
        "t.unpack({}, 1, math.maxinteger)",
        "t.unpack({}, math.mininteger, math.maxinteger)",
        "t.unpack({}, 1, 10000001)",
    };
    lua_State *L = new_state();
    size_t i;

    for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
        CU_ASSERT_STRING_EQUAL(
            run(L, "ours", chunks[i]), "false chunk:1: too many elements");
        lua_settop(L, 0);
    }
    lua_close(L);
}

static void
test_calls_at_the_bound_then_work(void)
{
    static const char *const chunks[] = {
        "t.move({ 'x' }, 1, 10000000, 2)",
        "t.insert(setmetatable({}, { __len = function() "
        "return 10000000 end }), 1, 'x')",
        "t.remove(setmetatable({}, { __len = function() "
        "return 10000000 end }), 1)",
    };
    lua_State *L = new_state();
    size_t i;

    for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
        CU_ASSERT_STRING_EQUAL(run(L, "ours", chunks[i]), "true");
        lua_settop(L, 0);
    }
    lua_close(L);
}

static void
test_open_then_the_same_names(void)
{
    static const char chunk[] =
        "for k in pairs(t) do if not table[k] then return k end end "
        "for k in pairs(table) do if not t[k] then return k end end "
        "return 'same'";
    lua_State *L = new_state();

    CU_ASSERT_STRING_EQUAL(run(L, "ours", chunk), "true same");
    lua_close(L);
}

static const struct test_case tests[] = {
    TEST(test_calls_then_as_stock),
    TEST(test_calls_over_the_bound_then_too_many_elements),
    TEST(test_calls_at_the_bound_then_work),
    TEST(test_open_then_the_same_names),
};

TEST_MAIN("lib_table")
