/* SPDX-License-Identifier: MIT */
/*
 * Option tables with one fault each, nested ones and endless ones included.
 */

#include "harness.h"

#include "load/option_check.h"

#include <string.h>

static kd_option
option_of(uint32_t type, const char *name)
{
    kd_option option = {
        .size = sizeof(kd_option),
        .type = type,
        .name = name,
        .help = "An option",
    };

    return option;
}

static void
check_refused(const kd_option *options, size_t n, const char *sentence)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__option_check(options, n, &err), KD_EPLUGIN);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
}

static int
takes_default(uint32_t type, const char *def)
{
    kd_option option = option_of(type, "x");

    option.def = def;
    option.choices = "red|green";
    option.classes = KD_CLASS_DATA;
    option.item = &option;
    return kd__option_check(&option, 1, NULL) == KD_OK;
}

static void
test_option_table_when_empty_is_taken(void)
{
    CU_ASSERT_EQUAL(kd__option_check(NULL, 0, NULL), KD_OK);
    check_refused(NULL, 3, "3 options, but no table");
}

static void
test_option_with_bad_head_is_refused(void)
{
    kd_option options[2];

    options[0] = option_of(KD_OPTION_INT, "a");
    options[1] = option_of(KD_OPTION_INT, "b");
    CU_ASSERT_EQUAL(kd__option_check(options, 2, NULL), KD_OK);
    options[1].size = 104;
    check_refused(
        options, 2, "option 2: size is 104, the first of its table has 96");
    options[0].size = 0;
    check_refused(options, 2, "option 1: size is 0, host knows 96");
    options[0] = option_of(KD_OPTION_INT, "a");
    options[0].flags = 0x100;
    check_refused(options, 1, "option a: unknown flag bits 0x100");
    options[0].flags = KD_OPTION_HOST_RULE;
    check_refused(
        options, 1, "option a: the host rule is for entries of class host");
    options[0] = option_of(KD_OPTION_ENTRY, "a");
    check_refused(options, 1, "option a: names no class of entries");
    options[0].classes = 0x100;
    check_refused(options, 1, "option a: unknown class bits 0x100");
    options[0] = option_of(KD_OPTION_INT, "a");
    options[0].unit = "a\nb";
    check_refused(options, 1, "option a: unit is not one line of text");
    options[0].unit = "bytes";
    CU_ASSERT_EQUAL(kd__option_check(options, 1, NULL), KD_OK);
}

static void
test_option_with_bad_name_is_refused(void)
{
    kd_option options[2];

    options[0] = option_of(KD_OPTION_INT, "a");
    options[1] = option_of(KD_OPTION_INT, "a");
    check_refused(
        options, 2, "option a: the same name stands twice in a table");
    options[1].name = NULL;
    check_refused(options, 2,
        "option ?: a name needs letters, digits, '_' and '-' and is missing or "
        "something else");
    options[0].help = "";
    check_refused(options, 1, "option a: help is not one line of text");
}

static void
test_option_newer_and_larger_is_walked_by_its_own_size(void)
{
    struct {
        kd_option option;
        uint64_t later;
    } table[2];

    table[0].option = option_of(KD_OPTION_INT, "a");
    table[1].option = option_of(KD_OPTION_INT, "b");
    table[0].option.size = table[1].option.size = sizeof(table[0]);
    table[0].later = table[1].later = UINT64_MAX;
    CU_ASSERT_EQUAL(kd__option_check(&table[0].option, 2, NULL), KD_OK);
    CU_ASSERT_PTR_EQUAL(kd__option_at(&table[0].option, 1), &table[1].option);
    table[1].option.type = 0;
    check_refused(&table[0].option, 2, "option b: unknown type 0");
}

static void
test_option_nested_fault_names_the_path(void)
{
    kd_option inner = option_of(KD_OPTION_CHOICE, "colour");
    kd_option outer = option_of(KD_OPTION_GROUP, "paint");
    kd_option list = option_of(KD_OPTION_LIST, "walls");

    outer.fields = &inner;
    outer.n_fields = 1;
    list.item = &outer;
    inner.choices = "red||green";
    check_refused(&list, 1,
        "option walls: item: option colour: choices must be words with '|' "
        "between");
    inner.choices = "red|green";
    CU_ASSERT_EQUAL(kd__option_check(&list, 1, NULL), KD_OK);
    inner = option_of(KD_OPTION_DURATION, "time");
    CU_ASSERT_EQUAL(kd__option_check(&list, 1, NULL), KD_OK);
    inner.choices = "never";
    CU_ASSERT_EQUAL(kd__option_check(&list, 1, NULL), KD_OK);
    inner.choices = "|";
    check_refused(&list, 1,
        "option walls: item: option time: choices must be words with '|' "
        "between");
    list.item = NULL;
    check_refused(&list, 1, "option walls: does not say what is in it");
}

static void
test_option_that_contains_itself_is_refused(void)
{
    kd_option list = option_of(KD_OPTION_LIST, "list");
    kd_option group[2];
    kd_error err = KD_ERROR_INIT;

    list.item = &list;
    CU_ASSERT_EQUAL(kd__option_check(&list, 1, &err), KD_EPLUGIN);
    group[0] = option_of(KD_OPTION_GROUP, "left");
    group[1] = option_of(KD_OPTION_GROUP, "right");
    group[0].fields = group[1].fields = group;
    group[0].n_fields = group[1].n_fields = 2;
    CU_ASSERT_EQUAL(kd__option_check(group, 2, &err), KD_EPLUGIN);
    group[0].n_fields = SIZE_MAX;
    CU_ASSERT_EQUAL(kd__option_check(group, 2, &err), KD_EPLUGIN);
}

static void
test_option_default_must_fit_its_type(void)
{
    CU_ASSERT_TRUE(takes_default(KD_OPTION_BOOL, "true"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_BOOL, "yes"));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_INT, "-12"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_INT, "12x"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_INT, "99999999999999999999"));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_FLOAT, "2.5e3"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_FLOAT, "much"));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_SIZE, "64 MiB"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_SIZE, "64 MB"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_SIZE, "9999999999 GiB"));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_DURATION, "1h30m"));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_DURATION, "0"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_DURATION, "90"));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_CHOICE, "green"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_CHOICE, "gree"));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_CHOICE, ""));
    CU_ASSERT_TRUE(takes_default(KD_OPTION_STRING, ""));
    CU_ASSERT_FALSE(takes_default(KD_OPTION_STRING, "a\nb"));
}

static void
test_option_default_must_keep_its_bounds(void)
{
    kd_option option = option_of(KD_OPTION_INT, "n");

    option.min = 1;
    option.max = 10;
    option.def = "11";
    check_refused(&option, 1, "option n: default '11' does not fit its type");
    option.def = "10";
    CU_ASSERT_EQUAL(kd__option_check(&option, 1, NULL), KD_OK);
    option.flags = KD_OPTION_REQUIRED;
    check_refused(
        &option, 1, "option n: is required and has a default all the same");
    option.max = 0;
    check_refused(&option, 1, "option n: its least value is above its largest");
}

static const struct test_case tests[] = {
    TEST(test_option_table_when_empty_is_taken),
    TEST(test_option_with_bad_head_is_refused),
    TEST(test_option_with_bad_name_is_refused),
    TEST(test_option_newer_and_larger_is_walked_by_its_own_size),
    TEST(test_option_nested_fault_names_the_path),
    TEST(test_option_that_contains_itself_is_refused),
    TEST(test_option_default_must_fit_its_type),
    TEST(test_option_default_must_keep_its_bounds),
};

TEST_MAIN("option_check")
