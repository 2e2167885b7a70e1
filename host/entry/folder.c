/* SPDX-License-Identifier: MIT */
/*
 * Opens files below the application's folder.
 *
 * openat2 lets the kernel refuse every way out, in one step that no rename can
 * come between. Where it is missing, or a sandbox forbids it, real paths are
 * compared instead.
 */

#include "entry/folder.h"

#include "base/error.h"
#include "base/memory.h"
#include "entry/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A fifo must not hold us up; what is no regular file is refused after. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static int is_plain(const char *path);
static const kd_text *find_text(
    const struct kd__folder *folder, const char *path);
static kd_status read_text(const struct kd__folder *folder, const char *path,
    struct kd__arena *arena, const char **text, size_t *len, kd_error *err);
static char *real_path(int root, const char *path);
static int open_beneath(int root, const char *path);
static kd_status find_real(
    struct kd__folder *folder, struct kd__arena *arena, kd_error *err);
static kd_status read_whole(int fd, struct kd__arena *arena, const char **text,
    size_t *len, kd_error *err);

static kd_status
system_error(kd_error *err, int number)
{
    char text[128];

    return kd__error(
        err, KD_ESYSTEM, "%s", strerror_r(number, text, sizeof(text)));
}

kd_status
kd__folder_open(struct kd__folder *folder, const char *dir,
    struct kd__arena *arena, kd_error *err)
{
    const int flags = O_RDONLY | O_CLOEXEC | O_DIRECTORY;

    folder->texts = NULL;
    folder->n_texts = 0;
    folder->name = kd__folder_join(arena, dir, "src");
    if (folder->name == NULL)
        return kd__error_memory(err);
    folder->fd = open(folder->name, flags);
    if (folder->fd < 0) {
        folder->name = dir;
        folder->fd = open(dir, flags);
    }
    return folder->fd >= 0 ? find_real(folder, arena, err)
                           : system_error(err, errno);
}

void
kd__folder_close(struct kd__folder *folder)
{
    if (folder->fd >= 0)
        close(folder->fd);
    folder->fd = -1;
    folder->texts = NULL;
    folder->n_texts = 0;
}

kd_status
kd__folder_set_texts(struct kd__folder *folder, const char *name,
    const kd_text *texts, size_t n, kd_error *err)
{
    folder->name = name;
    folder->texts = texts;
    folder->n_texts = n;
    for (size_t i = 0; i < n; i++) {
        const kd_text *text = kd__folder_text_at(texts, i);
        const char *path = text->path;

        if (path == NULL || !is_plain(path))
            return kd__error(err, KD_EINVAL, "unusable path of a text: %.150s",
                path == NULL ? "(none)" : path);
        if (find_text(folder, path) != text)
            return kd__error(
                err, KD_EINVAL, "two texts have the path %.150s", path);
    }
    return KD_OK;
}

const char *
kd__folder_join(struct kd__arena *arena, const char *name, const char *path)
{
    const size_t len = strlen(name);
    const int has_slash = len > 0 && name[len - 1] == '/';
    const size_t size = len + strlen(path) + 2;
    char *joined;

    if (len == 0)
        return kd__arena_copy(arena, path, strlen(path));
    joined = kd__arena_alloc(arena, size);
    if (joined != NULL)
        snprintf(joined, size, "%s%s%s", name, has_slash ? "" : "/", path);
    return joined;
}

/* Some editors begin UTF-8 files with a byte order mark, which says nothing. */
static void
skip_mark(const char **text, size_t *len)
{
    if (*len >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0) {
        *text += 3;
        *len -= 3;
    }
}

kd_status
kd__folder_read(const struct kd__folder *folder, const char *path,
    struct kd__arena *arena, const char **text, size_t *len, kd_error *err)
{
    kd_status status;
    int fd;

    if (folder->texts != NULL)
        return read_text(folder, path, arena, text, len, err);
    fd = open_beneath(folder->fd, path);
    if (fd < 0 && errno == EXDEV)
        return kd__error(err, KD_EPERM, "outside of the folder");
    if (fd < 0)
        return system_error(err, errno);
    status = read_whole(fd, arena, text, len, err);
    if (status == KD_OK)
        skip_mark(text, len);
    close(fd);
    return status;
}

kd_status
kd__folder_locate(const struct kd__folder *folder, const char *path,
    struct kd__arena *arena, const char **real, kd_error *err)
{
    kd_status status = KD_OK;
    struct stat info;
    char *name;
    int fd;

