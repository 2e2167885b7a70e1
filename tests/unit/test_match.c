/* SPDX-License-Identifier: MIT */
/*
 * The string library of processes against the stock one, and its bounds.
 *
 * Both libraries stand in one state. Random patterns, well formed and not, go
 * through both, and results and error messages must be the same. The seed is
 * printed; TEST_SEED in the environment gives another (semantics G8, R6, H13).
 */

#include "harness.h"

#include "process_lua/text/lib_string.h"
#include "process_lua/value/error.h"

#include <inttypes.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ROUNDS       20000
#define MEMORY_LIMIT ((size_t)1000000)

/* compare(name, ...) calls a function of both; it returns what differs. */
static const char helper[] =
    "local stock, ours = ...\n"
    "local function show(...)\n"
    "  local all = table.pack(...)\n"
    "  for i = 1, all.n do\n"
    "    local ok, text = pcall(stock.format, '%q', all[i])\n"
    "    all[i] = ok and text or type(all[i])\n"
    "  end\n"
    "  return table.concat(all, ', ')\n"
    "end\n"
    /* Not tail calls, so that messages have the name and the place. */
    "local calls = setmetatable({\n"
    "  find = function(l, ...) return (show(l.find(...))) end,\n"
    "  match = function(l, ...) return (show(l.match(...))) end,\n"
    "  gsub = function(l, ...) return (show(l.gsub(...))) end,\n"
    "  gmatch = function(l, ...)\n"
    "    local all = {}\n"
    "    for a, b, c in l.gmatch(...) do\n"
    "      all[#all + 1] = show(a, b, c)\n"
    "      if #all > 500 then break end\n"
    "    end\n"
    "    return table.concat(all, '; ')\n"
    "  end,\n"
    "}, { __index = function(_, name)\n"
    "  return load('local show, l = ...; return function(_, ...) return (' ..\n"
    "    'show(l.' .. name .. '(...))) end', '=calls')\n"
    "end })\n"
    "function compare(name, ...)\n"
    "  local function call(l, ...)\n"
    "    local f = rawget(calls, name) or calls[name](show, l)\n"
    "    return show(pcall(f, l, ...))\n"
    "  end\n"
    "  local a, b = call(stock, ...), call(ours, ...)\n"
    "  if a ~= b then return name .. '(' .. show(...) ..\n"
    "    '): stock ' .. a .. ', ours ' .. b end\n"
    "end\n";

static uint64_t random_state;

static uint64_t
next_random(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

static void
seed_random(void)
{
    const char *text = getenv("TEST_SEED");

    random_state = text != NULL ? strtoull(text, NULL, 10) : 20261123;
    random_state += random_state == 0 ? 1 : 0;
    printf("seed %" PRIu64 " ", random_state);
}

/* The libraries ask whose state it is: nobody's. */
static lua_State *
bare_state(void)
{
    lua_State *L = luaL_newstate();

    memset(lua_getextraspace(L), 0, sizeof(void *));
    return L;
}

/* A state with `stock`, `ours` and compare(). */
static lua_State *
new_state(void)
{
    lua_State *L = bare_state();

    luaL_openlibs(L);
    CU_ASSERT_EQUAL_FATAL(luaL_loadstring(L, helper), LUA_OK);
    lua_getglobal(L, "string");
    lua_pushvalue(L, -1);
    lua_setglobal(L, "stock");
    kl__open_string(L, MEMORY_LIMIT);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "ours");
    CU_ASSERT_EQUAL_FATAL(lua_pcall(L, 2, 0, 0), LUA_OK);
    return L;
}

/* Calls compare() with the arguments on the stack above `name`. */
static void
compare(lua_State *L, int args)
{
    lua_getglobal(L, "compare");
    lua_insert(L, -2 - args);
    if (lua_pcall(L, args + 1, 1, 0) != LUA_OK || !lua_isnil(L, -1)) {
        printf("%s\n", lua_tostring(L, -1));
        CU_FAIL("the libraries differ");
    }
    lua_pop(L, 1);
}

