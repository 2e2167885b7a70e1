/* SPDX-License-Identifier: MIT */
/*
 * The alarms of process.host: time is told, and there is one thread.
 */

#include "harness.h"

#include "process_host/alarm.h"

#include <string.h>

#define MS 1000000u

static struct alarms alarms;
static struct alarms others;
static struct alarm one;
static struct alarm two;
static struct alarm *fired[4];
static unsigned n_fired;

static void
setup(void)
{
    memset(&one, 0, sizeof(one));
    memset(&two, 0, sizeof(two));
    n_fired = 0;
    kh__alarms_init(&alarms, 5 * MS);
    kh__alarms_init(&others, 5 * MS);
}

static void
teardown(void)
{
    kh__alarms_fini(&alarms);
    kh__alarms_fini(&others);
}

static void
on_fired(void *arg, struct alarm *const *which, unsigned count)
{
    unsigned i;

    (void)arg;
    for (i = 0; i < count; i++)
        fired[n_fired++ % 4] = which[i];
}

static unsigned
fire_at(kd_time now_ns)
{
    return kh__alarms_fire(&alarms, now_ns, 100, on_fired, NULL);
}

static void
test_alarm_set_fires_once_and_never_early(void)
{
    setup();
    kh__alarm_set(&alarms, &one, 7 * MS + 1);
    CU_ASSERT(!kh__alarms_are_due(&alarms, 7 * MS + 1));
    CU_ASSERT(fire_at(7 * MS + 1) == 0);
    CU_ASSERT(kh__alarms_are_due(&alarms, 8 * MS));
    CU_ASSERT(fire_at(8 * MS) == 1);
    CU_ASSERT_PTR_EQUAL(fired[0], &one);
    CU_ASSERT_PTR_NULL(atomic_load(&one.home));
    CU_ASSERT(fire_at(900000 * (kd_time)MS) == 0);
    teardown();
}

static void
test_alarm_set_to_another_time_fires_then(void)
{
    setup();
    kh__alarm_set(&alarms, &one, 50 * MS);
    kh__alarm_set(&alarms, &one, 90 * MS);
    kh__alarm_set(&alarms, &one, KD_NEVER);
    kh__alarm_set(&alarms, &one, 80 * MS);
    kh__alarm_set(&alarms, &two, 50 * MS);
    kh__alarm_set(&alarms, &two, 20 * MS);
    CU_ASSERT(fire_at(19 * MS) == 0);
    CU_ASSERT(fire_at(20 * MS) == 1);
    CU_ASSERT(fire_at(79 * MS) == 0);
    CU_ASSERT(fire_at(80 * MS) == 1);
    CU_ASSERT_PTR_EQUAL(fired[0], &two);
    CU_ASSERT_PTR_EQUAL(fired[1], &one);
    teardown();
}

static void
test_alarm_that_is_taken_back_or_dropped_does_not_fire(void)
{
    setup();
    kh__alarm_set(&alarms, &one, 50 * MS);
    kh__alarm_set(&alarms, &one, KD_NEVER);
    kh__alarm_set(&alarms, &two, 50 * MS);
    kh__alarm_drop(&two);
    CU_ASSERT_PTR_NULL(two.timer.link);
    CU_ASSERT(fire_at(60 * MS) == 0);
    CU_ASSERT_PTR_NULL(atomic_load(&one.home));
    CU_ASSERT_PTR_NULL(atomic_load(&two.home));
    teardown();
}

static void
test_alarm_set_earlier_by_another_thread_moves_to_its_wheel(void)
{
    setup();
    kh__alarm_set(&alarms, &one, 50 * MS);
    kh__alarm_set(&others, &one, 60 * MS);
    CU_ASSERT_PTR_EQUAL(atomic_load(&one.home), &alarms);
    kh__alarm_set(&others, &one, 20 * MS);
    CU_ASSERT_PTR_EQUAL(atomic_load(&one.home), &others);
    CU_ASSERT(fire_at(70 * MS) == 0);
    CU_ASSERT(kh__alarms_fire(&others, 70 * MS, 1, on_fired, NULL) == 1);
    teardown();
}

static void
set_again(void *arg, struct alarm *const *which, unsigned count)
{
    on_fired(arg, which, count);
    kh__alarm_set(&others, which[0], 100 * MS);
}

static void
test_alarm_set_while_it_is_fired_stays_set(void)
{
    setup();
    kh__alarm_set(&alarms, &one, 10 * MS);
    CU_ASSERT(kh__alarms_fire(&alarms, 20 * MS, 9, set_again, NULL) == 1);
    CU_ASSERT(fire_at(99 * MS) == 0);
    CU_ASSERT(fire_at(100 * MS) == 1);
    teardown();
}

/* Who is woken for the wheel must find something to do. */
static void
test_alarms_next_is_when_there_is_work_on_the_wheel(void)
{
    kd_time due_ns = 3600000 * (kd_time)MS;
    kd_time next_ns = 0;
    unsigned wakes = 0;

    setup();
    kh__alarm_set(&alarms, &one, due_ns);
    for (;;) {
        next_ns = kh__alarms_next(&alarms);
        CU_ASSERT(next_ns <= due_ns);
        CU_ASSERT(kh__alarms_are_due(&alarms, next_ns));
        if (fire_at(next_ns) != 0 || ++wakes > WHEEL_LEVELS)
            break;
    }
    CU_ASSERT(next_ns == due_ns);
    CU_ASSERT(wakes <= WHEEL_LEVELS);
    CU_ASSERT(kh__alarms_next(&alarms) == KD_NEVER);
    teardown();
}

/* Threads fire for each other, and one may have read the clock long ago. */
static void
test_alarms_fired_by_an_older_clock_come_to_an_end(void)
{
    setup();
    CU_ASSERT(fire_at(100 * MS) == 0);
    kh__alarm_set(&alarms, &one, 90 * MS);
    CU_ASSERT(fire_at(80 * MS) == 1);
    CU_ASSERT_PTR_EQUAL(fired[0], &one);
    teardown();
}

static void
test_alarms_that_are_due_together_fire_once_each(void)
{
    struct alarm many[3 * ALARM_BATCH + 1] = {0};
    const unsigned count = sizeof(many) / sizeof(many[0]);
    const unsigned max = ALARM_BATCH + 3;
    unsigned i;

    setup();
    for (i = 0; i < count; i++)
        kh__alarm_set(&alarms, &many[i], 50 * MS);
    CU_ASSERT(kh__alarms_fire(&alarms, 60 * MS, max, on_fired, NULL) == max);
    CU_ASSERT(n_fired == max);
    CU_ASSERT(kh__alarms_are_due(&alarms, 60 * MS));
    CU_ASSERT(fire_at(60 * MS) == count - max);
    CU_ASSERT(n_fired == count);
    for (i = 0; i < count; i++)
        CU_ASSERT_PTR_NULL(atomic_load(&many[i].home));
    CU_ASSERT(fire_at(70 * MS) == 0);
    teardown();
}

static const struct test_case tests[] = {
    TEST(test_alarm_set_fires_once_and_never_early),
    TEST(test_alarm_set_to_another_time_fires_then),
    TEST(test_alarm_that_is_taken_back_or_dropped_does_not_fire),
    TEST(test_alarm_set_earlier_by_another_thread_moves_to_its_wheel),
    TEST(test_alarm_set_while_it_is_fired_stays_set),
    TEST(test_alarms_next_is_when_there_is_work_on_the_wheel),
    TEST(test_alarms_fired_by_an_older_clock_come_to_an_end),
    TEST(test_alarms_that_are_due_together_fire_once_each),
};

TEST_MAIN("process.host: alarms")
