/* SPDX-License-Identifier: MIT */
/*
 * Who of the sleepers wakes for the alarms of all: time is told, and there is
 * one thread.
 */

#include "harness.h"

#include "process_host/duty.h"

#include <string.h>

#define MS 1000000u

/* All times are of the first turn of a wheel, whose ticks are exact. */
static struct duty duty;
static struct alarms wheels[3];
static struct sleeper workers[3];
static struct alarm one;
static struct alarm two;
static unsigned n_fired;

static void
setup(void)
{
    memset(&one, 0, sizeof(one));
    memset(&two, 0, sizeof(two));
    n_fired = 0;
    kh__duty_init(&duty);
    for (int i = 0; i < 3; i++) {
        kh__alarms_init(&wheels[i], 5 * MS);
        atomic_store(&workers[i].park.word, 0);
    }
}

static void
teardown(void)
{
    for (int i = 0; i < 3; i++)
        kh__alarms_fini(&wheels[i]);
    kh__duty_fini(&duty);
}

static kd_time
sleeps(int who, kd_time earliest_ns)
{
    return kh__duty_sleep(&duty, &workers[who], &wheels[who], earliest_ns);
}

static void
wakes(int who)
{
    kh__duty_wake(&duty, &workers[who]);
}

static int
was_woken(int who)
{
    return atomic_load(&workers[who].park.word) != 0;
}

static void
on_fired(void *arg, struct alarm *const *alarms, unsigned count)
{
    (void)arg;
    (void)alarms;
    n_fired += count;
}

static unsigned
fire_at(kd_time now_ns, unsigned max)
{
    return kh__duty_fire(&duty, now_ns, max, on_fired, NULL);
}

/* Two lay down, and the one who has slept for both is awake. */
static void
setup_one_awake(void)
{
    setup();
    kh__alarm_set(&wheels[0], &one, 20 * MS);
    kh__alarm_set(&wheels[1], &two, 25 * MS);
    CU_ASSERT(sleeps(0, 0) == 20 * MS);
    CU_ASSERT(sleeps(1, 0) == KD_NEVER);
    CU_ASSERT(!kh__duty_is_due(&duty, 40 * MS));
    wakes(0);
}

static void
test_duty_of_all_is_with_who_has_the_first_alarm(void)
{
    setup();
    kh__alarm_set(&wheels[0], &one, 20 * MS);
    kh__alarm_set(&wheels[1], &two, 10 * MS);
    CU_ASSERT(sleeps(0, 0) == 20 * MS);
    CU_ASSERT(sleeps(1, 0) == 10 * MS);
    CU_ASSERT(sleeps(2, 0) == KD_NEVER);
    /* The old holder has it no more. */
    wakes(0);
    CU_ASSERT(!kh__duty_is_due(&duty, 99 * MS));
    CU_ASSERT(sleeps(0, 0) == KD_NEVER);
    teardown();
}

static void
test_duty_without_a_holder_is_of_whoever_is_awake(void)
{
    setup_one_awake();
    CU_ASSERT(!kh__duty_is_due(&duty, 24 * MS));
    CU_ASSERT(kh__duty_is_due(&duty, 25 * MS));
    CU_ASSERT(fire_at(40 * MS, 9) == 1);
    /* Its own wheel is no longer entrusted. */
    CU_ASSERT_PTR_NULL(atomic_load(&two.home));
    CU_ASSERT_PTR_NOT_NULL(atomic_load(&one.home));
    CU_ASSERT(!kh__duty_is_due(&duty, 99 * MS));
    teardown();
}

static void
test_duty_comes_back_to_who_lies_down_next(void)
{
    setup_one_awake();
    kh__alarms_fire(&wheels[0], 20 * MS, 9, on_fired, NULL);
    /* That of the other's wheel, for which he has not slept. */
    CU_ASSERT(sleeps(2, 0) == 25 * MS);
    CU_ASSERT(!kh__duty_is_due(&duty, 40 * MS));
    CU_ASSERT(sleeps(0, 0) == KD_NEVER);
    wakes(2);
    CU_ASSERT(kh__duty_is_due(&duty, 25 * MS));
    teardown();
}

