/* SPDX-License-Identifier: MIT */
/*
 * Reads child records. Types are right by now; what is judged here is what
 * options mean together (semantics S4).
 */

#include "spec.h"

#include "node_term.h"
#include "options.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND           INT64_C(1000000000)
#define SHUTDOWN_DEFAULT (5 * SECOND)
#define START_DEFAULT    (10 * SECOND)

/* How the ids of kinds begin whose processes are supervisors. */
static const char supervisor_prefix[] = "supervisor.";

/* Kinds whose processes cannot say that they are ready. */
static const char *const silent_kinds[] = {"process.program"};

/* Texts of a spec that are put together, before they are copied into it. */
struct parts {
    char *id;
    char *name;
    kd_writer args;
};

static const char *text_of(const kd_node *record, const char *key);
static uint32_t is_word(const kd_node *node, const char *word);
static uint32_t restart_of(const kd_node *record);
static uint32_t is_supervisor(const char *kind);
static uint32_t is_significant(const kd_node *record);
static int check_id(const kd_node *record, const struct spec_place *place);
static int check_significant(
    const kd_node *record, const struct spec_place *place);
static int check_wait(const kd_node *record, const struct spec_place *place);
static const kd_entry *entry_of(const kd_node *record, const kd_api *api);
static int parts_make(struct parts *parts, const kd_node *record, uint32_t nth);
static void parts_free(struct parts *parts);
static struct spec *spec_pack(const struct parts *parts, const char *process,
    const char *kind, const char *host);
static void read_backoff(const kd_node *record, struct backoff *backoff);
static uint64_t read_time(
    const kd_node *record, const char *key, uint64_t otherwise);

uint32_t
ks__spec_check(const kd_node *record, const struct spec_place *place)
{
    const kd_node *count = kd_node_find(record, "count");
    int is_right = check_id(record, place);

    is_right &= check_significant(record, place);
    is_right &= check_wait(record, place);
    if (count != NULL && place->is_template) {
        place->check->report(place->check, count, NULL, 0,
            "count is not for the child of a dynamic supervisor");
        is_right = 0;
    }
    if (!is_right)
        return 0;
    return count == NULL ? 1 : (uint32_t)count->integer;
}

struct spec *
ks__spec_read(const kd_node *record, const kd_api *api, uint32_t nth)
{
    const kd_entry *entry = entry_of(record, api);
    struct parts parts = {NULL, NULL, {NULL, 0, 0, KD_OK}};
    const kd_node *shutdown = kd_node_find(record, "shutdown");
    struct spec *spec = NULL;

    if (parts_make(&parts, record, nth))
        spec = spec_pack(&parts, api->entry_id(entry), api->entry_kind(entry),
            text_of(record, "host"));
    parts_free(&parts);
    if (spec == NULL)
        return NULL;
    spec->restart = restart_of(record);
    spec->significant = is_significant(record);
    spec->is_supervisor = is_supervisor(spec->kind);
    spec->waits =
        kd_node_find(record, "wait") != NULL ? 1 : spec->is_supervisor;
    spec->is_brutal = is_word(shutdown, KS_WORD_BRUTAL);
    spec->shutdown_ns = read_time(record, "shutdown",
        spec->is_supervisor ? KD_NEVER : (uint64_t)SHUTDOWN_DEFAULT);
    spec->start_timeout_ns = read_time(record, "start_timeout",
        spec->is_supervisor ? KD_NEVER : (uint64_t)START_DEFAULT);
    read_backoff(record, &spec->backoff);
    return spec;
}

static const char *
text_of(const kd_node *record, const char *key)
{
    const kd_node *node = kd_node_find(record, key);

    return node == NULL || node->type != KD_NODE_STRING ? NULL : node->text;
}

static uint32_t
is_word(const kd_node *node, const char *word)
{
    const char *text = node == NULL ? NULL : node->text;

    return text != NULL && strcmp(text, word) == 0;
}

static uint32_t
restart_of(const kd_node *record)
{
    const char *word = text_of(record, "restart");

    if (word != NULL && strcmp(word, "transient") == 0)
        return KD_RESTART_TRANSIENT;
    if (word != NULL && strcmp(word, "temporary") == 0)
        return KD_RESTART_TEMPORARY;
    return KD_RESTART_PERMANENT;
}

static uint32_t
is_supervisor(const char *kind)
{
    return strncmp(kind, supervisor_prefix, strlen(supervisor_prefix)) == 0;
}

static uint32_t
is_significant(const kd_node *record)
{
    const kd_node *node = kd_node_find(record, "significant");

    return node != NULL && node->integer != 0;
}

/* An empty id is none; that there is one was checked before. */
static int
check_id(const kd_node *record, const struct spec_place *place)
{
    const kd_node *id = kd_node_find(record, "id");
    char text[64];

    if (id == NULL || id->len > 0)
        return 1;
    snprintf(text, sizeof(text), "%sid is required", place->path);
    place->check->report(place->check, id, NULL, 0, text);
    return 0;
}

