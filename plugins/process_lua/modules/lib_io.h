/* SPDX-License-Identifier: MIT */
/*
 * The module `io` (semantics B2): the terminal, for the process that has it.
 */
#ifndef KL_LIB_IO_H
#define KL_LIB_IO_H

#include <lua.h>

/* Push the module's table; returns 1. */
int kl__open_io(lua_State *L);

#endif
