/* SPDX-License-Identifier: MIT */
/*
 * Chunks grow while they come full: a program that says a line now and then
 * needs little, one that pours out gets a pipe's worth at a time.
 */

#include "intake.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_MIN ((size_t)4 * 1024)
#define CHUNK_MAX ((size_t)64 * 1024)

static int make_room(struct kp_intake *intake, size_t room);

void
kp__intake_free(struct kp_intake *intake)
{
    free(intake->data);
    *intake = (struct kp_intake){0};
}

unsigned char *
kp__intake_data(const struct kp_intake *intake)
{
    return intake->data + intake->at;
}

void
kp__intake_drop(struct kp_intake *intake, size_t len)
{
    intake->at += len;
    intake->len -= len;
    if (intake->len == 0)
        intake->at = 0;
}

kd_status
kp__intake_read(struct kp_intake *intake, struct kp_pipe *pipe)
{
    const size_t chunk = intake->chunk < CHUNK_MIN ? CHUNK_MIN : intake->chunk;
    ssize_t n;

    if (!make_room(intake, chunk))
        return KD_ENOMEM;
    n = kp__pipe_read(pipe, kp__intake_data(intake) + intake->len, chunk);
    if (n <= 0) {
        if (intake->len == 0)
            kp__intake_free(intake);
        return n == 0 ? KD_EGONE : KD_EUNAVAIL;
    }
    intake->len += (size_t)n;
    if ((size_t)n == chunk && chunk < CHUNK_MAX)
        intake->chunk = chunk * 2;
    return KD_OK;
}

/* Behind what is left, which moves to the front if that is enough. */
static int
make_room(struct kp_intake *intake, size_t room)
{
    const size_t needed = intake->len + room;
    unsigned char *data;
    size_t cap;

    if (intake->at > 0 && intake->at + needed > intake->cap) {
        memmove(intake->data, kp__intake_data(intake), intake->len);
        intake->at = 0;
    }
    if (intake->at + needed <= intake->cap)
        return 1;
    cap = needed + intake->len; /* Twice as much of a long one. */
    data = realloc(intake->data, cap);
    if (data == NULL)
        return 0;
    intake->data = data;
    intake->cap = cap;
    return 1;
}
