/* SPDX-License-Identifier: MIT */
/*
 * Bytes that were read and not yet used: a buffer that grows as one line or
 * value needs it and is given back when it is empty, so that a program that
 * says nothing costs nothing.
 */
#ifndef KP_INTAKE_H
#define KP_INTAKE_H

#include "pipe.h"

struct kp_intake {
    unsigned char *data;
    size_t at;  /* Where what is left begins. */
    size_t len; /* How much that is. */
    size_t cap;
    size_t chunk; /* How much to read the next time. */
};

void kp__intake_free(struct kp_intake *intake);
/* What is left. */
unsigned char *kp__intake_data(const struct kp_intake *intake);
/* Bytes were used. */
void kp__intake_drop(struct kp_intake *intake, size_t len);

/*
 * Read what there is, up to a chunk. KD_OK; KD_EUNAVAIL: nothing now;
 * KD_EGONE: it is at its end; KD_ENOMEM.
 */
kd_status kp__intake_read(struct kp_intake *intake, struct kp_pipe *pipe);

#endif
