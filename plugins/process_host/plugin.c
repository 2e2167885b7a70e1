/* SPDX-License-Identifier: MIT */
/*
 * What the plugin says about itself: one kind, process.host.
 */

#include "pool.h"

#include <stdlib.h>

static const kd_option host_fields[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "workers",
        .def = "0",
        .help = "Threads that run processes; 0: as many as online CPUs",
    },
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "max_processes",
        .def = "16777216",
        .help = "How many processes it has at the most",
        .min = 1,
        .max = (int64_t)1 << 28,
    },
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .flags = KD_OPTION_IGNORED,
        .name = "queue_size",
        .help = "Queues grow as needed",
    },
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .flags = KD_OPTION_IGNORED,
        .name = "local_queue_size",
        .help = "Queues grow as needed",
    },
};

static const kd_option options[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_GROUP,
        .name = "host",
        .help = "Its threads and limits",
        .fields = host_fields,
        .n_fields = sizeof(host_fields) / sizeof(host_fields[0]),
    },
};

static const kd_kind host_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_HOST,
    .id = "process.host",
    .help = "Worker threads that run processes",
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .impl = &kh__pool_kind,
};

static const kd_kind *const kinds[] = {&host_kind, NULL};

static kd_status
plugin_init(const kd_api *api, void **state, kd_error *err)
{
    struct pool_state *made = malloc(sizeof(*made));

    (void)err;
    if (made == NULL)
        return KD_ENOMEM;
    made->api = api;
    *state = made;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "kindred.process_host",
    .version = "0.1.0",
    .help = "Runs processes on threads of the operating system",
    .kinds = kinds,
    .init = plugin_init,
    .fini = free,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
