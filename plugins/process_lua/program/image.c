/* SPDX-License-Identifier: MIT */
/*
 * Building an image, and copying it.
 */

#include "program/image.h"

#include "memory/pool.h"
#include "process/process.h"
#include "program/foresee.h"
#include "program/program.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Room to build in: what a bare state needs, and so much for what it loads. */
#define ARENA_BASE ((size_t)1 << 20)
#define ARENA_PART ((size_t)32)

/* What a small process still needs until it waits for the first time. */
#define HEADROOM ((size_t)640)

static kd_status build(
    const struct kl__program *program, struct kl__image **image);
static int build_state(struct kl__process *p, struct kl__arena *arena);
static void give_holes(struct kl__process *p, const struct kl__arena *arena);
static int make_slots(struct kl__image *image, struct kl__spares *spares);

kd_status
kl__image_new(const struct kl__program *program, struct kl__image **image)
{
    struct kl__image *one = NULL, *other = NULL;
    kd_status status = build(program, &one);

    if (status == KD_OK && one->arena.used > program->memory)
        goto out;
    if (status == KD_OK)
        status = build(program, &other);
    if (status == KD_OK &&
        (!kl__image_agrees(one, other) || !kl__image_agrees(other, one)))
        status = KD_EINTERNAL;
    if (status == KD_OK && make_slots(one, program->spares) != 0)
        status = KD_ENOMEM;
    if (status == KD_OK) {
        *image = one;
        one = NULL;
    }
out:
    kl__image_free(other);
    kl__image_free(one);
    return status;
}

void
kl__image_free(struct kl__image *image)
{
    if (image == NULL)
        return;
    kl__pool_free(image->pool);
    kl__arena_fini(&image->arena);
    free(image->words);
    free(image);
}

struct kl__process *
kl__image_copy(struct kl__image *image)
{
    unsigned char *slot = kl__pool_take(image->pool);
    uintptr_t distance = (uintptr_t)slot - (uintptr_t)image->arena.base;
    struct kl__process *p = (struct kl__process *)(void *)slot;
    uintptr_t *words = (uintptr_t *)(void *)slot;

    if (slot == NULL)
        return NULL;
    memcpy(slot, image->arena.base, image->arena.at);
    for (size_t i = 0; i < image->n_words; i++)
        words[image->words[i]] += distance;
    p->image = image;
    kl__heap_set_end(&p->heap, slot + image->slot_len);
    return p;
}

void
kl__image_drop(struct kl__image *image, struct kl__process *p)
{
    kl__pool_give(image->pool, p);
}

static kd_status
build(const struct kl__program *program, struct kl__image **image)
{
    struct kl__image *made = calloc(1, sizeof(*made));
    struct kl__process *p;
    size_t cap = ARENA_BASE;

    if (made == NULL)
        return KD_ENOMEM;
    for (size_t i = 0; i < program->n_units; i++)
        cap += program->units[i].code_len * ARENA_PART;
    if (kl__arena_init(&made->arena, cap) != 0)
        goto no_memory;
    p = kl__arena_alloc(&made->arena, NULL, KL_BLOCK_ARRAY, sizeof(*p));
    if (p == NULL)
        goto no_memory;
    p->api = program->api;
    p->program = program;
    p->args = kd_payload_none();
    if (build_state(p, &made->arena) != 0 || kl__image_scan(made) != 0)
        goto no_memory;
    *image = made;
    return KD_OK;

no_memory:
    kl__image_free(made);
    return KD_ENOMEM;
}

static int
build_state(struct kl__process *p, struct kl__arena *arena)
{
    if (kl__process_load(p, kl__arena_alloc, arena) != 0)
        return -1;
    lua_pushcfunction(p->L, kl__foresee);
    if (lua_pcall(p->L, 0, 0, 0) != LUA_OK)
        return -1;
    /* Twice: what is freed at first may have been in use till then. */
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    lua_setallocf(p->L, kl__limit_alloc, p);
    if (kl__arena_close(arena) != 0)
        return -1;
    kl__heap_init(&p->heap, p->program->memory, p->program->spares);
    kl__heap_set_home(
        &p->heap, arena->base, arena->at, arena->used - sizeof(*p));
    give_holes(p, arena);
    return 0;
}

static void
give_holes(struct kl__process *p, const struct kl__arena *arena)
{
    for (size_t i = 0; i < arena->n_blocks; i++) {
        const struct kl__block *block = &arena->blocks[i];

        if (block->kind == KL_BLOCK_FREE)
            kl__heap_give(&p->heap, arena->base + block->at, block->len);
    }
}

static int
make_slots(struct kl__image *image, struct kl__spares *spares)
{
    size_t len = image->arena.at + HEADROOM + KL_SLOT_ALIGN - 1;

    image->slot_len = len / KL_SLOT_ALIGN * KL_SLOT_ALIGN;
    image->pool = kl__pool_new(image->slot_len, spares);
    if (image->pool == NULL)
        return -1;
    return mprotect(image->arena.base, image->arena.cap, PROT_READ);
}
