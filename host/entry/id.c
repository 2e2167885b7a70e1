/* SPDX-License-Identifier: MIT */
/*
 * Ids: by their bytes, whatever the locale calls a letter.
 */

#include "entry/id.h"

#include <stdio.h>
#include <string.h>

#define NAME_CHARACTERS                                                        \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/"

int
kd__id_is_name(const char *text, size_t len)
{
    return len > 0 && strspn(text, NAME_CHARACTERS) >= len;
}

int
kd__id_is_whole(const char *text, size_t len)
{
    const char *colon = memchr(text, ':', len);
    size_t head = colon == NULL ? 0 : (size_t)(colon - text);

    return colon != NULL && kd__id_is_name(text, head) &&
           kd__id_is_name(colon + 1, len - head - 1);
}

const char *
kd__id_join(struct kd__arena *arena, const char *namespace, const char *name)
{
    size_t size = strlen(namespace) + strlen(name) + 2;
    char *id = kd__arena_alloc(arena, size);

    if (id != NULL)
        snprintf(id, size, "%s:%s", namespace, name);
    return id;
}
