/* SPDX-License-Identifier: MIT */
/*
 * The kind table: found by id, and all of a plugin's kinds or none.
 */

#include "harness.h"

#include "load/kind_table.h"

#include <string.h>

#define MANY 200

static const kd_kind kind_a = {.size = sizeof(kd_kind), .id = "test.a"};
static const kd_kind kind_b = {.size = sizeof(kd_kind), .id = "test.b"};
static const kd_kind kind_c = {.size = sizeof(kd_kind), .id = "test.c"};
static const kd_kind *const kinds_ab[] = {&kind_a, &kind_b, NULL};
static const kd_kind *const kinds_cb[] = {&kind_c, &kind_b, NULL};

static const kd_plugin plugin_ab = {.name = "test.ab", .kinds = kinds_ab};
static const kd_plugin plugin_cb = {.name = "test.cb", .kinds = kinds_cb};

static void
test_kind_table_finds_what_was_added(void)
{
    struct kd__kind_table table = {NULL, 0, 0};
    struct kd__plugin *plugin = kd__plugin_new(&plugin_ab, NULL);
    const struct kd__kind_row *row;

    CU_ASSERT_PTR_NULL(kd__kind_table_find(&table, "test.a"));
    CU_ASSERT_EQUAL(kd__kind_table_add(&table, plugin, NULL), KD_OK);
    row = kd__kind_table_find(&table, "test.b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    CU_ASSERT_PTR_EQUAL(row->kind, &kind_b);
    CU_ASSERT_PTR_EQUAL(row->plugin, plugin);
    CU_ASSERT_PTR_NULL(kd__kind_table_find(&table, "test."));
    kd__kind_table_fini(&table);
    kd__plugin_free(plugin);
}

static void
test_kind_table_with_a_conflict_stays_as_it_was(void)
{
    struct kd__kind_table table = {NULL, 0, 0};
    struct kd__plugin *ab = kd__plugin_new(&plugin_ab, "/x/ab.so");
    struct kd__plugin *cb = kd__plugin_new(&plugin_cb, "/y/cb.so");
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__kind_table_add(&table, ab, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd__kind_table_add(&table, cb, &err), KD_ECONFLICT);
    CU_ASSERT_STRING_EQUAL(err.text,
        "kind test.b of plugin test.cb (/y/cb.so) is there already, from "
        "plugin test.ab (/x/ab.so)");
    CU_ASSERT_EQUAL(table.n, 2);
    CU_ASSERT_PTR_NULL(kd__kind_table_find(&table, "test.c"));
    kd__kind_table_fini(&table);
    kd__plugin_free(ab);
    kd__plugin_free(cb);
}

static void
test_kind_table_with_many_kinds_grows(void)
{
    struct kd__kind_table table = {NULL, 0, 0};
    static kd_kind kinds[MANY];
    static char names[MANY][16];
    static const kd_kind *list[MANY][2];
    static kd_plugin plugins[MANY];
    struct kd__plugin *all[MANY];
    size_t i;

    for (i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof(names[i]), "test.k%u", (unsigned)i);
        kinds[i].id = names[i];
        list[i][0] = &kinds[i];
        plugins[i].name = names[i];
        plugins[i].kinds = list[i];
        all[i] = kd__plugin_new(&plugins[i], NULL);
        CU_ASSERT_EQUAL_FATAL(kd__kind_table_add(&table, all[i], NULL), KD_OK);
    }
    for (i = 0; i < MANY; i++)
        CU_ASSERT_PTR_EQUAL(
            kd__kind_table_find(&table, names[i])->plugin, all[i]);
    for (i = 0; i < MANY; i++)
        kd__plugin_free(all[i]);
    kd__kind_table_fini(&table);
}

static const struct test_case tests[] = {
    TEST(test_kind_table_finds_what_was_added),
    TEST(test_kind_table_with_a_conflict_stays_as_it_was),
    TEST(test_kind_table_with_many_kinds_grows),
};

TEST_MAIN("kind_table")
