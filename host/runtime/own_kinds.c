/* SPDX-License-Identifier: MIT */
/*
 * The kinds that need no plugin, as if one had brought them: `plugin`, by which
 * an application carries plugins of its own (semantics K11), and
 * `registry.entry`, which is only data (K8).
 */

#include "runtime/own_kinds.h"

static const kd_option plugin_options[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .flags = KD_OPTION_REQUIRED,
        .name = "path",
        .help = "The plugin's file; from the YAML file's folder, or behind a "
                "/ from the application's",
    },
};

static const kd_kind plugin_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_DATA,
    .id = "plugin",
    .help = "A plugin that comes with the application",
    .options = plugin_options,
    .n_options = 1,
};

static const kd_kind registry_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_OPEN,
    .cls = KD_CLASS_DATA,
    .id = "registry.entry",
    .help = "Data for others to read; it may have any further keys",
};

static const kd_kind *const kinds[] = {&plugin_kind, &registry_kind, NULL};

const kd_plugin kd__own_plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "kindred.host",
    .version = KINDRED_VERSION,
    .help = "What the host itself knows",
    .kinds = kinds,
};
