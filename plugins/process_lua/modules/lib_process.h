/* SPDX-License-Identifier: MIT */
/*
 * The module `process` (semantics P, D, C, W, N), in several files: each has
 * some of its functions, all of them plain lua_CFunctions.
 */
#ifndef KL_LIB_PROCESS_H
#define KL_LIB_PROCESS_H

#include <kindred/status.h>
#include <lua.h>

/* Push the table that is the global `process`, read-only; returns 1. */
int kl__open_process(lua_State *L);

/* lib_process_spawn.c */
int kl__process_spawn(lua_State *L);
int kl__process_spawn_monitored(lua_State *L);
int kl__process_spawn_linked(lua_State *L);
int kl__process_spawn_linked_monitored(lua_State *L);

/* lib_process_exec.c */
int kl__process_exec(lua_State *L);

/* lib_process_send.c */
int kl__process_send(lua_State *L);

/* lib_process_upgrade.c */
int kl__process_upgrade(lua_State *L);

/* lib_process_cancel.c */
int kl__process_cancel(lua_State *L);
int kl__process_terminate(lua_State *L);

/* lib_process_watch.c */
int kl__process_monitor(lua_State *L);
int kl__process_unmonitor(lua_State *L);
int kl__process_link(lua_State *L);
int kl__process_unlink(lua_State *L);

/* lib_process_mail.c */
int kl__process_inbox(lua_State *L);
int kl__process_events(lua_State *L);
int kl__process_listen(lua_State *L);
int kl__process_unlisten(lua_State *L);

/* lib_process_options.c */
int kl__process_get_options(lua_State *L);
int kl__process_set_options(lua_State *L);

/* lib_process_names.c: push the table `process.registry`. */
void kl__process_push_registry(lua_State *L);

/* An error for a service to fill in; its sentence is all that is cleared. */
static inline void
kl__process_error_init(kd_error *err)
{
    err->size = (uint32_t)sizeof(*err);
    err->code = KD_OK;
    err->flags = 0;
    err->text[0] = '\0';
}

/* Results of a service: true, or nil and an Error. */
int kl__process_result(lua_State *L, kd_status status, kd_error *err);

#endif
