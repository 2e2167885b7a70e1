/* SPDX-License-Identifier: MIT */
/*
 * The module `env` (semantics B11): of the environment that the host was given,
 * the variables that the entry names in its option `env`, and no others.
 */

#include "modules/lib_env.h"

#include "modules/lib_base.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"

#include <lauxlib.h>
#include <string.h>

/* The first of the names that the entry lists, or NULL. */
static const kd_node *
first_name(const struct kl__process *p)
{
    const kd_node *names = p->api->entry_get(kd_proc_entry(p->proc), "env");

    return names == NULL ? NULL : names->child;
}

static int
is_listed(const struct kl__process *p, const char *name, size_t len)
{
    const kd_node *node = first_name(p);

    for (; node != NULL; node = node->next) {
        if (node->len == len && memcmp(node->text, name, len) == 0)
            return 1;
    }
    return 0;
}

static int
env_get(lua_State *L)
{
    const struct kl__process *p = kl__process_of(L);
    size_t len;
    const char *name = kl__dest_text(L, 1, &len);
    const char *value;

    lua_settop(L, 2);
    if (!is_listed(p, name, len))
        return kl__error_nil(L, "PermissionDenied", KL_RETRY_NO,
            "environment variable not listed in env: %s", name);
    value = p->api->env_get(p->api, name);
    if (value != NULL)
        lua_pushstring(L, value);
    return 1;
}

static int
env_all(lua_State *L)
{
    const struct kl__process *p = kl__process_of(L);
    const kd_node *node = first_name(p);
    const char *value;

    lua_newtable(L);
    for (; node != NULL; node = node->next) {
        value = p->api->env_get(p->api, node->text);
        lua_pushstring(L, value);
        lua_setfield(L, -2, node->text);
    }
    return 1;
}

int
kl__open_env(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"get", env_get}, {"all", env_all}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
