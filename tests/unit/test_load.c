/* SPDX-License-Identifier: MIT */
/*
 * Every plugin of tests/plugins: what the loader says about it (semantics K11).
 */

#include "harness.h"

#include "load/plugins.h"

#include <stdlib.h>
#include <string.h>

struct refusal {
    const char *file;
    kd_status code;
    const char *says;
};

static const struct refusal refusals[] = {
    {"duplicate_kind", KD_EPLUGIN,
        "plugin test.duplicate_kind: kind test.twin stands there twice"},
    {"impl_flags", KD_EPLUGIN,
        "plugin test.impl_flags: kind test.impl_flags: unknown flag bits 0x40 "
        "of its impl"},
    {"impl_size", KD_EPLUGIN,
        "plugin test.impl_size: kind test.impl_size: size of impl is "},
    {"kind_class", KD_EPLUGIN, "kind test.kind_class: unknown class 3"},
    {"kind_flags", KD_EPLUGIN, "kind test.kind_flags: unknown flag bits 0x80"},
    {"kind_size", KD_EPLUGIN,
        "plugin test.kind_size: kind ?: size of kd_kind is 48, host knows 56"},
    {"newer_target", KD_EABI, "plugin needs host ABI 1.1, host has 1.0"},
    {"no_callback", KD_EPLUGIN,
        "plugin test.no_callback: kind test.no_callback: callback run is "
        "missing"},
    {"no_kinds", KD_EPLUGIN,
        "plugin test.no_kinds: its list of kinds is missing"},
    {"no_name", KD_EPLUGIN, "the name of a plugin must be like vendor.name"},
    {"no_symbol", KD_ENOTPLUGIN,
        "not a kindred plugin: exports no kd_plugin_query_v1"},
    {"null_descriptor", KD_ENOTPLUGIN, "kd_plugin_query_v1 returns NULL"},
    {"option_default", KD_EPLUGIN,
        "option wait: default 'soon' does not fit its type"},
    {"option_endless", KD_EPLUGIN,
        "kind test.option_endless: option list: item: item: "},
    {"other_major", KD_EABI,
        "exports kd_plugin_query_v2, host wants kd_plugin_query_v1"},
    {"reserved_id", KD_EPLUGIN, "ids with 'process.' are reserved"},
    {"reserved_stamp", KD_EPLUGIN, "the reserved field of its stamp is 1"},
    {"small_descriptor", KD_EPLUGIN,
        "its descriptor has 56 bytes, host needs at least 72"},
    {"wrong_magic", KD_ENOTPLUGIN,
        "its stamp begins with 0x12345678, not 0x6b6e6472"},
    {"wrong_major", KD_EABI, "plugin is built for ABI 2.0, host has 1.0"},
};

/* Where the build puts test plugins. The buffer is one for all. */
static const char *
plugin_path(const char *name)
{
    static char path[4096];
    const char *top = getenv("top_builddir");

    snprintf(path, sizeof(path), "%s/tests/plugins/.libs/%s.so",
        top != NULL ? top : ".", name);
    return path;
}

static kd_status
load(struct kd__plugins *plugins, const char *name, kd_error *err)
{
    return kd__plugins_load(plugins, plugin_path(name), err);
}

static void
test_load_of_misbehaving_plugins_is_refused_with_a_sentence(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    size_t i;

    CU_ASSERT_PTR_NOT_NULL_FATAL(plugins);
    for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *row = &refusals[i];
        kd_error err = KD_ERROR_INIT;
        kd_status status = load(plugins, row->file, &err);

        if (status != row->code || strstr(err.text, row->says) == NULL)
            printf("\n%s: status %d, %s\n", row->file, (int)status, err.text);
        CU_ASSERT_EQUAL(status, row->code);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, row->says));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, row->file));
    }
    CU_ASSERT_PTR_NULL(kd__plugins_at(plugins, 0));
    CU_ASSERT_PTR_NULL(kd__plugins_kind_at(plugins, 0, NULL));
    kd__plugins_free(plugins);
}

static void
test_load_of_a_good_plugin_brings_kinds_and_offers(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    struct kd__plugin *plugin = NULL;
    struct kd__plugin *from = NULL;
    const kd_kind *kind;
    const int *service;

    CU_ASSERT_PTR_NOT_NULL_FATAL(plugins);
    CU_ASSERT_EQUAL_FATAL(load(plugins, "good", NULL), KD_OK);
    CU_ASSERT_EQUAL(load(plugins, "large_descriptor", NULL), KD_OK);
    CU_ASSERT_EQUAL(load(plugins, "newer_minor", NULL), KD_OK);
    kind = kd__plugins_find_kind(plugins, "test.echo", &plugin);
    CU_ASSERT_PTR_NOT_NULL_FATAL(kind);
    CU_ASSERT_STRING_EQUAL(kind->id, "test.echo");
    CU_ASSERT_PTR_EQUAL(plugin, kd__plugins_at(plugins, 0));
    CU_ASSERT_PTR_EQUAL(kd__plugins_kind_at(plugins, 0, NULL), kind);
    CU_ASSERT_PTR_NOT_NULL(strstr(plugin->file, "good.so"));
    CU_ASSERT_PTR_NULL(kd__plugins_find_kind(plugins, "test.nope", NULL));
    service = kd__plugins_offer(plugins, "test.service/1", 0, &from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(service);
    CU_ASSERT_EQUAL(*service, 42);
    CU_ASSERT_PTR_EQUAL(from, plugin);
    CU_ASSERT_PTR_NULL(kd__plugins_offer(plugins, "test.service/1", 1, NULL));
    CU_ASSERT_PTR_NULL(kd__plugins_offer(plugins, "test.service/2", 0, NULL));
    kd__plugins_free(plugins);
}

static void
test_load_of_the_same_name_names_both_files(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_PTR_NOT_NULL_FATAL(plugins);
    CU_ASSERT_EQUAL_FATAL(load(plugins, "good", NULL), KD_OK);
    CU_ASSERT_EQUAL(load(plugins, "same_name", &err), KD_EEXIST);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "plugin test.good ("));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "same_name.so) is loaded already"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "good.so"));
    CU_ASSERT_PTR_NULL(kd__plugins_find_kind(plugins, "test.same_name", NULL));
    kd__plugins_free(plugins);
}

