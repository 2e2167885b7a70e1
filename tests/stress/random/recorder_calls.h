/* SPDX-License-Identifier: MIT */
/*
 * The table of services that a recorded process has.
 */
#ifndef TESTS_RANDOM_RECORDER_CALLS_H
#define TESTS_RANDOM_RECORDER_CALLS_H

#include "account.h"

const kd_proc_calls *recorder_calls(void);

/* A process was made on this thread, maybe by one that is recorded. */
void recorder_calls_born(struct account *account);

#endif
