/* SPDX-License-Identifier: MIT */
/*
 * Futures: calls that nobody waits for yet (semantics B3).
 */
#ifndef KL_FUTURE_H
#define KL_FUTURE_H

#include <lua.h>

#include "calls/child.h"

/* Make the child; returns 1 and has pushed a Future, or 2: nil and an Error. */
int kl__future_start(lua_State *L, struct kl__child *child);

#endif
