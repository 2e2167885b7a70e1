/* SPDX-License-Identifier: MIT */
/*
 * Lua values to terms and back, without a process around them.
 *
 * (semantics M8 to M11, R3, R5)
 */

#include "harness.h"

#include "process_lua/value/error.h"
#include "process_lua/value/value.h"

#include <kindred/kindred.h>
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>
#include <time.h>

/* Compares raw and by subtype: 1 is not 1.0. */
static const char same_source[] =
    "local function same(a, b)\n"
    "  if math.type(a) ~= math.type(b) or type(a) ~= type(b) then\n"
    "    return false\n"
    "  end\n"
    "  if type(a) ~= 'table' then return a == b or (a ~= a and b ~= b) end\n"
    "  for k, v in next, a do\n"
    "    if not same(v, rawget(b, k)) then return false end\n"
    "  end\n"
    "  for k in next, b do\n"
    "    if rawget(a, k) == nil then return false end\n"
    "  end\n"
    "  return true\n"
    "end\n"
    "return same\n";

static lua_State *
open_state(void)
{
    lua_State *L = luaL_newstate();

    memset(lua_getextraspace(L), 0, sizeof(void *));
    luaL_openlibs(L);
    kl__open_errors(L);
    lua_setglobal(L, "errors");
    CU_ASSERT_EQUAL_FATAL(luaL_dostring(L, same_source), LUA_OK);
    lua_setglobal(L, "same");
    return L;
}

static void
eval(lua_State *L, const char *expression)
{
    lua_pushfstring(L, "return %s", expression);
    if (luaL_dostring(L, lua_tostring(L, -1)) != LUA_OK) {
        printf("%s: %s\n", expression, lua_tostring(L, -1));
        CU_FAIL_FATAL("the test's own Lua code is wrong");
    }
    lua_remove(L, -2);
}

/* Whether a value comes back as it is. */
static int
survives(lua_State *L)
{
    int top = lua_gettop(L);
    kd_writer w = {0};
    kd_reader r;
    int same = 0;

    if (kl__value_write(L, top, "args[1]", &w) == 0) {
        r = kd_reader_make(w.data, w.len);
        lua_getglobal(L, "same");
        lua_pushvalue(L, top);
        if (kl__value_read(L, &r) == 0 && r.at == r.end) {
            lua_call(L, 2, 1);
            same = lua_toboolean(L, -1);
        }
    }
    kd_writer_free(&w);
    lua_settop(L, top);
    return same;
}

static int
round_trip(const char *expression)
{
    lua_State *L = open_state();
    int same;

    eval(L, expression);
    same = survives(L);
    if (!same)
        printf("lost: %s\n", expression);
    lua_close(L);
    return same;
}

/* Evaluates a list of values and says why it is refused, or "sent". */
static const char *
refusal(const char *values)
{
    static char text[8192];
    lua_State *L = open_state();
    kd_writer w = {0};
    int status;

    lua_pushfstring(L, "return %s", values);
    CU_ASSERT_EQUAL_FATAL(luaL_loadstring(L, lua_tostring(L, -1)), LUA_OK);
    lua_replace(L, 1);
    lua_call(L, 0, LUA_MULTRET);
    status = kl__value_write_args(L, 1, lua_gettop(L), &w);
    snprintf(
        text, sizeof(text), "%s", status == 0 ? "sent" : lua_tostring(L, -1));
    kd_writer_free(&w);
    lua_close(L);
    return text;
}

static void
test_scalar_when_sent_then_comes_back(void)
{
    static const char *const values[] = {"nil", "true", "false", "0", "-1",
        "127", "128", "255", "256", "65535", "65536", "4294967295",
        "4294967296", "-32", "-33", "-128", "-129", "-32768", "-32769",
        "-2147483648", "-2147483649", "math.maxinteger", "math.mininteger",
        "0.0", "1.0", "-0.5", "1e300", "math.huge", "-math.huge", "0/0", "''",
        "'a'", "('x'):rep(31)", "('x'):rep(32)", "('x'):rep(255)",
        "('x'):rep(256)", "('x'):rep(65536)", "'\\0\\255\\0'"};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        CU_ASSERT(round_trip(values[i]));
}

