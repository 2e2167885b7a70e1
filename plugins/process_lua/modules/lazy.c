/* SPDX-License-Identifier: MIT */
/*
 * The inner table of a module begins empty, with a metatable that finds what
 * the program asks for and puts it there: the second use of a field does not
 * come here. One that the copies of an image share has what their sources
 * mention, and nothing is put there any more.
 */

#include "modules/lazy.h"

#include "memory/interned.h"
#include "modules/lib_base.h"
#include "process/process.h"

#include <string.h>

/* In the metatable of the inner table; no program sees either. */
#define LAZY 1

struct filler {
    int index; /* Of the table. */
    kl__wants wants;
    const void *arg;
    int spread; /* Of one that gets all fields, or 0. */
};

static int index_lazy(lua_State *L);
static int has_shared(lua_State *L, int index);
static const struct kl__lazy *lazy_of(lua_State *L, int index);
static int push_field(
    lua_State *L, const struct kl__lazy *lazy, const char *name, int is_shared);
static void push_made(lua_State *L, const luaL_Reg *maker, int is_shared);
static const luaL_Reg *find(const luaL_Reg *fields, const char *name);
static void fill_all(
    lua_State *L, const struct filler *filler, const struct kl__lazy *lazy);
static void fill(
    lua_State *L, const struct filler *filler, const luaL_Reg *fields);
static void get(lua_State *L, const struct filler *filler, const char *name);

void
kl__lazy_push_inner(lua_State *L, const struct kl__lazy *lazy)
{
    union {
        const struct kl__lazy *in;
        void *out;
    } cast = {.in = lazy};

    lua_createtable(L, 0, 0);
    lua_createtable(L, 1, 1);
    lua_pushlightuserdata(L, cast.out);
    lua_rawseti(L, -2, LAZY);
    lua_pushcfunction(L, index_lazy);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

void
kl__lazy_push(lua_State *L, const struct kl__lazy *lazy)
{
    kl__lazy_push_inner(L, lazy);
    kl__readonly(L);
}

void
kl__lazy_fill(lua_State *L, int index, kl__wants wants, const void *arg)
{
    const struct kl__lazy *lazy = lazy_of(L, index);
    const struct filler filler = {lua_absindex(L, index), wants, arg, 0};

    if (lazy != NULL)
        fill_all(L, &filler, lazy);
}

void
kl__lazy_spread(lua_State *L)
{
    const struct kl__lazy *lazy = lazy_of(L, -1);
    const struct filler filler = {lua_gettop(L), NULL, NULL, lua_gettop(L) + 1};

    if (lazy == NULL)
        return;
    lua_newtable(L);
    fill_all(L, &filler, lazy);
    lua_remove(L, filler.index);
}

static int
index_lazy(lua_State *L)
{
    const struct kl__lazy *lazy = lazy_of(L, 1);
    int is_shared = has_shared(L, 1);
    size_t len;
    const char *name;

    if (lazy == NULL || lua_type(L, 2) != LUA_TSTRING)
        return 0;
    name = lua_tolstring(L, 2, &len);
    if (strlen(name) != len || !push_field(L, lazy, name, is_shared))
        return 0;
    if (is_shared)
        return 1;
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
}

/* Is it a table of all copies? A state that only compiles has no process. */
static int
has_shared(lua_State *L, int index)
{
    const struct kl__process *p = kl__process_of(L);

    return p != NULL && p->interned != NULL &&
           kl__interned_holds(p->interned, lua_topointer(L, index));
}

static const struct kl__lazy *
lazy_of(lua_State *L, int index)
{
    const struct kl__lazy *lazy = NULL;

    if (!lua_getmetatable(L, index))
        return NULL;
    if (lua_rawgeti(L, -1, LAZY) == LUA_TLIGHTUSERDATA)
        lazy = lua_touserdata(L, -1);
    lua_pop(L, 2);
    return lazy;
}

static int
push_field(
    lua_State *L, const struct kl__lazy *lazy, const char *name, int is_shared)
{
    const luaL_Reg *field = find(lazy->functions, name);
    const struct kl__constant *constant = lazy->constants;

    if (field != NULL) {
        lua_pushcfunction(L, field->func);
        return 1;
    }
    field = find(lazy->makers, name);
    if (field != NULL) {
        push_made(L, field, is_shared);
        return 1;
    }
    while (constant != NULL && constant->name != NULL &&
           strcmp(constant->name, name) != 0)
        constant++;
    if (constant == NULL || constant->name == NULL)
        return 0;
    if (constant->text != NULL)
        lua_pushstring(L, constant->text);
    else
        lua_pushinteger(L, constant->number);
    return 1;
}

/* Once: where the table cannot have it, the registry does. */
static void
push_made(lua_State *L, const luaL_Reg *maker, int is_shared)
{
    if (is_shared && lua_rawgetp(L, LUA_REGISTRYINDEX, maker) != LUA_TNIL)
        return;
    lua_pushcfunction(L, maker->func);
    lua_call(L, 0, 1);
    if (!is_shared)
        return;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, maker);
}

static const luaL_Reg *
find(const luaL_Reg *fields, const char *name)
{
    for (; fields != NULL && fields->name != NULL; fields++) {
        if (strcmp(fields->name, name) == 0)
            return fields;
    }
    return NULL;
}

static void
fill_all(lua_State *L, const struct filler *filler, const struct kl__lazy *lazy)
{
    const struct kl__constant *constant = lazy->constants;

    luaL_checkstack(L, 8, NULL);
    fill(L, filler, lazy->functions);
    fill(L, filler, lazy->makers);
    for (; constant != NULL && constant->name != NULL; constant++)
        get(L, filler, constant->name);
}

static void
fill(lua_State *L, const struct filler *filler, const luaL_Reg *fields)
{
    for (; fields != NULL && fields->name != NULL; fields++)
        get(L, filler, fields->name);
}

static void
get(lua_State *L, const struct filler *filler, const char *name)
{
    if (filler->wants != NULL && !filler->wants(filler->arg, name))
        return;
    if (lua_getfield(L, filler->index, name) == LUA_TTABLE &&
        filler->spread == 0) {
        kl__readonly_push_inner(L, -1);
        kl__lazy_fill(L, -1, filler->wants, filler->arg);
        lua_pop(L, 1);
    }
    if (filler->spread != 0)
        lua_setfield(L, filler->spread, name);
    else
        lua_pop(L, 1);
}
