/* SPDX-License-Identifier: MIT */
/*
 * The module `logger`.
 */
#ifndef KL_LIB_LOGGER_H
#define KL_LIB_LOGGER_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_logger(lua_State *L);

#endif
