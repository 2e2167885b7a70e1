/* SPDX-License-Identifier: MIT */
/*
 * What luaL_traceback() writes, in its words. To name a function that one
 * compares it with each field of each loaded module, for each level; here it is
 * looked for under the name by which it was called, and only then everywhere,
 * if it is none of Lua's, or among the globals, if nothing called it by a name.
 */

#include "value/traceback.h"

#include "program/boot.h"

#include <lauxlib.h>
#include <string.h>

/* Of a deep stack so many levels are shown at its top and at its bottom. */
#define TOP_LEVELS    10
#define BOTTOM_LEVELS 11

static int last_level(lua_State *of);
static void add_level(luaL_Buffer *b, lua_State *of, lua_Debug *ar);
static void push_name(lua_State *L, lua_Debug *ar);
static int push_loaded_name(lua_State *L, lua_Debug *ar);
static int find(lua_State *L, int function, const lua_Debug *ar);
static int find_called(lua_State *L, int function, const char *name);
static int find_anywhere(lua_State *L, int function, const char *module);
static int is_module(lua_State *L);

void
kl__traceback_push(lua_State *L, lua_State *of, int level)
{
    int last = last_level(of);
    int n_shown =
        last - level > TOP_LEVELS + BOTTOM_LEVELS ? TOP_LEVELS : last + 1;
    luaL_Buffer b;
    lua_Debug ar;

    luaL_buffinit(L, &b);
    luaL_addstring(&b, "stack traceback:");
    for (; lua_getstack(of, level, &ar); level++) {
        if (n_shown-- == 0) {
            int n = last - level - BOTTOM_LEVELS + 1;

            lua_pushfstring(L, "\n\t...\t(skipping %d levels)", n);
            luaL_addvalue(&b);
            level += n - 1;
        } else {
            add_level(&b, of, &ar);
        }
    }
    luaL_pushresult(&b);
}

/* By doubling and halving: lua_getstack() walks from the top each time. */
static int
last_level(lua_State *of)
{
    int low = 1, high = 1;
    lua_Debug ar;

    while (lua_getstack(of, high, &ar)) {
        low = high;
        high *= 2;
    }
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (lua_getstack(of, middle, &ar))
            low = middle + 1;
        else
            high = middle;
    }
    return high - 1;
}

static void
add_level(luaL_Buffer *b, lua_State *of, lua_Debug *ar)
{
    lua_State *L = b->L;

    lua_getinfo(of, "Slnt", ar);
    if (ar->currentline <= 0)
        lua_pushfstring(L, "\n\t%s: in ", ar->short_src);
    else
        lua_pushfstring(L, "\n\t%s:%d: in ", ar->short_src, ar->currentline);
    luaL_addvalue(b);
    push_name(L, ar);
    luaL_addvalue(b);
    if (ar->istailcall)
        luaL_addstring(b, "\n\t(...tail calls...)");
}

static void
push_name(lua_State *L, lua_Debug *ar)
{
    if (push_loaded_name(L, ar))
        return;
    if (*ar->namewhat != '\0')
        lua_pushfstring(L, "%s '%s'", ar->namewhat, ar->name);
    else if (*ar->what == 'm')
        lua_pushliteral(L, "main chunk");
    else if (*ar->what == 'C')
        lua_pushliteral(L, "?");
    else
        lua_pushfstring(L, "function <%s:%d>", ar->short_src, ar->linedefined);
}

/* Of a function that a module has: "function 'string.format'". */
static int
push_loaded_name(lua_State *L, lua_Debug *ar)
{
    int top = lua_gettop(L);

    luaL_checkstack(L, 8, NULL);
    /* As luaL_traceback() does it: of whatever thread, onto our stack. */
    lua_getinfo(L, "f", ar);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (!find(L, top + 1, ar)) {
        lua_settop(L, top);
        return 0;
    }
    /* The names of the module and of its field are on top. */
    if (strcmp(lua_tostring(L, -2), LUA_GNAME) == 0)
        lua_pushfstring(L, "function '%s'", lua_tostring(L, -1));
    else
        lua_pushfstring(
            L, "function '%s.%s'", lua_tostring(L, -2), lua_tostring(L, -1));
    lua_replace(L, top + 1);
    lua_settop(L, top + 1);
    return 1;
}

/*
 * In the modules of the table on top; leaves two names there if it is. What is
 * at the bottom of nearly every stack is C and in no module.
 */
static int
find(lua_State *L, int function, const lua_Debug *ar)
{
    if (ar->name != NULL && find_called(L, function, ar->name))
        return 1;
    if (*ar->what == 'C')
        return lua_tocfunction(L, function) != kl__boot &&
               find_anywhere(L, function, NULL);
    return *ar->what == 'L' && ar->name == NULL &&
           find_anywhere(L, function, LUA_GNAME);
}

static int
find_called(lua_State *L, int function, const char *name)
{
    int loaded = lua_gettop(L);

    lua_pushstring(L, name);
    lua_pushnil(L);
    while (lua_next(L, loaded)) {
        if (is_module(L)) {
            lua_pushvalue(L, loaded + 1);
            lua_rawget(L, -2);
            if (lua_rawequal(L, -1, function)) {
                lua_settop(L, loaded + 2);
                lua_pushvalue(L, loaded + 1);
                return 1;
            }
        }
        lua_settop(L, loaded + 2);
    }
    lua_settop(L, loaded);
    return 0;
}

/* The same by any name; in one module, or in all if that is NULL. */
static int
find_anywhere(lua_State *L, int function, const char *module)
{
    int loaded = lua_gettop(L);

    lua_pushnil(L);
    while (lua_next(L, loaded)) {
        if (is_module(L) &&
            (module == NULL || strcmp(lua_tostring(L, -2), module) == 0)) {
            lua_pushnil(L);
            while (lua_next(L, loaded + 2)) {
                if (lua_type(L, -2) == LUA_TSTRING &&
                    lua_rawequal(L, -1, function)) {
                    lua_pop(L, 1);
                    lua_remove(L, loaded + 2);
                    return 1;
                }
                lua_pop(L, 1);
            }
        }
        lua_settop(L, loaded + 1);
    }
    lua_settop(L, loaded);
    return 0;
}

/* What lua_next() has pushed: a table with a name. */
static int
is_module(lua_State *L)
{
    return lua_type(L, -2) == LUA_TSTRING && lua_istable(L, -1);
}
