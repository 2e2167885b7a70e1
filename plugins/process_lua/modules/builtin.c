/* SPDX-License-Identifier: MIT */
/*
 * The table of names, and how each comes about.
 */

#include "modules/builtin.h"

#include "calls/lib_ctx.h"
#include "calls/lib_funcs.h"
#include "channel/channel.h"
#include "events/lib_events.h"
#include "modules/lib_base.h"
#include "modules/lib_coroutine.h"
#include "modules/lib_env.h"
#include "modules/lib_io.h"
#include "modules/lib_json.h"
#include "modules/lib_logger.h"
#include "modules/lib_payload.h"
#include "modules/lib_process.h"
#include "modules/lib_registry.h"
#include "modules/lib_supervisor.h"
#include "modules/lib_system.h"
#include "modules/lib_table.h"
#include "modules/lib_uuid.h"
#include "process/process.h"
#include "program/program.h"
#include "program/require.h"
#include "text/lib_string.h"
#include "time/lib_time.h"
#include "value/error.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

enum kind {
    STOCK,   /* A function of Lua's own. */
    OURS,    /* `function` itself. */
    MADE,    /* What `function` pushes, on each use. */
    MODULE,  /* The same, kept. */
    DECLARED /* The same, for programs that list it in `modules`. */
};

struct builtin {
    const char *name;
    enum kind kind;
    lua_CFunction function;
};

static int compare(const char *name, size_t len, const char *own);
static int push_globals(lua_State *L);
static int push_version(lua_State *L);
static int push_unpack(lua_State *L);
static int open_errors(lua_State *L);
static int open_string(lua_State *L);
static void push_module(lua_State *L, const struct builtin *builtin);
static int gather(lua_State *L);

/* In the order of strcmp(). */
static const struct builtin builtins[] = {
    {"_G", MADE, push_globals},
    {"_VERSION", MADE, push_version},
    {"assert", STOCK, NULL},
    {"channel", MODULE, kl__open_channel},
    {"coroutine", MODULE, kl__open_coroutine},
    {"ctx", DECLARED, kl__open_ctx},
    {"env", DECLARED, kl__open_env},
    {"error", STOCK, NULL},
    {"errors", MODULE, open_errors},
    {"events", DECLARED, kl__open_events},
    {"funcs", DECLARED, kl__open_funcs},
    {"getmetatable", OURS, kl__getmetatable},
    {"io", DECLARED, kl__open_io},
    {"ipairs", STOCK, NULL},
    {"json", DECLARED, kl__open_json},
    {"logger", DECLARED, kl__open_logger},
    {"math", MODULE, kl__open_math},
    {"next", STOCK, NULL},
    {"os", MODULE, kl__open_os},
    {"pairs", STOCK, NULL},
    {"payload", DECLARED, kl__open_payload},
    {"pcall", STOCK, NULL},
    {"print", OURS, kl__print},
    {"process", MODULE, kl__open_process},
    {"rawequal", STOCK, NULL},
    {"rawget", STOCK, NULL},
    {"rawlen", STOCK, NULL},
    {"rawset", OURS, kl__rawset},
    {"registry", DECLARED, kl__open_registry},
    {"require", OURS, kl__require},
    {"select", STOCK, NULL},
    {"setmetatable", OURS, kl__setmetatable},
    {"string", MODULE, open_string},
    {"supervisor", DECLARED, kl__open_supervisor},
    {"table", MODULE, kl__open_table},
    {"time", DECLARED, kl__open_time},
    {"tonumber", STOCK, NULL},
    {"tostring", STOCK, NULL},
    {"type", STOCK, NULL},
    {"unpack", MADE, push_unpack},
    {"utf8", MODULE, luaopen_utf8},
    {"uuid", DECLARED, kl__open_uuid},
    {"xpcall", STOCK, NULL},
};

/* In the order of Lua's events; bytecode.c counts on it. */
static const char *const operators[KL_BUILTINS_OPERATORS] = {
    "__add", "__sub", "__mul", "__mod", "__pow", "__div", "__idiv", "__unm"};

kd_status
kl__builtins_init(struct kl__builtins *to)
{
    lua_State *L = luaL_newstate();
    int status;

    if (L == NULL)
        return KD_ENOMEM;
    lua_pushcfunction(L, gather);
    lua_pushlightuserdata(L, to);
    status = lua_pcall(L, 1, 0, 0);
    lua_close(L);
    return status == LUA_OK ? KD_OK : KD_ENOMEM;
}

