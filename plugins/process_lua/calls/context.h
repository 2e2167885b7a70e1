/* SPDX-License-Identifier: MIT */
/*
 * Context values (semantics B4, P9): what a process finds with its start, and
 * hands down to its children.
 *
 * They are one term map. What a program changes for a child is kept in a table
 * of the state, from keys to values as terms, so that nobody can change it
 * later; it is laid over the process's own when the child is made.
 */
#ifndef KL_CONTEXT_H
#define KL_CONTEXT_H

#include <kindred/term.h>
#include <lua.h>

/* Push the value of a key of our own context; or return 0, with nothing. */
int kl__context_get(lua_State *L, const char *key, size_t len);

/* Push a table of all of them. */
void kl__context_push(lua_State *L);

/*
 * Push a table of changes: those at `base`, a table or nil, overridden by what
 * the program's table at index `from` says. Raises if that is no table, has
 * other keys than strings, or a value that cannot travel.
 */
void kl__context_change(lua_State *L, int base, int from);

/* Append our context with the changes at an index, a table or nil. */
void kl__context_write(lua_State *L, int changes, kd_writer *to);

#endif
