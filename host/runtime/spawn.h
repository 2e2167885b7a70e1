/* SPDX-License-Identifier: MIT */
/*
 * Spawning by ids: the checks of semantics P6, in their order.
 */
#ifndef KD_RUNTIME_SPAWN_H
#define KD_RUNTIME_SPAWN_H

#include "runtime/runtime.h"

/*
 * `parent` and `observer` may be NULL. The caller has entered the epoch if
 * there is a parent. Returns as kd_proc_spawn().
 */
kd_status kd__spawn(kd_runtime *runtime, struct kd__proc *parent,
    const kd_spawn *spawn, struct kd__observer *observer, kd_pid *pid,
    kd_error *err);

/*
 * A process of the runtime's own, which no limit of the host counts: it runs
 * `code`, whatever the kind of the entry is.
 */
kd_status kd__spawn_own(kd_runtime *runtime, struct kd__host *host,
    const struct kd__code *code, struct kd__observer *observer, kd_pid *pid,
    kd_error *err);

/*
 * A process of a kind that no entry has, beside the limits of the application.
 * `host` may be NULL, as for kd_runtime_receive(); of `spawn` only the name and
 * the arguments are looked at.
 */
kd_status kd__spawn_code(kd_runtime *runtime, const char *host,
    const struct kd__code *code, const kd_spawn *spawn,
    struct kd__observer *observer, kd_pid *pid, kd_error *err);

#endif
