/* SPDX-License-Identifier: MIT */
/*
 * Reads an entry. What it refers to was checked by the host.
 */

#include "service_plan.h"

#include "node_term.h"

/* Kinds whose processes say when they are up; semantics L4, S8. */
static const char *const ready_kinds[] = {"supervisor.", KS_SERVICE_KIND};

static void read_process(struct service_plan *plan);
static uint32_t says_ready(const char *kind);

struct service_plan *
ks__service_plan_new(const kd_api *api, const kd_entry *entry)
{
    const kd_node *host = api->entry_get(entry, "host");
    const kd_node *input = api->entry_get(entry, "input");
    const kd_node *startup = api->entry_get(entry, "lifecycle.startup");
    const kd_node *timeout = api->entry_get(entry, "lifecycle.start_timeout");
    struct service_plan *plan = calloc(1, sizeof(*plan));

    if (plan == NULL)
        return NULL;
    plan->api = api;
    plan->entry = entry;
    read_process(plan);
    plan->host =
        host == NULL || host->entry == NULL ? NULL : api->entry_id(host->entry);
    plan->is_optional =
        startup != NULL && strcmp(startup->text, "optional") == 0;
    plan->start_timeout_ns = timeout == NULL ? 0 : (uint64_t)timeout->integer;
    if (input != NULL && input->type == KD_NODE_LIST) {
        for (input = input->child; input != NULL; input = input->next) {
            ks__node_write(&plan->input, input);
            plan->n_input++;
        }
    }
    if (plan->input.status == KD_OK)
        return plan;
    ks__service_plan_free(plan);
    return NULL;
}

void
ks__service_plan_free(struct service_plan *plan)
{
    if (plan == NULL)
        return;
    kd_writer_free(&plan->input);
    free(plan);
}

void
ks__service_plan_args(
    const struct service_plan *plan, const kd_payload *args, kd_writer *to)
{
    kd_reader more = kd_reader_make(args->data, args->len);
    kd_item head;
    size_t n = 0;

    if (args->format == KD_FORMAT_TERM &&
        kd_reader_next(&more, &head) == KD_TERM_ARRAY)
        n = head.len;
    kd_write_array(to, plan->n_input + n);
    kd_write_raw(to, plan->input.data, plan->input.len);
    if (n > 0)
        kd_write_raw(to, more.at, (size_t)(more.end - more.at));
}

static void
read_process(struct service_plan *plan)
{
    const kd_api *api = plan->api;
    const kd_entry *process = plan->entry;

    if (strcmp(api->entry_kind(process), KS_SERVICE_KIND) == 0)
        process = api->entry_get(process, "process")->entry;
    plan->process = api->entry_id(process);
    plan->says_ready = says_ready(api->entry_kind(process));
}

static uint32_t
says_ready(const char *kind)
{
    for (size_t i = 0; i < sizeof(ready_kinds) / sizeof(ready_kinds[0]); i++) {
        if (strncmp(kind, ready_kinds[i], strlen(ready_kinds[i])) == 0)
            return 1;
    }
    return 0;
}
