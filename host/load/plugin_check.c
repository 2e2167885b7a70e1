/* SPDX-License-Identifier: MIT */
/*
 * Checks a descriptor from its first byte to its last offer.
 *
 * The stamp decides first. Lists that should end in NULL are walked up to a
 * bound, so that one without an end is a sentence and, with luck, no crash.
 */

#include "load/plugin_check.h"

#include "base/error.h"
#include "load/kind_check.h"
#include "load/offer_check.h"
#include "load/stamp.h"
#include "load/text_check.h"

#include <string.h>

#define LIST_MAX 500

static kd_status check_names(const kd_plugin *descriptor, kd_error *err);
static kd_status check_kinds(const kd_plugin *descriptor, kd_error *err);
static kd_status check_offers(const kd_plugin *descriptor, kd_error *err);

kd_status
kd__plugin_check(const kd_plugin *descriptor, kd_error *err)
{
    kd_status status;

    if (descriptor == NULL)
        return kd__error(
            err, KD_ENOTPLUGIN, "%s returns NULL", KD_PLUGIN_QUERY);
    if ((uintptr_t)descriptor % _Alignof(kd_plugin) != 0)
        return kd__error(err, KD_ENOTPLUGIN, "its descriptor is not aligned");
    status = kd__stamp_check(&descriptor->stamp, err);
    if (status == KD_OK)
        status = check_names(descriptor, err);
    if (status != KD_OK)
        return status;
    status = check_kinds(descriptor, err);
    if (status == KD_OK)
        status = check_offers(descriptor, err);
    if (status != KD_OK)
        kd__error_prefix(err, "plugin %s", descriptor->name);
    return status;
}

static kd_status
check_names(const kd_plugin *descriptor, kd_error *err)
{
    if (!kd__text_is_dotted(descriptor->name))
        return kd__error(
            err, KD_EPLUGIN, "the name of a plugin must be like vendor.name");
    if (kd__text_is_line(descriptor->version) &&
        kd__text_is_line(descriptor->help))
        return KD_OK;
    return kd__error(err, KD_EPLUGIN,
        "plugin %s: version or help is not one line of text", descriptor->name);
}

/* Those who may use the reserved ids; a convention among the well-behaved. */
static int
is_ours(const char *name)
{
    return strncmp(name, "kindred.", strlen("kindred.")) == 0;
}

static kd_status
check_twins(const kd_kind *const *kinds, size_t at, kd_error *err)
{
    size_t i;

    for (i = 0; i < at; i++) {
        if (strcmp(kinds[i]->id, kinds[at]->id) == 0)
            return kd__error(
                err, KD_EPLUGIN, "kind %s stands there twice", kinds[at]->id);
    }
    return KD_OK;
}

static kd_status
check_kinds(const kd_plugin *descriptor, kd_error *err)
{
    const kd_kind *const *kinds = descriptor->kinds;
    kd_status status;
    size_t i;

    if (kinds == NULL)
        return kd__error(err, KD_EPLUGIN, "its list of kinds is missing");
    for (i = 0; i < LIST_MAX && kinds[i] != NULL; i++) {
        status = kd__kind_check(kinds[i], is_ours(descriptor->name), err);
        if (status == KD_OK)
            status = check_twins(kinds, i, err);
        if (status != KD_OK)
            return status;
    }
    if (i == LIST_MAX)
        return kd__error(
            err, KD_EPLUGIN, "its list of kinds has no NULL at its end");
    return KD_OK;
}

static kd_status
check_offers(const kd_plugin *descriptor, kd_error *err)
{
    const kd_offer *const *offers = descriptor->offers;
    kd_status status;
    size_t i;

    if (offers == NULL)
        return KD_OK;
    for (i = 0; i < LIST_MAX && offers[i] != NULL; i++) {
        status = kd__offer_check(descriptor, offers[i], err);
        if (status != KD_OK)
            return status;
    }
    if (i == LIST_MAX)
        return kd__error(
            err, KD_EPLUGIN, "its list of offers has no NULL at its end");
    return KD_OK;
}
