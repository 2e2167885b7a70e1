/* SPDX-License-Identifier: MIT */
/*
 * Environment variables of one runtime: a copy of what it was given, so that
 * no other part of the program can change it meanwhile.
 */
#ifndef KD_BASE_ENV_H
#define KD_BASE_ENV_H

#include "base/arena.h"

#include <kindred/status.h>

struct kd__env_row {
    const char *name;
    const char *value;
    size_t index; /* in the list it came from */
};

struct kd__env {
    struct kd__arena arena;
    struct kd__env_row *rows; /* in the order of names, each name once */
    size_t n;
};

/*
 * Copy a list of `NAME=value` that ends with NULL; NULL: empty. The first of a
 * name holds. What has no name or no `=` is left out, as it may well stand in
 * a program's own environment. Returns KD_OK, KD_ENOMEM; _fini is legal either
 * way.
 */
kd_status kd__env_init(struct kd__env *env, const char *const *list);
void kd__env_fini(struct kd__env *env);

/* The value of a name, or NULL. */
const char *kd__env_get(const struct kd__env *env, const char *name);

#endif
