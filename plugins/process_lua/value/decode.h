/* SPDX-License-Identifier: MIT */
/*
 * The way of a term into Lua values. The bytes are trusted in nothing: they
 * may come from any plugin or any node.
 */
#ifndef KL_DECODE_H
#define KL_DECODE_H

#include <kindred/term.h>
#include <lua.h>

/*
 * Push the value of the next term, `depth` levels below the outermost. Returns
 * 0; or -1 with nothing pushed when it is malformed.
 */
int kl__decode_value(lua_State *L, kd_reader *from, unsigned depth);

/* The same for the body of an error term (error_read.c). */
int kl__decode_error(
    lua_State *L, const void *body, size_t len, unsigned depth);

#endif
