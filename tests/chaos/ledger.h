/* SPDX-License-Identifier: MIT */
/*
 * Who lives where, and who died: the books of the chaos run.
 *
 * A child's place is its supervisor and its number there. When a child is made,
 * whoever had its place before must have ended. A place counts its births and
 * deaths; when all is quiet, one more birth than deaths stand against a place
 * whose supervisor lives, and as many where it has gone. So every death is
 * followed by a restart or by the end of the supervisor, and by one of them
 * only.
 *
 * All functions may be called from any thread.
 */
#ifndef TESTS_CHAOS_LEDGER_H
#define TESTS_CHAOS_LEDGER_H

#include <kindred/kindred.h>

/* What the books say. */
struct ledger_sums {
    long living;   /* Children that have not ended. */
    long births;   /* Since the beginning. */
    long deaths;   /* The same. */
    long restarts; /* Births in a place that somebody had before, */
    long standing; /* of these under supervisors that live. */
    long fallen;   /* Deaths that ended with their supervisor. */
    long wrong;    /* What must not be. */
};

void ledger_init(const kd_api *api, size_t n_children);
void ledger_fini(void);

/* A child is made; it is gone. */
void ledger_born(kd_pid parent, int64_t number, kd_pid pid);
void ledger_died(kd_pid parent, int64_t number);

/* Whether the next one in order has not ended. */
int ledger_next_lives(kd_pid parent, int64_t number);

/* Something must not be: said and counted. */
void ledger_complain(const char *format, ...) KD_PRINTF(1, 2);

/* How often, and what ledger_sum() has found besides. */
long ledger_wrong(void);

/* One of those that were born last; one's supervisor. None: nobody. */
kd_pid ledger_recent(uint64_t chance);
kd_pid ledger_parent(uint64_t chance);
/* Who lives in a place, or did; or none. */
kd_pid ledger_child(kd_pid parent, int64_t number);

/* The next supervisor that nobody has been told of yet, or none. */
kd_pid ledger_next_parent(void);

/* How many have been born. */
long ledger_births(void);

/* At most `max` that live. */
size_t ledger_living(kd_pid *pids, size_t max);

/* Add up, when all is quiet: what does not fit is complained of. */
struct ledger_sums ledger_sum(void);

#endif