/* Runs a chunk that is expected to return true. */
static void
expect_true(lua_State *L, const char *chunk)
{
    if (luaL_dostring(L, chunk) != LUA_OK || !lua_toboolean(L, -1)) {
        printf("%s\n-> %s\n", chunk, luaL_tolstring(L, -1, NULL));
        CU_FAIL("not true");
    }
    lua_settop(L, 0);
}

/* Pushes a text of up to `max` words from a list that ends in NULL. */
static void
push_words(lua_State *L, const char *const *words, uint64_t max)
{
    uint64_t count = next_random(max + 1);
    size_t words_len = 0;
    luaL_Buffer text;

    while (words[words_len] != NULL)
        words_len++;
    luaL_buffinit(L, &text);
    for (; count > 0; count--) {
        const char *word = words[next_random(words_len)];

        /* A list cannot hold a NUL: an underscore stands for it. */
        if (*word == '_')
            luaL_addchar(&text, '\0');
        else
            luaL_addstring(&text, word);
    }
    luaL_pushresult(&text);
}

static void
push_subject(lua_State *L, uint64_t max)
{
    static const char *const words[] = {"a", "b", "ab", "aab", "A", "1", "12",
        " ", "(", ")", "((a)b)", "]", "[", "^", "$", "%", "-", ".", "_", "\xe4",
        "\n", "a.b", "xyz", NULL};

    push_words(L, words, max);
}

static void
push_pattern(lua_State *L, uint64_t max)
{
    static const char *const sane[] = {"a", "b", "x", ".", "%a", "%d", "%s",
        "%w", "%A", "%p", "%x", "%u", "%l", "%c", "%g", "%.", "%%", "[ab]",
        "[^a]", "[%w_]", "[a-z]", "[]]", "[^]]", "[%a-]", "*", "+", "-", "?",
        "a*", "b+", ".-", "a?", ".*", "[ab]*", "%s*", "(", ")", "()", "(a)",
        "(.-)", "(%w+)", "(a*)", "%1", "%2", "%b()", "%bxy", "%f[%w]", "%f[^a]",
        "%z", "%Z", "$", "^", "_", "\xe4", NULL};
    static const char *const wild[] = {"%", "[", "]", "^", "$", "(", ")", "-",
        "*", "+", "?", ".", "a", "b", "1", "0", "9", "f", "z", "_", "%b", "%f",
        "%0", "%z", "[^", "a-", "-z", NULL};
    uint64_t kind = next_random(10);

    if (kind == 0)
        lua_pushliteral(L, "^");
    push_words(L, kind == 1 ? wild : sane, max);
    if (kind == 0)
        lua_concat(L, 2);
}

/*
 * A subject and a pattern. One of them is short: stock Lua has no budget, and
 * some long pattern over a long subject would keep it busy for hours.
 */
static void
push_texts(lua_State *L)
{
    bool is_long = next_random(4) == 0;

    push_subject(L, is_long ? 60 : 8);
    push_pattern(L, is_long ? 3 : 6);
}

/* A template, a table, a function, or what is none of them. */
static void
push_replacement(lua_State *L)
{
    static const char *const words[] = {
        "a", "<", ">", "%0", "%1", "%2", "%%", "%", "%x", "_", NULL};
    static const char *const values[] = {
        "return { a = 'x', ab = 1, b = false, ['1'] = 1.5, [1] = 'p', A = {} }",
        "return setmetatable({}, { __index = function(_, k) "
        "return k .. '!' end })",
        "return function(...) return select('#', ...) .. tostring(...) end",
        "return function(a) if a == 'b' then return {} end "
        "return a ~= 'a' and a end",
        "return function(a) error('stop ' .. a) end",
        "return 42",
        "return nil",
        "return true",
    };

    if (next_random(2) == 0)
        push_words(L, words, 5);
    else
        CU_ASSERT_EQUAL(luaL_dostring(L, values[next_random(8)]), LUA_OK);
}

/* A position, mostly near the text; sometimes none. */
static void
push_position(lua_State *L)
{
    switch (next_random(8)) {
    case 0:
        lua_pushinteger(L, LUA_MININTEGER);
        break;
    case 1:
        lua_pushinteger(L, LUA_MAXINTEGER);
        break;
    case 2:
    case 3:
    case 4:
        lua_pushnil(L);
        break;
    default:
        lua_pushinteger(L, (lua_Integer)next_random(24) - 12);
    }
}

