/* SPDX-License-Identifier: MIT */
/*
 * Kinds with one fault each: the sentence names the kind and the fault.
 */

#include "any_worker.h"
#include "harness.h"

#include "load/kind_check.h"

#include <string.h>

static kd_status
check(void *state, const kd_entry *entry, const kd_check *check, kd_error *err)
{
    (void)state;
    (void)entry;
    (void)check;
    (void)err;
    return KD_OK;
}

static void
any_decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)view;
    (void)state;
    (void)now_ns;
    (void)actions;
}

static const kd_kind good = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "test.kind",
    .help = "A kind",
    .impl = &any_worker,
};

static void
check_refused(const kd_kind *kind, const char *sentence)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__kind_check(kind, 0, &err), KD_EPLUGIN);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
}

static void
test_kind_without_fault_is_taken(void)
{
    kd_kind kind = good;

    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    kind.cls = KD_CLASS_DATA;
    kind.flags = 0;
    kind.impl = NULL;
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    kind.flags = KD_KIND_OPEN;
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    kind.id = "process.mine";
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 1, NULL), KD_OK);
}

static void
test_kind_with_bad_head_is_refused(void)
{
    kd_kind kind = good;

    kind.size = 40;
    check_refused(&kind, "kind ?: size of kd_kind is 40, host knows 56");
    kind = good;
    kind.reserved = 1;
    check_refused(&kind, "kind test.kind: its reserved field is not 0");
    kind = good;
    kind.cls = KD_CLASS_WORKER | KD_CLASS_HOST;
    check_refused(&kind, "kind test.kind: unknown class 3");
    kind = good;
    kind.flags = 0x10;
    check_refused(&kind, "kind test.kind: unknown flag bits 0x10");
    kind = good;
    kind.cls = KD_CLASS_HOST;
    check_refused(&kind, "kind test.kind: a host kind has no limits");
    kind.cls = KD_CLASS_DATA;
    kind.flags = KD_KIND_LIFECYCLE;
    check_refused(&kind, "kind test.kind: a data kind has no lifecycle");
    kind = good;
    kind.flags = KD_KIND_OPEN;
    check_refused(&kind, "kind test.kind: a worker kind has no open keys");
}

static void
test_kind_with_bad_names_is_refused(void)
{
    kd_kind kind = good;

    kind.id = NULL;
    check_refused(&kind, "kind ?: the id of a kind must be like vendor.name");
    kind.id = "plain";
    check_refused(
        &kind, "kind plain: the id of a kind must be like vendor.name");
    kind.id = "a..b";
    check_refused(
        &kind, "kind a..b: the id of a kind must be like vendor.name");
    kind.id = "supervisor.mine";
    check_refused(
        &kind, "kind supervisor.mine: ids with 'supervisor.' are reserved");
    kind = good;
    kind.help = NULL;
    check_refused(&kind, "kind test.kind: help is not one line of text");
    kind.help = "two\nlines";
    check_refused(&kind, "kind test.kind: help is not one line of text");
}

static void
test_kind_with_bad_impl_is_refused(void)
{
    kd_data_kind data = {.size = sizeof(kd_data_kind), .check = check};
    kd_worker_kind worker = any_worker;
    kd_kind kind = good;

    kind.impl = NULL;
    check_refused(&kind, "kind test.kind: impl of a worker kind is missing");
    kind.impl = &worker;
    worker.size = 24;
    check_refused(&kind, "kind test.kind: size of impl is 24, host knows 80");
    worker = any_worker;
    worker.flags = 0x300;
    check_refused(&kind, "kind test.kind: unknown flag bits 0x300 of its impl");
    worker = any_worker;
    worker.destroy = NULL;
    check_refused(&kind, "kind test.kind: callback destroy is missing");
    kind = good;
    kind.cls = KD_CLASS_DATA;
    kind.flags = 0;
    kind.impl = &data;
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    kind.impl = NULL;
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    data.check = NULL;
    kind.impl = &data;
    check_refused(&kind, "kind test.kind: callback check is missing");
}

static void
test_kind_of_policy_with_large_state_is_refused(void)
{
    kd_policy_kind policy = {
        .size = sizeof(kd_policy_kind), .decide = any_decide};
    kd_kind kind = good;

    kind.id = "supervisor.test_kind";
    kind.cls = KD_CLASS_POLICY;
    kind.flags = 0;
    kind.impl = &policy;
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    policy.state_size = 4104;
    check_refused(&kind,
        "kind supervisor.test_kind: state_size of a policy is 4104, at most "
        "4096 are given");
    policy.state_size = 0;
    policy.decide = NULL;
    check_refused(
        &kind, "kind supervisor.test_kind: callback decide is missing");
}

/* (semantics S22) */
static void
test_kind_of_policy_must_name_its_vendor(void)
{
    static const char *const bad[] = {"test.kind", "supervisor.kind",
        "supervisor._kind", "supervisor.kind_", "supervisors.test_kind"};
    const kd_policy_kind policy = {
        .size = sizeof(kd_policy_kind), .decide = any_decide};
    char sentence[160];
    kd_kind kind = good;
    size_t i;

    kind.cls = KD_CLASS_POLICY;
    kind.flags = 0;
    kind.impl = &policy;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        kind.id = bad[i];
        snprintf(sentence, sizeof(sentence),
            "kind %s: the id of a policy must be like supervisor.vendor_name",
            bad[i]);
        check_refused(&kind, sentence);
    }
    kind.id = "supervisor.one";
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 1, NULL), KD_OK);
}

static void
test_kind_with_option_of_the_host_is_refused(void)
{
    kd_option option = {
        .size = sizeof(kd_option),
        .type = KD_OPTION_ANY,
        .name = "limits",
        .help = "Mine",
    };
    kd_kind kind = good;

    kind.options = &option;
    kind.n_options = 1;
    check_refused(&kind, "kind test.kind: option limits is the host's own");
    option.name = "limit";
    CU_ASSERT_EQUAL(kd__kind_check(&kind, 0, NULL), KD_OK);
    option.type = 14;
    check_refused(&kind, "kind test.kind: option limit: unknown type 14");
}

static const struct test_case tests[] = {
    TEST(test_kind_without_fault_is_taken),
    TEST(test_kind_with_bad_head_is_refused),
    TEST(test_kind_with_bad_names_is_refused),
    TEST(test_kind_with_bad_impl_is_refused),
    TEST(test_kind_of_policy_with_large_state_is_refused),
    TEST(test_kind_of_policy_must_name_its_vendor),
    TEST(test_kind_with_option_of_the_host_is_refused),
};

TEST_MAIN("kind_check")
