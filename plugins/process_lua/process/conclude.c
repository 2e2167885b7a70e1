/* SPDX-License-Identifier: MIT */
/*
 * Results and errors on their way out.
 *
 * What may raise, or call the program's __tostring, is done on a coroutine of
 * its own, because the one that ended can no longer catch anything.
 */

#include "process/conclude.h"

#include "process/process.h"
#include "program/long_name.h"
#include "value/error.h"
#include "value/value.h"

#include <lauxlib.h>
#include <stdio.h>

/*
 * Keys of the registry: what a process raised that failed, and where; and the
 * last refusal of what it cannot do any more.
 */
static const char first_error;
static const char first_trace;
static const char refusal;

static kd_next conclude(
    struct kl__process *p, lua_State *L, int n, lua_CFunction function);
static int is_plain(lua_State *L, int index);
static int finish_plain(struct kl__process *p, lua_State *L);
static int write_result(lua_State *L);
static int write_error(lua_State *L);
static int close_all(struct kl__process *p, lua_State *L);
static int is_known(lua_State *L, const char *key);
static int write_later_error(lua_State *L);
static int too_large(lua_State *L, size_t len);
static void memory_text(size_t bytes, char *text, size_t len);

kd_next
kl__conclude_result(struct kl__process *p, lua_State *L, int n)
{
    /* Nothing is the result of who has set none. */
    if (n == 0 || (n == 1 && is_plain(L, -1) && finish_plain(p, L)))
        return KD_NEXT_DONE;
    return conclude(p, L, n, write_result);
}

kd_next
kl__conclude_error(struct kl__process *p, lua_State *L)
{
    const int error = lua_gettop(L);
    kd_next next;

    p->driver.has_failed = 1;
    lua_checkstack(L, 1);
    lua_pushvalue(L, error);
    next = conclude(p, L, 1, write_error);
    /* Closing gives what is on top to each __close. */
    lua_settop(L, error);
    p->driver.is_closing = 1;
    p->driver.failed_cpu_ns = 0;
    if (close_all(p, L))
        next = conclude(p, L, 1, write_later_error);
    return next;
}

kd_next
kl__conclude_deadlock(struct kl__process *p)
{
    char text[120];

    snprintf(text, sizeof(text),
        "deadlock: all coroutines blocked with no pending operations "
        "(threads=%u)",
        p->tasks.count);
    return kl__conclude_text(p, text);
}

kd_next
kl__conclude_memory(struct kl__process *p)
{
    char text[80] = "out of memory";

    if (!p->limit.is_exhausted)
        memory_text(p->heap.limit, text, sizeof(text));
    return kl__conclude_text(p, text);
}

int
kl__conclude_refuse(lua_State *L, const char *text)
{
    luaL_where(L, 1);
    lua_pushstring(L, text);
    lua_concat(L, 2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &refusal);
    return lua_error(L);
}

kd_next
kl__conclude_text(struct kl__process *p, const char *text)
{
    kd_writer body = {0};
    kd_writer *term = kl__value_scratch(p);
    kd_payload payload;

    kd_write_map(&body, 2);
    kd_write_text(&body, "kind");
    kd_write_text(&body, "Internal");
    kd_write_text(&body, "message");
    kd_write_text(&body, text);
    kd_write_ext(term, KD_TERM_EXT_ERROR, body.data, body.len);
    payload = kd_payload_make(KD_FORMAT_TERM, term->data, term->len);
    if (body.status == KD_OK && term->status == KD_OK)
        kd_proc_fail(p->proc, &payload, NULL);
    kd_writer_free(&body);
    return KD_NEXT_FAIL;
}

int
kl__conclude_failure(lua_State *L, int index, const char *trace)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *to = kl__value_scratch(p);
    kd_payload payload;

    kl__error_write(L, index, trace, to);
    payload = kd_payload_make(KD_FORMAT_TERM, to->data, to->len);
    if (to->status != KD_OK)
        return luaL_error(L, "%s", kd_status_text(to->status));
    kd_proc_fail(p->proc, &payload, trace);
    lua_pushboolean(L, 0);
    return 1;
}

/* Values that are written without anything of Lua that can raise. */
static int
is_plain(lua_State *L, int index)
{
    int type = lua_type(L, index);

    return type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER;
}

/* With the plain value on top. */
static int
finish_plain(struct kl__process *p, lua_State *L)
{
    kd_writer *to = kl__value_scratch(p);
    kd_payload payload;

    kl__value_write(L, lua_gettop(L), "result", to);
    payload = kd_payload_make(KD_FORMAT_TERM, to->data, to->len);
    return to->status == KD_OK && kd_proc_finish(p->proc, &payload) == KD_OK;
}

/*
 * Calls a function, which has access to L, with the n values on top of it. The
 * task's own coroutine has ended: what is called takes its place.
 */
