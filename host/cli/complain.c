/* SPDX-License-Identifier: MIT */
/*
 * Writing without buffers: a line is whole, or gone with its reader.
 */

#include "cli/complain.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

void
kd__complain(const char *format, ...)
{
    static const char prefix[] = "kindred: ";
    char line[LINE_MAX_BYTES];
    size_t used = sizeof(prefix) - 1;
    size_t room = sizeof(line) - used - 1;
    va_list args;
    int n;

    snprintf(line, sizeof(line), "%s", prefix);
    va_start(args, format);
    n = vsnprintf(line + used, room, format, args);
    va_end(args);
    if (n > 0)
        used += (size_t)n < room ? (size_t)n : room - 1;
    line[used++] = '\n';
    (void)kd__write_all(STDERR_FILENO, line, used);
}

int
kd__write_all(int fd, const char *data, size_t len)
{
    struct pollfd slow = {.fd = fd, .events = POLLOUT};
    ssize_t n;

    while (len > 0) {
        n = write(fd, data, len);
        if (n >= 0) {
            data += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN) {
            /* Somebody made it non-blocking; that is not our doing. */
            (void)poll(&slow, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}
