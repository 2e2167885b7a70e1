/* SPDX-License-Identifier: MIT */
/*
 * What somebody may have meant by a word that nobody knows.
 */
#ifndef KD_ENTRY_HINT_H
#define KD_ENTRY_HINT_H

#include <stddef.h>

/* The nearest word so far. Starts as zeros but `word`, which is borrowed. */
struct kd__hint {
    const char *word;
    const char *nearest; /* NULL: none is near */
    size_t distance;
};

/* Look at one more of the known words, borrowed. */
void kd__hint_offer(struct kd__hint *hint, const char *known);

#endif
