/* SPDX-License-Identifier: MIT */
/*
 * Tables that nobody can change: those of modules that programs can only read,
 * and the metatables of objects. Copies of an image share them.
 */
#ifndef KL_IMAGE_TABLES_H
#define KL_IMAGE_TABLES_H

#include <lua.h>

struct kl__image;

/* Whether this Lua does with metatables what we know of it. */
int kl__image_knows_tables(lua_State *L);

/*
 * The table on top of the stack, and all that it leads to, are as they will
 * stay: copies may share them. `image` is being built. Only if it knows tables.
 */
void kl__image_keep(lua_State *L, struct kl__image *image);

/*
 * Share those tables which lead to nothing that is not shared; strings and
 * prototypes are by now. `fixed` and `white` are the marks of the collector.
 * Returns 0, or -1 without memory or if this Lua is none that we know.
 */
int kl__image_share_tables(
    struct kl__image *image, unsigned char fixed, unsigned char white);

#endif
