/* SPDX-License-Identifier: MIT */
/*
 * The plugin for supervisors and services: its kinds, the offer by which it
 * runs the policies of all plugins, its own three among them, and the offer by
 * which it looks after what starts with the application.
 */

#include "options.h"
#include "policies.h"
#include "service.h"
#include "worker.h"

#include <kindred/plugin.h>

#define POLICY(name, text, policy)                                             \
    {                                                                          \
        .size = sizeof(kd_kind), .cls = KD_CLASS_POLICY, .id = (name),         \
        .help = (text), .impl = (policy)                                       \
    }

static const kd_kind one_for_one = POLICY("supervisor.one_for_one",
    "Restarts each child on its own", &ks__policy_one_for_one);
static const kd_kind one_for_all = POLICY("supervisor.one_for_all",
    "Restarts all children when one must be", &ks__policy_one_for_all);
static const kd_kind rest_for_one = POLICY("supervisor.rest_for_one",
    "Restarts a child and those after it", &ks__policy_rest_for_one);

static const kd_kind dynamic = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "supervisor.dynamic",
    .help = "Children made on demand from one template",
    .options = ks__dynamic_options,
    .n_options = KS_N_DYNAMIC_OPTIONS,
    .impl = &ks__worker,
};

/* What entries of policies' kinds are. */
static const kd_kind runner = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "kindred.supervisor",
    .help = "A supervisor, whatever its policy",
    .options = ks__fixed_options,
    .n_options = KS_N_FIXED_OPTIONS,
    .impl = &ks__worker,
};

static const kd_kind *const kinds[] = {&one_for_one, &one_for_all,
    &rest_for_one, &dynamic, &ks__service_kind, NULL};

static const kd_offer policies = {
    .size = sizeof(kd_offer),
    .id = KD_SUPERVISOR_OFFER,
    .table = &runner,
};

static const kd_offer services = {
    .size = sizeof(kd_offer),
    .id = KD_SERVICE_OFFER,
    .table = &ks__service_offer,
};

static const kd_offer *const offers[] = {&policies, &services, NULL};

/* The state is the runtime's services and nothing else. */
static kd_status
plugin_init(const kd_api *api, void **state, kd_error *err)
{
    (void)err;
    *state = (void *)(uintptr_t)api;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "kindred.supervisor",
    .version = "0.1.0",
    .help = "Supervisors and services",
    .kinds = kinds,
    .offers = offers,
    .init = plugin_init,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
