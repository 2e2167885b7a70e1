/* SPDX-License-Identifier: MIT */
/*
 * A resource that is always well.
 */

#include <kindred/kindred.h>

static kd_status
start(void *state, const kd_entry *entry, void **self, kd_error *err)
{
    (void)entry;
    (void)err;
    *self = state;
    return KD_OK;
}

static void
stop(void *self)
{
    (void)self;
}

static const kd_resource_kind resource = {
    .size = sizeof(kd_resource_kind),
    .start = start,
    .stop = stop,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_RESOURCE,
    .id = "test.resource",
    .help = "A test",
    .impl = &resource,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.resource",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
