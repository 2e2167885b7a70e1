/* SPDX-License-Identifier: MIT */
/*
 * The host must take the file: found, opened, stamped for this ABI, its kinds
 * and options whole. And what its one function says must never change.
 */

#include "rule.h"

static void
run(struct subject *subject)
{
    kd_error err = KD_ERROR_INIT;
    const kd_plugin *again;

    if (kd_inspect(subject->path, &subject->plugin, &err) != KD_OK)
        broken(subject, "%s", err.text);
    else if (kd_inspect(subject->path, &again, &err) != KD_OK ||
             again != subject->plugin)
        broken(subject, "kd_plugin_query_v1 returns another plugin each time");
}

const struct rule rule_stamp = {
    "stamp", "the host takes the file: stamp, kinds and options", 0, run};
