/* SPDX-License-Identifier: MIT */
/*
 * What is owed when all is quiet, and did not come.
 */
#ifndef TESTS_RANDOM_AUDIT_H
#define TESTS_RANDOM_AUDIT_H

#include <kindred/kindred.h>

/* Nobody runs, and nothing is on its way. */
void audit(const kd_api *api);

/* All have ended: names are free, and nobody is found. */
void audit_end(const kd_api *api);

#endif