static kd_next
conclude(struct kl__process *p, lua_State *L, int n, lua_CFunction function)
{
    struct kl__task *task = p->tasks.current;
    lua_State *co, *before;
    int status, n_results;

    lua_checkstack(p->L, 2);
    co = kl__thread_push(p->L);
    if (L == p->L)
        lua_insert(L, -1 - n);
    lua_checkstack(co, n + 2);
    lua_pushcfunction(co, function);
    lua_pushlightuserdata(co, L);
    lua_xmove(L, co, n);

    kl__task_push(p, task, co);
    before = kl__driver_enter(p, co);
    status = lua_resume(co, NULL, n + 1, &n_results);
    kl__driver_back(p, before);
    kl__task_pop(p, task);
    if (status != LUA_OK) {
        const char *text = lua_tostring(co, -1);

        return kl__conclude_text(p, text == NULL ? "error" : text);
    }
    return lua_toboolean(co, -1) ? KD_NEXT_DONE : KD_NEXT_FAIL;
}

/*
 * Arguments: the ended coroutine, and what main returned; behind a sentence,
 * who that was. An Error knows where it was made.
 */
static int
write_result(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *to = kl__value_scratch(p);
    kd_payload payload;
    kd_status status;

    if (lua_type(L, 3) == LUA_TSTRING)
        return kl__conclude_failure(L, 3, lua_tostring(L, 4));
    if (kl__error_is(L, 3)) {
        lua_getiuservalue(L, 3, KL_ERROR_STACK);
        return kl__conclude_failure(L, 3, lua_tostring(L, -1));
    }
    lua_settop(L, 2);
    if (kl__value_write(L, 2, "result", to) != 0) {
        kl__error_push(
            L, "Invalid", KL_RETRY_UNKNOWN, "%s", lua_tostring(L, -1));
        return kl__conclude_failure(L, lua_gettop(L), NULL);
    }
    payload = kd_payload_make(KD_FORMAT_TERM, to->data, to->len);
    status = to->status;
    if (status == KD_OK)
        status = kd_proc_finish(p->proc, &payload);
    if (status == KD_ETOOBIG)
        return too_large(L, to->len);
    if (status != KD_OK)
        return luaL_error(L, "%s", kd_status_text(status));
    lua_pushboolean(L, 1);
    return 1;
}

/* Arguments: the failed coroutine, and what it raised. */
static int
write_error(lua_State *L)
{
    lua_pushvalue(L, 2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &first_error);
    if (lua_type(L, 2) == LUA_TSTRING)
        kl__long_names_restore(L, 2);
    kl__error_trace(L, lua_touserdata(L, 1), 0);
    lua_pushvalue(L, 3);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &first_trace);
    return kl__conclude_failure(L, 2, lua_tostring(L, 3));
}

/*
 * Runs the pending closes of a failed coroutine, each with the error that is on
 * its way then. Returns whether that is another one in the end, as a pcall in
 * the program would have caught it; it is on top. What a close cannot do here
 * is our doing, so it does not hide why the process failed.
 */
static int
close_all(struct kl__process *p, lua_State *L)
{
    struct kl__task *task = p->tasks.current;
    lua_State *before;

    kl__task_push(p, task, L);
    before = kl__driver_enter(p, L);
    lua_resetthread(L);
    kl__driver_back(p, before);
    kl__task_pop(p, task);
    return !is_known(L, &first_error) && !is_known(L, &refusal);
}

/* Whether what is on top of L is what the registry has under this key. */
static int
is_known(lua_State *L, const char *key)
{
    int is_same;

    lua_rawgetp(L, LUA_REGISTRYINDEX, key);
    is_same = lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    return is_same;
}

/*
 * Arguments: the coroutine, which knows nothing any more, and what its last
 * failed __close raised. The trace is the first error's, which is the cause.
 */
static int
write_later_error(lua_State *L)
{
    const char *first = "another error";

    if (lua_type(L, 2) == LUA_TSTRING)
        kl__long_names_restore(L, 2);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &first_trace);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &first_error);
    if (kl__error_is(L, 4))
        lua_getiuservalue(L, 4, KL_ERROR_MESSAGE);
    if (lua_isstring(L, -1))
        first = lua_tostring(L, -1);
    lua_pushfstring(
        L, "raised by a __close, after: %s\n%s", first, lua_tostring(L, 3));
    return kl__conclude_failure(L, 2, lua_tostring(L, -1));
}

static int
too_large(lua_State *L, size_t len)
{
    struct kl__process *p = kl__process_of(L);
    const kd_node *limit =
        p->api->entry_get(kd_proc_entry(p->proc), "limits.message_bytes");

    kl__error_push(L, "Invalid", KL_RETRY_UNKNOWN,
        "message too large: %zu bytes (limit %lld)", len,
        limit == NULL ? 0LL : (long long)limit->integer);
    return kl__conclude_failure(L, lua_gettop(L), NULL);
}

/* In the largest unit in which the limit is a whole number. */
static void
memory_text(size_t bytes, char *text, size_t len)
{
    static const char *const units[] = {"", " KiB", " MiB", " GiB"};
    size_t unit = 0;

    while (unit < 3 && bytes > 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    snprintf(text, len, "memory limit exceeded: %zu%s", bytes, units[unit]);
}
