/* SPDX-License-Identifier: MIT */
/*
 * What a runner does that has no work: take from others, look around for a
 * moment, sleep.
 */
#ifndef KH_SEEK_H
#define KH_SEEK_H

#include "runner.h"

/* Find a process, or NULL after some sleep. */
void *kh__seek_work(struct runner *runner);
/* The runner has found work: it is no longer a searcher. */
void kh__seek_end(struct runner *runner);

#endif