static void
test_table_when_sent_then_comes_back(void)
{
    static const char *const values[] = {"{}", "{1}", "{1, 2, 3}", "{{}, {{}}}",
        "{a = 1}", "{[1] = 1, [3] = 3}", "{1, 2, nil, 4}", "{1, 2, x = 3}",
        "{[true] = 1, [false] = 0}", "{[1.5] = 'f'}",
        "{[-1] = 1, [0] = 0, [1] = 1}", "{[2^53] = 1}",
        "(function() local t = {} for i = 20, 1, -1 do t[i] = i end return t "
        "end)()",
        "(function() local t = {} for i = 1, 70000 do t[i] = i end return t "
        "end)()",
        "(function() local t = {} for i = 1, 15 do t['k' .. i] = i end return "
        "t end)()",
        "(function() local t = {} for i = 1, 16 do t['k' .. i] = {i} end "
        "return t end)()",
        "(function() local t = {} for i = 1, 70000 do t['k' .. i] = i end "
        "return t end)()",
        "{[math.maxinteger] = 1, 1, 2}"};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        CU_ASSERT(round_trip(values[i]));
}

/*
 * As the common format has it, other languages see a list as a list (semantics
 * M9).
 */
static void
test_table_when_keys_are_1_to_n_then_is_array(void)
{
    static const struct {
        const char *value;
        unsigned head;
    } cases[] = {{"{}", 0x90}, {"{1, 2}", 0x92}, {"{a = 1}", 0x81},
        {"{[2] = 1}", 0x81}, {"{1, x = 2}", 0x82},
        {"{[3] = 3, [2] = 2, [1] = 1}", 0x93}};
    kd_writer w = {0};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        lua_State *L = open_state();

        eval(L, cases[i].value);
        w.len = 0;
        CU_ASSERT_EQUAL(kl__value_write(L, -1, "x", &w), 0);
        CU_ASSERT_EQUAL(w.data[0], cases[i].head);
        lua_close(L);
    }
    kd_writer_free(&w);
}

/* Raw; a table that is reached twice is copied twice (semantics M9). */
static void
test_table_when_it_has_a_metatable_then_is_read_raw(void)
{
    lua_State *L = open_state();
    kd_writer w = {0};
    kd_reader r;

    eval(L, "setmetatable({a = 1}, {__index = error, __pairs = error, "
            "__len = error, __name = 'x', __tostring = error})");
    CU_ASSERT_EQUAL_FATAL(kl__value_write(L, -1, "x", &w), 0);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL_FATAL(kl__value_read(L, &r), 0);
    CU_ASSERT_FALSE(lua_getmetatable(L, -1));
    lua_getfield(L, -1, "a");
    CU_ASSERT_EQUAL(lua_tointeger(L, -1), 1);

    w.len = 0;
    eval(L, "(function() local t = {1} return {t, t} end)()");
    CU_ASSERT_EQUAL_FATAL(kl__value_write(L, -1, "x", &w), 0);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL_FATAL(kl__value_read(L, &r), 0);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    CU_ASSERT_FALSE(lua_rawequal(L, -1, -2));
    kd_writer_free(&w);
    lua_close(L);
}

