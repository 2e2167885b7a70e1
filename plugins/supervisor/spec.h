/* SPDX-License-Identifier: MIT */
/*
 * What a child record says (semantics S3), read once: from YAML when an
 * application is loaded, or from what start_child is given.
 *
 * A spec is constant, and one block of memory holds it and all it points to.
 */
#ifndef KS_SPEC_H
#define KS_SPEC_H

#include "backoff.h"

#include <kindred/api.h>

struct spec {
    const char *id;
    const char *process;  /* Entry that it runs. */
    const char *kind;     /* Of that entry. */
    const char *host;     /* NULL: the supervisor's own. */
    const char *name;     /* Held from birth; NULL: none. */
    kd_payload args;      /* Term array, or none. */
    uint32_t restart;     /* KD_RESTART_ */
    uint32_t significant; /* 0 or 1. */
    uint32_t waits;       /* Started when it says that it is ready. */
    uint32_t is_supervisor;
    uint32_t is_brutal;        /* Stopped by force. */
    uint64_t shutdown_ns;      /* KD_NEVER: as long as it takes. */
    uint64_t start_timeout_ns; /* The same. */
    struct backoff backoff;
};

/* What a record may not say depends on where it stands. */
struct spec_place {
    const kd_api *api;
    const kd_check *check;  /* Where to say what is wrong. */
    uint32_t auto_shutdown; /* KD_AUTO_SHUTDOWN_ of the supervisor. */
    int is_template;        /* Of supervisor.dynamic. */
    const char *path;       /* To the record, with a dot behind it; or "". */
};

/*
 * Check a record that has the right types, as ks__child_option says. Returns
 * the number of children it stands for, 0 when something was reported.
 */
uint32_t ks__spec_check(const kd_node *record, const struct spec_place *place);

/*
 * Read a checked record, as its nth child from 1 if it stands for several;
 * else `nth` is 0. NULL without memory; free() frees it.
 */
struct spec *ks__spec_read(
    const kd_node *record, const kd_api *api, uint32_t nth);

#endif
