/* SPDX-License-Identifier: MIT */
/*
 * The worker kind of Lua processes, as the host calls it.
 */
#ifndef KL_WORKER_H
#define KL_WORKER_H

#include <kindred/worker.h>

#include "events/bus.h"
#include "memory/spare.h"

/* The state of the plugin, for all its callbacks: one a runtime. */
struct kl__plugin {
    const kd_api *api;
    struct kl__bus bus;
    struct kl__spares spares;
};

extern const kd_worker_kind kl__worker;
/* The same for functions, which are called and not spawned. */
extern const kd_worker_kind kl__function;

#endif
