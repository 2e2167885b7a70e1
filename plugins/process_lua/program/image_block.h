/* SPDX-License-Identifier: MIT */
/*
 * What a block of an image that is being built is, in bytes.
 */
#ifndef KL_IMAGE_BLOCK_H
#define KL_IMAGE_BLOCK_H

#include "program/image.h"

/* Where it lies. */
static inline unsigned char *
kl__image_bytes(const struct kl__image *image, const struct kl__block *block)
{
    return image->arena.base + block->at;
}

/* The object in it: before a thread there is extra space. */
static inline unsigned char *
kl__image_object(const struct kl__image *image, const struct kl__block *block)
{
    return kl__image_bytes(image, block) +
           (block->kind == LUA_TTHREAD ? LUA_EXTRASPACE : 0);
}

/* The block in which, or behind whose last byte, this address is; or NULL. */
static inline struct kl__block *
kl__image_block_around(const struct kl__image *image, uintptr_t address)
{
    const struct kl__arena *arena = &image->arena;
    const struct kl__block *block;

    if (address - (uintptr_t)arena->base > arena->at)
        return NULL;
    block = kl__arena_find(arena, (const void *)address);
    return block == NULL ? NULL : &arena->blocks[block - arena->blocks];
}

/* The block whose object or array this is, or NULL. */
static inline struct kl__block *
kl__image_block(const struct kl__image *image, uintptr_t address)
{
    struct kl__block *block = kl__image_block_around(image, address);

    return block == NULL || (uintptr_t)kl__image_object(image, block) != address
               ? NULL
               : block;
}

#endif
