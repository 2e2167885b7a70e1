/* SPDX-License-Identifier: MIT */
/*
 * The C library's functions for memory, by way of an allocator.
 */

#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Thread_local const kd_allocator *kd__memory_here;

void *
kd__malloc(size_t size)
{
    return kd__memory_here == NULL ? malloc(size) : kd__realloc(NULL, size);
}

void *
kd__calloc(size_t n, size_t size)
{
    void *block;

    if (kd__memory_here == NULL)
        return calloc(n, size);
    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    block = kd__malloc(n * size);
    return block == NULL ? NULL : memset(block, 0, n * size);
}

void *
kd__realloc(void *block, size_t size)
{
    const kd_allocator *allocator = kd__memory_here;

    if (allocator == NULL)
        return realloc(block, size);
    block = allocator->realloc(allocator->arg, block, size == 0 ? 1 : size);
    if (block == NULL)
        errno = ENOMEM;
    return block;
}

void
kd__free(void *block)
{
    const kd_allocator *allocator = kd__memory_here;
    int saved;

    if (block == NULL)
        return;
    saved = errno;
    if (allocator == NULL)
        free(block);
    else
        allocator->free(allocator->arg, block);
    errno = saved;
}

char *
kd__strdup(const char *text)
{
    return kd__strndup(text, strlen(text));
}

char *
kd__strndup(const char *text, size_t len)
{
    size_t n = strnlen(text, len);
    char *copy = kd__malloc(n + 1);

    if (copy == NULL)
        return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *
kd__realpath(const char *path)
{
    char *real = realpath(path, NULL);
    char *copy = real == NULL ? NULL : kd__strdup(real);

    free(real);
    return copy;
}

int
kd__asprintf(char **text, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = kd__vasprintf(text, format, args);
    va_end(args);
    return n;
}

int
kd__vasprintf(char **text, const char *format, va_list args)
{
    va_list again;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    *text = n < 0 ? NULL : kd__malloc((size_t)n + 1);
    if (*text == NULL)
        return -1;
    return vsnprintf(*text, (size_t)n + 1, format, args);
}
