/* SPDX-License-Identifier: MIT */
/*
 * Patterns: a line of pattern, then a subject, through our matcher and the Lua
 * library's. Both find the same, or the first says that it is too complex.
 */

#include "fuzz.h"

#include "process_lua/text/lib_string.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

/* More than this takes the stock library too long on bad patterns. */
#define SUBJECT_MAX 64
#define PATTERN_MAX 24
#define TRIES_MAX   ((size_t)20000000)
/* What bounds the copies that a gsub makes. */
#define MEMORY_LIMIT ((size_t)1000000)

static const char compare_source[] =
    "local stock, ours, pattern, subject = ...\n"
    "local function show(ok, ...)\n"
    "  local all = table.pack(...)\n"
    "  for i = 1, all.n do all[i] = tostring(all[i]) end\n"
    "  return tostring(ok) .. ' ' .. table.concat(all, '\\0')\n"
    "end\n"
    "local function try(name, ...)\n"
    "  local a = show(pcall(stock[name], ...))\n"
    "  local b = show(pcall(ours[name], ...))\n"
    "  if a ~= b and not b:find('too complex', 1, true) then\n"
    "    return name .. ': stock ' .. a .. ', ours ' .. b\n"
    "  end\n"
    "end\n"
    "return try('find', subject, pattern) or try('match', subject, pattern)\n"
    "  or try('gsub', subject, pattern, '<%0>')\n";

/*
 * The worst case of the stock library, which knows no bound: each repetition
 * multiplies what there is to try by the length of the subject. Ours has one,
 * and gives up on such patterns after ten million steps (semantics G8), as
 * tests/unit/test_match.c and tests/e2e/hold/ways.lua see: it is for want of
 * something to compare with that they are passed over here.
 */
static int
takes_too_long(const uint8_t *pattern, size_t len, size_t subject_len)
{
    size_t tries = 1;

    for (size_t i = 0; i < len && tries <= TRIES_MAX; i++) {
        if (pattern[i] == '*' || pattern[i] == '+' || pattern[i] == '-')
            tries *= subject_len + 1;
    }
    return tries > TRIES_MAX;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *newline = size == 0 ? NULL : memchr(data, '\n', size);
    size_t len = newline == NULL ? size : (size_t)(newline - data);
    size_t at = len + (newline != NULL);
    lua_State *L;

    if (len > PATTERN_MAX || size - at > SUBJECT_MAX ||
        takes_too_long(data, len, size - at))
        return 0;
    L = luaL_newstate();
    FUZZ_REQUIRE(L != NULL);
    memset(lua_getextraspace(L), 0, sizeof(void *));
    luaL_openlibs(L);
    FUZZ_REQUIRE(luaL_loadstring(L, compare_source) == LUA_OK);
    lua_getglobal(L, "string");
    kl__open_string(L, MEMORY_LIMIT);
    lua_pushlstring(L, (const char *)data, len);
    lua_pushlstring(L, (const char *)data + at, size - at);
    FUZZ_REQUIRE(lua_pcall(L, 4, 1, 0) == LUA_OK);
    if (!lua_isnil(L, -1))
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
    FUZZ_REQUIRE(lua_isnil(L, -1));
    lua_close(L);
    return 0;
}
