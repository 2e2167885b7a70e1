/* SPDX-License-Identifier: MIT */
/*
 * Which processes are linked, as far as one can know.
 *
 * Both ends of a link may link and unlink at the same time, and which of two
 * calls was first cannot be seen from outside. So each call is told of when it
 * begins and when it is over. A call that overlaps no other leaves the pair as
 * it says; of several that overlap, links alone leave it linked, unlinks alone
 * unlinked, and both make it a matter of doubt until the next call by itself.
 */
#ifndef TESTS_RANDOM_PAIR_H
#define TESTS_RANDOM_PAIR_H

#include <kindred/kindred.h>

enum pair_state { PAIR_LOOSE, PAIR_LINKED, PAIR_DOUBT };

#define PAIR_LINK   1u
#define PAIR_UNLINK 2u

void pairs_close(void);

void pair_begin(kd_pid a, kd_pid b);
/* `effect`: what the call did, or 0. */
void pair_end(kd_pid a, kd_pid b, unsigned effect);

enum pair_state pair_look(kd_pid a, kd_pid b);

/* All pairs, when nobody changes them. */
void pairs_each(void (*each)(kd_pid a, kd_pid b, enum pair_state state));

#endif
