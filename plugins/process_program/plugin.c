/* SPDX-License-Identifier: MIT */
/*
 * The plugin for programs of the operating system. Its state is the keeper of
 * the guard that runs them.
 */

#include "options.h"
#include "worker.h"

#include "keeper.h"

#include <kindred/plugin.h>
#include <stdlib.h>

static const kd_kind program_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "process.program",
    .help = "A program of the operating system",
    .options = kp__options,
    .n_options = KP_N_OPTIONS,
    .impl = &kp__worker,
};

static const kd_kind *const kinds[] = {&program_kind, NULL};

static kd_status
plugin_init(const kd_api *api, void **state, kd_error *err)
{
    struct kp_keeper *keeper = malloc(sizeof(*keeper));

    (void)err;
    if (keeper == NULL || kp__keeper_init(keeper, api) != 0) {
        free(keeper);
        return KD_ENOMEM;
    }
    *state = keeper;
    return KD_OK;
}

static void
plugin_fini(void *state)
{
    kp__keeper_fini(state);
    free(state);
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "kindred.process_program",
    .version = "0.1.0",
    .help = "Programs of the operating system as processes",
    .kinds = kinds,
    .init = plugin_init,
    .fini = plugin_fini,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
