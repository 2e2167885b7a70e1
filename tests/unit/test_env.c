/* SPDX-License-Identifier: MIT */
/*
 * The copy of the environment that a runtime has, and who sees it.
 */

#include "harness.h"

#include "base/env.h"

#include <kindred/embed.h>
#include <string.h>

static void
test_get_when_a_name_is_there_twice_then_the_first(void)
{
    const char *const list[] = {"B=1", "A=x=y", "B=2", "C=", "AA=long", NULL};
    struct kd__env env;

    CU_ASSERT_EQUAL(kd__env_init(&env, list), KD_OK);
    CU_ASSERT_EQUAL(env.n, 4);
    CU_ASSERT_STRING_EQUAL(kd__env_get(&env, "A"), "x=y");
    CU_ASSERT_STRING_EQUAL(kd__env_get(&env, "AA"), "long");
    CU_ASSERT_STRING_EQUAL(kd__env_get(&env, "B"), "1");
    CU_ASSERT_STRING_EQUAL(kd__env_get(&env, "C"), "");
    CU_ASSERT_PTR_NULL(kd__env_get(&env, "D"));
    CU_ASSERT_PTR_NULL(kd__env_get(&env, ""));
    kd__env_fini(&env);
}

static void
test_init_when_a_string_is_no_variable_then_left_out(void)
{
    const char *const list[] = {"none", "=x", "", "A=1", NULL};
    struct kd__env env;

    CU_ASSERT_EQUAL(kd__env_init(&env, list), KD_OK);
    CU_ASSERT_EQUAL(env.n, 1);
    kd__env_fini(&env);
    CU_ASSERT_EQUAL(kd__env_init(&env, NULL), KD_OK);
    CU_ASSERT_EQUAL(env.n, 0);
    kd__env_fini(&env);
}

/* A runtime knows what it was given and nothing of the program's own, nor
   what happens to the list afterwards (semantics A13). */
static void
test_runtime_when_given_a_list_then_that_and_no_more(void)
{
    char text[] = "GREETING=hello";
    const char *list[] = {text, "AT=dawn", NULL};
    const kd_config config = {.size = sizeof(config), .env = list};
    kd_error err = KD_ERROR_INIT;
    kd_runtime *runtime = NULL;
    const char *value = NULL;
    const kd_api *api;

    setenv("OUTSIDE", "1", 1);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &runtime, &err), KD_OK);
    strcpy(text, "X");
    list[0] = NULL;
    api = kd_runtime_api(runtime);
    CU_ASSERT_STRING_EQUAL(api->env_get(api, "GREETING"), "hello");
    CU_ASSERT_PTR_NULL(api->env_get(api, "OUTSIDE"));
    CU_ASSERT_STRING_EQUAL(api->env_at(api, 0, &value), "AT");
    CU_ASSERT_STRING_EQUAL(value, "dawn");
    CU_ASSERT_STRING_EQUAL(api->env_at(api, 1, NULL), "GREETING");
    CU_ASSERT_PTR_NULL(api->env_at(api, 2, NULL));
    kd_runtime_free(runtime, NULL);
}

static const struct test_case tests[] = {
    TEST(test_get_when_a_name_is_there_twice_then_the_first),
    TEST(test_init_when_a_string_is_no_variable_then_left_out),
    TEST(test_runtime_when_given_a_list_then_that_and_no_more),
};

TEST_MAIN("env")
