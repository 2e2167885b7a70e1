/* SPDX-License-Identifier: MIT */
/*
 * A native process that does what it is told, and counts nothing: that is the
 * recorder's business.
 *
 * What it is told comes as a message `step`: an operation's name, a pid and a
 * number. A `ping` is answered with `pong`, whatever its payload.
 */
#ifndef TESTS_RANDOM_NATIVE_H
#define TESTS_RANDOM_NATIVE_H

#include <kindred/worker.h>

extern const kd_worker_kind native_worker;

/* How many hosts there are: random:host-0 and so on. */
#define NATIVE_HOSTS 3

#endif
