/* SPDX-License-Identifier: MIT */
/*
 * From compiled units to main: what the root task runs.
 */
#ifndef KL_BOOT_H
#define KL_BOOT_H

#include <lua.h>

/*
 * In a new state: install the globals and load all units of the program.
 * Returns the function that the root task is to be resumed with, and its
 * arguments, the units. Nothing of the program has run then.
 */
int kl__boot_load(lua_State *L);

/* That function: at the bottom of the root task's stack. */
int kl__boot(lua_State *L);

#endif
