/* SPDX-License-Identifier: MIT */
/*
 * Which words of an image are pointers into it.
 *
 * This knows as little as possible of how Lua lays out its objects: a word is a
 * pointer if it looks like one, but for strings, whose text could look like
 * anything, and for an upvalue that is closed, where a type's byte lies over
 * what was a pointer.
 */

#include "program/image.h"

#include "memory/layout.h"

#include <stdlib.h>
#include <string.h>

static int scan_block(struct kl__image *image, const struct kl__block *block);
static int can_point(
    const struct kl__image *image, const struct kl__block *block, size_t index);
static int add_word(struct kl__image *image, size_t word);
static uintptr_t word_at(const struct kl__image *image, size_t word);
static int points_into(const struct kl__image *image, uintptr_t value);

int
kl__image_scan(struct kl__image *image)
{
    for (size_t i = 0; i < image->arena.n_blocks; i++) {
        if (scan_block(image, &image->arena.blocks[i]) != 0)
            return -1;
    }
    return 0;
}

/* Whatever looks like an address in the other one, wherever it stands. */
int
kl__image_agrees(const struct kl__image *image, const struct kl__image *other)
{
    size_t n = image->arena.at / sizeof(uintptr_t);

    for (size_t word = 0; word < n; word++) {
        if (points_into(other, word_at(image, word)))
            return 0;
    }
    return image->n_words == other->n_words;
}

static int
scan_block(struct kl__image *image, const struct kl__block *block)
{
    size_t first = block->at / sizeof(uintptr_t);
    size_t n = block->len / sizeof(uintptr_t);

    for (size_t i = 0; i < n; i++) {
        if (points_into(image, word_at(image, first + i)) &&
            can_point(image, block, i) && add_word(image, first + i) != 0)
            return -1;
    }
    return 0;
}

static int
can_point(
    const struct kl__image *image, const struct kl__block *block, size_t index)
{
    size_t first = block->at / sizeof(uintptr_t);

    switch (block->kind) {
    case KL_BLOCK_STRING:
        return index == KL_OBJECT_NEXT || index == KL_STRING_CHAIN;
    case KL_BLOCK_UPVAL:
        return index != KL_UPVAL_OVERLAY ||
               word_at(image, first + KL_UPVAL_TARGET) !=
                   (uintptr_t)image->arena.base +
                       (first + KL_UPVAL_VALUE) * sizeof(uintptr_t);
    default:
        return 1;
    }
}

static int
add_word(struct kl__image *image, size_t word)
{
    if (image->n_words == image->cap_words) {
        size_t cap = image->cap_words * 2 + 512;
        uint32_t *words = realloc(image->words, cap * sizeof(*words));

        if (words == NULL)
            return -1;
        image->words = words;
        image->cap_words = cap;
    }
    image->words[image->n_words++] = (uint32_t)word;
    return 0;
}

static uintptr_t
word_at(const struct kl__image *image, size_t word)
{
    uintptr_t value;

    memcpy(&value, image->arena.base + word * sizeof(value), sizeof(value));
    return value;
}

/* The end counts: pointers behind the last of something are common. */
static int
points_into(const struct kl__image *image, uintptr_t value)
{
    return value - (uintptr_t)image->arena.base <= image->arena.at;
}
