/* SPDX-License-Identifier: MIT */
/*
 * The module `logger` (semantics B10): records to the log of the host.
 *
 * The module's functions are those of a logger without name and fields; they
 * take `logger.info(...)` and `logger:info(...)` alike.
 */

#include "modules/lib_logger.h"

#include "modules/builtin.h"
#include "modules/lib_base.h"
#include "modules/log_fields.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/object.h"
#include "value/value.h"

#include <lauxlib.h>
#include <string.h>

/* User values of a logger: a table or nil, a string or nil. */
#define FIELDS 1
#define NAME   2

/* Places on the stack of each function, the logger or nil first. */
enum { SELF = 1, ARGUMENT = 2, OWN_FIELDS = 3 };

static int log_debug(lua_State *L);
static int log_info(lua_State *L);
static int log_warn(lua_State *L);
static int log_error(lua_State *L);
static int with(lua_State *L);
static int named(lua_State *L);
static int module_call(lua_State *L);

static const luaL_Reg methods[] = {{"debug", log_debug}, {"info", log_info},
    {"warn", log_warn}, {"error", log_error}, {"with", with}, {"named", named},
    {NULL, NULL}};
static const struct kl__type logger_type = {
    .name = "logger", .methods = methods, .common = KL_OBJECT_OTHER};

/* Push a user value of the logger, nil for the module. */
static void
push_own(lua_State *L, int value)
{
    if (lua_isnil(L, SELF))
        lua_pushnil(L);
    else
        lua_getiuservalue(L, SELF, value);
}

static void
check_self(lua_State *L)
{
    if (!lua_isnil(L, SELF))
        kl__object_check(L, SELF, &logger_type);
}

/* Where the program is: the innermost function in Lua. */
static void
push_place(lua_State *L, kd_log_record *record)
{
    lua_Debug frame;

    for (int level = 1; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline <= 0)
            continue;
        record->file = lua_pushstring(L, frame.source + 1);
        record->line = (uint32_t)frame.currentline;
        return;
    }
}

/* The host's records end at a NUL: it is shown instead. */
static const char *
check_text(lua_State *L)
{
    size_t len;
    const char *text = kl__dest_text(L, ARGUMENT, &len);
    const char *end = text + len;
    luaL_Buffer whole;

    if (strlen(text) == len)
        return text;
    luaL_buffinit(L, &whole);
    for (; text + strlen(text) < end; text += strlen(text) + 1) {
        luaL_addstring(&whole, text);
        luaL_addstring(&whole, "\\x00");
    }
    luaL_addlstring(&whole, text, (size_t)(end - text));
    luaL_pushresult(&whole);
    lua_replace(L, ARGUMENT);
    return lua_tostring(L, ARGUMENT);
}

/* Push all fields of a record as a table. */
static void
push_fields(lua_State *L)
{
    push_own(L, FIELDS);
    kl__log_fields_merge(L, -1, OWN_FIELDS);
    push_own(L, NAME);
    if (lua_isnil(L, -1))
        lua_pop(L, 1);
    else
        lua_setfield(L, -2, "logger");
}

/* Counted as programs see it, with or without a logger in front. */
static void
refuse(lua_State *L, int index, const char *function, const char *wanted)
{
    luaL_error(L, "bad argument #%d to '%s' (%s expected, got %s)", index - 1,
        function, wanted, luaL_typename(L, index));
}

static void
check_table(lua_State *L, int index, const char *function)
{
    if (!lua_istable(L, index))
        refuse(L, index, function, "table");
}

static void
check_string(lua_State *L, int index, const char *function)
{
    if (!lua_isstring(L, index) && !kl__error_is(L, index))
        refuse(L, index, function, "string");
}

static int
add_record(lua_State *L, uint32_t level, const char *function)
{
    struct kl__process *p = kl__process_of(L);
    kd_log_record record = {.size = sizeof(record), .level = level};
    kd_writer *fields;

    check_self(L);
    check_string(L, ARGUMENT, function);
    lua_settop(L, OWN_FIELDS);
    if (!lua_isnil(L, OWN_FIELDS))
        check_table(L, OWN_FIELDS, function);
    record.text = check_text(L);
    if (!p->api->log_wants(p->api, level))
        return 0;
    record.pid = kd_proc_self(p->proc);
    record.subject = p->api->entry_id(kd_proc_entry(p->proc));
    push_place(L, &record);
    push_fields(L);
    lua_pushnil(L);
    if (lua_next(L, -2)) {
        lua_pop(L, 2);
        fields = kl__value_scratch(p);
        kl__log_fields_write(L, -1, fields);
        if (fields->status == KD_OK)
            record.fields =
                kd_payload_make(KD_FORMAT_TERM, fields->data, fields->len);
    }
    /* Large fields take long: by now it may have to end (semantics X12). */
    if (kd_proc_should_yield(p->proc) != 2)
        p->api->log(p->api, &record);
    kl__value_scratch_trim(p);
    return 0;
}

static int
log_debug(lua_State *L)
{
    return add_record(L, KD_LOG_DEBUG, "debug");
}

static int
log_info(lua_State *L)
{
    return add_record(L, KD_LOG_INFO, "info");
}

static int
log_warn(lua_State *L)
{
    return add_record(L, KD_LOG_WARN, "warn");
}

static int
log_error(lua_State *L)
{
    return add_record(L, KD_LOG_ERROR, "error");
}

/* Pop fields and name, and push a logger of them. */
static int
push_logger(lua_State *L)
{
    lua_newuserdatauv(L, 1, 2);
    lua_insert(L, -3);
    lua_setiuservalue(L, -3, NAME);
    lua_setiuservalue(L, -2, FIELDS);
    kl__object_set(L, &logger_type);
    return 1;
}

static int
with(lua_State *L)
{
    check_self(L);
    check_table(L, ARGUMENT, "with");
    lua_settop(L, ARGUMENT);
    push_own(L, FIELDS);
    kl__log_fields_merge(L, -1, ARGUMENT);
    push_own(L, NAME);
    return push_logger(L);
}

/* Names of loggers that were made from another are joined by a dot. */
static int
named(lua_State *L)
{
    size_t len;

    check_self(L);
    check_string(L, ARGUMENT, "named");
    kl__dest_text(L, ARGUMENT, &len);
    if (len == 0)
        return luaL_error(L, "name cannot be empty");
    lua_settop(L, ARGUMENT);
    push_own(L, FIELDS);
    push_own(L, NAME);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushvalue(L, ARGUMENT);
    } else {
        lua_pushliteral(L, ".");
        lua_pushvalue(L, ARGUMENT);
        lua_concat(L, 3);
    }
    return push_logger(L);
}

/* Whether the first argument is the module itself. */
static int
is_module(lua_State *L)
{
    int result;

    if (!lua_istable(L, 1) ||
        !kl__builtin_push(L, kl__builtin_find("logger", 6)))
        return 0;
    result = lua_rawequal(L, 1, -1);
    lua_pop(L, 1);
    return result;
}

/* A method, without a logger; the upvalue is its place among them. */
static int
module_call(lua_State *L)
{
    if (is_module(L))
        lua_remove(L, 1);
    lua_pushnil(L);
    lua_insert(L, 1);
    return methods[lua_tointeger(L, lua_upvalueindex(1))].func(L);
}

int
kl__open_logger(lua_State *L)
{
    lua_createtable(L, 0, 6);
    for (int i = 0; methods[i].name != NULL; i++) {
        lua_pushinteger(L, i);
        lua_pushcclosure(L, module_call, 1);
        lua_setfield(L, -2, methods[i].name);
    }
    kl__readonly(L);
    return 1;
}
