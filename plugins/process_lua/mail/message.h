/* SPDX-License-Identifier: MIT */
/*
 * What a program gets of a message if it is not only the value (M7): an object
 * (semantics M5). It is a copy in Lua memory, so that the message itself can go
 * back at once.
 */
#ifndef KL_MESSAGE_H
#define KL_MESSAGE_H

#include <kindred/message.h>
#include <lua.h>

#include "value/object.h"

extern const struct kl__type kl__message_type;

/* Push a Message object. */
void kl__message_push(lua_State *L, const kd_message *message);

#endif
