/* SPDX-License-Identifier: MIT */
/*
 * A policy and who runs it become one kind (semantics S22); and what the host
 * tells those who run it of processes.
 */

#include "actors.h"
#include "harness.h"

#include "load/policy.h"

#include <string.h>

static void
any_decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)view;
    (void)state;
    (void)now_ns;
    (void)actions;
}

static const kd_policy_kind policy_impl = {
    .size = sizeof(kd_policy_kind), .decide = any_decide};

#define OPTION(word)                                                           \
    {                                                                          \
        .size = sizeof(kd_option), .type = KD_OPTION_BOOL, .name = (word),     \
        .help = "What it says"                                                 \
    }

static const kd_option policy_options[] = {OPTION("mine"), OPTION("other")};
static const kd_option runner_options[] = {OPTION("children")};

static const kd_kind policy_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_POLICY,
    .id = "supervisor.test_policy",
    .help = "A policy",
    .options = policy_options,
    .n_options = 2,
    .impl = &policy_impl,
};

/* Never called. */
static const kd_worker_kind runner_impl = {.size = sizeof(kd_worker_kind)};

static const kd_kind runner_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_WORKER,
    .id = "test.runner",
    .help = "Runs policies",
    .options = runner_options,
    .n_options = 1,
    .impl = &runner_impl,
};

static const kd_plugin runner_plugin = {.name = "test.runner"};
static struct kd__plugin runner = {.descriptor = &runner_plugin};

static void
test_policy_becomes_a_kind_of_workers(void)
{
    struct kd__policy *policy = NULL;

    CU_ASSERT_EQUAL_FATAL(
        kd__policy_new(&policy_kind, &runner_kind, &runner, &policy, NULL),
        KD_OK);
    CU_ASSERT_STRING_EQUAL(policy->kind.id, "supervisor.test_policy");
    CU_ASSERT_EQUAL(policy->kind.cls, KD_CLASS_WORKER);
    CU_ASSERT_EQUAL(policy->kind.flags, KD_KIND_LIFECYCLE);
    CU_ASSERT_PTR_EQUAL(policy->kind.impl, &runner_impl);
    CU_ASSERT_PTR_EQUAL(policy->runner, &runner);
    CU_ASSERT_EQUAL_FATAL(policy->kind.n_options, 3);
    CU_ASSERT_STRING_EQUAL(policy->kind.options[0].name, "mine");
    CU_ASSERT_STRING_EQUAL(policy->kind.options[2].name, "children");
    kd__policy_free(policy);
}

/* Options of a plugin that knows more of them, and lie further apart. */
static void
test_policy_takes_options_of_another_size(void)
{
    struct large {
        kd_option option;
        uint64_t more[2];
    } large[2] = {{OPTION("first"), {1, 2}}, {OPTION("second"), {3, 4}}};
    struct kd__policy *policy = NULL;
    kd_kind kind = policy_kind;

    large[0].option.size = large[1].option.size = sizeof(struct large);
    kind.options = &large[0].option;
    CU_ASSERT_EQUAL_FATAL(
        kd__policy_new(&kind, &runner_kind, &runner, &policy, NULL), KD_OK);
    CU_ASSERT_STRING_EQUAL(policy->kind.options[1].name, "second");
    CU_ASSERT_STRING_EQUAL(policy->kind.options[2].name, "children");
    CU_ASSERT_EQUAL(policy->kind.options[1].size, sizeof(kd_option));
    kd__policy_free(policy);
}

static void
test_policy_cannot_have_an_option_of_supervisors(void)
{
    static const kd_option options[] = {OPTION("mine"), OPTION("children")};
    struct kd__policy *policy = NULL;
    kd_kind kind = policy_kind;
    kd_error err = KD_ERROR_INIT;

    kind.options = options;
    CU_ASSERT_EQUAL(kd__policy_new(&kind, &runner_kind, &runner, &policy, &err),
        KD_ECONFLICT);
    CU_ASSERT_PTR_NULL(policy);
    CU_ASSERT_STRING_EQUAL(err.text,
        "kind supervisor.test_policy: option children is one of all "
        "supervisors");
}

/* --- What the host tells ------------------------------------------------- */

static struct actors actors;
static atomic_long right;
static kd_pid asker;

static kd_next
sitter_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    (void)err;
    return KD_NEXT_WAIT;
}

/* A linked child tells its parent's pid, another one none; its spawner's,
 * unless that one wants no mail. */
static kd_next
kid_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    const kd_pid none = KD_PID_NONE_INIT;

    (void)state;
    (void)err;
    right += kd_pid_equal(kd_proc_parent(proc), number != 0 ? asker : none);
    right += kd_pid_equal(kd_proc_spawner(proc), number != 2 ? asker : none);
    return KD_NEXT_DONE;
}

/* (semantics S5, S23) */
static kd_next
asker_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    const kd_api *api = proc->api;
    const kd_time far = api->now_ns(api) + UINT64_C(60000000000);
    kd_pid kid, sitter;

    (void)state;
    (void)number;
    (void)err;
    asker = kd_proc_self(proc);
    right += actors_child(proc, "kid", 1, KD_SPAWN_LINK, &kid) == KD_OK;
    right += actors_child(proc, "kid", 0, 0, &kid) == KD_OK;
    right += actors_child(proc, "kid", 2, KD_SPAWN_LINK | KD_SPAWN_NO_MAIL,
                 &kid) == KD_OK;
    right += actors_child(proc, "sitter", 0, 0, &sitter) == KD_OK;
    right += !api->pid_ending(api, sitter);
    right += kd_proc_cancel(proc, sitter, KD_NEVER, 0, NULL, NULL) == KD_OK;
    right += !api->pid_ending(api, sitter);
    right += kd_proc_cancel(proc, sitter, far, 0, NULL, NULL) == KD_OK;
    right += api->pid_ending(api, sitter) != 0;
    kd_proc_terminate(proc, sitter, NULL);
    right += actors_child(proc, "sitter", 0, 0, &sitter) == KD_OK;
    kd_proc_terminate(proc, sitter, NULL);
    right += api->pid_ending(api, sitter) || !api->pid_alive(api, sitter);
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"sitter", 0, sitter_run},
    {"kid", 0, kid_run},
    {"asker", 0, asker_run},
    {NULL, 0, NULL},
};

static void
test_policy_runner_is_told_of_parents_and_of_ends(void)
{
    actors_start(&actors, roles, 1);
    actors_spawn(&actors, "asker", 0);
    actors_await(&actors.ended, 1);
    actors_await(&actors.live, 0);
    CU_ASSERT_EQUAL(atomic_load(&right), 17);
    CU_ASSERT_EQUAL(actors_stop(&actors, 10), KD_OK);
}

static const struct test_case tests[] = {
    TEST(test_policy_becomes_a_kind_of_workers),
    TEST(test_policy_takes_options_of_another_size),
    TEST(test_policy_cannot_have_an_option_of_supervisors),
    TEST(test_policy_runner_is_told_of_parents_and_of_ends),
};

TEST_MAIN("policy")
