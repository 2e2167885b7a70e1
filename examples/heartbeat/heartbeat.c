/* SPDX-License-Identifier: MIT */
/*
 * A plugin with a resource: a file that is written anew every second while the
 * application lives, for whoever looks at its age from outside.
 *
 * If it cannot be written, the resource is not well; after three times in a row
 * the host stops it and starts it again, as the entry's lifecycle says.
 */

#define _POSIX_C_SOURCE 200809L

#include <kindred/kindred.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct heartbeat {
    const kd_api *api;
    const char *path;
    unsigned long beats;
};

static kd_status
refuse(kd_error *err, const char *path, uint32_t flags)
{
    char why[80];

    if (strerror_r(errno, why, sizeof(why)) != 0)
        why[0] = '\0';
    kd_error_set(err, KD_ESYSTEM, "cannot write %s: %s", path, why);
    err->flags = flags;
    return KD_ESYSTEM;
}

static kd_status
beat(void *self, kd_error *err)
{
    struct heartbeat *heartbeat = self;
    FILE *file = fopen(heartbeat->path, "we");

    if (file == NULL)
        return refuse(err, heartbeat->path, 0);
    fprintf(file, "%lu\n", ++heartbeat->beats);
    if (fclose(file) != 0)
        return refuse(err, heartbeat->path, 0);
    return KD_OK;
}

static kd_status
start(void *state, const kd_entry *entry, void **self, kd_error *err)
{
    const kd_api *api = state;
    const kd_node *path = api->entry_get(entry, "path");
    struct heartbeat *heartbeat = calloc(1, sizeof(*heartbeat));
    kd_status status;

    if (heartbeat == NULL)
        return KD_ENOMEM;
    heartbeat->api = api;
    heartbeat->path = path->text;
    status = beat(heartbeat, err);
    /* A folder can never be written to: there is no use in trying again. */
    if (status != KD_OK && errno == EISDIR)
        err->flags = KD_ERROR_FINAL;
    if (status != KD_OK)
        free(heartbeat);
    else
        *self = heartbeat;
    return status;
}

static void
stop(void *self)
{
    struct heartbeat *heartbeat = self;

    unlink(heartbeat->path);
    free(heartbeat);
}

static const kd_resource_kind resource = {
    .size = sizeof(kd_resource_kind),
    .start = start,
    .stop = stop,
    .health = beat,
};

static const kd_option options[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .flags = KD_OPTION_REQUIRED,
        .name = "path",
        .help = "the file",
    },
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_RESOURCE,
    .id = "example.heartbeat",
    .help = "A file that is written anew every second",
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .impl = &resource,
};

static const kd_kind *const kinds[] = {&kind, NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)err;
    *state = (void *)(uintptr_t)api;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "example.heartbeat",
    .version = "1.0",
    .help = "Shows from outside that an application lives",
    .kinds = kinds,
    .init = init,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
