/* SPDX-License-Identifier: MIT */
/*
 * Finds the C function that cannot be left: the first one down the stack that
 * is not one of those which can, through all coroutines of the task.
 */

#include "process/inside.h"

#include "modules/lib_coroutine.h"
#include "process/process.h"

#include <lauxlib.h>
#include <string.h>

static int find(lua_State *L, lua_State *co, int level);
static int is_passable(const char *name);
static void push_name(lua_State *L, const char *name);
static int find_in(lua_State *L, const char *library);

void
kl__inside_push(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__task *task = p->tasks.current;
    unsigned i = task == NULL ? 0 : task->depth;
    int top = lua_gettop(L);
    int is_chained;

    luaL_checkstack(L, 10, NULL);
    if (find(L, L, 1))
        return;
    for (is_chained = 1; i > 0 && is_chained; i--) {
        if (task->chain[i - 1] != L && find(L, task->chain[i - 1], 0))
            return;
    }
    lua_settop(L, top);
    lua_pushliteral(L, "xpcall");
}

/* Leaves the name on L and returns 1, if there is one on the stack of `co`. */
static int
find(lua_State *L, lua_State *co, int level)
{
    lua_Debug record;

    for (; lua_getstack(co, level, &record); level++) {
        lua_getinfo(co, "Sn", &record);
        if (*record.what != 'C')
            continue;
        lua_checkstack(co, 1);
        lua_getinfo(co, "f", &record);
        if (co != L)
            lua_xmove(co, L, 1);
        if (lua_tocfunction(L, -1) == kl__coroutine_wrapped) {
            lua_pop(L, 1);
            continue;
        }
        push_name(L, record.name);
        if (!is_passable(lua_tostring(L, -1)))
            return 1;
        lua_pop(L, 1);
    }
    return 0;
}

/*
 * Those that can be left, and those that raise and so call a message handler,
 * which cannot: then xpcall is what is in the way.
 */
static int
is_passable(const char *name)
{
    static const char *const names[] = {
        "assert", "coroutine.resume", "error", "pairs", "pcall", "xpcall", "?"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0)
            return 1;
    }
    return 0;
}

/* Replaces the function on top by its name in a library, or as it is called. */
static void
push_name(lua_State *L, const char *name)
{
    static const char *const libraries[] = {
        "_G", "string", "table", "coroutine", "utf8", "os", "math"};
    size_t i;

    for (i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        if (find_in(L, libraries[i])) {
            lua_remove(L, -2);
            return;
        }
    }
    lua_pushstring(L, name == NULL ? "?" : name);
    lua_remove(L, -2);
}

/* What has not been opened cannot be it: nothing is opened here. */
static int
find_in(lua_State *L, const char *library)
{
    int function = lua_gettop(L);

    lua_pushglobaltable(L);
    if (strcmp(library, "_G") != 0) {
        lua_pushstring(L, library);
        lua_rawget(L, -2);
        if (!lua_istable(L, -1)) {
            lua_settop(L, function);
            return 0;
        }
    }
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_rawequal(L, -1, function)) {
            if (strcmp(library, "_G") == 0)
                lua_pushvalue(L, -2);
            else
                lua_pushfstring(L, "%s.%s", library, lua_tostring(L, -2));
            lua_replace(L, function + 1);
            lua_settop(L, function + 1);
            return 1;
        }
        lua_pop(L, 1);
    }
    lua_settop(L, function);
    return 0;
}
