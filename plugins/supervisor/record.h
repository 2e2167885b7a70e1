/* SPDX-License-Identifier: MIT */
/*
 * A child record that comes as a term (semantics S19), as the nodes that the
 * host would make of the same in YAML.
 */
#ifndef KS_RECORD_H
#define KS_RECORD_H

#include <kindred/api.h>
#include <kindred/option.h>
#include <kindred/term.h>

struct record;

/*
 * Check a term against a group of options and make nodes of it. NULL when it
 * does not fit: then *err has the code and the sentence of a load error.
 * `except` is an option that is not taken here, or NULL.
 */
struct record *ks__record_make(const kd_api *api, const kd_option *group,
    const char *except, const kd_payload *term, kd_error *err);
void ks__record_free(struct record *record);

/* The map of what it says. Absent options are absent: there are no defaults. */
const kd_node *ks__record_node(const struct record *record);

#endif