int
kl__builtins_count(void)
{
    return (int)(sizeof(builtins) / sizeof(builtins[0]));
}

const char *
kl__builtin_name(int index)
{
    return builtins[index].name;
}

int
kl__builtin_find(const char *name, size_t len)
{
    int low = 0;
    int high = kl__builtins_count();

    while (low < high) {
        int middle = (low + high) / 2;
        int order = compare(name, len, builtins[middle].name);

        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

int
kl__builtin_find_module(const char *name, size_t len)
{
    int index = kl__builtin_find(name, len);

    return index >= 0 && builtins[index].kind >= MODULE ? index : -1;
}

int
kl__builtin_is_declared(int index)
{
    return builtins[index].kind == DECLARED;
}

int
kl__builtin_push(lua_State *L, int index)
{
    const struct kl__program *program = kl__process_of(L)->program;
    const struct builtin *builtin = &builtins[index];
    int i, stock = 0;

    switch (builtin->kind) {
    case STOCK:
        for (i = 0; i < index; i++)
            stock += builtins[i].kind == STOCK;
        lua_pushcfunction(L, program->builtins.stock[stock]);
        return 1;
    case OURS:
        lua_pushcfunction(L, builtin->function);
        return 1;
    case MADE:
        return builtin->function(L);
    case DECLARED:
        if ((program->modules >> index & 1) == 0)
            return 0;
        break;
    case MODULE:
        break;
    }
    push_module(L, builtin);
    return 1;
}

void
kl__builtins_set_operators(
    lua_State *L, const struct kl__builtins *from, unsigned which)
{
    int i;

    for (i = 0; i < KL_BUILTINS_OPERATORS; i++) {
        if ((which >> i & 1) == 0)
            continue;
        lua_pushcfunction(L, from->operators[i]);
        lua_setfield(L, -2, operators[i]);
    }
}

/* A name of the program's may have any byte in it, and none behind it. */
static int
compare(const char *name, size_t len, const char *own)
{
    const size_t own_len = strlen(own);
    const int order = memcmp(name, own, len < own_len ? len : own_len);

    return order != 0 ? order : (len > own_len) - (len < own_len);
}

/*
 * Kept by its number in the table where Lua's messages and tracebacks look for
 * the names of functions; there they find, by name, what really holds them.
 */
static void
push_module(lua_State *L, const struct builtin *builtin)
{
    lua_Integer number = builtin - builtins + 1;

    luaL_checkstack(L, 8, NULL);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_rawgeti(L, -1, number) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushcfunction(L, builtin->function);
        lua_call(L, 0, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, number);
        kl__readonly_push_inner(L, -1);
        lua_setfield(L, -3, builtin->name);
    }
    lua_remove(L, -2);
}

static int
push_globals(lua_State *L)
{
    lua_pushglobaltable(L);
    return 1;
}

static int
push_version(lua_State *L)
{
    lua_pushliteral(L, LUA_VERSION);
    return 1;
}

static int
push_unpack(lua_State *L)
{
    kl__builtin_push(L, kl__builtin_find("table", 5));
    lua_getfield(L, -1, "unpack");
    lua_remove(L, -2);
    return 1;
}

static int
open_errors(lua_State *L)
{
    kl__open_errors(L);
    kl__readonly(L);
    return 1;
}

/* From now on methods of strings are looked up in the table itself, and their
 * metatable, which can be seen from now on, is whole. */
static int
open_string(lua_State *L)
{
    kl__open_string(L, kl__process_of(L)->heap.limit);
    lua_pushliteral(L, "");
    if (lua_getmetatable(L, -1)) {
        kl__builtins_set_operators(
            L, &kl__process_of(L)->program->builtins, ~0U);
        lua_pushvalue(L, -3);
        lua_setfield(L, -2, "__index");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return 1;
}

/* In a scratch state; the argument is what to fill in. */
static int
gather(lua_State *L)
{
    struct kl__builtins *to = lua_touserdata(L, 1);
    size_t i, n = 0;

    luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
    for (i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
        if (builtins[i].kind != STOCK)
            continue;
        lua_getfield(L, -1, builtins[i].name);
        to->stock[n++] = lua_tocfunction(L, -1);
        lua_pop(L, 1);
    }
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
    kl__open_string_operators(L);
    for (i = 0; i < KL_BUILTINS_OPERATORS; i++) {
        lua_getfield(L, -1, operators[i]);
        to->operators[i] = lua_tocfunction(L, -1);
        lua_pop(L, 1);
    }
    return 0;
}
