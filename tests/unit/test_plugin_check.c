/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of plugins with one fault each, also in what they offer
 * (semantics K11). What a whole file is refused for, test_load has.
 */

#include "text_check.h"

#include "load/plugin_check.h"

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
    TEST(test_offers_when_without_end_are_refused),
};

TEST_MAIN("plugin_check")
