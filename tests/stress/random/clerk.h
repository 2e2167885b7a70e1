/* SPDX-License-Identifier: MIT */
/*
 * Who plays a round: starts supervisors and tellers, waits until all is quiet,
 * has the books audited, ends everybody and looks whether anything is left.
 */
#ifndef TESTS_RANDOM_CLERK_H
#define TESTS_RANDOM_CLERK_H

#include <kindred/worker.h>

extern const kd_worker_kind clerk_worker;

#endif
