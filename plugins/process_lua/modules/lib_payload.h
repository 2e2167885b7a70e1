/* SPDX-License-Identifier: MIT */
/*
 * The module `payload`.
 */
#ifndef KL_LIB_PAYLOAD_H
#define KL_LIB_PAYLOAD_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_payload(lua_State *L);

#endif
