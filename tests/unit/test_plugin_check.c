/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of plugins with one fault each, also in what they offer
 * (semantics K11). What a whole file is refused for, test_load has.
 */

#include "any_worker.h"
#include "text_check.h"

#include "load/plugin_check.h"

#include <kindred/service.h>

static const kd_kind *const no_kinds[] = {NULL};

static kd_plugin
plugin_of(const kd_offer *const *offers)
{
    kd_plugin plugin = {
        .stamp = KD_STAMP_INIT,
        .name = "test.plugin",
        .version = "1.0",
        .help = "A test",
        .kinds = no_kinds,
        .offers = offers,
    };

    return plugin;
}

static void
check_refused(const kd_plugin *plugin, kd_status code, const char *sentence)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__plugin_check(plugin, &err), code);
    check_text("kd__plugin_check", err.text, sentence);
}

static void
check_offer(const kd_offer *offer, const char *sentence)
{
    const kd_offer *const offers[] = {offer, NULL};
    kd_plugin plugin = plugin_of(offers);
    char text[KD_ERROR_TEXT];

    snprintf(text, sizeof(text), "plugin test.plugin: %s", sentence);
    check_refused(&plugin, KD_EPLUGIN, text);
}

static void
test_plugin_when_not_aligned_is_none(void)
{
    union {
        kd_plugin plugin;
        char bytes[sizeof(kd_plugin) + 1];
    } room = {.bytes = ""};

    check_refused((const kd_plugin *)(const void *)(room.bytes + 1),
        KD_ENOTPLUGIN, "its descriptor is not aligned");
}

static void
test_plugin_when_its_texts_are_not_lines_is_refused(void)
{
    kd_plugin plugin = plugin_of(NULL);

    CU_ASSERT_EQUAL(kd__plugin_check(&plugin, NULL), KD_OK);
    plugin.version = "1\n";
    check_refused(&plugin, KD_EPLUGIN,
        "plugin test.plugin: version or help is not one line of text");
    plugin.version = "1";
    plugin.help = NULL;
    check_refused(&plugin, KD_EPLUGIN,
        "plugin test.plugin: version or help is not one line of text");
}

static void
test_offer_when_malformed_is_refused(void)
{
    const kd_offer good = {sizeof(kd_offer), 0, "test.thing/1", "table"};
    const kd_offer *const offers[] = {&good, NULL};
    kd_plugin plugin = plugin_of(offers);
    kd_offer offer = good;

    CU_ASSERT_EQUAL(kd__plugin_check(&plugin, NULL), KD_OK);
    offer.size = 8;
    check_offer(&offer, "size of an offer is 8, host knows 24");
    offer.size = sizeof(kd_offer) + 4;
    check_offer(&offer, "size of an offer is 28, host knows 24");
    offer = good;
    offer.reserved = 1;
    check_offer(&offer, "reserved field of an offer is not 0");
    offer = good;
    offer.table = NULL;
    check_offer(&offer, "offer test.thing/1 has no table");
    offer = good;
    offer.id = "test.thing";
    check_offer(&offer, "the id of an offer must be like vendor.name/1");
    offer.id = "test thing/1";
    check_offer(&offer, "the id of an offer must be like vendor.name/1");
    offer.id = NULL;
    check_offer(&offer, "the id of an offer must be like vendor.name/1");
}

static const kd_kind worker_kind = {.size = sizeof(worker_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.worker",
    .help = "A worker",
    .impl = &any_worker};
static const kd_kind data_kind = {.size = sizeof(data_kind),
    .cls = KD_CLASS_DATA,
    .id = "test.data",
    .help = "Data"};
static const kd_kind *const two_kinds[] = {&worker_kind, &data_kind, NULL};

static void
check_table(const char *id, const void *table, const char *sentence)
{
    const kd_offer offer = {sizeof(kd_offer), 0, id, table};
    const kd_offer *const offers[] = {&offer, NULL};
    kd_plugin plugin = plugin_of(offers);
    char text[KD_ERROR_TEXT];

    plugin.kinds = two_kinds;
    if (sentence == NULL) {
        CU_ASSERT_EQUAL(kd__plugin_check(&plugin, NULL), KD_OK);
        return;
    }
    snprintf(
        text, sizeof(text), "plugin test.plugin: offer %s: %s", id, sentence);
    check_refused(&plugin, KD_EPLUGIN, text);
}

static void
any_decide(const kd_api *api, const kd_entry *entry, const kd_run *run,
    kd_again *again)
{
    (void)api;
    (void)entry;
    (void)run;
    (void)again;
}

static void
test_offer_of_services_when_malformed_is_refused(void)
{
    const kd_service good = {sizeof(good), 0, "test.worker", any_decide};
    const kd_service nothing = {.size = 0};
    kd_service service = good;

    check_table(KD_SERVICE_OFFER, &good, NULL);
    check_table(
        KD_SERVICE_OFFER, &nothing, "size of kd_service is 0, host knows 24");
    service.reserved = 1;
    check_table(KD_SERVICE_OFFER, &service, "its reserved field is not 0");
    service = good;
    service.decide = NULL;
    check_table(KD_SERVICE_OFFER, &service, "callback decide is missing");
    service = good;
    service.kind = NULL;
    check_table(KD_SERVICE_OFFER, &service, "it names no kind");
    service.kind = "test.data";
    check_table(KD_SERVICE_OFFER, &service,
        "test.data is no kind of workers of this plugin");
    service.kind = "test.other";
    check_table(KD_SERVICE_OFFER, &service,
        "test.other is no kind of workers of this plugin");
}

static void
test_offer_of_supervisors_when_malformed_is_refused(void)
{
    const kd_kind nothing = {.size = 0};
    kd_worker_kind no_create = any_worker;
    kd_kind kind = worker_kind;

    check_table(KD_SUPERVISOR_OFFER, &worker_kind, NULL);
    check_table(KD_SUPERVISOR_OFFER, &nothing,
        "kind ?: size of kd_kind is 0, host knows 56");
    check_table(
        KD_SUPERVISOR_OFFER, &data_kind, "kind test.data is none of workers");
    no_create.create = NULL;
    kind.impl = &no_create;
    check_table(KD_SUPERVISOR_OFFER, &kind,
        "kind test.worker: callback create is missing");
}

/* Nothing behind the longest that a list may be is read. */
static void
test_offers_when_without_end_are_refused(void)
{
    static const kd_offer good = {sizeof(kd_offer), 0, "test.thing/1", "table"};
    static const kd_offer *offers[4096];
    kd_plugin plugin = plugin_of(offers);

    for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++)
        offers[i] = &good;
    check_refused(&plugin, KD_EPLUGIN,
        "plugin test.plugin: its list of offers has no NULL at its end");
}

static const struct test_case tests[] = {
    TEST(test_plugin_when_not_aligned_is_none),
    TEST(test_plugin_when_its_texts_are_not_lines_is_refused),
    TEST(test_offer_when_malformed_is_refused),
    TEST(test_offer_of_services_when_malformed_is_refused),
    TEST(test_offer_of_supervisors_when_malformed_is_refused),
    TEST(test_offers_when_without_end_are_refused),
};

TEST_MAIN("plugin_check")
