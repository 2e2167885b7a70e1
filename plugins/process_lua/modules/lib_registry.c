/* SPDX-License-Identifier: MIT */
/*
 * The module `registry` (semantics B6): the entries of the application, to be
 * read. What a program gets is its own copy.
 */

#include "modules/lib_registry.h"

#include "modules/entry_filter.h"
#include "modules/lib_base.h"
#include "process/preempt.h"
#include "process/process.h"
#include "value/argument.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/node_value.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

static void
push_entry(lua_State *L, const kd_api *api, const kd_entry *entry)
{
    const kd_node *tree = api->entry_get(entry, "");

    lua_createtable(L, 0, 4);
    lua_pushstring(L, api->entry_id(entry));
    lua_setfield(L, -2, "id");
    lua_pushstring(L, api->entry_kind(entry));
    lua_setfield(L, -2, "kind");
    kl__node_push_without(L, kd_node_find(tree, "meta"), NULL);
    lua_setfield(L, -2, "meta");
    kl__node_push_without(L, tree, "meta");
    lua_setfield(L, -2, "data");
}

static int
registry_get(lua_State *L)
{
    const kd_api *api = kl__process_of(L)->api;
    size_t len;
    const char *id = kl__dest_text(L, 1, &len);
    const kd_entry *entry = NULL;

    if (strlen(id) == len)
        entry = api->entry_find(api, id);
    if (entry == NULL)
        return kl__error_nil(
            L, "NotFound", KL_RETRY_NO, "entry not found: %s", id);
    push_entry(L, api, entry);
    return 1;
}

static void
warn_of_key(lua_State *L, int index)
{
    struct kl__process *p = kl__process_of(L);
    kd_log_record record = {.size = sizeof(record), .level = KD_LOG_WARN};
    char text[200];

    snprintf(text, sizeof(text), "registry.find: unknown filter key: %s",
        luaL_tolstring(L, index, NULL));
    record.pid = kd_proc_self(p->proc);
    record.subject = p->api->entry_id(kd_proc_entry(p->proc));
    record.text = text;
    p->api->log(p->api, &record);
    lua_pop(L, 1);
}

/* Push the filter at index 1 without the keys that mean nothing. */
static void
push_known(lua_State *L)
{
    struct kl__filter_key key;

    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING &&
            kl__filter_read(lua_tostring(L, -2), &key)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, 2);
        } else {
            warn_of_key(L, lua_gettop(L) - 1);
            lua_pop(L, 1);
        }
    }
}

/* Whether an entry has all that the table at index 2 wants; or -1. */
static int
has_all(lua_State *L, const kd_api *api, const kd_entry *entry)
{
    struct kl__filter_key key;
    int top = lua_gettop(L);
    int result = 1;

    lua_pushnil(L);
    while (result == 1 && lua_next(L, 2)) {
        kl__filter_read(lua_tostring(L, top + 1), &key);
        result = kl__filter_match(L, api, entry, &key, top + 2);
        if (result == 1)
            lua_pop(L, 1);
    }
    if (result >= 0)
        lua_settop(L, top);
    return result;
}

static int
registry_find(lua_State *L)
{
    const kd_api *api = kl__process_of(L)->api;
    const kd_entry *entry;
    lua_Integer found = 0;
    int result;

    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    kl__argument_table(L, 1);
    kl__preempt_call(L);
    push_known(L);
    lua_newtable(L);
    for (size_t i = 0; (entry = api->entry_at(api, i)) != NULL; i++) {
        result = has_all(L, api, entry);
        if (result < 0)
            return kl__error_nil(L, "Invalid", KL_RETRY_NO, "bad pattern: %s",
                lua_tostring(L, -1));
        if (result == 0)
            continue;
        push_entry(L, api, entry);
        lua_rawseti(L, 3, ++found);
    }
    return 1;
}

static int
parse_id(lua_State *L)
{
    const char *id = kl__dest_text(L, 1, NULL);
    const char *colon = strchr(id, ':');

    if (colon == NULL || colon == id || colon[1] == '\0')
        return kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "invalid entry id: %s", id);
    lua_createtable(L, 0, 2);
    lua_pushlstring(L, id, (size_t)(colon - id));
    lua_setfield(L, -2, "ns");
    lua_pushstring(L, colon + 1);
    lua_setfield(L, -2, "name");
    return 1;
}

int
kl__open_registry(lua_State *L)
{
    static const luaL_Reg functions[] = {{"get", registry_get},
        {"find", registry_find}, {"parse_id", parse_id}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
