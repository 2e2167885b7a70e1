/* SPDX-License-Identifier: MIT */
/*
 * Libraries: data that programs import.
 *
 * All of them are checked, also those that nobody imports, each by itself.
 * Programs that import them then keep quiet about what is wrong in them.
 */
#ifndef KL_LIBRARY_H
#define KL_LIBRARY_H

#include <kindred/api.h>
#include <kindred/kind.h>

/* The kind library.lua. */
extern const kd_data_kind kl__library;

/* Whether an entry is a library. */
int kl__library_is(const kd_api *api, const kd_entry *entry);

/*
 * Whether programs may import it: a library, or a function, which then gives
 * what its chunk gives: a table with its method, or the function it returns.
 */
int kl__library_can_import(const kd_api *api, const kd_entry *entry);

/* Whether no program, a process or a function, stands before an entry. */
int kl__library_is_first(const kd_api *api, const kd_entry *entry);

/* Reports nothing. */
extern const kd_check kl__check_quiet;

#endif
