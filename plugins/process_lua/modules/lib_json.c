/* SPDX-License-Identifier: MIT */
/*
 * The module `json` (semantics B8).
 */

#include "modules/lib_json.h"

#include "modules/lib_base.h"
#include "process/preempt.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/json.h"
#include "value/value.h"

#include <lauxlib.h>

static int
json_encode(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *to = kl__value_scratch(p);

    luaL_checkany(L, 1);
    kl__preempt_call(L);
    if (kl__json_write(L, 1, to) != 0) {
        kl__value_scratch_trim(p);
        return kl__error_nil(
            L, "Internal", KL_RETRY_NO, "json: %s", lua_tostring(L, -1));
    }
    lua_pushlstring(L, (const char *)to->data, to->len);
    kl__value_scratch_trim(p);
    return 1;
}

static int
json_decode(lua_State *L)
{
    size_t len;
    const char *text = kl__dest_text(L, 1, &len);

    kl__preempt_call(L);
    if (kl__json_read(L, text, len) != 0)
        return kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "json: %s", lua_tostring(L, -1));
    return 1;
}

int
kl__open_json(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"encode", json_encode}, {"decode", json_decode}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
