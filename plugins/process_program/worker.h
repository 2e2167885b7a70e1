/* SPDX-License-Identifier: MIT */
/*
 * The kind: what process.program does when its processes are made, run and
 * thrown away.
 */
#ifndef KP_WORKER_H
#define KP_WORKER_H

#include <kindred/worker.h>

extern const kd_worker_kind kp__worker;

#endif
