/* SPDX-License-Identifier: MIT */
/*
 * What a supervisor will start, as kd_worker_kind::outline.
 */
#ifndef KS_OUTLINE_H
#define KS_OUTLINE_H

#include <kindred/worker.h>

void ks__outline(void *prepared, const kd_outline *outline);

#endif
