/* SPDX-License-Identifier: MIT */
/*
 * What is read comes as the answer to a request, so that a task waits for it
 * and not a thread. Answers come in the order in which tasks asked.
 */

#include "modules/lib_io.h"

#include "mail/ask.h"
#include "modules/lib_base.h"
#include "modules/lib_print.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/payload.h"

#include <kindred/ext/terminal.h>
#include <lauxlib.h>

/* A piece of the input that is wanted. */
struct want {
    const kd_terminal *terminal;
    uint32_t flags; /* KD_TERMINAL_LINE or 0. */
    size_t most;
};

static const kd_terminal *find_terminal(lua_State *L);
static int refuse(lua_State *L);
static int print_to(lua_State *L, enum kl__output to);
static int want_input(lua_State *L, const struct want *want);
static kd_status send(
    struct kl__process *p, const void *arg, kd_ref *ref, kd_error *err);
static int read_done(lua_State *L, int status, lua_KContext ctx);

static int
io_write(lua_State *L)
{
    int n = lua_gettop(L);

    if (find_terminal(L) == NULL)
        return refuse(L);
    for (int i = 1; i <= n; i++)
        kl__dest_text(L, i, NULL);
    lua_concat(L, n);
    return kl__print_to(L, KL_OUTPUT_TERMINAL);
}

static int
io_print(lua_State *L)
{
    return print_to(L, KL_OUTPUT_TERMINAL);
}

static int
io_eprint(lua_State *L)
{
    return print_to(L, KL_OUTPUT_ERROR);
}

/* At least a byte, and no more than are there or wanted. */
static int
io_read(lua_State *L)
{
    struct want want = {find_terminal(L), 0, 0};
    lua_Integer most;

    if (want.terminal == NULL)
        return refuse(L);
    if (!lua_isnoneornil(L, 1)) {
        most = luaL_checkinteger(L, 1);
        if (most < 1)
            return kl__error_nil(
                L, "Invalid", KL_RETRY_NO, "n must be greater than 0");
        want.most = (size_t)most;
    }
    return want_input(L, &want);
}

static int
io_readline(lua_State *L)
{
    struct want want = {find_terminal(L), KD_TERMINAL_LINE, 0};

    return want.terminal == NULL ? refuse(L) : want_input(L, &want);
}

/* Nothing is held back: all that was written is on its way, in order. */
static int
io_flush(lua_State *L)
{
    if (find_terminal(L) == NULL)
        return refuse(L);
    lua_pushboolean(L, 1);
    return 1;
}

static int
io_args(lua_State *L)
{
    const kd_terminal *terminal = find_terminal(L);
    kd_payload args;

    if (terminal == NULL)
        return refuse(L);
    args = terminal->args(kl__process_of(L)->proc);
    if (args.format == KD_FORMAT_NONE)
        lua_newtable(L);
    else
        kl__payload_read(L, &args);
    return 1;
}

int
kl__open_io(lua_State *L)
{
    static const luaL_Reg functions[] = {{"write", io_write},
        {"print", io_print}, {"eprint", io_eprint}, {"read", io_read},
        {"readline", io_readline}, {"flush", io_flush}, {"args", io_args},
        {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}

/* NULL for a process that has none; also an embedder may have none to give. */
static const kd_terminal *
find_terminal(lua_State *L)
{
    const struct kl__process *p = kl__process_of(L);
    const kd_terminal *terminal =
        (const kd_terminal *)p->api->service(p->api, KD_TERMINAL);

    return terminal == NULL || !terminal->has(p->proc) ? NULL : terminal;
}

static int
refuse(lua_State *L)
{
    return kl__error_nil(
        L, "Unavailable", KL_RETRY_UNKNOWN, "no terminal context");
}

static int
print_to(lua_State *L, enum kl__output to)
{
    if (find_terminal(L) == NULL)
        return refuse(L);
    kl__print_join(L);
    return kl__print_to(L, to);
}

static int
want_input(lua_State *L, const struct want *want)
{
    kd_error err = KD_ERROR_INIT;

    kl__ask_by(L, send, want, read_done, &err);
    return kl__error_status(L, &err);
}

static kd_status
send(struct kl__process *p, const void *arg, kd_ref *ref, kd_error *err)
{
    const struct want *want = (const struct want *)arg;

    return want->terminal->read(p->proc, want->flags, want->most, ref, err);
}

/* A string, or nil at the end. */
static int
read_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    if (kl__ask_take(L, ctx) != KL_ASK_ANSWERED)
        lua_pushnil(L);
    return 1;
}
