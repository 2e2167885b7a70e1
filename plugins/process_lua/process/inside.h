/* SPDX-License-Identifier: MIT */
/*
 * Which C function is in the way of a wait (semantics H11).
 */
#ifndef KL_INSIDE_H
#define KL_INSIDE_H

#include <lua.h>

/* Push its name, such as `table.sort`. For use in the function that waits. */
void kl__inside_push(lua_State *L);

#endif
