/* SPDX-License-Identifier: MIT */
/*
 * Allocations, and starts of threads, that fail when a test wants, and a
 * ledger of what has not been freed.
 *
 * The linker puts these functions in place of the C library's, in whatever is
 * linked into the program: the host and the plugins, but not shared libraries.
 */
#ifndef TESTS_REFUSE_H
#define TESTS_REFUSE_H

/*
 * Refuse the n-th allocation from here on, and all after it if `is_for_good`;
 * 0: none. The ledger is empty then.
 */
void refuse_begin(long n, int is_for_good);

/* Refuse nothing any more. Returns how many allocations there were. */
long refuse_end(void);

/* How many blocks are not freed yet; says of each who has asked for it. */
long refuse_lost(void);

#endif
