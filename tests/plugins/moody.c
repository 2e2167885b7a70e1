/* SPDX-License-Identifier: MIT */
/*
 * A resource that does as its entry says: each start, and each question after
 * its health, takes the next word of a list, the last one for ever. It logs
 * what is asked of it.
 */

#include <kindred/kindred.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct moody {
    const kd_api *api;
    const kd_entry *entry;
    size_t asked; /* How often after its health. */
};

/* Starts are counted for the plugin: there is one entry of the kind in an
 * application. */
struct state {
    const kd_api *api;
    size_t starts;
};

static const char *
word(const kd_api *api, const kd_entry *entry, const char *list, size_t nth)
{
    const kd_node *node = api->entry_get(entry, list)->child;

    while (nth-- > 0 && node->next != NULL)
        node = node->next;
    return node->text;
}

static void
say(const kd_api *api, const kd_entry *entry, const char *text)
{
    kd_log_record record = {.size = sizeof(record), .level = KD_LOG_INFO};

    record.subject = api->entry_id(entry);
    record.text = text;
    record.fields = kd_payload_none();
    api->log(api, &record);
}

/* ok, fail, final, or slow: that is 300 ms. */
static kd_status
behave(const char *how, kd_error *err)
{
    const struct timespec slow = {0, 300 * 1000 * 1000};

    if (strcmp(how, "slow") == 0)
        nanosleep(&slow, NULL);
    if (strcmp(how, "ok") == 0 || strcmp(how, "slow") == 0)
        return KD_OK;
    err->code = KD_EUNAVAIL;
    err->flags = strcmp(how, "final") == 0 ? KD_ERROR_FINAL : 0;
    snprintf(err->text, sizeof(err->text), "moody: %s", how);
    return KD_EUNAVAIL;
}

static kd_status
start(void *arg, const kd_entry *entry, void **self, kd_error *err)
{
    struct state *state = arg;
    struct moody *moody = calloc(1, sizeof(*moody));
    kd_status status;

    if (moody == NULL)
        return KD_ENOMEM;
    moody->api = state->api;
    moody->entry = entry;
    say(state->api, entry, "starts");
    status = behave(word(state->api, entry, "starts", state->starts++), err);
    if (status == KD_OK)
        *self = moody;
    else
        free(moody);
    return status;
}

static void
stop(void *self)
{
    struct moody *moody = self;

    say(moody->api, moody->entry, "stops");
    free(moody);
}

static kd_status
health(void *self, kd_error *err)
{
    struct moody *moody = self;

    return behave(
        word(moody->api, moody->entry, "healths", moody->asked++), err);
}

static const kd_resource_kind resource = {
    .size = sizeof(kd_resource_kind),
    .start = start,
    .stop = stop,
    .health = health,
};

static const kd_option word_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_STRING,
    .help = "a word",
};

static const kd_option options[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_LIST,
        .name = "starts",
        .def = "[ok]",
        .help = "words",
        .item = &word_item,
    },
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_LIST,
        .name = "healths",
        .def = "[ok]",
        .help = "words",
        .item = &word_item,
    },
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_RESOURCE,
    .id = "test.moody",
    .help = "A test",
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .impl = &resource,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static kd_status
init(const kd_api *api, void **made, kd_error *err)
{
    struct state *state = calloc(1, sizeof(*state));

    (void)err;
    if (state == NULL)
        return KD_ENOMEM;
    state->api = api;
    *made = state;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.moody",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
    .init = init,
    .fini = free,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