static void
test_load_of_a_rival_kind_adds_nothing_of_it(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_PTR_NOT_NULL_FATAL(plugins);
    CU_ASSERT_EQUAL_FATAL(load(plugins, "good", NULL), KD_OK);
    CU_ASSERT_EQUAL(load(plugins, "rival_kind", &err), KD_ECONFLICT);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(err.text, "kind test.echo of plugin test.rival_kind ("));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "rival_kind.so) is there already"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "from plugin test.good ("));
    CU_ASSERT_PTR_NULL(kd__plugins_find_kind(plugins, "test.rival", NULL));
    CU_ASSERT_PTR_NULL(kd__plugins_at(plugins, 1));
    kd__plugins_free(plugins);
}

static void
test_load_in_two_runtimes_shares_the_descriptor_only(void)
{
    struct kd__plugins *a = kd__plugins_new();
    struct kd__plugins *b = kd__plugins_new();

    CU_ASSERT_EQUAL_FATAL(load(a, "good", NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(load(b, "good", NULL), KD_OK);
    CU_ASSERT_PTR_EQUAL(
        kd__plugins_at(a, 0)->descriptor, kd__plugins_at(b, 0)->descriptor);
    CU_ASSERT_PTR_NOT_EQUAL(kd__plugins_at(a, 0), kd__plugins_at(b, 0));
    kd__plugins_free(a);
    kd__plugins_free(b);
}

static void
test_load_of_a_plugin_whose_init_fails_says_so(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    struct kd__plugin *plugin;
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL_FATAL(load(plugins, "init_fails", NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(load(plugins, "init_status", NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(load(plugins, "good", NULL), KD_OK);
    plugin = kd__plugins_at(plugins, 0);
    CU_ASSERT_EQUAL(kd__plugin_init(plugin, NULL, &err), KD_EUNAVAIL);
    CU_ASSERT_STRING_EQUAL(err.text, "plugin test.init_fails: init: no coffee");
    CU_ASSERT_PTR_NULL(plugin->state);
    CU_ASSERT_FALSE(plugin->inited);
    plugin = kd__plugins_at(plugins, 1);
    CU_ASSERT_EQUAL(kd__plugin_init(plugin, NULL, &err), KD_EPLUGIN);
    CU_ASSERT_STRING_EQUAL(err.text,
        "plugin test.init_status: init: unknown status 4711 returned");
    plugin = kd__plugins_at(plugins, 2);
    CU_ASSERT_EQUAL(kd__plugin_init(plugin, NULL, &err), KD_OK);
    CU_ASSERT_TRUE(plugin->inited);
    kd__plugin_fini(plugin);
    CU_ASSERT_FALSE(plugin->inited);
    kd__plugins_free(plugins);
}

static void
test_load_of_no_shared_object_quotes_the_linker(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(
        kd__plugins_load(plugins, "/nowhere/x.so", &err), KD_ENOTFOUND);
    CU_ASSERT_STRING_EQUAL(
        err.text, "/nowhere/x.so: No such file or directory");
    CU_ASSERT_EQUAL(
        kd__plugins_load(plugins, "/etc/passwd", &err), KD_ENOTPLUGIN);
    CU_ASSERT_STRING_EQUAL(
        err.text, "/etc/passwd: cannot be opened: invalid ELF header");
    CU_ASSERT_EQUAL(kd__plugins_load(plugins, "/etc", &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "/etc: is not a file");
    kd__plugins_free(plugins);
}

static const struct test_case tests[] = {
    TEST(test_load_of_misbehaving_plugins_is_refused_with_a_sentence),
    TEST(test_load_of_a_good_plugin_brings_kinds_and_offers),
    TEST(test_load_of_the_same_name_names_both_files),
    TEST(test_load_of_a_rival_kind_adds_nothing_of_it),
    TEST(test_load_in_two_runtimes_shares_the_descriptor_only),
    TEST(test_load_of_a_plugin_whose_init_fails_says_so),
    TEST(test_load_of_no_shared_object_quotes_the_linker),
};

TEST_MAIN("load")
