/* SPDX-License-Identifier: MIT */
/*
 * The options of `lifecycle` have defaults, so all of them are there.
 */

#include "service_rule.h"

#include "backoff.h"

#include <limits.h>

static int64_t integer(
    const kd_api *api, const kd_entry *entry, const char *path);
static double number(
    const kd_api *api, const kd_entry *entry, const char *path);

void
ks__service_decide(const kd_api *api, const kd_entry *entry, const kd_run *run,
    kd_again *again)
{
    const struct backoff rule = {
        .initial_ns = integer(api, entry, "lifecycle.restart.initial_delay"),
        .max_ns = integer(api, entry, "lifecycle.restart.max_delay"),
        .reset_ns = integer(api, entry, "lifecycle.stable_threshold"),
        .factor = number(api, entry, "lifecycle.restart.backoff_factor"),
        .jitter = number(api, entry, "lifecycle.restart.jitter"),
    };
    const uint64_t most =
        (uint64_t)integer(api, entry, "lifecycle.restart.max_attempts");
    const int was_stable =
        run->ran_ns > 0 && run->ran_ns >= (uint64_t)rule.reset_ns;
    const uint64_t failures = was_stable ? 1 : run->failures + 1;

    again->failures = failures;
    again->again =
        (run->flags & KD_ERROR_FINAL) == 0 && (most == 0 || failures < most);
    again->delay_ns = ks__backoff_delay(&rule,
        failures > UINT_MAX ? UINT_MAX : (unsigned)failures, run->chance);
}

static int64_t
integer(const kd_api *api, const kd_entry *entry, const char *path)
{
    const kd_node *node = api->entry_get(entry, path);

    return node == NULL ? 0 : node->integer;
}

static double
number(const kd_api *api, const kd_entry *entry, const char *path)
{
    const kd_node *node = api->entry_get(entry, path);

    return node == NULL ? 0 : node->number;
}
