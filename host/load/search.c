/* SPDX-License-Identifier: MIT */
/*
 * Lists folders. No recursion and no guessing: what is not `*.so` is not ours.
 */

#include "load/search.h"

#include "base/error.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static kd_status add(struct kd__search *found, char *path, kd_error *err);
static kd_status add_folder(
    struct kd__search *found, const char *folder, kd_error *err);
static int is_plugin_name(const char *name);
static int compare(const void *a, const void *b);

void
kd__search_fini(struct kd__search *found)
{
    size_t i;

    for (i = 0; i < found->n; i++)
        kd__free(found->paths[i]);
    kd__free(found->paths);
    found->paths = NULL;
    found->n = found->cap = 0;
}

static kd_status
cannot_read(const char *path, int code, kd_error *err)
{
    kd_status status = KD_ESYSTEM;
    char text[80];

    if (code == ENOENT || code == ENOTDIR)
        status = KD_ENOTFOUND;
    else if (code == EACCES)
        status = KD_EPERM;
    return kd__error(
        err, status, "%s: %s", path, strerror_r(code, text, sizeof(text)));
}

kd_status
kd__search_path(struct kd__search *found, const char *path, kd_error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return cannot_read(path, errno, err);
    if (S_ISDIR(st.st_mode))
        return add_folder(found, path, err);
    return add(found, kd__strdup(path), err);
}

char *
kd__search_part(const char **list, kd_status *status)
{
    const char *at = *list + strspn(*list, ":");
    size_t len = strcspn(at, ":");
    char *part;

    *status = KD_OK;
    *list = at + len;
    if (len == 0)
        return NULL;
    part = kd__strndup(at, len);
    if (part == NULL)
        *status = KD_ENOMEM;
    return part;
}

/* Takes the path, also when it fails or the path is NULL for want of memory. */
static kd_status
add(struct kd__search *found, char *path, kd_error *err)
{
    char **paths;
    size_t cap;

    if (path == NULL)
        return kd__error_memory(err);
    if (found->n == found->cap) {
        cap = found->cap == 0 ? 16 : found->cap * 2;
        paths = kd__realloc(found->paths, cap * sizeof(*paths));
        if (paths == NULL) {
            kd__free(path);
            return kd__error_memory(err);
        }
        found->paths = paths;
        found->cap = cap;
    }
    found->paths[found->n++] = path;
    return KD_OK;
}

static char *
join(const char *folder, const char *name)
{
    char *path = NULL;

    return kd__asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static kd_status
add_file(struct kd__search *found, const char *folder, const char *name,
    kd_error *err)
{
    char *path = join(folder, name);
    struct stat st;

    /* A dangling link is kept: opening it says what is wrong. */
    if (path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        kd__free(path);
        return KD_OK;
    }
    return add(found, path, err);
}

static kd_status
add_folder(struct kd__search *found, const char *folder, kd_error *err)
{
    size_t before = found->n;
    kd_status status = KD_OK;
    struct dirent *item;
    DIR *dir = opendir(folder);

    if (dir == NULL)
        return cannot_read(folder, errno, err);
    while (status == KD_OK && (errno = 0, item = readdir(dir)) != NULL) {
        if (is_plugin_name(item->d_name))
            status = add_file(found, folder, item->d_name, err);
    }
    if (status == KD_OK && errno != 0)
        status = cannot_read(folder, errno, err);
    closedir(dir);
    if (found->n > before)
        qsort(found->paths + before, found->n - before, sizeof(*found->paths),
            compare);
    return status;
}

static int
is_plugin_name(const char *name)
{
    size_t len = strlen(name);

    return name[0] != '.' && len > 3 && strcmp(name + len - 3, ".so") == 0;
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}