static void
test_duty_ends_with_the_last_sleeper(void)
{
    setup_one_awake();
    wakes(1);
    CU_ASSERT(!kh__duty_is_due(&duty, 99 * MS));
    CU_ASSERT(fire_at(99 * MS, 9) == 0);
    CU_ASSERT(n_fired == 0);
    teardown();
}

/* He who has lost his place as he lay down, and who has it. */
static void
test_duty_for_one_wheel_of_two_ends_with_the_second(void)
{
    setup();
    kh__alarm_set(&wheels[0], &one, 20 * MS);
    CU_ASSERT(sleeps(0, 0) == 20 * MS);
    CU_ASSERT(kh__duty_sleep(&duty, &workers[1], &wheels[0], 0) == KD_NEVER);
    wakes(0);
    CU_ASSERT(kh__duty_is_due(&duty, 20 * MS));
    wakes(1);
    CU_ASSERT(!kh__duty_is_due(&duty, 99 * MS));
    teardown();
}

static void
test_duty_lets_its_holder_rest(void)
{
    setup();
    kh__alarm_set(&wheels[0], &one, 8 * MS);
    kh__alarm_set(&wheels[1], &two, 9 * MS);
    CU_ASSERT(sleeps(0, 10 * MS) == 10 * MS);
    /* Who would rest as long, or longer, does not take it over. */
    CU_ASSERT(sleeps(1, 10 * MS) == KD_NEVER);
    wakes(1);
    CU_ASSERT(sleeps(1, 0) == 9 * MS);
    teardown();
}

static void
test_duty_wakes_its_holder_for_an_alarm_that_has_come(void)
{
    setup();
    kh__alarm_set(&wheels[0], &one, 20 * MS);
    sleeps(0, 0);
    sleeps(1, 0);
    kh__alarm_set(&wheels[1], &two, 25 * MS);
    kh__duty_review(&duty);
    CU_ASSERT(!was_woken(0));
    kh__alarm_set(&wheels[1], &two, 10 * MS);
    kh__duty_review(&duty);
    CU_ASSERT(was_woken(0));
    CU_ASSERT(!was_woken(1));
    wakes(0);
    CU_ASSERT(kh__duty_is_due(&duty, 10 * MS));
    kh__alarm_set(&wheels[1], &two, 6 * MS);
    CU_ASSERT(!kh__duty_is_due(&duty, 6 * MS));
    kh__duty_review(&duty);
    CU_ASSERT(kh__duty_is_due(&duty, 6 * MS));
    teardown();
}

static void
test_duty_fires_a_part_and_then_the_rest(void)
{
    struct alarm many[20];
    int i;

    setup();
    memset(many, 0, sizeof(many));
    for (i = 0; i < 20; i++)
        kh__alarm_set(&wheels[i % 2], &many[i], 10 * MS);
    kh__alarm_set(&wheels[2], &one, 9 * MS);
    CU_ASSERT(sleeps(2, 0) == 9 * MS);
    CU_ASSERT(sleeps(0, 0) == KD_NEVER);
    CU_ASSERT(sleeps(1, 0) == KD_NEVER);
    wakes(2);
    CU_ASSERT(fire_at(20 * MS, 13) == 13);
    CU_ASSERT(kh__duty_is_due(&duty, 20 * MS));
    CU_ASSERT(fire_at(20 * MS, 99) == 7);
    CU_ASSERT(!kh__duty_is_due(&duty, 99 * MS));
    CU_ASSERT(n_fired == 20);
    teardown();
}

static const struct test_case tests[] = {
    TEST(test_duty_of_all_is_with_who_has_the_first_alarm),
    TEST(test_duty_without_a_holder_is_of_whoever_is_awake),
    TEST(test_duty_comes_back_to_who_lies_down_next),
    TEST(test_duty_ends_with_the_last_sleeper),
    TEST(test_duty_for_one_wheel_of_two_ends_with_the_second),
    TEST(test_duty_lets_its_holder_rest),
    TEST(test_duty_wakes_its_holder_for_an_alarm_that_has_come),
    TEST(test_duty_fires_a_part_and_then_the_rest),
};

TEST_MAIN("process.host: duty")
