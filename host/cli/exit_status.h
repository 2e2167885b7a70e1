/* SPDX-License-Identifier: MIT */
/*
 * What the end of a process means for the end of the command. Semantics O3.
 */
#ifndef KD_CLI_EXIT_STATUS_H
#define KD_CLI_EXIT_STATUS_H

#include <kindred/payload.h>

/*
 * The status for a normal end with this value: an integer in 0..125 is itself,
 * another integer is 1, false is 1, anything else 0.
 */
int kd__exit_status(const kd_payload *value);

/*
 * The message of an error term, from malloc; a word for it when it has none.
 * NULL without memory.
 */
char *kd__exit_message(const kd_payload *error);

#endif
