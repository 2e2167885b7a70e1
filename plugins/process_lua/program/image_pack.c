/* SPDX-License-Identifier: MIT */
/*
 * Packing an image: what lies in it side by side, without what was freed, and
 * what copies share behind all else.
 */

#include "program/image.h"

#include "program/image_block.h"

#include <stdlib.h>
#include <string.h>

static int move(const struct kl__image *image, struct kl__arena *to,
    size_t *places, int shared);
static void point(
    struct kl__image *image, const struct kl__arena *to, const size_t *places);
static size_t block_at(const struct kl__image *image, const void *address);
static void *pointer_at(const struct kl__image *image, size_t word);

int
kl__image_pack(struct kl__image *image)
{
    struct kl__arena packed = {0};
    size_t *places = calloc(image->arena.n_blocks, sizeof(*places));
    int status = -1;

    if (places == NULL || kl__arena_init(&packed, image->arena.at, 0) != 0)
        goto out;
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

static int
move(const struct kl__image *image, struct kl__arena *to, size_t *places,
    int shared)
{
    for (size_t i = 0; i < image->arena.n_blocks; i++) {
        const struct kl__block *block = &image->arena.blocks[i];
        unsigned char *moved;

        if (block->len == 0 || block->is_shared != shared)
            continue;
        moved = kl__arena_add(to, block->kind, block->len);
        if (moved == NULL)
            return -1;
        memcpy(moved, image->arena.base + block->at, block->len);
        places[i] = (size_t)(moved - to->base);
    }
    return 0;
}

/*
 * A pointer to what was freed is one that nobody follows. Those of copies into
 * themselves stay known.
 */
static void
point(struct kl__image *image, const struct kl__arena *to, const size_t *places)
{
    const struct kl__block *blocks = image->arena.blocks;
    size_t n = 0;

    for (size_t i = 0; i < image->n_words; i++) {
        size_t from = image->words[i] * sizeof(uintptr_t);
        const unsigned char *old = pointer_at(image, image->words[i]);
        size_t source = block_at(image, image->arena.base + from);
        size_t target = block_at(image, old);
        unsigned char *pointer = NULL;

        from = from - blocks[source].at + places[source];
        if (target != SIZE_MAX)
            pointer = to->base + places[target] +
                      (old - (image->arena.base + blocks[target].at));
        memcpy(to->base + from, &pointer, sizeof(pointer));
        if (target != SIZE_MAX && places[target] < image->copied &&
            places[source] < image->copied)
            image->words[n++] = (uint32_t)(from / sizeof(uintptr_t));
    }
    image->n_words = n;
}

/* Which block that is, or SIZE_MAX. */
static size_t
block_at(const struct kl__image *image, const void *address)
{
    const struct kl__block *block =
        kl__image_block_around(image, (uintptr_t)address);

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