static void
test_find_and_match_random_then_as_stock(void)
{
    lua_State *L = new_state();
    int i;

    seed_random();
    for (i = 0; i < ROUNDS; i++) {
        lua_pushstring(L, i % 2 == 0 ? "find" : "match");
        push_texts(L);
        push_position(L);
        lua_pushboolean(L, next_random(8) == 0);
        compare(L, 4);
    }
    lua_close(L);
}

static void
test_gmatch_random_then_as_stock(void)
{
    lua_State *L = new_state();
    int i;

    seed_random();
    for (i = 0; i < ROUNDS; i++) {
        lua_pushliteral(L, "gmatch");
        push_texts(L);
        push_position(L);
        compare(L, 3);
    }
    lua_close(L);
}

static void
test_gsub_random_then_as_stock(void)
{
    lua_State *L = new_state();
    int i;

    seed_random();
    for (i = 0; i < ROUNDS; i++) {
        lua_pushliteral(L, "gsub");
        push_texts(L);
        push_replacement(L);
        if (next_random(3) == 0)
            push_position(L);
        else
            lua_pushnil(L);
        compare(L, 4);
    }
    lua_close(L);
}

/* Each line is the arguments of compare(). */
static void
test_calls_odd_then_as_stock(void)
{
    static const char *const calls[] = {
        "'find'",
        "'find', 'a'",
        "'find', {}, 'a'",
        "'find', 'a', 'a', 'x'",
        "'find', 12, 2",
        "'find', 'abc', 'c', 3.0",
        "'find', 'abc', 'c', 3.5",
        "'find', 'abc', '', 4",
        "'find', 'abc', '', 5",
        "'find', ('a'):rep(1000) .. 'b', '(a*)b'",
        "'find', 'a)b', ')'",
        "'find', 'a\\0b', '\\0', 1, true",
        "'match', 'a', ('('):rep(33)",
        "'match', 'a', ('()'):rep(32)",
        "'match', 'a', ('()'):rep(33)",
        "'match', 'aaa', ('a?'):rep(198)",
        "'match', ('a'):rep(300), ('a?'):rep(199)",
        "'match', ('a'):rep(300), ('a?'):rep(200)",
        "'match', ('a'):rep(300), ('a-'):rep(199)",
        "'match', ('a'):rep(300), ('a-'):rep(200)",
        "'match', ('a'):rep(300), ('a*'):rep(201)",
        "'match', ('ab'):rep(300), ('a+b'):rep(199)",
        "'match', ('ab'):rep(300), ('a+b'):rep(200)",
        "'match', ('a'):rep(300), '(a)' .. ('a?'):rep(197)",
        "'match', ('a'):rep(300), '(a)' .. ('a?'):rep(198)",
        "'match', 'abc', '%'",
        "'match', 'abc', 'x%'",
        "'match', 'abc', '[a'",
        "'match', 'abc', 'x['",
        "'match', 'abc', '%f'",
        "'match', 'abc', '%b'",
        "'match', 'abc', '%bx'",
        "'match', 'abc', '(%1)'",
        "'match', 'abab', '(ab)%1'",
        "'match', 'aa', '()%1'",
        "'gmatch'",
        "'gmatch', 'a', nil",
        "'gmatch', 'abc', '^a'",
        "'gmatch', '^a^a', '^a'",
        "'gmatch', 'abc', '()', 2",
        "'gmatch', 123, 2",
        "'gsub', 'a', 'a'",
        "'gsub', 'a', 'a', {}, {}",
        "'gsub', 'a', 'a', nil, 1",
        "'gsub', 'hello world', 'o', { o = 0 }, 1",
        "'gsub', 'hello', '', '-'",
        "'gsub', 'hello', '^', '-'",
        "'gsub', 'abc', '%w', '%9'",
        "'gsub', 'abc', '%w', '%'",
        "'gsub', 'abc', '(%w)()', '%2'",
        "'gsub', 'abc', 'b', print ~= nil",
        "'rep', 'ab', 3",
        "'rep', 'ab', 3, ', '",
        "'rep', 'ab', 1, ', '",
        "'rep', 'ab', 2, ', '",
        "'rep', '', 3, ','",
        "'rep', 'x', 0",
        "'rep', 'x', -1",
        "'rep', 'x', 1000, 'yz'",
        "'rep', 5, '3'",
        "'rep', 'x'",
        "'rep', 'x', 1.5",
        "'rep'",
        "'len'",
        "'len', 12",
        "'sub', 'hello', 2, -2",
        "'sub', 'hello'",
        "'byte', 'hello', 1, -1",
        "'byte', {}",
        "'upper', 'abc'",
        "'lower', 'ABC'",
        "'lower', true",
        "'format', '%5.1f|%q', 1.25, 'x'",
        "'format', '%y', 1",
        "'format'",
        "'reverse', 'abc'",
        "'char', 65, 66",
        "'pack', '<i4', 7",
        "'unpack', '<i4', 'abcd'",
        "'packsize', '<i4i8'",
    };
    lua_State *L = new_state();
    size_t i;

    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        lua_pushfstring(
            L, "local d = compare(%s); return d == nil or error(d)", calls[i]);
        expect_true(L, lua_tostring(L, -1));
    }
    lua_close(L);
}

