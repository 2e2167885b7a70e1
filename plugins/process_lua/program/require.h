/* SPDX-License-Identifier: MIT */
/*
 * The function `require` (semantics G4): what the entry binds whose code calls
 * it, and nothing else.
 */
#ifndef KL_REQUIRE_H
#define KL_REQUIRE_H

#include <lua.h>
#include <stddef.h>

/* Remember, and pop, what the unit with this index has returned. */
void kl__require_keep(lua_State *L, size_t unit);

int kl__require(lua_State *L);

#endif
