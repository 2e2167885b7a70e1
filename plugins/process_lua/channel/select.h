/* SPDX-License-Identifier: MIT */
/*
 * channel.select and the cases that it takes.
 */
#ifndef KL_SELECT_H
#define KL_SELECT_H

#include <lua.h>

#include "value/object.h"

extern const struct kl__type kl__case_type;

/* The methods case_send and case_receive of a channel. */
int kl__case_send(lua_State *L);
int kl__case_receive(lua_State *L);

/* channel.select */
int kl__select(lua_State *L);

#endif
