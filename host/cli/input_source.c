/* SPDX-License-Identifier: MIT */
/*
 * Waits for stdin and for the end together. stdin stays as it is: it may be
 * shared, so it is not made non-blocking, and after poll() a read returns.
 */

#include "cli/input_source.h"

#include "cli/complain.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
kd__input_source_init(struct kd__input_source *source)
{
    source->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return source->wake < 0 ? -1 : 0;
}

void
kd__input_source_fini(struct kd__input_source *source)
{
    if (source->wake >= 0)
        close(source->wake);
    source->wake = -1;
}

/* Returns 1 when stdin has something or is at its end, 0 to stop waiting. */
static int
wait_for_input(const struct kd__input_source *source)
{
    struct pollfd fds[2] = {
        {.fd = source->wake, .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };

    while (poll(fds, 2, -1) < 0) {
        if (errno != EINTR && errno != EAGAIN)
            return 0;
    }
    return fds[0].revents == 0;
}

size_t
kd__input_source_read(struct kd__input_source *source, char *data, size_t room)
{
    char text[80];
    ssize_t n;

    do {
        if (!wait_for_input(source))
            return 0;
        n = read(STDIN_FILENO, data, room);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n >= 0)
        return (size_t)n;
    kd__complain("cannot read stdin, it is taken as ended: %s",
        strerror_r(errno, text, sizeof(text)));
    return 0;
}

void
kd__input_source_end(struct kd__input_source *source)
{
    const uint64_t one = 1;
    ssize_t n = write(source->wake, &one, sizeof(one));

    (void)n;
}
