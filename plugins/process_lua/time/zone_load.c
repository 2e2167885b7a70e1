/* SPDX-License-Identifier: MIT */
/*
 * Finding and reading the file of a zone.
 *
 * Names come from programs, and programs have theirs from anywhere: a name has
 * no way out of the directory, and whatever is found there is read without
 * waiting and believed only after a check. No file is open while Lua may end
 * the process.
 */

#include "time/zone_load.h"

#include "process/process.h"
#include "time/zone.h"
#include "time/zone_file.h"
#include "value/error.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LEN 1024

/* Where systems have it, unless TZDIR says otherwise. */
static const char *const directories[] = {"/usr/share/zoneinfo",
    "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"};

/* Parts between slashes, of which none is empty, `.` or `..`. */
static int
is_name(const char *name, size_t len)
{
    const char *part = name;

    if (strlen(name) != len || strchr(name, '\\') != NULL)
        return 0;
    for (;;) {
        size_t part_len = strcspn(part, "/");

        if (part_len == 0 || strspn(part, ".") >= part_len)
            return 0;
        if (part[part_len] == '\0')
            return 1;
        part += part_len + 1;
    }
}

/* Returns how many bytes the file has, or -1: errno says why. */
static ssize_t
read_open(int fd, unsigned char *bytes, size_t room)
{
    struct stat status;
    size_t len = 0;
    ssize_t count;

    if (fstat(fd, &status) != 0)
        return -1;
    if (!S_ISREG(status.st_mode)) {
        errno = ENOENT;
        return -1;
    }
    do {
        count = read(fd, bytes + len, room - len);
        if (count > 0)
            len += (size_t)count;
    } while (count > 0 || (count < 0 && errno == EINTR));
    return count < 0 ? -1 : (ssize_t)len;
}

static ssize_t
read_file(
    const char *directory, const char *name, unsigned char *bytes, size_t room)
{
    char path[PATH_LEN];
    int len = snprintf(path, sizeof(path), "%s/%s", directory, name);
    ssize_t count;
    int fd, reason;

    if (len < 0 || (size_t)len >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return -1;
    count = read_open(fd, bytes, room);
    reason = errno;
    close(fd);
    errno = reason;
    return count;
}

static ssize_t
find_file(
    const char *directory, const char *name, unsigned char *bytes, size_t room)
{
    ssize_t count = -1;
    size_t i;

    if (directory != NULL && directory[0] != '\0')
        return read_file(directory, name, bytes, room);
    for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
        count = read_file(directories[i], name, bytes, room);
        if (count >= 0)
            break;
    }
    return count;
}

static int
push_from(
    lua_State *L, const char *name, const unsigned char *bytes, size_t len)
{
    struct kl__zone_file file;
    const char *problem = "it is too long";

    if (len <= KL_ZONE_FILE_MAX)
        problem = kl__zone_file_parse(bytes, len, &file);
    if (problem != NULL)
        return kl__error_nil(L, "Internal", KL_RETRY_NO,
            "bad file of time zone %s: %s", name, problem);
    kl__zone_push_file(L, name, &file);
    return 1;
}

static int
is_missing(int reason)
{
    return reason == ENOENT || reason == ENOTDIR || reason == ENAMETOOLONG ||
           reason == ELOOP;
}

static int
push_named(lua_State *L, const char *name, size_t len)
{
    struct kl__process *p = kl__process_of(L);
    unsigned char bytes[KL_ZONE_FILE_MAX + 1];
    char reason[128];
    ssize_t count = -1;

    errno = ENOENT;
    if (is_name(name, len))
        count = find_file(
            p->api->env_get(p->api, "TZDIR"), name, bytes, sizeof(bytes));
    if (count >= 0)
        return push_from(L, name, bytes, (size_t)count);
    if (is_missing(errno))
        return kl__error_nil(
            L, "NotFound", KL_RETRY_NO, "unknown time zone: %s", name);
    return kl__error_nil(L, "Internal", KL_RETRY_UNKNOWN,
        "cannot read time zone %s: %s", name,
        strerror_r(errno, reason, sizeof(reason)));
}

static int
is_text(const char *name, size_t len, const char *text)
{
    return strlen(text) == len && memcmp(name, text, len) == 0;
}

int
kl__zone_load(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);

    if (len == 0)
        return kl__error_nil(L, "Invalid", KL_RETRY_NO, "empty location name");
    if (is_text(name, len, kl__zone_utc.name))
        kl__zone_push(L, &kl__zone_utc);
    else if (is_text(name, len, kl__zone_local.name))
        kl__zone_push(L, &kl__zone_local);
    else
        return push_named(L, name, len);
    return 1;
}
