/* SPDX-License-Identifier: MIT */
/*
 * Source files. A path is first judged by its letters, so that the answer for
 * `../x` is the same whether it exists or not; links are the folder's matter.
 */

#include "entry/source.h"

#include "base/error.h"

#include <string.h>

#define SCHEME "file://"

int
kd__source_is_file(const char *text)
{
    return strncmp(text, SCHEME, sizeof(SCHEME) - 1) == 0;
}

kd_status
kd__source_read(const struct kd__folder *folder, const char *base,
    const char *url, size_t len, struct kd__arena *arena,
    struct kd__source *source, kd_error *err)
{
    const char *path = url + sizeof(SCHEME) - 1;
    kd_error reason = KD_ERROR_INIT;
    kd_status status;
    char *chunk;

    if (path[strspn(path, "/")] == '\0')
        return kd__error(err, KD_EINVAL, "empty file path in file:// URL");
    if (strlen(url) != len)
        return kd__error(err, KD_EINVAL,
            "failed to read file %.100s: a NUL character in the path", path);
    chunk = kd__arena_alloc(arena, strlen(base) + strlen(path) + 2);
    if (chunk == NULL)
        return kd__error_memory(err);
    status = kd__source_path(base, path, chunk);
    if (status == KD_OK)
        status = kd__folder_read(
            folder, chunk, arena, &source->text, &source->len, &reason);
    if (status == KD_EPERM)
        return kd__error(err, KD_EPERM,
            "path traversal detected in file path: %.150s", path);
    if (status == KD_ENOMEM)
        return kd__error_memory(err);
    if (status != KD_OK)
        return kd__error(err, status, "failed to read file %.130s: %.80s", path,
            reason.text);
    source->chunk = chunk;
    source->file = kd__folder_join(arena, folder->name, chunk);
    return source->file == NULL ? kd__error_memory(err) : KD_OK;
}

/* Append the parts of a path; *len is how much of `out` is in use. */
static kd_status
append(char *out, size_t *len, const char *path)
{
    while (*path != '\0') {
        size_t part = strcspn(path, "/");

        if (part == 2 && path[0] == '.' && path[1] == '.') {
            if (*len == 0)
                return KD_EPERM;
            while (*len > 0 && out[--*len] != '/')
                continue;
        } else if (part > 0 && !(part == 1 && path[0] == '.')) {
            if (*len > 0)
                out[(*len)++] = '/';
            memcpy(out + *len, path, part);
            *len += part;
        }
        path += part;
        path += strspn(path, "/");
    }
    return KD_OK;
}

kd_status
kd__source_path(const char *base, const char *path, char *out)
{
    const char *end = strrchr(base, '/');
    size_t len = 0;
    kd_status status;

    if (path[0] != '/' && end != NULL) {
        len = (size_t)(end - base);
        memcpy(out, base, len);
    }
    status = append(out, &len, path);
    out[len] = '\0';
    return status;
}
