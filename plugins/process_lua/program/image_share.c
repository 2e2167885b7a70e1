/* SPDX-License-Identifier: MIT */
/*
 * What all copies of an image share: the prototypes of its functions, with all
 * that hangs on them, its strings, and the tables that nobody can change. Most
 * of a small state is that.
 *
 * Lua never changes them once they are there, but for the collector's work, of
 * which they are kept out: they get the mark of the strings that Lua itself
 * fixes for ever, neither white nor black, which the collector does not follow,
 * and are taken out of the list of objects, which it sweeps. They point to each
 * other only, so nothing is lost that way. Two things remain. A long string
 * gets its hash when it is first looked up: here it gets it at once. And the
 * table of short strings may grow: see memory/interned.h.
 *
 * All this leans on how Lua lays out and marks its objects. So it is checked
 * here, for each image, wherever it can be seen; if anything looks otherwise,
 * there is no image.
 */

#include "program/image.h"

#include "memory/layout.h"
#include "process/process.h"
#include "program/image_block.h"
#include "program/image_tables.h"

#include <stdlib.h>
#include <string.h>

struct share {
    struct kl__image *image;
    struct kl__block *blocks;
    size_t n;
    unsigned char fixed, white; /* Marks: of what is fixed, and of others. */
    int n_short;                /* Strings. */
};

static int read_marks(struct share *s);
static int check_list(const struct share *s);
static int forget_gray(const struct share *s, const struct kl__block *block);
static int share_string(struct share *s, struct kl__block *block);
static int check_hashes(const struct share *s, uint32_t seed);
static uint32_t hash_of(const unsigned char *text, size_t len, uint32_t seed);
static int share_proto(struct share *s, struct kl__block *block);
static void unlink_shared(struct share *s);
static void skip_shared(const struct share *s, uintptr_t *link);
static int is_closed(const struct share *s);
static int find_table(struct share *s);
static int is_object(const struct kl__block *block);
static uintptr_t *list_of(const struct share *s);
static uintptr_t *next_of(const struct share *s, const struct kl__block *block);

/* Its head is the newest object, which nothing else in that block points to. */
int
kl__image_find_list(struct kl__image *image)
{
    const struct kl__process *p = (void *)image->arena.base;
    /* As it is: the list of blocks moves when there are more. */
    const struct kl__block state = *kl__arena_find(&image->arena, p->L);
    size_t first = state.at / sizeof(uintptr_t);
    int n_found = 0;

    if (!lua_checkstack(p->L, 1))
        return -1;
    lua_newtable(p->L);
    for (size_t i = 0; i < state.len / sizeof(uintptr_t); i++) {
        const uintptr_t *word =
            (const uintptr_t *)(const void *)image->arena.base + first + i;

        if (*word != (uintptr_t)lua_topointer(p->L, -1))
            continue;
        image->list = first + i;
        n_found++;
    }
    lua_pop(p->L, 1);
    return n_found == 1 ? 0 : -1;
}

int
kl__image_share(struct kl__image *image)
{
    struct share s = {
        image, image->arena.blocks, image->arena.n_blocks, 0, 0, 0};

    if (read_marks(&s) != 0 || check_list(&s) != 0)
        return -1;
    for (size_t i = 0; i < s.n; i++) {
        if (s.blocks[i].len > 0 && forget_gray(&s, &s.blocks[i]) != 0)
            return -1;
    }
    for (size_t i = 0; i < s.n; i++) {
        struct kl__block *block = &s.blocks[i];

        if (block->len == 0)
            continue;
        if (block->kind == KL_BLOCK_STRING && share_string(&s, block) != 0)
            return -1;
        if (block->kind == KL_BLOCK_PROTO && share_proto(&s, block) != 0)
            return -1;
    }
    if (kl__image_share_tables(image, s.fixed, s.white) != 0)
        return -1;
    unlink_shared(&s);
    return is_closed(&s) && find_table(&s) == 0 ? 0 : -1;
}

