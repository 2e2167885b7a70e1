/* SPDX-License-Identifier: MIT */
/*
 * The names that every program finds without doing anything (semantics G1,
 * G4): functions, and modules, some of which must be declared.
 *
 * Nothing is made before it is first used: a state in which all is open is
 * three times as large.
 */
#ifndef KL_BUILTIN_H
#define KL_BUILTIN_H

#include <kindred/status.h>
#include <lua.h>
#include <stdint.h>

#define KL_BUILTINS_STOCK     15
#define KL_BUILTINS_OPERATORS 8

/*
 * The address of stock functions, which the library gives only to a state:
 * taken from a scratch state once for each program.
 */
struct kl__builtins {
    lua_CFunction stock[KL_BUILTINS_STOCK];
    lua_CFunction operators[KL_BUILTINS_OPERATORS];
};

kd_status kl__builtins_init(struct kl__builtins *builtins);

/* How many there are; fewer than 64. */
int kl__builtins_count(void);
const char *kl__builtin_name(int index);
/* The number of a name, which need not end with a 0 byte; or -1. */
int kl__builtin_find(const char *name, size_t len);
/* The number, if it is a module; they may all be listed in `modules`. */
int kl__builtin_find_module(const char *name, size_t len);

/* Whether it must be declared. */
int kl__builtin_is_declared(int index);

/*
 * Push what a name stands for in this process, opening its module if that was
 * never used. Returns 0 and pushes nothing for a module that the program did
 * not declare.
 */
int kl__builtin_push(lua_State *L, int index);

/*
 * Set a field of the metatable on top to each operator of strings that has its
 * bit in `which`: __add, __sub, __mul, __mod, __pow, __div, __idiv and __unm,
 * from the lowest.
 */
void kl__builtins_set_operators(
    lua_State *L, const struct kl__builtins *builtins, unsigned which);

#endif