static void
test_value_when_it_cannot_travel_then_sentence_has_its_path(void)
{
    CU_ASSERT_STRING_EQUAL(
        refusal("print"), "cannot send a function (at args[1])");
    CU_ASSERT_STRING_EQUAL(refusal("1, {callback = print}"),
        "cannot send a function (at args[2].callback)");
    CU_ASSERT_STRING_EQUAL(refusal("{['a b'] = {print}}"),
        "cannot send a function (at args[1][\"a b\"][1])");
    CU_ASSERT_STRING_EQUAL(refusal("{1, 2, {x = coroutine.create(print)}}"),
        "cannot send a thread (at args[1][3].x)");
    CU_ASSERT_STRING_EQUAL(refusal("{[7] = {[1.5] = {[true] = print}}}"),
        "cannot send a function (at args[1][7][1.5][true])");
    CU_ASSERT_STRING_EQUAL(
        refusal("{[''] = print}"), "cannot send a function (at args[1][\"\"])");
    CU_ASSERT_STRING_EQUAL(refusal("{['a\"\\n'] = print}"),
        "cannot send a function (at args[1][\"a\\\"\\x0a\"])");
    CU_ASSERT_STRING_EQUAL(refusal("{x = {[{}] = 1}}"),
        "cannot send a table as key (at args[1].x)");
    CU_ASSERT_STRING_EQUAL(
        refusal("{[print] = 1}"), "cannot send a function as key (at args[1])");
    CU_ASSERT_STRING_EQUAL(
        refusal("nil, nil, io.stdout"), "cannot send a FILE* (at args[3])");
    CU_ASSERT_STRING_EQUAL(
        refusal("(function() local t = {} t.a = {t} return t end)()"),
        "cannot send a cycle (at args[1].a[1])");
    CU_ASSERT_STRING_EQUAL(refusal("1, nil, 'x', {}"), "sent");
}

/* `levels` tables, each in the one before. */
static const char *
nested(int levels)
{
    static char source[256];

    snprintf(source, sizeof(source),
        "(function() local t = {} for i = 2, %d do t = {a = t} end return t "
        "end)()",
        levels);
    return source;
}

static void
test_table_when_64_levels_deep_then_passes(void)
{
    const char *text;

    CU_ASSERT(round_trip(nested(64)));
    CU_ASSERT_STRING_EQUAL(refusal(nested(64)), "sent");
    text = refusal(nested(65));
    CU_ASSERT_PTR_EQUAL(
        strstr(text,
            "cannot send a value nested deeper than 64 levels (at args[1].a"),
        text);
}