/* A name that Lua fixes, and any table. */
static int
read_marks(struct share *s)
{
    static const char name[] = "__index";

    for (size_t i = 0; i < s->n; i++) {
        const unsigned char *bytes = kl__image_bytes(s->image, &s->blocks[i]);

        if (s->blocks[i].len == 0)
            continue;
        if (s->blocks[i].kind == LUA_TTABLE)
            s->white = bytes[KL_OBJECT_MARK];
        if (s->blocks[i].kind == KL_BLOCK_STRING &&
            s->blocks[i].len == KL_STRING_TEXT + sizeof(name) &&
            memcmp(bytes + KL_STRING_TEXT, name, sizeof(name)) == 0)
            s->fixed = bytes[KL_OBJECT_MARK];
    }
    return s->fixed != 0 && s->white != 0 && (s->fixed & s->white) == 0 ? 0
                                                                        : -1;
}

/* All objects that are not fixed are in the list. */
static int
check_list(const struct share *s)
{
    const struct kl__block *block = kl__image_block(s->image, *list_of(s));
    size_t n_listed = 0, n_others = 0;

    for (; block != NULL && n_listed < s->n; n_listed++)
        block = kl__image_block(s->image, *next_of(s, block));
    for (size_t i = 0; i < s->n; i++)
        n_others += is_object(&s->blocks[i]) &&
                    kl__image_object(s->image, &s->blocks[i])[KL_OBJECT_MARK] !=
                        s->fixed;
    return n_listed == n_others ? 0 : -1;
}

/*
 * The collector is at rest, so whom it had linked this object to means nothing.
 * It is in the order in which it found them, which is not the same in each
 * state, while images are to be alike.
 */
static int
forget_gray(const struct share *s, const struct kl__block *block)
{
    uintptr_t *words = (uintptr_t *)(void *)kl__image_bytes(s->image, block);
    uintptr_t *link;

    switch (block->kind) {
    case LUA_TTABLE:
        link = &words[KL_TABLE_GRAY];
        break;
    case LUA_TFUNCTION:
        link = &words[KL_CLOSURE_GRAY];
        break;
    case KL_BLOCK_PROTO:
        link = &words[KL_PROTO_GRAY];
        break;
    default:
        return 0;
    }
    if (*link != 0 && kl__image_block(s->image, *link) == NULL)
        return -1;
    *link = 0;
    return 0;
}

static int
share_string(struct share *s, struct kl__block *block)
{
    unsigned char *bytes = kl__image_bytes(s->image, block);
    uint32_t hash;
    size_t len;

    if (bytes[KL_OBJECT_MARK] != s->fixed && bytes[KL_OBJECT_MARK] != s->white)
        return -1;
    bytes[KL_OBJECT_MARK] = s->fixed;
    block->is_shared = 1;
    if (bytes[KL_OBJECT_TYPE] == KL_TYPE_SHORT) {
        s->n_short++;
        return 0;
    }
    memcpy(&len, bytes + KL_STRING_LONG, sizeof(len));
    if (bytes[KL_OBJECT_TYPE] != KL_TYPE_LONG ||
        block->len != KL_STRING_TEXT + len + 1)
        return -1;
    if (bytes[KL_STRING_HASHED])
        return 0;
    /* Till then the seed stands in its place. */
    memcpy(&hash, bytes + KL_STRING_HASH, sizeof(hash));
    if (check_hashes(s, hash) != 0)
        return -1;
    hash = hash_of(bytes + KL_STRING_TEXT, len, hash);
    memcpy(bytes + KL_STRING_HASH, &hash, sizeof(hash));
    bytes[KL_STRING_HASHED] = 1;
    return 0;
}

/* Whether short strings have the hashes that this seed would give them. */
static int
check_hashes(const struct share *s, uint32_t seed)
{
    for (size_t i = 0; i < s->n; i++) {
        const unsigned char *bytes = kl__image_bytes(s->image, &s->blocks[i]);
        uint32_t hash;

        if (s->blocks[i].len == 0 || s->blocks[i].kind != KL_BLOCK_STRING ||
            bytes[KL_OBJECT_TYPE] != KL_TYPE_SHORT)
            continue;
        memcpy(&hash, bytes + KL_STRING_HASH, sizeof(hash));
        if (hash != hash_of(bytes + KL_STRING_TEXT, bytes[KL_STRING_LEN], seed))
            return -1;
    }
    return 0;
}

