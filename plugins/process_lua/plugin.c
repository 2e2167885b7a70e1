/* SPDX-License-Identifier: MIT */
/*
 * The plugin for processes written in Lua: its kinds and their options.
 */

#include "process/worker.h"
#include "program/library.h"

#include <kindred/plugin.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SOURCE_OPTION                                                          \
    {                                                                          \
        .size = sizeof(kd_option), .type = KD_OPTION_SOURCE,                   \
        .flags = KD_OPTION_REQUIRED, .name = "source",                         \
        .help = "Lua text, or file://PATH"                                     \
    }
#define MODULES_OPTION                                                         \
    {                                                                          \
        .size = sizeof(kd_option), .type = KD_OPTION_LIST, .name = "modules",  \
        .def = "[]", .help = "Built-in modules that the program may use",      \
        .item = &module_item                                                   \
    }
#define IMPORTS_OPTION                                                         \
    {                                                                          \
        .size = sizeof(kd_option), .type = KD_OPTION_MAP, .name = "imports",   \
        .def = "{}", .help = "Entries, each under the name it is used by",     \
        .item = &import_item                                                   \
    }
#define ENV_OPTION                                                             \
    {                                                                          \
        .size = sizeof(kd_option), .type = KD_OPTION_LIST, .name = "env",      \
        .def = "[]", .help = "Variables that the module env may read",         \
        .item = &env_item                                                      \
    }

static const kd_option module_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_STRING,
    .help = "Name of a module",
};

static const kd_option import_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ENTRY,
    .classes = KD_CLASS_DATA | KD_CLASS_WORKER,
    .help = "Id of a library.lua or function.lua entry",
};

static const kd_option env_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_STRING,
    .help = "Name of an environment variable",
};

static const kd_option input_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ANY,
    .help = "An argument",
};

static const kd_option process_options[] = {
    SOURCE_OPTION,
    {.size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .name = "method",
        .def = "main",
        .help = "The function to run"},
    MODULES_OPTION,
    IMPORTS_OPTION,
    ENV_OPTION,
    {.size = sizeof(kd_option),
        .type = KD_OPTION_ENTRY,
        .flags = KD_OPTION_HOST_RULE,
        .classes = KD_CLASS_HOST,
        .name = "host",
        .help = "The host that auto_start runs it on"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_LIST,
        .name = "input",
        .def = "[]",
        .help = "The arguments that auto_start runs it with",
        .item = &input_item},
};

static const kd_option function_options[] = {
    SOURCE_OPTION,
    {.size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .flags = KD_OPTION_REQUIRED,
        .name = "method",
        .help = "The function to run"},
    MODULES_OPTION,
    IMPORTS_OPTION,
    ENV_OPTION,
    {.size = sizeof(kd_option),
        .type = KD_OPTION_ANY,
        .flags = KD_OPTION_IGNORED,
        .name = "pool",
        .help = "Each call is a process of its own"},
};

static const kd_option library_options[] = {
    SOURCE_OPTION,
    MODULES_OPTION,
    IMPORTS_OPTION,
};

static const kd_kind process_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "process.lua",
    .help = "A process written in Lua",
    .options = process_options,
    .n_options = COUNT(process_options),
    .impl = &kl__worker,
};

static const kd_kind function_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "function.lua",
    .help = "A function in Lua that processes call, or import",
    .options = function_options,
    .n_options = COUNT(function_options),
    .impl = &kl__function,
};

static const kd_kind library_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_DATA,
    .id = "library.lua",
    .help = "Lua code that programs import",
    .options = library_options,
    .n_options = COUNT(library_options),
    .impl = &kl__library,
};

static const kd_kind *const kinds[] = {
    &process_kind, &function_kind, &library_kind, NULL};

static kd_status
plugin_init(const kd_api *api, void **state, kd_error *err)
{
    struct kl__plugin *own = malloc(sizeof(*own));

    (void)err;
    if (own == NULL || kl__bus_init(&own->bus) != 0) {
        free(own);
        return KD_ENOMEM;
    }
    kl__spares_init(&own->spares, api);
    own->api = api;
    *state = own;
    return KD_OK;
}

static void
plugin_fini(void *state)
{
    struct kl__plugin *own = state;

    kl__bus_fini(&own->bus);
    kl__spares_fini(&own->spares);
    free(own);
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "kindred.process_lua",
    .version = "0.1.0",
    .help = "Processes written in Lua 5.4",
    .kinds = kinds,
    .init = plugin_init,
    .fini = plugin_fini,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