/* Each would run for seconds to years. */
static void
test_match_endless_then_too_complex(void)
{
    static const char *const calls[] = {
        "find, ('a'):rep(200), ('a*'):rep(12) .. 'b'",
        "match, ('a'):rep(200), ('a-'):rep(12) .. 'b'",
        "match, ('a'):rep(40), ('a?'):rep(40) .. ('a'):rep(40) .. 'b'",
        "find, ('a'):rep(300000), '.-b'",
        "find, ('a'):rep(300000), 'a*b'",
        "find, ('('):rep(300000), '%b()'",
        "gsub, ('('):rep(300000), '%b()', ''",
        "gsub, ('a'):rep(300000), 'a-b', ''",
        "find, ('a'):rep(300000), '[' .. ('b'):rep(300000) .. ']'",
        "find, ('a'):rep(300000), '%f[' .. ('b'):rep(300000) .. ']'",
        "find, ('a'):rep(300000), '(' .. ('a'):rep(9) .. '*)%1b'",
        "gsub, ('a'):rep(300000), '()', ('%%'):rep(300000), 1 << 40",
        "gsub, ('a'):rep(300000), '(x-)', ('%1'):rep(300000), 1 << 40",
        "next_of, ('a'):rep(300000), '.-b'",
    };
    lua_State *L = new_state();
    size_t i;

    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        lua_pushfstring(L,
            "local find, match, gsub = ours.find, ours.match, ours.gsub\n"
            "local function next_of(...) return ours.gmatch(...)() end\n"
            "local ok, text = pcall(%s)\n"
            "return not ok and text:find('pattern too complex$') or "
            "error(text)",
            calls[i]);
        expect_true(L, lua_tostring(L, -1));
    }
    lua_close(L);
}

/* What is merely large must not suffer from the bounds. */
static void
test_match_large_then_works(void)
{
    static const char *const chunks[] = {
        "return big:find('b') == #big",
        "return big:find('.*b') == 1",
        "return big:find('%s') == nil",
        "return big:find('[^a]') == #big",
        "return select(2, big:gsub('aaaa', '')) == #big // 4",
        "return select(2, big:gsub('%u', '')) == 0",
        "return #big:match('^(%l*)$') == #big",
        "return big:find(('a'):rep(500) .. 'c', 1, true) == nil",
        "local n = 0 for _ in big:gmatch('a+') do n = n + 1 end return n == 1",
    };
    lua_State *L = new_state();
    size_t i;

    expect_true(L, "getmetatable('').__index = ours\n"
                   "big = stock.rep('a', 1 << 20) .. 'b' return true");
    for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++)
        expect_true(L, chunks[i]);
    lua_close(L);
}

