/* SPDX-License-Identifier: MIT */
/*
 * The module `ctx`: the context values of the process (semantics B4).
 */

#include "calls/lib_ctx.h"

#include "calls/context.h"
#include "modules/lib_base.h"
#include "value/dest.h"
#include "value/error.h"

#include <lauxlib.h>

static int get(lua_State *L);
static int all(lua_State *L);

int
kl__open_ctx(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"get", get}, {"all", all}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}

static int
get(lua_State *L)
{
    size_t len;
    const char *key = kl__dest_text(L, 1, &len);

    if (len == 0)
        return kl__error_nil(L, "Invalid", KL_RETRY_NO, "empty key");
    if (kl__context_get(L, key, len))
        return 1;
    return kl__error_nil(L, "NotFound", KL_RETRY_NO, "key not found: %s", key);
}

static int
all(lua_State *L)
{
    kl__context_push(L);
    return 1;
}
