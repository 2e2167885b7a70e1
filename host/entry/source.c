/* SPDX-License-Identifier: MIT */
/*
 * Source files. A path is first judged by its letters, so that the answer for
 * `../x` is the same whether it exists or not; links are the folder's matter.
 */

#include "entry/source.h"

#include "base/error.h"

#include <string.h>

#define SCHEME "file://"

static kd_status explain(
    const char *path, kd_status status, const kd_error *reason, kd_error *err);
static kd_status join(const char *base, const char *path, size_t len,
    struct kd__arena *arena, char **joined, kd_error *err);

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
    char *chunk = NULL;
    kd_status status =
        join(base, path, len - (size_t)(path - url), arena, &chunk, err);

    if (status != KD_OK)
        return status;
    status = kd__folder_read(
        folder, chunk, arena, &source->text, &source->len, &reason);
    if (status != KD_OK)
        return explain(path, status, &reason, err);
    source->chunk = chunk;
    source->file = kd__folder_join(arena, folder->name, chunk);
    return source->file == NULL ? kd__error_memory(err) : KD_OK;
}

kd_status
kd__source_locate(const struct kd__folder *folder, const char *base,
    const char *text, size_t len, struct kd__arena *arena, const char **real,
    kd_error *err)
{
    const char *path = text;
    kd_error reason = KD_ERROR_INIT;
    char *joined = NULL;
    kd_status status;

    if (kd__source_is_file(text))
        path += sizeof(SCHEME) - 1;
    status = join(base, path, len - (size_t)(path - text), arena, &joined, err);
    if (status != KD_OK)
        return status;
    status = kd__folder_locate(folder, joined, arena, real, &reason);
    return status == KD_OK ? KD_OK : explain(path, status, &reason, err);
}

/* Why there is nothing at a path, in the words of A6. */
static kd_status
explain(
    const char *path, kd_status status, const kd_error *reason, kd_error *err)
{
    if (status == KD_EPERM)
        return kd__error(err, KD_EPERM,
            "path traversal detected in file path: %.150s", path);
    if (status == KD_ENOMEM)
        return kd__error_memory(err);
    return kd__error(
        err, status, "failed to read file %.130s: %.80s", path, reason->text);
}

/* The path in the folder; `len` is how long `path` was said to be. */
static kd_status
join(const char *base, const char *path, size_t len, struct kd__arena *arena,
    char **joined, kd_error *err)
{
    if (path[strspn(path, "/")] == '\0')
        return kd__error(err, KD_EINVAL, "empty file path in file:// URL");
    if (strlen(path) != len)
        return kd__error(err, KD_EINVAL,
            "failed to read file %.100s: a NUL character in the path", path);
    *joined = kd__arena_alloc(arena, strlen(base) + strlen(path) + 2);
    if (*joined == NULL)
        return kd__error_memory(err);
    if (kd__source_path(base, path, *joined) == KD_OK)
        return KD_OK;
    return explain(path, KD_EPERM, NULL, err);
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
