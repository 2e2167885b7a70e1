/* SPDX-License-Identifier: MIT */
/*
 * Our own objects in a program: userdata with a metatable for each type.
 *
 * The metatable is made with the first object of its type: most processes have
 * few, and their states are copied. Programs cannot get at it.
 */
#ifndef KL_OBJECT_H
#define KL_OBJECT_H

#include <lauxlib.h>
#include <lua.h>

#include "modules/lazy.h"

/*
 * Types of which programs make or use many: the process remembers where their
 * metatables are.
 */
enum {
    KL_OBJECT_OTHER, /* Any other. */
    KL_OBJECT_CHANNEL,
    KL_OBJECT_MESSAGE,
    KL_OBJECT_PAYLOAD,
    KL_OBJECT_CASE,
    KL_OBJECT_COMMON = KL_OBJECT_CASE /* So many. */
};

struct kl__type {
    const char *name;        /* In messages: "channel". */
    const luaL_Reg *methods; /* May be NULL. */
    const luaL_Reg *meta;    /* Metamethods; may be NULL. */
    int common;              /* KL_OBJECT_ */
    /* Has the methods, of which most programs use few: each is made with its
     * first use. Or NULL. */
    const struct kl__lazy *lazy;
    const char *key; /* In the registry too, for luaL_testudata(), or NULL. */
};

/* Make the userdata on top of the stack an object of this type. */
void kl__object_set(lua_State *L, const struct kl__type *type);

/* Push the metatable of this type, before there is any object of it; of lazy
 * methods it has those that are wanted. */
void kl__object_foresee(lua_State *L, const struct kl__type *type,
    kl__wants wants, const void *arg);

/* The object at an index, or NULL. */
void *kl__object_test(lua_State *L, int index, const struct kl__type *type);

/* The object at an index, or an argument error. */
void *kl__object_check(lua_State *L, int index, const struct kl__type *type);

/*
 * For `__lt` and `__le`: raise what Lua itself raises unless both operands are
 * of this type.
 */
void kl__object_check_order(lua_State *L, const struct kl__type *type);

#endif
