/* SPDX-License-Identifier: MIT */
/*
 * The rule that a zone follows after the last change it knows by its date:
 * POSIX's "CET-1CEST,M3.5.0,M10.5.0/3", as it stands at the end of its file.
 *
 * Pure: no allocation, no Lua state.
 */
#ifndef KL_ZONE_RULE_H
#define KL_ZONE_RULE_H

#include "time/zone_period.h"

#include <stddef.h>
#include <stdint.h>

#define KL_ZONE_RULE_NAME_MAX 31

enum kl__zone_day {
    KL_DAY_OF_YEAR,   /* From 0; 29 February counts. */
    KL_DAY_OF_365,    /* From 1; 29 February has no number. */
    KL_WEEKDAY_OF_ANY /* The n-th, or the last, such weekday of a month. */
};

/* When clocks change, each year. */
struct kl__zone_change {
    enum kl__zone_day by;
    int month, week, day;
    int32_t time_s; /* On the clocks as they are until then. */
};

struct kl__zone_clock {
    int32_t offset_s; /* East of UTC. */
    char name[KL_ZONE_RULE_NAME_MAX + 1];
};

struct kl__zone_rule {
    int has_summer; /* Else only `standard` counts. */
    struct kl__zone_clock standard, summer;
    struct kl__zone_change to_summer, to_standard;
};

/* Returns 0, or -1 if that is no rule. */
int kl__zone_rule_parse(
    const char *text, size_t len, struct kl__zone_rule *rule);

/* At a unix time. The name is the rule's. */
struct kl__zone_period kl__zone_rule_at(
    const struct kl__zone_rule *rule, int64_t sec);

#endif
