/* SPDX-License-Identifier: MIT */
/*
 * One slice of a process: what a host asks the library for.
 */
#ifndef KD_PROC_RUN_H
#define KD_PROC_RUN_H

#include "proc/lane.h"

/* The services for hosts: see <kindred/host.h>. */
extern const kd_host_calls kd__run_calls;

/* Whether the process lives and is about to end, whatever it does. */
int kd__run_is_ending(struct kd__proc *proc);

/* 0: go on; 1: the slice should end; 2: the process must end. */
uint32_t kd__run_should_yield(const struct kd__proc *proc);

#endif