static void
test_rep_beyond_memory_limit_then_too_many(void)
{
    static const char *const counts[] = {"1000001", "1e18", "1 << 62"};
    static const char *const texts[] = {"''", "'', ''", "'abc'"};
    lua_State *L = new_state();
    size_t i;

    for (i = 0; i < 9; i++) {
        lua_pushfstring(L,
            "local text, sep = %s\n"
            "local ok, text = pcall(ours.rep, text, %s, sep)\n"
            "return not ok and text == 'too many elements'",
            texts[i / 3], counts[i % 3]);
        expect_true(L, lua_tostring(L, -1));
    }
    expect_true(L, "return ours.rep('', 1000000) == ''");
    expect_true(L, "return #ours.rep('a', 1000000) == 1000000");
    lua_close(L);
}

static int
show_error(lua_State *L)
{
    lua_pushliteral(L, "Disk Full");
    return 1;
}

static void
test_subject_error_object_then_its_message(void)
{
    static const char *const chunks[] = {
        "return ours.find(e, 'Full') == 6",
        "return ours.match(e, '%u%l+$') == 'Full'",
        "return ours.gmatch(e, '%a+')() == 'Disk'",
        "return ours.gsub(e, ' ', '_') == 'Disk_Full'",
        "return ours.gsub(e, 'x', '_') == 'Disk Full'",
        "return ours.sub(e, 1, 4) == 'Disk'",
        "return ours.len(e) == 9",
        "return ours.upper(e) == 'DISK FULL'",
        "return ours.lower(e) == 'disk full'",
        "return ours.rep(e, 2, '|') == 'Disk Full|Disk Full'",
        "return ours.byte(e) == 68",
        "return ours.format(e) == 'Disk Full'",
        "return not pcall(ours.len, io.stdout)",
        "return not pcall(ours.find, 'a', e)",
    };
    lua_State *L = new_state();
    size_t i;

    lua_newuserdatauv(L, 0, 0);
    luaL_newmetatable(L, KL_ERROR_TYPE);
    lua_pushcfunction(L, show_error);
    lua_setfield(L, -2, "__tostring");
    lua_setmetatable(L, -2);
    lua_setglobal(L, "e");
    for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++)
        expect_true(L, chunks[i]);
    lua_close(L);
}

static void
test_open_then_all_but_dump_and_no_metatable_touched(void)
{
    lua_State *L = bare_state();

    luaL_openlibs(L);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_setglobal(L, "before");
    lua_pop(L, 1);
    kl__open_string(L, MEMORY_LIMIT);
    lua_setglobal(L, "ours");
    expect_true(L, "return rawequal(getmetatable(''), before)");
    expect_true(L, "for name in pairs(string) do\n"
                   "  if (ours[name] == nil) ~= (name == 'dump') then\n"
                   "    return false\n"
                   "  end\n"
                   "end\n"
                   "for name in pairs(ours) do\n"
                   "  if string[name] == nil then return false end\n"
                   "end\n"
                   "return true");
    lua_close(L);

    L = bare_state();
    kl__open_string(L, 0);
    lua_pushliteral(L, "");
    CU_ASSERT_EQUAL(lua_getmetatable(L, -1), 0);
    lua_close(L);
}

static void
test_operators_then_strings_count(void)
{
    lua_State *L = bare_state();

    lua_pushliteral(L, "");
    kl__open_string_operators(L);
    lua_setmetatable(L, -2);
    lua_settop(L, 0);
    expect_true(L, "return '10' + 1 == 11 and -'2' == -2 and '7' // 2 == 3");
    kl__open_string_operators(L);
    CU_ASSERT_EQUAL(lua_getfield(L, 1, "__index"), LUA_TNIL);
    lua_close(L);
}

static const struct test_case tests[] = {
    TEST(test_find_and_match_random_then_as_stock),
    TEST(test_gmatch_random_then_as_stock),
    TEST(test_gsub_random_then_as_stock),
    TEST(test_calls_odd_then_as_stock),
    TEST(test_match_endless_then_too_complex),
    TEST(test_match_large_then_works),
    TEST(test_rep_beyond_memory_limit_then_too_many),
    TEST(test_subject_error_object_then_its_message),
    TEST(test_open_then_all_but_dump_and_no_metatable_touched),
    TEST(test_operators_then_strings_count),
};

TEST_MAIN("match")
