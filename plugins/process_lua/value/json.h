/* SPDX-License-Identifier: MIT */
/*
 * Lua values as JSON text and back (semantics B8): RFC 8259, strictly.
 *
 * Integers and floats stay what they were, so 1.0 is written `1.0`. Values and
 * texts may be nested as deep as those that travel, KL_DEPTH_MAX levels.
 */
#ifndef KL_JSON_H
#define KL_JSON_H

#include <kindred/term.h>
#include <lua.h>

/* Room for the text of any float, its end included. */
#define KL_JSON_FLOAT 40

/*
 * Append the value at an index. Returns 0; or -1 with the sentence about what
 * has no JSON pushed as a string.
 */
int kl__json_write(lua_State *L, int index, kd_writer *to);

/*
 * Push the value of a text. Returns 0; or -1 with the sentence about what is
 * wrong with it pushed instead. The text must stay where it is meanwhile.
 */
int kl__json_read(lua_State *L, const char *text, size_t len);

/*
 * The shortest text that reads as the same finite number, with a point or an
 * exponent, whatever the locale says. Returns its length.
 */
size_t kl__json_float(double number, char text[KL_JSON_FLOAT]);

#endif
