/* SPDX-License-Identifier: MIT */
/*
 * Destinations: a pid in its text form, or a registered name (semantics D1);
 * and other arguments that are due to be strings (P18).
 */
#ifndef KL_DEST_H
#define KL_DEST_H

#include "text/lib_string.h"

#include <kindred/types.h>
#include <lua.h>

struct kl__process;

struct kl__dest {
    kd_pid pid;
    const char *text; /* As the program wrote it; lies on the Lua stack. */
    size_t len;
    /* KD_OK; KD_ENOHOST, KD_ENONODE: a pid of which neither is known;
       KD_ENOTFOUND: neither a pid nor a name that anybody has. */
    kd_status status;
};

/* Read the destination at an index; raises if it is no string. */
void kl__dest_read(lua_State *L, int index, struct kl__dest *dest);

/* The same for one of which `text` and `len` are there already. */
void kl__dest_find(struct kl__process *p, struct kl__dest *dest);

/* Push nil and the Error about one that is not KD_OK; returns 2. */
int kl__dest_refuse(lua_State *L, const struct kl__dest *dest);

/* Push the text form of a pid. */
void kl__dest_push(lua_State *L, kd_pid pid);

/*
 * As kl__dest_text, for what is a string of C: a byte that is zero reads `\0`
 * there, so that nothing is cut off and no id becomes another.
 */
const char *kl__dest_line(lua_State *L, int index, size_t *len);

/* A string argument: numbers and Errors are converted. */
static inline const char *
kl__dest_text(lua_State *L, int index, size_t *len)
{
    const char *text = lua_tolstring(L, index, len);

    return text != NULL ? text : kl__error_subject(L, index, len);
}

#endif
