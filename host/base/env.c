/* SPDX-License-Identifier: MIT */
/*
 * A sorted table: it is made once and then only searched.
 */

#include "base/env.h"

#include <stdlib.h>
#include <string.h>

static kd_status add(struct kd__env *env, const char *text, size_t index);
static void keep_first(struct kd__env *env);
static int compare(const void *a, const void *b);

kd_status
kd__env_init(struct kd__env *env, const char *const *list)
{
    kd_status status = KD_OK;
    size_t n = 0;
    size_t i;

    memset(env, 0, sizeof(*env));
    kd__arena_init(&env->arena);
    while (list != NULL && list[n] != NULL)
        n++;
    if (n == 0)
        return KD_OK;
    env->rows = kd__arena_alloc(&env->arena, n * sizeof(*env->rows));
    if (env->rows == NULL)
        return KD_ENOMEM;
    for (i = 0; i < n && status == KD_OK; i++)
        status = add(env, list[i], i);
    if (env->n > 0)
        qsort(env->rows, env->n, sizeof(*env->rows), compare);
    keep_first(env);
    return status;
}

void
kd__env_fini(struct kd__env *env)
{
    kd__arena_fini(&env->arena);
    env->rows = NULL;
    env->n = 0;
}

const char *
kd__env_get(const struct kd__env *env, const char *name)
{
    size_t low = 0, high = env->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, env->rows[middle].name);

        if (order == 0)
            return env->rows[middle].value;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static kd_status
add(struct kd__env *env, const char *text, size_t index)
{
    const size_t len = strcspn(text, "=");
    struct kd__env_row *row = &env->rows[env->n];
    const char *value = text + len + 1;

    if (len == 0 || text[len] == '\0')
        return KD_OK;
    row->name = kd__arena_copy(&env->arena, text, len);
    row->value = kd__arena_copy(&env->arena, value, strlen(value));
    row->index = index;
    if (row->name == NULL || row->value == NULL)
        return KD_ENOMEM;
    env->n++;
    return KD_OK;
}

static void
keep_first(struct kd__env *env)
{
    size_t kept = 0;
    size_t i;

    for (i = 0; i < env->n; i++) {
        if (kept == 0 ||
            strcmp(env->rows[kept - 1].name, env->rows[i].name) != 0)
            env->rows[kept++] = env->rows[i];
    }
    env->n = kept;
}

static int
compare(const void *a, const void *b)
{
    const struct kd__env_row *x = a;
    const struct kd__env_row *y = b;
    int order = strcmp(x->name, y->name);

    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}
