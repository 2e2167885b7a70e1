/* SPDX-License-Identifier: MIT */
/*
 * Options that a child has from birth: the argument of with_options(), of a
 * spawner or of an executor. They are those of process.set_options(), so that
 * nothing can happen before the child has set them itself.
 */
#ifndef KL_CHILD_OPTIONS_H
#define KL_CHILD_OPTIONS_H

#include <lua.h>
#include <stdint.h>

/*
 * KD_SPAWN_ bits: those given, changed by the table at an index. Raises what
 * set_options() would return.
 */
uint32_t kl__child_options(lua_State *L, int index, uint32_t flags);

#endif
