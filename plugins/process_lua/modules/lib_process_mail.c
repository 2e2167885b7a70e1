/* SPDX-License-Identifier: MIT */
/*
 * The channels of mail and events (semantics P12 to P14).
 */

#include "modules/lib_process.h"

#include "channel/channel.h"
#include "process/process.h"
#include "value/argument.h"
#include "value/dest.h"
#include "value/error.h"

#include <lauxlib.h>

int
kl__process_inbox(lua_State *L)
{
    kl__mail_inbox(L, kl__process_of(L));
    return 1;
}

int
kl__process_events(lua_State *L)
{
    kl__mail_events(L, kl__process_of(L));
    return 1;
}

int
kl__process_listen(lua_State *L)
{
    size_t len;
    const char *topic = kl__dest_text(L, 1, &len);
    int whole = 0;

    if (len == 0)
        return kl__error_nil(
            L, "Invalid", KL_RETRY_UNKNOWN, "topic cannot be empty");
    if (topic[0] == '@')
        return kl__error_nil(
            L, "Invalid", KL_RETRY_UNKNOWN, "cannot listen to @ topics");
    if (!lua_isnoneornil(L, 2)) {
        kl__argument_table(L, 2);
        lua_getfield(L, 2, "message");
        whole = lua_toboolean(L, -1);
    }
    kl__mail_listen(L, kl__process_of(L), topic, len, whole);
    return 1;
}

int
kl__process_unlisten(lua_State *L)
{
    struct kl__channel *ch = kl__channel_check(L, 1);

    if (kl__mail_unlisten(L, kl__process_of(L), ch)) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    kl__error_push(L, "NotFound", KL_RETRY_UNKNOWN, "channel not found");
    return 2;
}
