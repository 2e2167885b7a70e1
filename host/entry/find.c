/* SPDX-License-Identifier: MIT */
/*
 * Walks the folders with a list of those still to do instead of recursion:
 * how deep they are nested is not ours to choose.
 */

#include "entry/find.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct paths {
    const char **items;
    size_t count;
    size_t capacity;
};

struct walk {
    const struct kd__folder *folder;
    struct kd__arena *arena;
    struct kd__report *report;
    struct paths folders; /* to do */
    struct paths files;
};

static kd_status add(struct paths *paths, const char *path);
static kd_status walk_folder(struct walk *walk, const char *path);
static kd_status walk_texts(struct walk *walk);
static int compare(const void *a, const void *b);

kd_status
kd__find_files(const struct kd__folder *folder, struct kd__arena *arena,
    struct kd__report *report, struct kd__find *found)
{
    struct walk walk = {folder, arena, report, {NULL, 0, 0}, {NULL, 0, 0}};
    kd_status status =
        folder->texts != NULL ? walk_texts(&walk) : add(&walk.folders, "");

    while (status == KD_OK && walk.folders.count > 0)
        status = walk_folder(&walk, walk.folders.items[--walk.folders.count]);
    kd__free(walk.folders.items);
    if (walk.files.count > 0)
        qsort(walk.files.items, walk.files.count, sizeof(char *), compare);
    else if (status == KD_OK)
        kd__report_add(report, KD_LOG_ERROR,
            &(struct kd__place){folder->name, NULL, 0, 0},
            "no _index.yaml or _index.yml in it or in a folder below");
    found->paths = walk.files.items;
    found->count = walk.files.count;
    return status;
}

void
kd__find_free(struct kd__find *found)
{
    kd__free(found->paths);
    found->paths = NULL;
    found->count = 0;
}

static kd_status
add(struct paths *paths, const char *path)
{
    size_t capacity = paths->capacity == 0 ? 16 : paths->capacity * 2;
    const char **items;

    if (path == NULL)
        return KD_ENOMEM;
    if (paths->count == paths->capacity) {
        items = kd__realloc(paths->items, capacity * sizeof(*items));
        if (items == NULL)
            return KD_ENOMEM;
        paths->items = items;
        paths->capacity = capacity;
    }
    paths->items[paths->count++] = path;
    return KD_OK;
}

static int
is_index(const char *name)
{
    return strcmp(name, "_index.yaml") == 0 || strcmp(name, "_index.yml") == 0;
}

static int
is_folder(int fd, const struct dirent *item)
{
    struct stat info;

    if (item->d_type != DT_UNKNOWN)
        return item->d_type == DT_DIR;
    return fstatat(fd, item->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(info.st_mode);
}

static kd_status
walk_item(
    struct walk *walk, int fd, const char *path, const struct dirent *item)
{
    const char *name = item->d_name;

    if (is_folder(fd, item)) {
        if (name[0] == '.' || strcmp(name, "node_modules") == 0)
            return KD_OK;
        return add(&walk->folders, kd__folder_join(walk->arena, path, name));
    }
    if (is_index(name))
        return add(&walk->files, kd__folder_join(walk->arena, path, name));
    return KD_OK;
}

static void
report_errno(struct walk *walk, const char *path)
{
    char text[128];
    const char *reason = strerror_r(errno, text, sizeof(text));
    const char *name = walk->folder->name;

    if (path[0] != '\0')
        name = kd__folder_join(walk->arena, name, path);
    kd__report_add(walk->report, KD_LOG_ERROR,
        &(struct kd__place){name, NULL, 0, 0}, "cannot read the folder: %s",
        reason);
}

static kd_status
walk_folder(struct walk *walk, const char *path)
{
    const char *name = path[0] == '\0' ? "." : path;
    int fd = openat(walk->folder->fd, name,
        O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *item;
    kd_status status = KD_OK;

    if (dir == NULL) {
        report_errno(walk, path);
        if (fd >= 0)
            close(fd);
        return KD_OK;
    }
    errno = 0;
    while (status == KD_OK && (item = readdir(dir)) != NULL) {
        status = walk_item(walk, fd, path, item);
        errno = 0;
    }
    if (status == KD_OK && errno != 0)
        report_errno(walk, path);
    closedir(dir);
    return status;
}

static kd_status
walk_texts(struct walk *walk)
{
    const struct kd__folder *folder = walk->folder;
    kd_status status = KD_OK;

    for (size_t i = 0; i < folder->n_texts && status == KD_OK; i++) {
        const char *path = folder->texts[i].path;
        const char *slash = strrchr(path, '/');

        if (is_index(slash == NULL ? path : slash + 1))
            status = add(
                &walk->files, kd__arena_copy(walk->arena, path, strlen(path)));
    }
    return status;
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}
