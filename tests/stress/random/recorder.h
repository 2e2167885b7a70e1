/* SPDX-License-Identifier: MIT */
/*
 * Stands between kinds and the host, and writes down and checks what each asks
 * and gets: a kind around a kind, whose processes have a table of services of
 * ours instead of the host's. So native and Lua processes are held to the same
 * rules, at the one place where the host makes its promises.
 *
 * How it is known what must arrive when a race has two legal outcomes:
 *
 *   EXIT        is owed from a monitor() that was KD_OK until it comes, or
 *               until unmonitor(). Then no more may come, but for one that was
 *               for the kind to take already: so only if the kind had not taken
 *               all signals of this slice.
 *   LINK_DOWN   comes at most once from one process, and only from one that
 *               has failed, whose pair (pair.h) is linked or in doubt. It is
 *               owed if the pair is linked and not in doubt when all is quiet,
 *               one end has surely failed and the other lives.
 *   numbers     are counted for each sender and receiver. A message with the
 *               wrong one is lost, doubled or out of order. Whoever sees the
 *               end of another must find all its numbers in his mailbox (X5).
 *   the end     by force wants somebody who tried; the end by a link wants
 *               that link and that failure; a normal end, that `run` said so.
 *               All watchers are told the same.
 *   names       of a process are free when its end is seen (N4).
 *   CANCEL      no more come than were sent, and one does if any was.
 *   requests    are answered once. ROOM comes once for each time it was wanted;
 *               but the receiver's end, which comes soon here, makes up for one
 *               that is missing (tests/unit/test_runtime.c looks closer).
 *
 * What is owed and did not come is found when all is quiet (audit.c).
 */
#ifndef TESTS_RANDOM_RECORDER_H
#define TESTS_RANDOM_RECORDER_H

#include "account.h"

#include <kindred/worker.h>

/* Instances that are not destroyed. */
extern atomic_long recorder_live;

/* The topic whose messages carry numbers. */
#define RECORDER_TOPIC "n"

/* `calls`: the services of any process. */
void recorder_open(const kd_api *api, const kd_proc_calls *calls);

/* As kd_worker_kind's functions, around those of `kind`. */
kd_status recorder_create(const kd_worker_kind *kind, void *state,
    void *prepared, kd_proc *proc, const kd_payload *args, void **self,
    kd_error *err);
kd_next recorder_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err);
void recorder_preempt(void *self);
void recorder_destroy(void *self, kd_proc *proc);

/* The number that the process which runs here sends to another next. */
int64_t recorder_number(kd_pid to);
/* The account of the process that runs here, or NULL. */
struct account *recorder_account(void);

/* The integer that a payload is, or -1. */
int64_t recorder_integer(const kd_payload *payload);

#endif
