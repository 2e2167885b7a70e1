/* SPDX-License-Identifier: MIT */
/*
 * Large strings that travel more than once.
 *
 * What a string is as a payload is kept as long as the string lives in the
 * state: one that is passed on, or sent again and again, is never copied for
 * that. Strings do not change, and the allocator says when one goes, so no
 * reference of ours keeps it from the collector.
 */
#ifndef KL_SHARED_H
#define KL_SHARED_H

#include <kindred/payload.h>

struct kl__process;

/* Smaller ones are cheaper to copy; larger ones are not kept twice. */
#define KL_SHARED_MIN ((size_t)1 << 10)
#define KL_SHARED_MAX ((size_t)1 << 20)

static inline int
kl__shared_fits(size_t len)
{
    return len >= KL_SHARED_MIN && len <= KL_SHARED_MAX;
}

/* A string of the state that fits, as a payload. Returns 0; -1: no memory. */
int kl__shared_payload(
    struct kl__process *p, const char *text, size_t len, kd_payload *payload);

/* A string of the state is what this payload, which is in a buffer, holds. */
void kl__shared_learn(
    struct kl__process *p, const char *text, const kd_payload *payload);

/* The state is about to free a block that is large enough for one. */
void kl__shared_forget(struct kl__process *p, const void *block, size_t len);

void kl__shared_fini(struct kl__process *p);

#endif
