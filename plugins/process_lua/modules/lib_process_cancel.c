/* SPDX-License-Identifier: MIT */
/*
 * Asking a process to end, and ending it (semantics C).
 */

#include "modules/lib_process.h"

#include "process/driver.h"
#include "process/process.h"
#include "program/program.h"
#include "time/duration.h"
#include "value/dest.h"
#include "value/error.h"

#include <kindred/duration.h>
#include <lauxlib.h>
#include <string.h>

/* The first number of milliseconds that is beyond 64 bits of nanoseconds. */
#define BEYOND_MS 9223372036854.775808

struct request {
    int has_timeout;
    int64_t timeout_ns;
    const char *reason; /* NULL: none given. */
    size_t reason_len;
};

static int read_request(lua_State *L, struct request *request);
static int read_duration(lua_State *L, struct request *request);
static int read_number(lua_State *L, struct request *request);
static int read_text(lua_State *L, struct request *request);
static kd_time deadline_of(
    const struct kl__process *p, const struct request *request);

int
kl__process_cancel(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct request request = {0};
    struct kl__dest dest;
    kd_status status;
    kd_error err;

    if (lua_gettop(L) < 1)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "cancel requires at least destination argument");
    kl__dest_text(L, 1, NULL);
    if (!read_request(L, &request) || request.timeout_ns < 0)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "deadline must be either a duration string or milliseconds "
            "number");
    if (!lua_isnoneornil(L, 3)) {
        luaL_argcheck(L, request.reason == NULL, 3, "reason given twice");
        request.reason = kl__dest_line(L, 3, &request.reason_len);
    }
    if (request.reason_len > p->program->message_bytes)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "reason too large: %zu bytes (limit %zu)", request.reason_len,
            p->program->message_bytes);
    kl__dest_read(L, 1, &dest);
    if (dest.status != KD_OK)
        return kl__dest_refuse(L, &dest);
    kl__process_error_init(&err);
    status = kd_proc_cancel(
        p->proc, dest.pid, deadline_of(p, &request), 0, request.reason, &err);
    return kl__process_result(L, status, &err);
}

int
kl__process_terminate(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__dest dest;
    kd_status status;
    kd_error err;

    kl__dest_read(L, 1, &dest);
    if (dest.status != KD_OK)
        return kl__dest_refuse(L, &dest);
    kl__process_error_init(&err);
    status = kd_proc_terminate(p->proc, dest.pid, &err);
    if (status == KD_OK && kd_pid_equal(dest.pid, kd_proc_self(p->proc)))
        kl__driver_leave(p, KL_LEAVE_END);
    return kl__process_result(L, status, &err);
}

/* The second argument, C2. Returns 0 if it is one that is refused. */
static int
read_request(lua_State *L, struct request *request)
{
    switch (lua_type(L, 2)) {
    case LUA_TNONE:
    case LUA_TNIL:
        return 1;
    case LUA_TNUMBER:
        return read_number(L, request);
    case LUA_TUSERDATA:
        if (read_duration(L, request))
            return 1;
        break;
    default:
        break;
    }
    return read_text(L, request);
}

/* Returns 0 if it is no Duration. */
static int
read_duration(lua_State *L, struct request *request)
{
    int top = lua_gettop(L);

    request->has_timeout = kl__duration_read(L, 2, &request->timeout_ns);
    lua_settop(L, top);
    return request->has_timeout;
}

/* Milliseconds, of which a part may be asked for. */
static int
read_number(lua_State *L, struct request *request)
{
    lua_Number ms = lua_tonumber(L, 2);

    if (!(ms >= 0 && ms < BEYOND_MS))
        return 0;
    request->has_timeout = 1;
    request->timeout_ns = (int64_t)(ms * 1e6);
    return 1;
}

static int
read_text(lua_State *L, struct request *request)
{
    size_t len;
    const char *text = kl__dest_text(L, 2, &len);

    if (kd_duration_parse(text, len, &request->timeout_ns, NULL) == KD_OK) {
        request->has_timeout = 1;
        return 1;
    }
    if (len > 0 && memchr("0123456789.+-", text[0], 13) != NULL)
        return 0;
    request->reason = kl__dest_line(L, 2, &request->reason_len);
    return 1;
}

static kd_time
deadline_of(const struct kl__process *p, const struct request *request)
{
    kd_time now_ns;

    if (!request->has_timeout)
        return KD_NEVER;
    now_ns = p->api->now_ns(p->api);
    return now_ns + (kd_time)request->timeout_ns;
}
