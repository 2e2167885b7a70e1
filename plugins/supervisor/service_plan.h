/* SPDX-License-Identifier: MIT */
/*
 * What an entry says about its service: made once, constant, shared by all
 * services of the entry.
 */
#ifndef KS_SERVICE_PLAN_H
#define KS_SERVICE_PLAN_H

#include <kindred/api.h>
#include <kindred/term.h>

/* The kind whose entries name what they look after; others are it. */
#define KS_SERVICE_KIND "process.service"

struct service_plan {
    const kd_api *api;
    const kd_entry *entry;
    const char *process; /* Id of the entry that it runs. */
    const char *host;    /* NULL: the service's own. */
    kd_writer input;     /* Its arguments, one after the other, */
    size_t n_input;      /* so many. */
    uint64_t start_timeout_ns;
    uint32_t is_optional;
    uint32_t says_ready; /* The process is up when it says so. */
};

/* NULL without memory. */
struct service_plan *ks__service_plan_new(
    const kd_api *api, const kd_entry *entry);
/* NULL is allowed. */
void ks__service_plan_free(struct service_plan *plan);

/* The arguments of the process, followed by those of its service: a term
 * array. A failure shows in the writer. */
void ks__service_plan_args(
    const struct service_plan *plan, const kd_payload *args, kd_writer *to);

#endif