/* As Lua 5.4's luaS_hash. */
static uint32_t
hash_of(const unsigned char *text, size_t len, uint32_t seed)
{
    uint32_t hash = seed ^ (uint32_t)len;

    while (len > 0)
        hash ^= (hash << 5) + (hash >> 2) + text[--len];
    return hash;
}

/* And its arrays; other prototypes and strings are on their own. */
static int
share_proto(struct share *s, struct kl__block *block)
{
    unsigned char *bytes = kl__image_bytes(s->image, block);
    uintptr_t *words = (uintptr_t *)(void *)bytes;

    if (block->len != KL_PROTO_WORDS * sizeof(*words) ||
        bytes[KL_OBJECT_MARK] != s->white)
        return -1;
    bytes[KL_OBJECT_MARK] = s->fixed;
    block->is_shared = 1;
    for (size_t i = 0; i < KL_PROTO_WORDS; i++) {
        struct kl__block *target = kl__image_block(s->image, words[i]);

        if (target != NULL && target->kind == KL_BLOCK_ARRAY)
            target->is_shared = 1;
    }
    return 0;
}

static void
unlink_shared(struct share *s)
{
    skip_shared(s, list_of(s));
    for (size_t i = 0; i < s->n; i++) {
        if (is_object(&s->blocks[i]) && !s->blocks[i].is_shared)
            skip_shared(s, next_of(s, &s->blocks[i]));
    }
    for (size_t i = 0; i < s->n; i++) {
        if (is_object(&s->blocks[i]) && s->blocks[i].is_shared)
            *next_of(s, &s->blocks[i]) = 0;
    }
}

static void
skip_shared(const struct share *s, uintptr_t *link)
{
    const struct kl__block *block;

    while (
        (block = kl__image_block(s->image, *link)) != NULL && block->is_shared)
        *link = *next_of(s, block);
}

/* Whether what is shared points to nothing else. */
static int
is_closed(const struct share *s)
{
    for (size_t i = 0; i < s->image->n_words; i++) {
        const uintptr_t *word =
            (const uintptr_t *)(const void *)s->image->arena.base +
            s->image->words[i];
        const struct kl__block *source =
            kl__image_block_around(s->image, (uintptr_t)word);
        const struct kl__block *target =
            kl__image_block_around(s->image, *word);

        if (source != NULL && source->is_shared && *word != 0 &&
            (target == NULL || !target->is_shared))
            return 0;
    }
    return 1;
}

/* In the block of the main thread, which all of the state is in. */
static int
find_table(struct share *s)
{
    const struct kl__process *p = (void *)s->image->arena.base;
    const unsigned char *thread = (const unsigned char *)p->L;
    const struct kl__block *home = kl__arena_find(&s->image->arena, thread);
    const unsigned char *end = kl__image_bytes(s->image, home) + home->len;
    int n_found = 0;

    for (const unsigned char *at = thread;
         at + sizeof(struct kl__string_table) <= end; at += sizeof(void *)) {
        const struct kl__string_table *table = (const void *)at;
        const struct kl__block *chains =
            kl__image_block(s->image, (uintptr_t)table->hash);

        if (chains == NULL || table->n != s->n_short || table->size <= 0 ||
            (size_t)table->size * sizeof(table->hash[0]) != chains->len)
            continue;
        s->image->interned.n = table->n;
        s->image->interned.size = table->size;
        s->image->interned.table = (size_t)(at - thread);
        n_found++;
    }
    return n_found == 1 && s->n_short >= s->image->interned.size / 4 ? 0 : -1;
}

static int
is_object(const struct kl__block *block)
{
    return block->len > 0 && block->kind != KL_BLOCK_ARRAY;
}

static uintptr_t *
list_of(const struct share *s)
{
    return (uintptr_t *)(void *)s->image->arena.base + s->image->list;
}

static uintptr_t *
next_of(const struct share *s, const struct kl__block *block)
{
    return (uintptr_t *)(void *)kl__image_object(s->image, block) +
           KL_OBJECT_NEXT;
}
