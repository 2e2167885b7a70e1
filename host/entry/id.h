/* SPDX-License-Identifier: MIT */
/*
 * Ids of entries, `namespace:name` (semantics A4).
 */
#ifndef KD_ENTRY_ID_H
#define KD_ENTRY_ID_H

#include "base/arena.h"

/* The longest id of a host: with what pids have beside it, KD_PID_TEXT. */
#define KD__ID_HOST_MAX 158

/* Whether a namespace or a name is not empty and of the right characters. */
int kd__id_is_name(const char *text, size_t len);

/* Whether it is a namespace, a colon and a name. */
int kd__id_is_whole(const char *text, size_t len);

/* `namespace:name`; NULL without memory. */
const char *kd__id_join(
    struct kd__arena *arena, const char *namespace, const char *name);

#endif
