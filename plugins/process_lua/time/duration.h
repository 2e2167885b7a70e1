/* SPDX-License-Identifier: MIT */
/*
 * Durations in programs: numbers, text, and Duration objects (semantics Z2).
 */
#ifndef KL_DURATION_H
#define KL_DURATION_H

#include <lua.h>
#include <stdint.h>

/* Push a Duration. */
void kl__duration_push(lua_State *L, int64_t ns);

/*
 * Read whatever is accepted as duration at an index. Returns 1; or 0, having
 * pushed nil and an Error.
 */
int kl__duration_read(lua_State *L, int index, int64_t *ns);

/* time.parse_duration */
int kl__duration_parse(lua_State *L);

#endif
