/* SPDX-License-Identifier: MIT */
/*
 * Module tables that fill themselves: every process has its own, most use a
 * few fields of each, and it is those fields that its memory is made of.
 */
#ifndef KL_LAZY_H
#define KL_LAZY_H

#include <lauxlib.h>
#include <lua.h>

struct kl__constant {
    const char *name;
    const char *text; /* NULL: it is the number. */
    lua_Integer number;
};

/* What a table can have. Each array ends in a name of NULL, or is NULL. */
struct kl__lazy {
    const luaL_Reg *functions;
    const luaL_Reg *makers; /* Each returns the value of its field. */
    const struct kl__constant *constants;
};

/* Push such a table. */
void kl__lazy_push_inner(lua_State *L, const struct kl__lazy *lazy);

/* Push one for a program; it can be read but not changed, as by kl__readonly().
 */
void kl__lazy_push(lua_State *L, const struct kl__lazy *lazy);

/* Whether a field of this name is wanted. */
typedef int (*kl__wants)(const void *arg, const char *name);

/*
 * If the table at an index is one, and not behind another: let it have all
 * fields that are wanted, and the tables among them too.
 */
void kl__lazy_fill(lua_State *L, int index, kl__wants wants, const void *arg);

/* If the table on top of the stack is one: replace it by a table of all that
 * it can have. */
void kl__lazy_spread(lua_State *L);

#endif
