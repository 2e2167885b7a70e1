/* SPDX-License-Identifier: MIT */
/*
 * Each unit of a program, a library or the program itself, has names of its
 * own. Whose code calls is seen from the chunk name of the innermost function
 * in Lua; entries that share a file share what they bind. Code of no unit (a
 * coroutine that is `require` itself) counts as the program's.
 */

#include "program/require.h"

#include "modules/builtin.h"
#include "process/process.h"
#include "program/extension.h"
#include "program/program.h"

#include <lauxlib.h>
#include <string.h>

#define UNITS "kindred.units"

static int is_caller(
    const struct kl__program *program, size_t unit, const char *chunk);
static const char *caller(lua_State *L, lua_Debug *record);
static int push_import(
    lua_State *L, const struct kl__unit *unit, const char *name);

void
kl__require_keep(lua_State *L, size_t unit)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNITS);
    lua_insert(L, -2);
    lua_rawseti(L, -2, (lua_Integer)unit + 1);
    lua_pop(L, 1);
}

int
kl__require(lua_State *L)
{
    const struct kl__program *program = kl__process_of(L)->program;
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    int index = kl__builtin_find_module(name, len);
    uint64_t modules = 0, foreign = 0;
    lua_Debug record;
    const char *chunk = caller(L, &record);

    for (size_t i = 0; i < program->n_units; i++) {
        if (!is_caller(program, i, chunk))
            continue;
        if (push_import(L, &program->units[i], name))
            return 1;
        modules |= program->units[i].modules;
        foreign |= program->units[i].foreign;
    }
    if (index >= 0 &&
        (!kl__builtin_is_declared(index) || (modules >> index & 1) != 0) &&
        kl__builtin_push(L, index))
        return 1;
    index = kl__extension_find(&program->extensions, name, len);
    if (index >= 0 && (foreign >> index & 1) != 0) {
        kl__extension_push(L, index);
        return 1;
    }
    return luaL_error(L, "module '%s' not found", name);
}

/* The chunk name of who called us, or NULL. */
static const char *
caller(lua_State *L, lua_Debug *record)
{
    for (int level = 1; lua_getstack(L, level, record); level++) {
        lua_getinfo(L, "S", record);
        if (record->what[0] != 'C')
            return record->source;
    }
    return NULL;
}

static int
is_caller(const struct kl__program *program, size_t unit, const char *chunk)
{
    if (chunk == NULL)
        return unit == program->n_units - 1;
    return strcmp(program->units[unit].chunk, chunk) == 0;
}

static int
push_import(lua_State *L, const struct kl__unit *unit, const char *name)
{
    for (size_t i = 0; i < unit->n_bindings; i++) {
        if (strcmp(unit->bindings[i].alias, name) != 0)
            continue;
        lua_getfield(L, LUA_REGISTRYINDEX, UNITS);
        lua_rawgeti(L, -1, (lua_Integer)unit->bindings[i].unit + 1);
        return 1;
    }
    return 0;
}