static int
check_significant(const kd_node *record, const struct spec_place *place)
{
    const kd_node *significant = kd_node_find(record, "significant");
    const char *why = NULL;

    if (!is_significant(record))
        return 1;
    if (place->auto_shutdown == KD_AUTO_SHUTDOWN_NEVER)
        why = "significant has no meaning with auto_shutdown: never";
    else if (restart_of(record) == KD_RESTART_PERMANENT)
        why = "significant needs restart: transient or temporary; a permanent "
              "child is always restarted";
    if (why != NULL)
        place->check->report(place->check, significant, NULL, 0, why);
    return why == NULL;
}

static int
check_wait(const kd_node *record, const struct spec_place *place)
{
    const kd_node *wait = kd_node_find(record, "wait");
    const char *kind;
    char text[160];
    size_t i;

    if (wait == NULL)
        return 1;
    kind = place->api->entry_kind(entry_of(record, place->api));
    for (i = 0; i < sizeof(silent_kinds) / sizeof(silent_kinds[0]); i++) {
        if (strcmp(kind, silent_kinds[i]) != 0)
            continue;
        snprintf(text, sizeof(text),
            "wait: ready is not for %s, which cannot say that it is ready",
            kind);
        place->check->report(place->check, wait, NULL, 0, text);
        return 0;
    }
    return 1;
}

/* It was found when the record was checked, by the host or by record.c. */
static const kd_entry *
entry_of(const kd_node *record, const kd_api *api)
{
    const char *id = text_of(record, "process");

    return id == NULL ? NULL : api->entry_find(api, id);
}

/* "<text>-<nth>", or the text itself; NULL without memory. */
static char *
number(const char *text, uint32_t nth)
{
    const size_t room = strlen(text) + 16;
    char *made = malloc(room);

    if (made == NULL)
        return NULL;
    if (nth == 0)
        snprintf(made, room, "%s", text);
    else
        snprintf(made, room, "%s-%lu", text, (unsigned long)nth);
    return made;
}

static int
parts_make(struct parts *parts, const kd_node *record, uint32_t nth)
{
    const char *name = text_of(record, "register");
    const kd_node *input = kd_node_find(record, "input");
    const size_t given = input == NULL ? 0 : input->count;
    const kd_node *item;

    parts->id = number(text_of(record, "id"), nth);
    if (name != NULL)
        parts->name = number(name, nth);
    if (given > 0 || nth > 0) {
        kd_write_array(&parts->args, given + (nth > 0));
        for (item = given == 0 ? NULL : input->child; item != NULL;
             item = item->next)
            ks__node_write(&parts->args, item);
        if (nth > 0)
            kd_write_int(&parts->args, nth);
    }
    return parts->id != NULL && (name == NULL || parts->name != NULL) &&
           parts->args.status == KD_OK;
}

static void
parts_free(struct parts *parts)
{
    free(parts->id);
    free(parts->name);
    kd_writer_free(&parts->args);
}

/* Where the next of the texts goes. */
static const char *
put(char **at, const void *data, size_t len)
{
    char *to = *at;

    if (len > 0)
        memcpy(to, data, len);
    *at += len;
    return to;
}

static struct spec *
spec_pack(const struct parts *parts, const char *process, const char *kind,
    const char *host)
{
    const size_t id_len = strlen(parts->id) + 1;
    const size_t name_len = parts->name == NULL ? 0 : strlen(parts->name) + 1;
    const size_t host_len = host == NULL ? 0 : strlen(host) + 1;
    struct spec *spec;
    char *at;

    spec = calloc(
        1, sizeof(*spec) + id_len + name_len + host_len + parts->args.len);
    if (spec == NULL)
        return NULL;
    at = (char *)(spec + 1);
    spec->process = process;
    spec->kind = kind;
    spec->id = put(&at, parts->id, id_len);
    if (name_len > 0)
        spec->name = put(&at, parts->name, name_len);
    if (host_len > 0)
        spec->host = put(&at, host, host_len);
    spec->args = kd_payload_none();
    if (parts->args.len > 0)
        spec->args = kd_payload_make(KD_FORMAT_TERM,
            put(&at, parts->args.data, parts->args.len), parts->args.len);
    return spec;
}

static void
read_backoff(const kd_node *record, struct backoff *backoff)
{
    const kd_node *group = kd_node_find(record, "backoff");
    const kd_node *factor = kd_node_find(group, "factor");
    const kd_node *jitter = kd_node_find(group, "jitter");

    *backoff = ks__backoff_default;
    backoff->initial_ns = (int64_t)read_time(
        group, "initial_delay", (uint64_t)backoff->initial_ns);
    backoff->max_ns =
        (int64_t)read_time(group, "max_delay", (uint64_t)backoff->max_ns);
    backoff->reset_ns =
        (int64_t)read_time(group, "reset_after", (uint64_t)backoff->reset_ns);
    if (factor != NULL)
        backoff->factor = factor->number;
    if (jitter != NULL)
        backoff->jitter = jitter->number;
}

/* A duration; `infinity`, the only word that gets here, is KD_NEVER. */
static uint64_t
read_time(const kd_node *record, const char *key, uint64_t otherwise)
{
    const kd_node *node = kd_node_find(record, key);

    if (node == NULL)
        return otherwise;
    return node->type == KD_NODE_STRING ? KD_NEVER : (uint64_t)node->integer;
}
