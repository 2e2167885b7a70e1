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

/* What most still need until they wait for the first time. */
#define HEADROOM ((size_t)3072)
/* One that needs more than so much is no measure for others. */
#define FITTED_MAX ((size_t)8192)

static kd_status build(
    const struct kl__program *program, struct kl__image **image);
static kd_status build_state(struct kl__process *p, struct kl__image *image);
static int furnish(struct kl__image *image);
static struct kl__pool *make_pool(const struct kl__image *image, size_t len);
static int make_slots(struct kl__image *image);

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
    if (status == KD_OK && make_slots(one) != 0)
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
    struct kl__pool *fitted;

    if (image == NULL)
        return;
    fitted = atomic_load(&image->fitted);
    if (fitted != image->pool)
        kl__pool_free(fitted);
    kl__pool_free(image->pool);
    kl__arena_fini(&image->arena);
    free(image->interned.hash);
    free(image->words);
    free(image);
}

struct kl__process *
kl__image_copy(struct kl__image *image)
{
    struct kl__pool *fitted =
        atomic_load_explicit(&image->fitted, memory_order_acquire);
    struct kl__pool *pool = fitted == NULL ? image->pool : fitted;
    unsigned char *slot = kl__pool_take(pool);
    uintptr_t distance = (uintptr_t)slot - (uintptr_t)image->arena.base;
    struct kl__process *p = (struct kl__process *)(void *)slot;
    uintptr_t *words = (uintptr_t *)(void *)slot;

    if (slot == NULL)
        return NULL;
    memcpy(slot, image->arena.base, image->copied);
    for (size_t i = 0; i < image->n_words; i++)
        words[image->words[i]] += distance;
    p->pool = pool;
    p->interned = &image->interned;
    kl__heap_set_home(&p->heap, slot, kl__pool_slot_len(pool), image->copied,
        image->arena.used - sizeof(*p));
    return p;
}

void
kl__image_fit(struct kl__image *image, size_t taken)
{
    struct kl__pool *none = NULL;
    struct kl__pool *pool = image->pool;

    if (atomic_load(&image->fitted) != NULL)
        return;
    if (taken <= image->copied + FITTED_MAX)
        pool = make_pool(image, taken);
    if (pool == NULL ||
        atomic_compare_exchange_strong(&image->fitted, &none, pool))
        return;
    if (pool != image->pool)
        kl__pool_free(pool);
}

static kd_status
build(const struct kl__program *program, struct kl__image **image)
{
    struct kl__image *made = calloc(1, sizeof(*made));
    struct kl__process *p;
    size_t cap = ARENA_BASE;
    kd_status status = KD_ENOMEM;

    if (made == NULL)
        return KD_ENOMEM;
    for (size_t i = 0; i < program->n_units; i++)
        cap += program->units[i].code_len * ARENA_PART;
    if (kl__arena_init(&made->arena, cap, KL_HEAP_GRAIN) != 0)
        goto failed;
    p = kl__arena_alloc(&made->arena, NULL, KL_BLOCK_ARRAY, sizeof(*p));
    if (p == NULL)
        goto failed;
    p->api = program->api;
    p->program = program;
    status = build_state(p, made);
    if (status != KD_OK)
        goto failed;
    made->spares = program->spares;
    if (furnish(made) != 0) {
        status = KD_ENOMEM;
        goto failed;
    }
    *image = made;
    return KD_OK;

failed:
    kl__image_free(made);
    return status;
}

static kd_status
build_state(struct kl__process *p, struct kl__image *image)
{
    if (kl__process_load(p, kl__arena_alloc, &image->arena) != 0)
        return KD_ENOMEM;
    lua_pushcfunction(p->L, kl__foresee);
    lua_pushlightuserdata(p->L, image);
    if (lua_pcall(p->L, 1, 1, 0) != LUA_OK)
        return KD_ENOMEM;
    if (!lua_toboolean(p->L, -1) || kl__image_find_list(image) != 0)
        return KD_EINTERNAL;
    lua_pop(p->L, 1);
    /* Twice: what is freed at first may have been in use till then. */
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    lua_setallocf(p->L, kl__limit_alloc, p);
    if (kl__image_scan(image) != 0)
        return KD_ENOMEM;
    if (kl__image_share(image) != 0)
        return KD_EINTERNAL;
    return kl__image_pack(image) == 0 ? KD_OK : KD_ENOMEM;
}

/* The heap of a copy, but for its home, which is where the copy is; and what
 * all of them share. */
static int
furnish(struct kl__image *image)
{
    struct kl__process *p = (struct kl__process *)(void *)image->arena.base;
    const struct kl__arena *arena = &image->arena;
    size_t len = (size_t)image->interned.size * sizeof(*image->interned.hash);
    unsigned char **chains;

    kl__heap_init(&p->heap, p->program->memory, p->program->spares);
    chains = malloc(len);
    if (chains == NULL)
        return -1;
    image->interned.hash =
        memcpy(chains, kl__interned_table(&image->interned, p->L)->hash, len);
    image->interned.from = arena->base + image->copied;
    image->interned.len = arena->at - image->copied;
    return 0;
}

/* For slots of at least this length. */
static struct kl__pool *
make_pool(const struct kl__image *image, size_t len)
{
    len = (len + KL_SLOT_ALIGN - 1) / KL_SLOT_ALIGN * KL_SLOT_ALIGN;
    return kl__pool_new(len, image->spares);
}

static int
make_slots(struct kl__image *image)
{
    image->pool = make_pool(image, image->copied + HEADROOM);
    if (image->pool == NULL)
        return -1;
    return mprotect(image->arena.base, image->arena.cap, PROT_READ);
}
