/* SPDX-License-Identifier: MIT */
/*
 * What is done at the limit: see the header.
 */

#include "process/limit.h"

#include "memory/asan.h"
#include "memory/interned.h"
#include "process/preempt.h"
#include "process/process.h"
#include "value/shared.h"

/* A collection that frees less than this part of the limit does not help. */
#define ROOM_PART 16

static int is_quick(size_t len);
static void *alloc(
    struct kl__process *p, void *block, size_t old_len, size_t len);
static void *refuse(
    struct kl__process *p, void *block, size_t old_len, size_t len);
static int was_refused(
    const struct kl__limit *l, const void *block, size_t old_len, size_t len);
static int is_string_table(const struct kl__process *p, const void *block);
static void cut(struct kl__process *p, void *moved);
static void join(struct kl__process *p);

/* Most blocks are small, and then there is mostly nothing to see to. */
void *
kl__limit_alloc(void *ud, void *block, size_t old_len, size_t len)
{
    struct kl__process *p = ud;
    struct kl__heap *heap = &p->heap;
    void *taken;

    if (p->cut_size != 0 || p->limit.refused)
        return alloc(p, block, old_len, len);
    if (block == NULL && is_quick(len) && heap->used + len <= heap->limit) {
        taken = kl__heap_take(heap, len);
        if (taken != NULL) {
            heap->used += len;
            return taken;
        }
    } else if (block != NULL && len == 0 && is_quick(old_len)) {
        kl__heap_give(heap, block, old_len);
        heap->used -= old_len;
        return NULL;
    } else if (block == NULL && len == 0) {
        return NULL;
    }
    return alloc(p, block, old_len, len);
}

void *
kl__limit_realloc(
    struct kl__process *p, void *block, size_t old_len, size_t len)
{
    void *moved = kl__limit_alloc(p, block, old_len, len);

    if (moved == NULL && len > 0) {
        lua_gc(p->L, LUA_GCCOLLECT, 0);
        moved = kl__limit_alloc(p, block, old_len, len);
    }
    return moved;
}

/* 0 is not. What is longer may be a shared string. */
static int
is_quick(size_t len)
{
    return !KL_ASAN && len - 1 < KL_HEAP_COARSE;
}

/* Whatever it is, and whatever has come before it. */
static void *
alloc(struct kl__process *p, void *block, size_t old_len, size_t len)
{
    struct kl__heap *heap = &p->heap;
    struct kl__limit *l = &p->limit;
    size_t room = heap->limit > heap->used ? heap->limit - heap->used : 0;
    int is_table;
    void *moved;

    if (p->cut_size != 0)
        join(p);
    if (block == NULL)
        old_len = 0;
    if (len == 0 && old_len >= KL_SHARED_MIN)
        kl__shared_forget(p, block, old_len);
    if (len <= old_len)
        return kl__heap_realloc(heap, block, old_len, len);
    if (l->refused && (!was_refused(l, block, old_len, len) ||
                          room < heap->limit / ROOM_PART))
        kl__driver_leave(p, KL_LEAVE_MEMORY);
    if (len - old_len > room)
        return refuse(p, block, old_len, len);

    is_table = block != NULL && is_string_table(p, block);
    moved = kl__heap_realloc(heap, block, old_len, len);
    if (moved == NULL) {
        l->is_exhausted = 1;
        return refuse(p, block, old_len, len);
    }
    if (l->refused) {
        l->refused = 0;
        l->is_exhausted = 0;
        if (p->driver.innermost != NULL)
            kl__preempt_arm(p, p->driver.innermost);
    }
    if (is_table)
        cut(p, moved);
    return moved;
}

/* Outside run, a process that is being made, Lua's own error will do. */
static void *
refuse(struct kl__process *p, void *block, size_t old_len, size_t len)
{
    struct kl__limit *l = &p->limit;

    if (p->driver.exit == NULL)
        return NULL;
    if (l->refused)
        kl__driver_leave(p, KL_LEAVE_MEMORY);
    l->refused = 1;
    l->block = block;
    l->old_len = old_len;
    l->len = len;
    kl__preempt_now(p);
    return NULL;
}

static int
was_refused(
    const struct kl__limit *l, const void *block, size_t old_len, size_t len)
{
    return l->block == block && l->old_len == old_len && l->len == len;
}

/* That of a copy, and not one that Lua makes alone. */
static int
is_string_table(const struct kl__process *p, const void *block)
{
    return p->interned != NULL &&
           block == kl__interned_table(p->interned, p->L)->hash;
}

/* The table has more room, and Lua is about to fill it. */
static void
cut(struct kl__process *p, void *moved)
{
    p->cut_size = kl__interned_table(p->interned, p->L)->size;
    kl__interned_cut(p->interned, moved, (size_t)p->cut_size);
}

static void
join(struct kl__process *p)
{
    kl__interned_join(
        p->interned, kl__interned_table(p->interned, p->L), p->cut_size);
    p->cut_size = 0;
}
