/* SPDX-License-Identifier: MIT */
/*
 * Functions in place of the C library's. A block that another library has
 * allocated is not in the ledger; freeing it is not counted. Arenas and the
 * heaps of Lua processes seldom ask the library, so that what they give is
 * refused too.
 */

#include "refuse.h"

#include "base/arena.h"
#include "process_lua/memory/heap.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A power of two, more than twice the blocks that are ever in use. */
#define LEDGER_SLOTS ((size_t)1 << 18)

struct slot {
    void *block;
    void *asker; /* An address in the function that asked. */
};

static struct slot ledger[LEDGER_SLOTS];
static pthread_mutex_t ledger_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_long made;
static long refused;
static int are_all_after;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void __real_free(void *block);
char *__real_strdup(const char *text);
int __real_vasprintf(char **text, const char *format, va_list args);
void *__real_mmap(
    void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*start)(void *), void *arg);
void *__real_kd__arena_alloc(struct kd__arena *arena, size_t size);
char *__real_kd__arena_copy(
    struct kd__arena *arena, const char *text, size_t len);
void *__real_kl__heap_realloc(
    struct kl__heap *heap, void *block, size_t old_len, size_t len);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void __wrap_free(void *block);
char *__wrap_strdup(const char *text);
int __wrap_vasprintf(char **text, const char *format, va_list args);
int __wrap_asprintf(char **text, const char *format, ...);
void *__wrap_mmap(
    void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*start)(void *), void *arg);
void *__wrap_kd__arena_alloc(struct kd__arena *arena, size_t size);
char *__wrap_kd__arena_copy(
    struct kd__arena *arena, const char *text, size_t len);
void *__wrap_kl__heap_realloc(
    struct kl__heap *heap, void *block, size_t old_len, size_t len);

static int
is_refused(void)
{
    long n = atomic_fetch_add(&made, 1) + 1;

    if (refused == 0 || n < refused || (n > refused && !are_all_after))
        return 0;
    errno = ENOMEM;
    return 1;
}

static size_t
home_of(const void *block)
{
    return ((uintptr_t)block >> 4) * 0x9e3779b97f4a7c15u >> 46;
}

/* Where it stands, or the free slot where it would. */
static size_t
place_of(const void *block)
{
    size_t at = home_of(block);

    while (ledger[at].block != NULL && ledger[at].block != block)
        at = (at + 1) & (LEDGER_SLOTS - 1);
    return at;
}

static void *
note(void *block, void *asker)
{
    struct slot slot = {block, asker};

    if (block == NULL)
        return NULL;
    pthread_mutex_lock(&ledger_lock);
    ledger[place_of(block)] = slot;
    pthread_mutex_unlock(&ledger_lock);
    return block;
}

/* What stands behind a gap moves into it if it could not be found any more. */
static void
close_gap(size_t gap)
{
    static const struct slot none;

    for (size_t at = (gap + 1) & (LEDGER_SLOTS - 1); ledger[at].block != NULL;
         at = (at + 1) & (LEDGER_SLOTS - 1)) {
        size_t from_home =
            (at - home_of(ledger[at].block)) & (LEDGER_SLOTS - 1);

        if (from_home < ((at - gap) & (LEDGER_SLOTS - 1)))
            continue;
        ledger[gap] = ledger[at];
        gap = at;
    }
    ledger[gap] = none;
}

static void
forget(const void *block)
{
    size_t at;

    pthread_mutex_lock(&ledger_lock);
    at = place_of(block);
    if (ledger[at].block != NULL)
        close_gap(at);
    pthread_mutex_unlock(&ledger_lock);
}

void
refuse_begin(long n, int is_for_good)
{
    memset(ledger, 0, sizeof(ledger));
    refused = n;
    are_all_after = is_for_good;
    atomic_store(&made, 0);
}

long
refuse_end(void)
{
    refused = 0;
    return atomic_load(&made);
}

long
refuse_lost(void)
{
    long n = 0;

    for (size_t i = 0; i < LEDGER_SLOTS; i++) {
        if (ledger[i].block == NULL)
            continue;
        printf("not freed: asked for near %p\n", ledger[i].asker);
        n++;
    }
    return n;
}

void *
__wrap_malloc(size_t size)
{
    void *block = is_refused() ? NULL : __real_malloc(size);

    return note(block, __builtin_return_address(0));
}

void *
__wrap_calloc(size_t n, size_t size)
{
    void *block = is_refused() ? NULL : __real_calloc(n, size);

    return note(block, __builtin_return_address(0));
}

void *
__wrap_realloc(void *block, size_t size)
{
    void *moved;

    if (is_refused())
        return NULL;
    if (block != NULL)
        forget(block);
    moved = __real_realloc(block, size);
    return note(moved, __builtin_return_address(0));
}

void *
__wrap_aligned_alloc(size_t align, size_t size)
{
    void *block = is_refused() ? NULL : __real_aligned_alloc(align, size);

    return note(block, __builtin_return_address(0));
}

void
__wrap_free(void *block)
{
    if (block != NULL)
        forget(block);
    __real_free(block);
}

char *
__wrap_strdup(const char *text)
{
    char *copy = is_refused() ? NULL : __real_strdup(text);

    return note(copy, __builtin_return_address(0));
}

int
__wrap_vasprintf(char **text, const char *format, va_list args)
{
    int len = is_refused() ? -1 : __real_vasprintf(text, format, args);

    if (len >= 0)
        note(*text, __builtin_return_address(0));
    return len;
}

int
__wrap_asprintf(char **text, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = is_refused() ? -1 : __real_vasprintf(text, format, args);
    va_end(args);
    if (len >= 0)
        note(*text, __builtin_return_address(0));
    return len;
}

void *
__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
    return is_refused() ? MAP_FAILED
                        : __real_mmap(at, len, prot, flags, fd, offset);
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*start)(void *), void *arg)
{
    return is_refused() ? EAGAIN
                        : __real_pthread_create(thread, attr, start, arg);
}

void *
__wrap_kd__arena_alloc(struct kd__arena *arena, size_t size)
{
    return is_refused() ? NULL : __real_kd__arena_alloc(arena, size);
}

char *
__wrap_kd__arena_copy(struct kd__arena *arena, const char *text, size_t len)
{
    return is_refused() ? NULL : __real_kd__arena_copy(arena, text, len);
}

/* Lua relies on it that shrinking and freeing never fail. */
void *
__wrap_kl__heap_realloc(
    struct kl__heap *heap, void *block, size_t old_len, size_t len)
{
    return len > old_len && is_refused()
               ? NULL
               : __real_kl__heap_realloc(heap, block, old_len, len);
}
