/* SPDX-License-Identifier: MIT */
/*
 * Makes one table of options out of two, which may come from plugins built
 * with different minors: elements are brought to the size that we know.
 */

#include "load/policy.h"

#include "base/error.h"
#include "base/memory.h"
#include "load/option_check.h"

#include <string.h>

static kd_status check_names(
    const kd_kind *policy, const kd_kind *kind, kd_error *err);
static size_t copy_options(kd_option *to, const kd_kind *from);

kd_status
kd__policy_new(const kd_kind *policy, const kd_kind *kind,
    struct kd__plugin *runner, struct kd__policy **made, kd_error *err)
{
    size_t n = policy->n_options + kind->n_options;
    kd_status status = check_names(policy, kind, err);
    struct kd__policy *both;

    if (status != KD_OK)
        return status;
    both = kd__calloc(1, sizeof(*both) + n * sizeof(both->options[0]));
    if (both == NULL)
        return kd__error_memory(err);
    n = copy_options(both->options, policy);
    n += copy_options(both->options + n, kind);
    both->runner = runner;
    both->kind.size = (uint32_t)sizeof(both->kind);
    both->kind.flags = kind->flags;
    both->kind.cls = kind->cls;
    both->kind.id = policy->id;
    both->kind.help = policy->help;
    both->kind.options = both->options;
    both->kind.n_options = n;
    both->kind.impl = kind->impl;
    *made = both;
    return KD_OK;
}

void
kd__policy_free(struct kd__policy *policy)
{
    kd__free(policy);
}

static kd_status
check_names(const kd_kind *policy, const kd_kind *kind, kd_error *err)
{
    size_t i, k;

    for (i = 0; i < policy->n_options; i++) {
        const char *name = kd__option_at(policy->options, i)->name;

        for (k = 0; k < kind->n_options; k++) {
            if (strcmp(kd__option_at(kind->options, k)->name, name) == 0)
                return kd__error(err, KD_ECONFLICT,
                    "kind %s: option %s is one of all supervisors", policy->id,
                    name);
        }
    }
    return KD_OK;
}

static size_t
copy_options(kd_option *to, const kd_kind *from)
{
    size_t i;

    for (i = 0; i < from->n_options; i++) {
        const kd_option *option = kd__option_at(from->options, i);
        size_t size = option->size < sizeof(*to) ? option->size : sizeof(*to);

        memset(&to[i], 0, sizeof(to[i]));
        memcpy(&to[i], option, size);
        to[i].size = (uint32_t)sizeof(*to);
    }
    return from->n_options;
}
