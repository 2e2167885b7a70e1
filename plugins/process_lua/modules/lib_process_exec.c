/* SPDX-License-Identifier: MIT */
/*
 * process.exec: a process, and what comes of it (semantics P7).
 */

#include "modules/lib_process.h"

#include "calls/call.h"
#include "value/dest.h"
#include "value/error.h"

#include <string.h>

static const char *check(const char *id, size_t id_len, size_t host_len);
static const char *text_at(lua_State *L, int index, size_t *len);

int
kl__process_exec(lua_State *L)
{
    struct kl__child child = {.is_bare = 1, .first = 3, .last = lua_gettop(L)};
    size_t id_len, host_len;
    const char *problem;

    if (child.last < 2)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "exec requires id and host arguments");
    child.entry = text_at(L, 1, &id_len);
    child.host = text_at(L, 2, &host_len);
    problem = check(child.entry, id_len, host_len);
    if (problem != NULL)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN, "%s", problem);
    return kl__call_wait(L, &child);
}

/* What is wrong with the ids, or NULL. */
static const char *
check(const char *id, size_t id_len, size_t host_len)
{
    const char *colon = memchr(id, ':', id_len);

    if (id_len == 0)
        return "process ID required";
    if (colon == NULL || colon == id || colon + 1 == id + id_len)
        return "invalid process ID format (namespace:name required)";
    if (host_len == 0)
        return "host ID required";
    return NULL;
}

/* nil is as good as nothing. */
static const char *
text_at(lua_State *L, int index, size_t *len)
{
    *len = 0;
    return lua_isnil(L, index) ? "" : kl__dest_line(L, index, len);
}
