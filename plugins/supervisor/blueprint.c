/* SPDX-License-Identifier: MIT */
/*
 * From an entry to a blueprint. Everything that is wrong is reported, and not
 * only the first of it.
 */

#include "blueprint.h"

#include "policies.h"

#include <stdio.h>
#include <stdlib.h>

static const char dynamic_kind[] = "supervisor.dynamic";

/* A child's id and where it stands, to find those that stand there twice. */
struct place {
    const char *id;
    const kd_node *record;
    size_t nth; /* In the order of the entry. */
};

static void read_options(struct blueprint *blueprint);
static uint32_t read_auto_shutdown(const char *word);
static size_t count_specs(
    const struct blueprint *blueprint, const kd_check *check);
static kd_status read_specs(struct blueprint *blueprint, size_t count,
    const kd_check *check, size_t *n_twice);
static const kd_node *first_record(const struct blueprint *blueprint);

kd_status
ks__blueprint_make(const kd_api *api, const kd_entry *entry,
    const kd_check *check, struct blueprint **made, kd_error *err)
{
    struct blueprint *blueprint = calloc(1, sizeof(*blueprint));
    kd_status status;
    size_t count, n_twice = 0;

    (void)err;
    if (blueprint == NULL)
        return KD_ENOMEM;
    blueprint->api = api;
    blueprint->entry = entry;
    read_options(blueprint);
    count = count_specs(blueprint, check);
    if (count == 0 && first_record(blueprint) != NULL) {
        ks__blueprint_free(blueprint);
        return KD_OK;
    }
    status = read_specs(blueprint, count, check, &n_twice);
    if (status == KD_OK && n_twice == 0)
        *made = blueprint;
    else
        ks__blueprint_free(blueprint);
    return status;
}

void
ks__blueprint_free(struct blueprint *blueprint)
{
    size_t i;

    if (blueprint == NULL)
        return;
    for (i = 0; i < blueprint->n_specs; i++)
        free(blueprint->specs[i]);
    free(blueprint->specs);
    free(blueprint);
}

static void
read_options(struct blueprint *blueprint)
{
    const kd_api *api = blueprint->api;
    const kd_entry *entry = blueprint->entry;

    blueprint->options = api->entry_get(entry, "");
    blueprint->is_dynamic = strcmp(api->entry_kind(entry), dynamic_kind) == 0;
    blueprint->policy = api->entry_policy(api, entry);
    if (blueprint->policy == NULL)
        blueprint->policy = &ks__policy_one_for_one;
    blueprint->is_each_alone = blueprint->policy == &ks__policy_one_for_one;
    blueprint->auto_shutdown =
        read_auto_shutdown(api->entry_get(entry, "auto_shutdown")->text);
    blueprint->max = (uint64_t)api->entry_get(entry, "restarts.max")->integer;
    blueprint->within_ns =
        (uint64_t)api->entry_get(entry, "restarts.within")->integer;
}

static uint32_t
read_auto_shutdown(const char *word)
{
    if (strcmp(word, "any_significant") == 0)
        return KD_AUTO_SHUTDOWN_ANY;
    if (strcmp(word, "all_significant") == 0)
        return KD_AUTO_SHUTDOWN_ALL;
    return KD_AUTO_SHUTDOWN_NEVER;
}

static const kd_node *
first_record(const struct blueprint *blueprint)
{
    const kd_api *api = blueprint->api;

    if (blueprint->is_dynamic)
        return api->entry_get(blueprint->entry, "child");
    return api->entry_get(blueprint->entry, "children")->child;
}

static const kd_node *
next_record(const struct blueprint *blueprint, const kd_node *record)
{
    return blueprint->is_dynamic ? NULL : record->next;
}

/* 0 also when something was reported. */
static size_t
count_specs(const struct blueprint *blueprint, const kd_check *check)
{
    char path[40] = "child.";
    const struct spec_place place = {blueprint->api, check,
        blueprint->auto_shutdown, blueprint->is_dynamic, path};
    const kd_node *record;
    size_t count = 0;
    size_t at = 0;
    int is_wrong = 0;

    for (record = first_record(blueprint); record != NULL;
         record = next_record(blueprint, record)) {
        uint32_t n;

        if (!blueprint->is_dynamic)
            snprintf(path, sizeof(path), "children[%lu].", (unsigned long)at++);
        n = ks__spec_check(record, &place);
        is_wrong |= n == 0;
        count += n;
    }
    return is_wrong ? 0 : count;
}

static int
compare(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    const int order = strcmp(x->id, y->id);

    if (order != 0)
        return order;
    return x->nth < y->nth ? -1 : 1;
}

/* Once for a record, however many of its children there are twice. */
static size_t
report_twice(struct place *places, size_t n, const kd_check *check)
{
    const kd_node *told = NULL;
    size_t n_twice = 0;
    char text[200];
    size_t i;

    qsort(places, n, sizeof(*places), compare);
    for (i = 1; i < n; i++) {
        if (strcmp(places[i - 1].id, places[i].id) != 0)
            continue;
        n_twice++;
        if (told == places[i].record)
            continue;
        told = places[i].record;
        snprintf(text, sizeof(text), "there is a child with id %.120s already",
            places[i].id);
        check->report(check, kd_node_find(told, "id"), NULL, 0, text);
    }
    return n_twice;
}

static kd_status
read_specs(struct blueprint *blueprint, size_t count, const kd_check *check,
    size_t *n_twice)
{
    struct place *places = calloc(count + 1, sizeof(*places));
    const kd_node *record;
    kd_status status = KD_OK;

    blueprint->specs = calloc(count + 1, sizeof(*blueprint->specs));
    if (places == NULL || blueprint->specs == NULL)
        status = KD_ENOMEM;
    for (record = first_record(blueprint); record != NULL && status == KD_OK;
         record = next_record(blueprint, record)) {
        const kd_node *many = kd_node_find(record, "count");
        const uint32_t n = many == NULL ? 1 : (uint32_t)many->integer;
        uint32_t i;

        for (i = 1; i <= n && status == KD_OK; i++) {
            struct spec *spec =
                ks__spec_read(record, blueprint->api, many == NULL ? 0 : i);

            if (spec == NULL) {
                status = KD_ENOMEM;
                break;
            }
            places[blueprint->n_specs] =
                (struct place){spec->id, record, blueprint->n_specs};
            blueprint->specs[blueprint->n_specs++] = spec;
        }
    }
    if (status == KD_OK)
        *n_twice = report_twice(places, blueprint->n_specs, check);
    free(places);
    return status;
}
