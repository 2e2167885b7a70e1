/* SPDX-License-Identifier: MIT */
/*
 * How a process ends, as its watchers will see it (semantics X1).
 */
#ifndef KL_CONCLUDE_H
#define KL_CONCLUDE_H

#include <kindred/worker.h>
#include <lua.h>

struct kl__process;

/* Main returned `n` values, which are on top of L. */
kd_next kl__conclude_result(struct kl__process *p, lua_State *L, int n);
/* A task raised what is on top of L, which is its coroutine. */
kd_next kl__conclude_error(struct kl__process *p, lua_State *L);
/* Nothing can ever wake it. */
kd_next kl__conclude_deadlock(struct kl__process *p);
/* It was left at the memory limit. */
kd_next kl__conclude_memory(struct kl__process *p);
/*
 * The value at an index is why, as if it had been raised; from inside the
 * program. Pushes false, and returns 1.
 */
int kl__conclude_failure(lua_State *L, int index, const char *trace);
/*
 * Raise this sentence, in a __close of a process that has failed, of what it
 * cannot do any more. It does not become what the process failed of.
 */
int kl__conclude_refuse(lua_State *L, const char *text);
/* Internal, and this text. Uses no Lua. */
kd_next kl__conclude_text(struct kl__process *p, const char *text);

#endif
