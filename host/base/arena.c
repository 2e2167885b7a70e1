/* SPDX-License-Identifier: MIT */
/*
 * A bump allocator over chunks. Large blocks get a chunk of their own, behind
 * the newest one, so that its free room is not lost.
 */

#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#define CHUNK_ROOM ((size_t)16 * 1024)

struct kd__arena_chunk {
    struct kd__arena_chunk *next;
    size_t room;
    size_t used;
    alignas(max_align_t) char data[];
};

static struct kd__arena_chunk *add_chunk(struct kd__arena *arena, size_t size);

void
kd__arena_init(struct kd__arena *arena)
{
    arena->chunks = NULL;
}

void
kd__arena_fini(struct kd__arena *arena)
{
    while (arena->chunks != NULL) {
        struct kd__arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->next;
        kd__free(chunk);
    }
}

void *
kd__arena_alloc(struct kd__arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    struct kd__arena_chunk *chunk = arena->chunks;
    void *block;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + unit - 1) / unit * unit;
    if (chunk == NULL || chunk->room - chunk->used < size)
        chunk = add_chunk(arena, size);
    if (chunk == NULL)
        return NULL;
    block = chunk->data + chunk->used;
    chunk->used += size;
    return memset(block, 0, size);
}

char *
kd__arena_copy(struct kd__arena *arena, const char *text, size_t len)
{
    char *copy = len == SIZE_MAX ? NULL : kd__arena_alloc(arena, len + 1);

    if (copy != NULL && len > 0)
        memcpy(copy, text, len);
    return copy;
}

static struct kd__arena_chunk *
add_chunk(struct kd__arena *arena, size_t size)
{
    size_t room = size > CHUNK_ROOM / 4 ? size : CHUNK_ROOM;
    struct kd__arena_chunk *chunk = kd__malloc(sizeof(*chunk) + room);

    if (chunk == NULL)
        return NULL;
    chunk->room = room;
    chunk->used = 0;
    if (arena->chunks != NULL && room == size) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}
