/* SPDX-License-Identifier: MIT */
/*
 * Which tables can be shared, and what Lua would write to one even so.
 *
 * That is one thing: a metatable without a field for an event gets a bit, when
 * it is first asked for it, so that the next look is quick. Here it gets them
 * all at once.
 */

#include "program/image_tables.h"

#include "memory/layout.h"
#include "program/image_block.h"

#include <lauxlib.h>
#include <stdlib.h>

/* Those events that have a bit, in its order. */
static const char *const events[] = {
    "__index", "__newindex", "__gc", "__mode", "__len", "__eq"};
enum { INDEX, NEWINDEX, GC, MODE, LEN, EQ, EVENTS };

#define BIT(event) (1u << (event))

/* For each block the table that it is an array of, or NULL. */
typedef struct kl__block **block_owners;

static unsigned absent_of(lua_State *L, int index);
static int set_shared(const struct kl__image *image, struct kl__block *table,
    block_owners owners);
static int drop_open(const struct kl__image *image, block_owners owners);
static const struct kl__block *open_by(
    const struct kl__image *image, block_owners owners, size_t index);

/*
 * Ask a metatable that has no field for any event, one after the other, and see
 * what that leaves. A table that was never written to has all the bits.
 */
int
kl__image_knows_tables(lua_State *L)
{
    int top = lua_gettop(L);
    const unsigned char *absent;
    unsigned seen[EVENTS];

    lua_newtable(L);
    lua_newtable(L);
    lua_newtable(L);
    absent = (const unsigned char *)lua_topointer(L, -1) + KL_TABLE_ABSENT;
    seen[MODE] = *absent;
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "");
    lua_pushvalue(L, -1);
    lua_setmetatable(L, -3);
    seen[GC] = *absent;
    lua_setmetatable(L, -3);
    lua_getfield(L, -1, "");
    lua_pop(L, 1);
    seen[INDEX] = *absent;
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "");
    seen[NEWINDEX] = *absent;
    lua_len(L, -1);
    lua_pop(L, 1);
    seen[LEN] = *absent;
    lua_compare(L, -1, -2, LUA_OPEQ);
    seen[EQ] = *absent;
    lua_settop(L, top);
    return seen[MODE] == BIT(EVENTS) - 1 && seen[GC] == BIT(GC) &&
           seen[INDEX] == (seen[GC] | BIT(INDEX)) &&
           seen[NEWINDEX] == (seen[INDEX] | BIT(NEWINDEX)) &&
           seen[LEN] == (seen[NEWINDEX] | BIT(LEN)) &&
           seen[EQ] == (seen[LEN] | BIT(EQ));
}

void
kl__image_keep(lua_State *L, struct kl__image *image)
{
    int top = lua_gettop(L);
    const void *table = lua_topointer(L, top);
    struct kl__block *block = kl__image_block(image, (uintptr_t)table);
    unsigned char *absent;

    if (block == NULL || block->is_constant)
        return;
    block->is_constant = 1;
    /* Not by the block any more, which moves when there are others. */
    absent = kl__image_object(image, block) + KL_TABLE_ABSENT;
    luaL_checkstack(L, 4, NULL);
    *absent |= (unsigned char)absent_of(L, top);
    if (lua_getmetatable(L, top))
        kl__image_keep(L, image);
    lua_settop(L, top);
    lua_pushnil(L);
    while (lua_next(L, top)) {
        if (lua_istable(L, -1))
            kl__image_keep(L, image);
        lua_pop(L, 1);
    }
}

int
kl__image_share_tables(
    struct kl__image *image, unsigned char fixed, unsigned char white)
{
    struct kl__block *blocks = image->arena.blocks;
    size_t n = image->arena.n_blocks;
    block_owners owners = calloc(n, sizeof(*owners));
    int status = owners == NULL ? -1 : 0;

    for (size_t i = 0; i < n && status == 0; i++) {
        if (blocks[i].is_constant && blocks[i].len > 0)
            status = set_shared(image, &blocks[i], owners);
    }
    while (status == 0 && drop_open(image, owners))
        continue;
    for (size_t i = 0; i < n && status == 0; i++) {
        unsigned char *object = kl__image_object(image, &blocks[i]);

        if (!blocks[i].is_constant || !blocks[i].is_shared)
            continue;
        if (object[KL_OBJECT_MARK] != white)
            status = -1;
        object[KL_OBJECT_MARK] = fixed;
    }
    free(owners);
    return status;
}

/* And its arrays, for now. */
static int
set_shared(
    const struct kl__image *image, struct kl__block *table, block_owners owners)
{
    uintptr_t *words = (uintptr_t *)(void *)kl__image_bytes(image, table);
    struct kl__block *arrays[] = {kl__image_block(image, words[KL_TABLE_ARRAY]),
        kl__image_block(image, words[KL_TABLE_NODES])};

    if (table->len != KL_TABLE_WORDS * sizeof(*words))
        return -1;
    table->is_shared = 1;
    owners[table - image->arena.blocks] = table;
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        if (arrays[i] == NULL)
            continue;
        if (arrays[i]->kind != KL_BLOCK_ARRAY)
            return -1;
        arrays[i]->is_shared = 1;
        owners[arrays[i] - image->arena.blocks] = table;
    }
    return 0;
}

/* Take back those that lead to what is not shared. Were there any? */
static int
drop_open(const struct kl__image *image, block_owners owners)
{
    int n_dropped = 0;

    for (size_t i = 0; i < image->n_words; i++) {
        const struct kl__block *table = open_by(image, owners, image->words[i]);

        if (table == NULL)
            continue;
        for (size_t k = 0; k < image->arena.n_blocks; k++) {
            if (owners[k] == table)
                image->arena.blocks[k].is_shared = 0;
        }
        n_dropped++;
    }
    return n_dropped > 0;
}

/*
 * The shared table that leads to something else by this word, or NULL. Its
 * place in the list of all objects is none: it will leave that.
 */
static const struct kl__block *
open_by(const struct kl__image *image, block_owners owners, size_t index)
{
    const uintptr_t *word =
        (const uintptr_t *)(const void *)image->arena.base + index;
    const struct kl__block *source =
        kl__image_block_around(image, (uintptr_t)word);
    const struct kl__block *target = kl__image_block_around(image, *word);
    const struct kl__block *table =
        source == NULL ? NULL : owners[source - image->arena.blocks];

    if (table == NULL || !table->is_shared || *word == 0 ||
        (target != NULL && target->is_shared))
        return NULL;
    return source == table &&
                   index == table->at / sizeof(*word) + KL_OBJECT_NEXT
               ? NULL
               : table;
}

/* Those events of which the table says nothing. */
static unsigned
absent_of(lua_State *L, int index)
{
    unsigned absent = 0;

    index = lua_absindex(L, index);
    for (int event = 0; event < EVENTS; event++) {
        lua_pushstring(L, events[event]);
        if (lua_rawget(L, index) == LUA_TNIL)
            absent |= BIT(event);
        lua_pop(L, 1);
    }
    return absent;
}
