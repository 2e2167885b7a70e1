/* SPDX-License-Identifier: MIT */
/*
 * Checks one offer: what all of them have, then what its id implies.
 *
 * Tables that other plugins use are looked at by these, who know them.
 */

#include "load/offer_check.h"

#include "base/error.h"
#include "load/kind_check.h"
#include "load/size_check.h"
#include "load/text_check.h"

#include <kindred/policy.h>
#include <kindred/service.h>
#include <string.h>

static kd_status check_head(const kd_offer *offer, kd_error *err);
static kd_status check_supervisor(
    const kd_plugin *plugin, const void *table, kd_error *err);
static kd_status check_service(
    const kd_plugin *plugin, const void *table, kd_error *err);
static int has_worker(const kd_plugin *plugin, const char *id);

/* The host's own. */
static const struct {
    const char *id;
    kd_status (*check)(
        const kd_plugin *plugin, const void *table, kd_error *err);
} known[] = {
    {KD_SERVICE_OFFER, check_service},
    {KD_SUPERVISOR_OFFER, check_supervisor},
};

kd_status
kd__offer_check(const kd_plugin *plugin, const kd_offer *offer, kd_error *err)
{
    kd_status status = check_head(offer, err);

    if (status != KD_OK)
        return status;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].id, offer->id) != 0)
            continue;
        status = known[i].check(plugin, offer->table, err);
        if (status != KD_OK)
            kd__error_prefix(err, "offer %s", offer->id);
    }
    return status;
}

static kd_status
check_head(const kd_offer *offer, kd_error *err)
{
    kd_status status =
        kd__size_check("an offer", offer->size, KD_FIRST_SIZE(kd_offer), err);

    if (status != KD_OK)
        return status;
    if (offer->reserved != 0)
        return kd__error(
            err, KD_EPLUGIN, "reserved field of an offer is not 0");
    if (!kd__text_is_name(offer->id, "_.-/") || !strchr(offer->id, '/'))
        return kd__error(
            err, KD_EPLUGIN, "the id of an offer must be like vendor.name/1");
    if (offer->table == NULL)
        return kd__error(err, KD_EPLUGIN, "offer %s has no table", offer->id);
    return KD_OK;
}

/* It is no kind that entries have, and so may have any id. */
static kd_status
check_supervisor(const kd_plugin *plugin, const void *table, kd_error *err)
{
    const kd_kind *kind = table;
    kd_status status = kd__kind_check(kind, 1, err);

    (void)plugin;
    if (status == KD_OK && kind->cls != KD_CLASS_WORKER)
        status =
            kd__error(err, KD_EPLUGIN, "kind %s is none of workers", kind->id);
    return status;
}

static kd_status
check_service(const kd_plugin *plugin, const void *table, kd_error *err)
{
    const kd_service *service = table;
    kd_status status = kd__size_check(
        "kd_service", service->size, KD_FIRST_SIZE(kd_service), err);

    if (status != KD_OK)
        return status;
    if (service->reserved != 0)
        return kd__error(err, KD_EPLUGIN, "its reserved field is not 0");
    if (service->decide == NULL)
        return kd__error(err, KD_EPLUGIN, "callback decide is missing");
    if (!kd__text_is_name(service->kind, "_.-"))
        return kd__error(err, KD_EPLUGIN, "it names no kind");
    if (!has_worker(plugin, service->kind))
        return kd__error(err, KD_EPLUGIN,
            "%s is no kind of workers of this plugin", service->kind);
    return KD_OK;
}

static int
has_worker(const kd_plugin *plugin, const char *id)
{
    for (size_t i = 0; plugin->kinds[i] != NULL; i++) {
        if (strcmp(plugin->kinds[i]->id, id) == 0)
            return plugin->kinds[i]->cls == KD_CLASS_WORKER;
    }
    return 0;
}
