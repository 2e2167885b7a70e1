/* SPDX-License-Identifier: MIT */
/*
 * Making a child, for all functions of programs that do: process.spawn and its
 * sisters, spawners, process.exec, and the calls of `funcs`.
 */
#ifndef KL_CHILD_H
#define KL_CHILD_H

#include <kindred/proc.h>
#include <lua.h>

/* Indices are of the Lua stack; 0 is none. */
struct kl__child {
    uint32_t flags;    /* KD_SPAWN_ */
    const char *entry; /* Whole id. */
    const char *host;  /* NULL: where we run. */
    int first, last;   /* The arguments of its main. */
    int is_bare;       /* It gets no context values at all. */
    int changes;       /* To its context: what kl__context_change() made. */
    const char *name;  /* Held from birth, or NULL. */
    int mail;          /* What kl__child_mail() made. */
    int is_module;     /* Invalid and NotFound are not retryable (R4). */
};

/*
 * Make it. Returns 0; or pushes nil and an Error, in the order of P6, and
 * returns 2.
 *
 * If the name is taken, *pid is its holder, who gets the mail, and the monitor
 * and link that `flags` asks for (P10).
 */
int kl__child_make(lua_State *L, const struct kl__child *child, kd_pid *pid);

/*
 * Push a copy of `mail`, a table that this made or nil, with one message more:
 * the values first..last under a topic. Raises what cannot travel.
 */
void kl__child_mail(lua_State *L, int mail, int topic, int first, int last);

#endif
