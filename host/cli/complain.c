/* SPDX-License-Identifier: MIT */
/*
 * Writing without buffers: a line is whole, or gone with its reader.
 */

#include "cli/complain.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048
#define AT_END_MS      1000

KD_PRINTF(2, 0)
static void say(int wait_ms, const char *format, va_list args);

void
kd__complain(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(-1, format, args);
    va_end(args);
}

void
kd__complain_at_end(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(AT_END_MS, format, args);
    va_end(args);
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

/* A line is shorter than what a pipe with room takes at once. -1: wait as long
 * as it takes. */
static void
say(int wait_ms, const char *format, va_list args)
{
    static const char prefix[] = "kindred: ";
    struct pollfd slow = {.fd = STDERR_FILENO, .events = POLLOUT};
    char line[LINE_MAX_BYTES];
    size_t used = sizeof(prefix) - 1;
    size_t room = sizeof(line) - used - 1;
    int n;

    memcpy(line, prefix, used);
    n = vsnprintf(line + used, room, format, args);
    if (n > 0)
        used += (size_t)n < room ? (size_t)n : room - 1;
    line[used++] = '\n';
    if (wait_ms < 0 || poll(&slow, 1, wait_ms) > 0)
        (void)kd__write_all(STDERR_FILENO, line, used);
}
