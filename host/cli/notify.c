/* SPDX-License-Identifier: MIT */
/*
 * A few lines of sd_notify(3) by hand, so that nothing needs libsystemd.
 */

#include "cli/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int address(struct kd__notify *notify, const char *path);
static int watchdog(const char *usec, const char *pid);

void
kd__notify_init(struct kd__notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET");

    memset(notify, 0, sizeof(*notify));
    notify->fd = -1;
    notify->watchdog_ms = -1;
    if (path != NULL && address(notify, path) == 0)
        notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (notify->fd >= 0)
        notify->watchdog_ms =
            watchdog(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"));
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void
kd__notify_fini(struct kd__notify *notify)
{
    if (notify->fd >= 0)
        close(notify->fd);
    notify->fd = -1;
}

void
kd__notify_send(const struct kd__notify *notify, const char *line)
{
    ssize_t n;

    if (notify->fd < 0)
        return;
    n = sendto(notify->fd, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT,
        (const struct sockaddr *)(const void *)&notify->to, notify->to_len);
    (void)n;
}

/* A path, or with an @ in front a name in the abstract namespace. */
static int
address(struct kd__notify *notify, const char *path)
{
    size_t len = strlen(path);

    if ((path[0] != '/' && path[0] != '@') || len < 2 ||
        len >= sizeof(notify->to.sun_path))
        return -1;
    notify->to.sun_family = AF_UNIX;
    memcpy(notify->to.sun_path, path, len);
    notify->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    if (path[0] == '@')
        notify->to.sun_path[0] = '\0';
    else
        notify->to_len++;
    return 0;
}

/* Twice as often as is asked for, as the manual has it. */
static int
watchdog(const char *usec, const char *pid)
{
    char *end;
    uintmax_t wanted;

    if (usec == NULL || (pid != NULL && atol(pid) != (long)getpid()))
        return -1;
    wanted = strtoumax(usec, &end, 10);
    if (*end != '\0' || wanted == 0 || wanted / 2000 > 3600 * 1000)
        return -1;
    return wanted < 2000 ? 1 : (int)(wanted / 2000);
}
