/* SPDX-License-Identifier: MIT */
/*
 * process.upgrade (semantics P19).
 *
 * What can go wrong is found out while the program is still there, so that the
 * failure has its traceback; then the program is left for good, from wherever
 * it calls, as at a forced end: pending closes do not run, other tasks do not
 * go on, and no pcall sees anything. Who has failed already cannot rise again.
 */

#include "modules/lib_process.h"

#include "calls/call.h"
#include "process/conclude.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/value.h"

#include <lauxlib.h>

static int keep_arguments(lua_State *L, int last);
_Noreturn static void fail(
    lua_State *L, const char *kind, const char *format, const char *text);

int
kl__process_upgrade(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    const kd_entry *entry = kd_proc_entry(p->proc);
    int last = lua_gettop(L);
    const char *id;
    kd_error err;

    if (p->driver.has_failed)
        return kl__conclude_refuse(L, "cannot upgrade: the process has failed");
    if (!lua_isnoneornil(L, 1)) {
        id = kl__dest_line(L, 1, NULL);
        entry = p->api->entry_find(p->api, id);
        if (entry == NULL)
            fail(L, "NotFound", "upgrade: entry not found: %s", id);
    }
    if (keep_arguments(L, last) != 0)
        fail(L, p->scratch.status == KD_OK ? "Invalid" : "Internal",
            "upgrade: %s", lua_tostring(L, -1));
    kl__process_error_init(&err);
    err.code = kd_proc_become(p->proc, entry, &err);
    if (err.code != KD_OK)
        fail(L, kd_status_kind(err.code), "upgrade: %s", err.text);
    kl__calls_terminate(L);
    kl__driver_leave(p, KL_LEAVE_UPGRADE);
}

/* Returns 0, or -1 with a sentence pushed. */
static int
keep_arguments(lua_State *L, int last)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *scratch = kl__value_scratch(p);
    kd_payload args;

    if (last < 2)
        return 0;
    if (kl__value_write_args(L, 2, last, scratch) != 0)
        return -1;
    args = kd_payload_make(KD_FORMAT_TERM, scratch->data, scratch->len);
    if (kl__process_keep_args(p, &args) == 0)
        return 0;
    scratch->status = KD_ENOMEM;
    lua_pushliteral(L, "out of memory");
    return -1;
}

_Noreturn static void
fail(lua_State *L, const char *kind, const char *format, const char *text)
{
    struct kl__process *p = kl__process_of(L);

    lua_pushfstring(L, format, text);
    kl__error_make(L, kind, KL_RETRY_UNKNOWN);
    kl__error_trace(L, L, 1);
    kl__conclude_failure(L, lua_gettop(L) - 1, lua_tostring(L, -1));
    kl__driver_leave(p, KL_LEAVE_FAILED);
}
