/* SPDX-License-Identifier: MIT */
/*
 * Whether the default that a kind declares for an option fits the option.
 *
 * Found when the plugin is loaded, not when the first application relies on
 * it. Pure.
 */
#ifndef KD_LOAD_OPTION_DEFAULT_H
#define KD_LOAD_OPTION_DEFAULT_H

#include <kindred/option.h>

/* Check `def`, which is there. Returns KD_OK or KD_EPLUGIN. */
kd_status kd__option_default_check(const kd_option *option, kd_error *err);

/* Whether a CHOICE has words to choose from, none of them empty. */
int kd__option_has_choices(const kd_option *option);

#endif
