/* SPDX-License-Identifier: MIT */
/*
 * What processes of a program will ask for, as its text lets one guess.
 */
#ifndef KL_FORESEE_H
#define KL_FORESEE_H

#include <lua.h>

/*
 * Open the modules that the sources mention, and the fields of them, so that
 * they are in the prepared state already; and what channels and messages need.
 * A word too many costs some memory; of one that is missed there is nothing to
 * be seen but that it is opened later. Copies share what they cannot change.
 *
 * The argument is the image, a light userdata; the result is true, or nothing
 * if this Lua is none that we know.
 */
int kl__foresee(lua_State *L);

#endif