    if (folder->texts != NULL)
        return kd__error(err, KD_ENOTFOUND, "the application has no folder");
    fd = open_beneath(folder->fd, path);
    if (fd < 0 && errno == EXDEV)
        return kd__error(err, KD_EPERM, "outside of the folder");
    if (fd < 0 || fstat(fd, &info) != 0)
        status = system_error(err, errno);
    else if (!S_ISREG(info.st_mode))
        status = kd__error(err, KD_ESYSTEM, "not a regular file");
    if (fd >= 0)
        close(fd);
    if (status != KD_OK)
        return status;
    name = real_path(folder->fd, path);
    if (name == NULL)
        return system_error(err, errno);
    *real = kd__arena_copy(arena, name, strlen(name));
    kd__free(name);
    return *real == NULL ? kd__error_memory(err) : KD_OK;
}

/* Relative, without empty parts and without `.` and `..`. */
static int
is_plain(const char *path)
{
    for (;;) {
        size_t part = strcspn(path, "/");

        if (part == 0 || (part <= 2 && strncmp(path, "..", part) == 0))
            return 0;
        if (path[part] == '\0')
            return 1;
        path += part + 1;
    }
}

static const kd_text *
find_text(const struct kd__folder *folder, const char *path)
{
    for (size_t i = 0; i < folder->n_texts; i++) {
        const kd_text *text = kd__folder_text_at(folder->texts, i);

        if (strcmp(text->path, path) == 0)
            return text;
    }
    return NULL;
}

static kd_status
read_text(const struct kd__folder *folder, const char *path,
    struct kd__arena *arena, const char **text, size_t *len, kd_error *err)
{
    const kd_text *found = find_text(folder, path);

    if (found == NULL)
        return system_error(err, ENOENT);
    if (found->len > KD__YAML_BYTES_MAX)
        return kd__error(err, KD_ETOOBIG, "larger than 16 MiB");
    *text = kd__arena_copy(arena, found->text, found->len);
    *len = found->len;
    return *text == NULL ? kd__error_memory(err) : KD_OK;
}

static kd_status
find_real(struct kd__folder *folder, struct kd__arena *arena, kd_error *err)
{
    char *real = real_path(folder->fd, ".");

    if (real == NULL)
        return system_error(err, errno);
    folder->real = kd__arena_copy(arena, real, strlen(real));
    kd__free(real);
    return folder->real == NULL ? kd__error_memory(err) : KD_OK;
}

/* The real path of a descriptor, or of a path below it; to be freed. */
static char *
real_path(int root, const char *path)
{
    char *name = NULL;
    char *real;

    if (kd__asprintf(&name, "/proc/self/fd/%d/%s", root, path) < 0)
        return NULL;
    real = kd__realpath(name);
    kd__free(name);
    return real;
}

static int
open_compared(int root, const char *path)
{
    char *top = real_path(root, ".");
    char *real = real_path(root, path);
    size_t len = top == NULL ? 0 : strlen(top);
    int fd = -1;

    if (top == NULL || real == NULL)
        goto out;
    if (strncmp(real, top, len) == 0 && (real[len] == '/' || len == 1))
        fd = open(real, OPEN_FLAGS | O_NOFOLLOW);
    else
        errno = EXDEV;
out:
    kd__free(top);
    kd__free(real);
    return fd;
}

static int
open_beneath(int root, const char *path)
{
    struct open_how how;
    long fd;

    memset(&how, 0, sizeof(how));
    how.flags = OPEN_FLAGS;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return open_compared(root, path);
    return (int)fd;
}

static kd_status
read_whole(int fd, struct kd__arena *arena, const char **text, size_t *len,
    kd_error *err)
{
    struct stat info;
    size_t size;
    char *bytes;

    if (fstat(fd, &info) != 0)
        return system_error(err, errno);
    if (S_ISDIR(info.st_mode))
        return system_error(err, EISDIR);
    if (!S_ISREG(info.st_mode))
        return kd__error(err, KD_ESYSTEM, "not a regular file");
    if (info.st_size > (off_t)KD__YAML_BYTES_MAX)
        return kd__error(err, KD_ETOOBIG, "larger than 16 MiB");
    size = (size_t)info.st_size;
    bytes = kd__arena_alloc(arena, size + 1);
    if (bytes == NULL)
        return kd__error_memory(err);
    /* A file that is cut meanwhile is shorter; one that grows is not read
       beyond the size it had. */
    for (*len = 0; *len < size;) {
        ssize_t n = read(fd, bytes + *len, size - *len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_error(err, errno);
        if (n == 0)
            break;
        *len += (size_t)n;
    }
    *text = bytes;
    return KD_OK;
}
