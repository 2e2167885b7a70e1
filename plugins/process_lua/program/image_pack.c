/* SPDX-License-Identifier: MIT */
/*
 * Packing an image: what lies in it side by side, without what was freed, and
 * what nobody writes behind all else.
 *
 * That is the arrays of a function's prototype: Lua fills them when it loads
 * the function, and has no instruction that would change one. Those with
 * pointers are copied nevertheless, since these differ from copy to copy.
 */

#include "program/image.h"

#include <stdlib.h>
#include <string.h>

/* What is known of a block, and where it goes. */
struct place {
    int has_pointers;
    int is_of_other; /* Something points to it that is no prototype. */
    size_t at;
};

static void look(const struct kl__image *image, struct place *places);
static int move(const struct kl__image *image, struct kl__arena *to,
    struct place *places, int shared);
static int is_shared(const struct kl__block *block, const struct place *place);
static void point(struct kl__image *image, const struct kl__arena *to,
    const struct place *places);
static size_t block_at(const struct kl__image *image, const void *address);
static void *pointer_at(const struct kl__image *image, size_t word);

int
kl__image_pack(struct kl__image *image)
{
    struct kl__arena packed = {0};
    struct place *places = calloc(image->arena.n_blocks, sizeof(*places));
    int status = -1;

    if (places == NULL || kl__arena_init(&packed, image->arena.at, 0) != 0)
        goto out;
    look(image, places);
    if (move(image, &packed, places, 0) != 0)
        goto out;
    image->copied = packed.at;
    if (move(image, &packed, places, 1) != 0)
        goto out;
    point(image, &packed, places);
    kl__arena_fini(&image->arena);
    image->arena = packed;
    status = 0;
out:
    if (status != 0)
        kl__arena_fini(&packed);
    free(places);
    return status;
}

static void
look(const struct kl__image *image, struct place *places)
{
    const struct kl__block *blocks = image->arena.blocks;

    for (size_t i = 0; i < image->n_words; i++) {
        unsigned char *from =
            image->arena.base + image->words[i] * sizeof(uintptr_t);
        const unsigned char *to = pointer_at(image, image->words[i]);
        size_t source = block_at(image, from);
        size_t target = block_at(image, to);

        places[source].has_pointers = 1;
        if (target != SIZE_MAX && blocks[source].kind != KL_BLOCK_PROTO)
            places[target].is_of_other = 1;
    }
}

static int
move(const struct kl__image *image, struct kl__arena *to, struct place *places,
    int shared)
{
    for (size_t i = 0; i < image->arena.n_blocks; i++) {
        const struct kl__block *block = &image->arena.blocks[i];
        unsigned char *moved;

        if (block->len == 0 || is_shared(block, &places[i]) != shared)
            continue;
        moved = kl__arena_add(to, block->kind, block->len);
        if (moved == NULL)
            return -1;
        memcpy(moved, image->arena.base + block->at, block->len);
        places[i].at = (size_t)(moved - to->base);
    }
    return 0;
}

static int
is_shared(const struct kl__block *block, const struct place *place)
{
    return block->kind == KL_BLOCK_ARRAY && !place->is_of_other &&
           !place->has_pointers;
}

/* A pointer to what was freed is one that nobody follows. */
static void
point(struct kl__image *image, const struct kl__arena *to,
    const struct place *places)
{
    const struct kl__block *blocks = image->arena.blocks;
    size_t n = 0;

    for (size_t i = 0; i < image->n_words; i++) {
        size_t from = image->words[i] * sizeof(uintptr_t);
        const unsigned char *old = pointer_at(image, image->words[i]);
        size_t source = block_at(image, image->arena.base + from);
        size_t target = block_at(image, old);
        unsigned char *pointer = NULL;

        from = from - blocks[source].at + places[source].at;
        if (target != SIZE_MAX)
            pointer = to->base + places[target].at +
                      (old - (image->arena.base + blocks[target].at));
        memcpy(to->base + from, &pointer, sizeof(pointer));
        if (target != SIZE_MAX && places[target].at < image->copied)
            image->words[n++] = (uint32_t)(from / sizeof(uintptr_t));
    }
    image->n_words = n;
}

/* Which block that is, or SIZE_MAX. */
static size_t
block_at(const struct kl__image *image, const void *address)
{
    const struct kl__block *block = kl__arena_find(&image->arena, address);

    return block == NULL ? SIZE_MAX : (size_t)(block - image->arena.blocks);
}

static void *
pointer_at(const struct kl__image *image, size_t word)
{
    void *pointer;

    memcpy(
        &pointer, image->arena.base + word * sizeof(pointer), sizeof(pointer));
    return pointer;
}