/* 2^60 tables if it were let. */
static void
test_table_when_shared_beyond_measure_then_stops_at_the_limit(void)
{
    const char *text = refusal("(function() local t = {1} for i = 1, 60 do t "
                               "= {t, t} end return t end)()");

    CU_ASSERT_PTR_NOT_NULL(strstr(text, "message too large: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "(limit 16777216)"));
}

/* The same within Errors, whose details are dropped when they are refused. */
static void
test_error_when_details_are_refused_again_and_again_then_stops(void)
{
    const char *text = refusal(
        "(function() local e = errors.new{message = 'x', details = {print}} "
        "for i = 1, 60 do e = errors.new{message = 'x', "
        "details = {e, e, print}} end return e end)()");

    CU_ASSERT_PTR_NOT_NULL(strstr(text, "message too large: "));
}

static void
test_integer_when_beyond_63_bits_then_reads_as_float(void)
{
    static const unsigned char term[] = {
        0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    lua_State *L = open_state();
    kd_reader r = kd_reader_make(term, sizeof(term));

    CU_ASSERT_EQUAL(kl__value_read(L, &r), 0);
    CU_ASSERT_FALSE(lua_isinteger(L, -1));
    CU_ASSERT_EQUAL(lua_tonumber(L, -1), 18446744073709551616.0);
    lua_close(L);
}

/* Also at the end (semantics M9). */
static void
test_args_when_some_are_nil_then_place_and_count_stay(void)
{
    lua_State *L = open_state();
    kd_writer w = {0};
    kd_payload args;
    int top;

    lua_pushnil(L);
    lua_pushinteger(L, 7);
    lua_pushnil(L);
    CU_ASSERT_EQUAL(kl__value_write_args(L, 1, 3, &w), 0);
    args = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    top = lua_gettop(L);
    CU_ASSERT_EQUAL(kl__value_read_args(L, &args), 3);
    CU_ASSERT_EQUAL(lua_gettop(L), top + 3);
    CU_ASSERT(lua_isnil(L, -1));
    CU_ASSERT_EQUAL(lua_tointeger(L, -2), 7);
    CU_ASSERT(lua_isnil(L, -3));

    lua_settop(L, 0);
    w.len = 0;
    CU_ASSERT_EQUAL(kl__value_write_args(L, 1, 0, &w), 0);
    args = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    CU_ASSERT_EQUAL(kl__value_read_args(L, &args), 0);
    args = kd_payload_none();
    CU_ASSERT_EQUAL(kl__value_read_args(L, &args), 0);
    kd_writer_free(&w);
    lua_close(L);
}

/* And its details in turn, Errors in them included (semantics M8, R3). */
static void
test_error_when_sent_then_comes_back_whole(void)
{
    lua_State *L = open_state();
    kd_writer w = {0};
    kd_reader r;

    eval(L, "errors.new{message = 'm', kind = 'Timeout', retryable = true, "
            "details = {1, 2, inner = errors.new('i')}}");
    lua_setglobal(L, "before");
    lua_getglobal(L, "before");
    CU_ASSERT_EQUAL_FATAL(kl__value_write(L, -1, "x", &w), 0);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL_FATAL(kl__value_read(L, &r), 0);
    lua_setglobal(L, "after");
    CU_ASSERT_EQUAL(luaL_dostring(L, "assert(after:message() == 'm')\n"
                                     "assert(after:kind() == 'Timeout')\n"
                                     "assert(after:retryable() == true)\n"
                                     "assert(after:stack() == before:stack())\n"
                                     "local d = after:details()\n"
                                     "assert(d[1] == 1 and d[2] == 2)\n"
                                     "assert(d.inner:message() == 'i')\n"
                                     "assert(d.inner:kind() == '')\n"
                                     "assert(d.inner:retryable() == nil)\n"
                                     "assert(d.inner:details() == nil)\n"
                                     "assert(after ~= before)\n"),
        LUA_OK);
    kd_writer_free(&w);
    lua_close(L);
}

/* (semantics R5) */
static void
test_error_when_details_cannot_travel_then_they_are_dropped(void)
{
    lua_State *L = open_state();
    kd_writer w = {0};
    kd_reader r;

    eval(L, "(function() local d = {} local e = errors.new{message = 'm', "
            "details = d} d.self = e d.f = print return {e, 'after'} end)()");
    CU_ASSERT_EQUAL_FATAL(kl__value_write(L, -1, "x", &w), 0);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL_FATAL(kl__value_read(L, &r), 0);
    lua_setglobal(L, "got");
    CU_ASSERT_EQUAL(luaL_dostring(L, "local details = got[1]:details()\n"
                                     "assert(details.f == nil)\n"
                                     "assert(details.self:message() == 'm')\n"
                                     "assert(not details.self:details())\n"
                                     "assert(got[1]:message() == 'm')\n"
                                     "assert(got[2] == 'after')"),
        LUA_OK);
    kd_writer_free(&w);
    lua_close(L);
}

/* What a raised value becomes, as `kind:message` (semantics X1). */
static const char *
failure(const char *expression, const char *stack)
{
    static char text[512];
    lua_State *L = open_state();
    kd_writer w = {0};
    kd_reader r;
    int top;

    eval(L, expression);
    top = lua_gettop(L);
    kl__error_write(L, -1, stack, &w);
    CU_ASSERT_EQUAL(lua_gettop(L), top);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL_FATAL(kl__value_read(L, &r), 0);
    lua_setglobal(L, "e");
    eval(L, "e:kind() .. ':' .. e:message() .. ':' .. "
            "tostring(e:retryable()) .. ':' .. e:stack()");
    snprintf(text, sizeof(text), "%s", lua_tostring(L, -1));
    kd_writer_free(&w);
    lua_close(L);
    return text;
}

static void
test_failure_when_written_then_is_an_error_of_some_kind(void)
{
    CU_ASSERT_STRING_EQUAL(
        failure("'text'", "trace"), "Internal:text:nil:trace");
    CU_ASSERT_STRING_EQUAL(failure("42", "trace"), "Internal:42:nil:trace");
    CU_ASSERT_STRING_EQUAL(failure("nil", "trace"), "Internal:nil:nil:trace");
    CU_ASSERT_STRING_EQUAL(
        failure("setmetatable({}, {__tostring = function() return 'mine' "
                "end})",
            "trace"),
        "Internal:mine:nil:trace");
    CU_ASSERT_STRING_EQUAL(
        failure("setmetatable({}, {__tostring = function() error('x') end})",
            "trace"),
        "Internal:(error object is a table value):nil:trace");
    CU_ASSERT_PTR_NOT_NULL(
        strstr(failure("errors.new{message = 'm', kind = 'Conflict', "
                       "retryable = false}",
                   "trace"),
            "Conflict:m:false:stack traceback:"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(failure("errors.new('m')", NULL), "Internal:m:nil:"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(failure("'m'", NULL), "Internal:m:nil:stack traceback:"));
}

/* --- Random values and random bytes ------------------------------------- */

static uint64_t state;

static uint32_t
random_below(uint32_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

static void
push_random_scalar(lua_State *L, int is_key)
{
    char text[300];
    size_t len;

    switch (random_below(is_key ? 4 : 5)) {
    case 0:
        lua_pushboolean(L, (int)random_below(2));
        return;
    case 1:
        lua_pushinteger(L, (lua_Integer)(state >> random_below(64)));
        return;
    case 2:
        lua_pushnumber(L, (double)(int32_t)random_below(1u << 31) / 64);
        return;
    case 3:
        len = random_below(random_below(4) == 0 ? 300 : 12);
        for (size_t i = 0; i < len; i++)
            text[i] = (char)random_below(256);
        lua_pushlstring(L, text, len);
        return;
    default:
        lua_pushnil(L);
    }
}

static void
push_random(lua_State *L, int depth)
{
    uint32_t count = random_below(12);

    luaL_checkstack(L, 8, NULL);
    if (depth == 0 || random_below(3) == 0) {
        push_random_scalar(L, 0);
        return;
    }
    lua_newtable(L);
    if (random_below(2) == 0) {
        for (uint32_t i = 1; i <= count; i++) {
            push_random(L, depth - 1);
            lua_rawseti(L, -2, (lua_Integer)i);
        }
        if (random_below(3) > 0)
            return;
    }
    while (count-- > 0) {
        push_random_scalar(L, 1);
        push_random(L, depth - 1);
        lua_rawset(L, -3);
    }
}

static void
seed(void)
{
    const char *text = getenv("SEED");

    state = text == NULL ? (uint64_t)time(NULL) * 2654435761u
                         : strtoull(text, NULL, 0);
    state |= 1;
    printf("(seed %llu) ", (unsigned long long)state);
}

static void
test_random_value_when_sent_then_comes_back(void)
{
    lua_State *L = open_state();
    int lost = 0;

    seed();
    for (int i = 0; i < 3000; i++) {
        push_random(L, (int)random_below(6));
        lost += !survives(L);
        lua_settop(L, 0);
    }
    CU_ASSERT_EQUAL(lost, 0);
    lua_close(L);
}

/* Nothing more is asked than that it ends, with a balanced stack. */
static void
read_junk(lua_State *L, const unsigned char *data, size_t len)
{
    int top = lua_gettop(L);
    /* A copy of the exact length, so that a sanitizer sees a byte too far. */
    unsigned char *exact = (unsigned char *)malloc(len + 1);
    kd_reader r;
    kd_payload args;
    int n;

    CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
    exact = (unsigned char *)realloc(exact, len == 0 ? 1 : len);
    memcpy(exact, data, len);
    r = kd_reader_make(exact, len);
    n = kl__value_read(L, &r);
    CU_ASSERT_EQUAL(lua_gettop(L), n == 0 ? top + 1 : top);
    lua_settop(L, top);
    args = kd_payload_make(KD_FORMAT_TERM, exact, len);
    n = kl__value_read_args(L, &args);
    CU_ASSERT_EQUAL(lua_gettop(L), n < 0 ? top : top + n);
    lua_settop(L, top);
    kl__error_read(L, exact, len);
    CU_ASSERT(kl__error_is(L, -1));
    lua_settop(L, top);
    free(exact);
}

static void
test_term_when_malformed_then_nothing_breaks(void)
{
    lua_State *L = open_state();
    unsigned char junk[128];
    kd_writer w = {0};

    seed();
    for (int i = 0; i < 20000; i++) {
        size_t len = random_below(sizeof(junk));

        for (size_t at = 0; at < len; at++)
            junk[at] = (unsigned char)random_below(256);
        read_junk(L, junk, len);
    }
    for (int i = 0; i < 300; i++) {
        w.len = 0;
        lua_settop(L, 0);
        push_random(L, 4);
        eval(L, "errors.new{message = 'm', details = {a = {1, 2}}}");
        lua_createtable(L, 2, 0);
        lua_insert(L, 1);
        lua_rawseti(L, 1, 2);
        lua_rawseti(L, 1, 1);
        CU_ASSERT_EQUAL_FATAL(kl__value_write(L, 1, "x", &w), 0);
        for (int change = 0; change < 20 && w.len > 0; change++) {
            w.data[random_below((uint32_t)w.len)] =
                (unsigned char)random_below(256);
            read_junk(L, w.data, random_below((uint32_t)w.len + 1));
        }
    }
    kd_writer_free(&w);
    lua_close(L);
}

static void
test_term_when_nested_beyond_all_bounds_then_is_refused(void)
{
    static unsigned char deep[100000];
    static const unsigned char nan_key[] = {
        0x81, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0, 0x01};
    static const unsigned char nil_key[] = {0x81, 0xc0, 0x01};
    static const unsigned char huge[] = {0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0};
    lua_State *L = open_state();
    kd_reader r;

    memset(deep, 0x91, sizeof(deep));
    r = kd_reader_make(deep, sizeof(deep));
    CU_ASSERT_EQUAL(kl__value_read(L, &r), -1);
    r = kd_reader_make(nan_key, sizeof(nan_key));
    CU_ASSERT_EQUAL(kl__value_read(L, &r), -1);
    r = kd_reader_make(nil_key, sizeof(nil_key));
    CU_ASSERT_EQUAL(kl__value_read(L, &r), -1);
    r = kd_reader_make(huge, sizeof(huge));
    CU_ASSERT_EQUAL(kl__value_read(L, &r), -1);
    CU_ASSERT_EQUAL(lua_gettop(L), 0);
    lua_close(L);
}

static const struct test_case tests[] = {
    TEST(test_scalar_when_sent_then_comes_back),
    TEST(test_table_when_sent_then_comes_back),
    TEST(test_table_when_keys_are_1_to_n_then_is_array),
    TEST(test_table_when_it_has_a_metatable_then_is_read_raw),
    TEST(test_value_when_it_cannot_travel_then_sentence_has_its_path),
    TEST(test_table_when_64_levels_deep_then_passes),
    TEST(test_table_when_shared_beyond_measure_then_stops_at_the_limit),
    TEST(test_error_when_details_are_refused_again_and_again_then_stops),
    TEST(test_integer_when_beyond_63_bits_then_reads_as_float),
    TEST(test_args_when_some_are_nil_then_place_and_count_stay),
    TEST(test_error_when_sent_then_comes_back_whole),
    TEST(test_error_when_details_cannot_travel_then_they_are_dropped),
    TEST(test_failure_when_written_then_is_an_error_of_some_kind),
    TEST(test_random_value_when_sent_then_comes_back),
    TEST(test_term_when_malformed_then_nothing_breaks),
    TEST(test_term_when_nested_beyond_all_bounds_then_is_refused),
};

TEST_MAIN("lua_value")
