/* SPDX-License-Identifier: MIT */
/*
 * Metatables of our objects. The registry has them by the address of their
 * type, which is the same in all states and quicker than a name. Those of
 * common types it has by a number, which is quicker still: it is done for each
 * object, and for each call of each method.
 */

#include "value/object.h"

#include "process/process.h"
#include "value/argument.h"

#include <lauxlib.h>

static const void *metatable_of(lua_State *L, const struct kl__type *type);
static void refuse(lua_State *L, int index, const struct kl__type *type);
static const char *find_method(lua_State *L, const struct kl__type *type);
static int is_common(const struct kl__process *p, const struct kl__type *type);
static void get_metatable(lua_State *L, const struct kl__type *type);
static void keep_common(
    lua_State *L, struct kl__process *p, const struct kl__type *type);
static void push_metatable(lua_State *L, const struct kl__type *type);
static void push_methods(lua_State *L, const struct kl__type *type);
static int count(const luaL_Reg *functions);

void
kl__object_set(lua_State *L, const struct kl__type *type)
{
    get_metatable(L, type);
    lua_setmetatable(L, -2);
}

void
kl__object_foresee(
    lua_State *L, const struct kl__type *type, kl__wants wants, const void *arg)
{
    get_metatable(L, type);
    lua_getfield(L, -1, "__index");
    kl__lazy_fill(L, -1, wants, arg);
    lua_pop(L, 1);
}

void *
kl__object_test(lua_State *L, int index, const struct kl__type *type)
{
    void *object = lua_touserdata(L, index);
    const void *metatable;

    if (object == NULL || !lua_getmetatable(L, index))
        return NULL;
    metatable = lua_topointer(L, -1);
    lua_pop(L, 1);
    return metatable == metatable_of(L, type) ? object : NULL;
}

void *
kl__object_check(lua_State *L, int index, const struct kl__type *type)
{
    void *object = kl__object_test(L, index, type);

    if (object == NULL)
        refuse(L, index, type);
    return object;
}

void
kl__object_check_order(lua_State *L, const struct kl__type *type)
{
    if (kl__object_test(L, 1, type) != NULL &&
        kl__object_test(L, 2, type) != NULL)
        return;
    luaL_error(L, "attempt to compare %s with %s", kl__argument_type(L, 1),
        kl__argument_type(L, 2));
}

/* A state that only compiles or converts has no process, and knows none. */
static int
is_common(const struct kl__process *p, const struct kl__type *type)
{
    return type->common != KL_OBJECT_OTHER && p != NULL;
}

/* Its address, which no other table can have: the registry keeps it. */
static const void *
metatable_of(lua_State *L, const struct kl__type *type)
{
    const struct kl__process *p = kl__process_of(L);
    const void *metatable;

    if (is_common(p, type))
        return p->metatables[type->common - 1];
    lua_rawgetp(L, LUA_REGISTRYINDEX, type);
    metatable = lua_topointer(L, -1);
    lua_pop(L, 1);
    return metatable;
}

/* What is called with something else before its arguments is a method. */
static void
refuse(lua_State *L, int index, const struct kl__type *type)
{
    const char *method = index == 1 ? find_method(L, type) : NULL;

    if (method == NULL)
        kl__argument_type_error(L, index, type->name);
    else
        luaL_error(L,
            "bad argument #1 to '%s' (%s expected, got %s; call it with ':')",
            method, type->name, kl__argument_type(L, index));
}

/* The name of the function that runs, if it is a method of the type. */
static const char *
find_method(lua_State *L, const struct kl__type *type)
{
    const luaL_Reg *method = type->methods;
    lua_CFunction function;
    lua_Debug record;

    if (method == NULL || !lua_getstack(L, 0, &record))
        return NULL;
    lua_getinfo(L, "f", &record);
    function = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    while (method->name != NULL && method->func != function)
        method++;
    return method->name;
}

/* Push it, which may be the first time that there is one. */
static void
get_metatable(lua_State *L, const struct kl__type *type)
{
    struct kl__process *p = kl__process_of(L);

    if (is_common(p, type)) {
        if (p->metatable_refs[type->common - 1] == 0)
            keep_common(L, p, type);
        lua_rawgeti(L, LUA_REGISTRYINDEX, p->metatable_refs[type->common - 1]);
        return;
    }
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, type) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    push_metatable(L, type);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, type);
}

static void
keep_common(lua_State *L, struct kl__process *p, const struct kl__type *type)
{
    const void *metatable;

    push_metatable(L, type);
    metatable = lua_topointer(L, -1);
    p->metatable_refs[type->common - 1] = luaL_ref(L, LUA_REGISTRYINDEX);
    p->metatables[type->common - 1] = metatable;
}

static void
push_metatable(lua_State *L, const struct kl__type *type)
{
    lua_createtable(L, 0, 3 + count(type->meta));
    if (type->meta != NULL)
        luaL_setfuncs(L, type->meta, 0);
    push_methods(L, type);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, type->name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    /* Last, so that a state whose memory ran out half way has none of it. */
    if (type->key != NULL) {
        lua_pushvalue(L, -1);
        lua_setfield(L, LUA_REGISTRYINDEX, type->key);
    }
}

static void
push_methods(lua_State *L, const struct kl__type *type)
{
    if (type->lazy != NULL) {
        kl__lazy_push_inner(L, type->lazy);
        return;
    }
    lua_createtable(L, 0, count(type->methods));
    if (type->methods != NULL)
        luaL_setfuncs(L, type->methods, 0);
}

static int
count(const luaL_Reg *functions)
{
    int n = 0;

    while (functions != NULL && functions[n].name != NULL)
        n++;
    return n;
}
