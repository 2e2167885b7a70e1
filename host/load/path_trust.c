/* SPDX-License-Identifier: MIT */
/*
 * Walks from a file up to the root and looks at owners and write permission.
 *
 * Pure with regard to the program; what the file system says may change the
 * moment after, but only by those who are trusted here.
 */

#include "load/path_trust.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static kd_status system_error(int code, kd_error *err);
static kd_status trust_one(
    const char *path, const struct stat *st, kd_error *err);

kd_status
kd__path_resolve(const char *path, char **resolved, kd_error *err)
{
    *resolved = kd__realpath(path);
    return *resolved != NULL ? KD_OK : system_error(errno, err);
}

kd_status
kd__path_trust(const char *resolved, kd_error *err)
{
    struct stat st;
    kd_status status;
    char *path;
    char *slash;

    if (stat(resolved, &st) != 0)
        return system_error(errno, err);
    if (!S_ISREG(st.st_mode))
        return kd__error(err, KD_EINVAL, "is not a file");
    path = kd__strdup(resolved);
    if (path == NULL)
        return kd__error_memory(err);
    for (;;) {
        status = trust_one(path, &st, err);
        slash = strrchr(path, '/');
        if (status != KD_OK || slash == NULL || strcmp(path, "/") == 0)
            break;
        slash[slash == path] = '\0';
        if (stat(path, &st) != 0) {
            status = system_error(errno, err);
            break;
        }
    }
    kd__free(path);
    return status;
}

static kd_status
system_error(int code, kd_error *err)
{
    static const struct {
        int code;
        kd_status status;
    } map[] = {{ENOENT, KD_ENOTFOUND}, {ENOTDIR, KD_ENOTFOUND},
        {EACCES, KD_EPERM}, {ENOMEM, KD_ENOMEM}, {ENAMETOOLONG, KD_EINVAL},
        {ELOOP, KD_EINVAL}};
    kd_status status = KD_ESYSTEM;
    char text[80];
    size_t i;

    for (i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
        if (map[i].code == code)
            status = map[i].status;
    }
    return kd__error(err, status, "%s", strerror_r(code, text, sizeof(text)));
}

static kd_status
trust_one(const char *path, const struct stat *st, kd_error *err)
{
    int is_folder = S_ISDIR(st->st_mode);
    int is_sticky = is_folder && (st->st_mode & S_ISVTX) != 0;
    const char *noun = is_folder ? "folder" : "file";

    if (st->st_uid != 0 && st->st_uid != geteuid())
        return kd__error(err, KD_EPERM,
            "refused: %s %s belongs to user %lu, who may change it", noun, path,
            (unsigned long)st->st_uid);
    if (!is_sticky && (st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return kd__error(err, KD_EPERM,
            "refused: %s %s can be written by others (chmod go-w helps)", noun,
            path);
    return KD_OK;
}
