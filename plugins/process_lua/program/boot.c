/* SPDX-License-Identifier: MIT */
/*
 * Runs the libraries in their order, then the program's own chunk, then the
 * method, all in the root task, where each of them may wait.
 *
 * The unit with index i stands at stack index i + 1, first as a function, then
 * as what it returned.
 */

#include "program/boot.h"

#include "modules/lib_base.h"
#include "process/process.h"
#include "program/long_name.h"
#include "program/program.h"
#include "program/require.h"
#include "value/error.h"
#include "value/value.h"

#include <lauxlib.h>

struct source {
    const struct kl__unit *unit;
    int is_read;
};

static const char *read_code(lua_State *L, void *arg, size_t *len);
static int boot_unit(lua_State *L, int status, lua_KContext index);
static void keep(lua_State *L, lua_KContext index);
static void bind(lua_State *L, const struct kl__unit *unit);
static int call_method(lua_State *L);
static int method_done(lua_State *L, int status, lua_KContext n_units);
static void push_origin(lua_State *L, int n_units);

int
kl__boot_load(lua_State *L)
{
    const struct kl__program *program = kl__process_of(L)->program;
    size_t i;

    kl__globals_install(L);
    luaL_checkstack(L, (int)program->n_units + 1, NULL);
    lua_pushcfunction(L, kl__boot);
    for (i = 0; i < program->n_units; i++) {
        struct source source = {&program->units[i], 0};

        if (lua_load(L, read_code, &source, source.unit->chunk, "b") != LUA_OK)
            return lua_error(L);
    }
    return lua_gettop(L);
}

int
kl__boot(lua_State *L)
{
    return boot_unit(L, LUA_OK, -1);
}

static const char *
read_code(lua_State *L, void *arg, size_t *len)
{
    struct source *source = arg;

    (void)L;
    if (source->is_read)
        return NULL;
    source->is_read = 1;
    *len = source->unit->code_len;
    return (const char *)source->unit->code;
}

/* The unit with this index is done; its value is on top. */
static int
boot_unit(lua_State *L, int status, lua_KContext index)
{
    const struct kl__program *program = kl__process_of(L)->program;

    (void)status;
    if (index >= 0)
        keep(L, index);
    while (++index < (lua_KContext)program->n_units) {
        bind(L, &program->units[index]);
        lua_pushvalue(L, (int)index + 1);
        lua_callk(L, 0, 1, index, boot_unit);
        keep(L, index);
    }
    return call_method(L);
}

/*
 * What a unit has returned, on top: for us by its place, and for require, but
 * for the last one, the program, which nobody imports.
 */
static void
keep(lua_State *L, lua_KContext index)
{
    if ((size_t)index + 1 < kl__process_of(L)->program->n_units) {
        lua_pushvalue(L, -1);
        kl__require_keep(L, (size_t)index);
    }
    lua_replace(L, (int)index + 1);
}

static void
bind(lua_State *L, const struct kl__unit *unit)
{
    size_t i;

    for (i = 0; i < unit->n_bindings; i++) {
        lua_pushvalue(L, (int)unit->bindings[i].unit + 1);
        kl__globals_bind(L, unit->bindings[i].alias);
    }
}

static int
call_method(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    int n_units = (int)p->program->n_units;
    int n_args = 0;

    if (lua_istable(L, n_units))
        lua_getfield(L, n_units, p->program->method);
    else
        lua_pushvalue(L, n_units);
    if (!lua_isfunction(L, -1)) {
        kl__error_push(L, "NotFound", KL_RETRY_UNKNOWN,
            "method \"%s\" not found in module", p->program->method);
        return lua_error(L);
    }
    if (p->args != NULL && p->args->format == KD_FORMAT_TERM)
        n_args = kl__value_read_args(L, p->args);
    if (n_args < 0)
        return luaL_error(L, "malformed arguments");
    kl__process_forget_args(p);
    lua_callk(L, n_args, LUA_MULTRET, n_units, method_done);
    return method_done(L, LUA_OK, n_units);
}

/* A sentence as second result says nothing about where it is from. */
static int
method_done(lua_State *L, int status, lua_KContext n_units)
{
    int sentence = (int)n_units + 2;

    (void)status;
    if (lua_type(L, sentence) == LUA_TSTRING) {
        lua_settop(L, sentence);
        push_origin(L, (int)n_units);
    }
    return lua_gettop(L) - (int)n_units;
}

/* As a traceback: the function that has returned, or nil if it is unknown. */
static void
push_origin(lua_State *L, int n_units)
{
    lua_Debug record;

    lua_pushvalue(L, n_units);
    if (lua_istable(L, -1)) {
        lua_pushstring(L, kl__process_of(L)->program->method);
        lua_rawget(L, -2);
        lua_remove(L, -2);
    }
    if (!lua_isfunction(L, -1) || lua_iscfunction(L, -1)) {
        lua_pop(L, 1);
        lua_pushnil(L);
        return;
    }
    lua_getinfo(L, ">S", &record);
    lua_pushfstring(L,
        "stack traceback:\n\t%s:%d: in function <%s:%d> (it returned this)",
        record.short_src, record.linedefined, record.short_src,
        record.linedefined);
    kl__long_names_restore(L, lua_gettop(L));
}
