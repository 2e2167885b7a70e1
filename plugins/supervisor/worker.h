/* SPDX-License-Identifier: MIT */
/*
 * Supervisors as a kind of workers.
 */
#ifndef KS_WORKER_H
#define KS_WORKER_H

#include <kindred/worker.h>

/* The state of the plugin is the `const kd_api *` itself. */
extern const kd_worker_kind ks__worker;

#endif
