/* SPDX-License-Identifier: MIT */
/*
 * The timing wheel of process.host, alone and against a naive model.
 */

#include "harness.h"

#include "process_host/wheel.h"

#include <string.h>
#include <time.h>

#define TIMERS 400u

static struct wheel wheel;

static struct wheel_timer *
take_at(uint64_t now)
{
    unsigned steps = 1000000;

    return kh__wheel_take(&wheel, now, &steps);
}

static void
test_wheel_when_empty_has_no_next(void)
{
    kh__wheel_init(&wheel, 1000);
    CU_ASSERT(kh__wheel_next(&wheel) == WHEEL_NEVER);
    CU_ASSERT_PTR_NULL(take_at(WHEEL_LAST));
}

static void
test_wheel_take_before_the_tick_gives_nothing(void)
{
    static const uint64_t ticks[] = {1, 255, 256, 257, 65535, 65536, 70000,
        16777216, 864000000, 1000000007, WHEEL_LAST};
    struct wheel_timer timer = {0};
    size_t i;

    for (i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
        kh__wheel_init(&wheel, 0);
        kh__wheel_add(&wheel, &timer, ticks[i]);
        CU_ASSERT_PTR_NULL(take_at(ticks[i] - 1));
        CU_ASSERT(kh__wheel_next(&wheel) <= ticks[i]);
        CU_ASSERT_PTR_EQUAL(take_at(ticks[i]), &timer);
        CU_ASSERT_PTR_NULL(timer.link);
    }
}

static void
test_wheel_add_of_a_past_tick_comes_up_at_once(void)
{
    struct wheel_timer first = {0};
    struct wheel_timer second = {0};

    kh__wheel_init(&wheel, 500);
    kh__wheel_add(&wheel, &first, 3);
    kh__wheel_add(&wheel, &second, 500);
    CU_ASSERT(kh__wheel_next(&wheel) <= 500);
    CU_ASSERT_PTR_EQUAL(take_at(500), &first);
    CU_ASSERT_PTR_EQUAL(take_at(500), &second);
    CU_ASSERT_PTR_NULL(take_at(500));
}

static void
test_wheel_remove_of_the_last_due_one_keeps_the_list(void)
{
    struct wheel_timer first = {0};
    struct wheel_timer second = {0};

    kh__wheel_init(&wheel, 500);
    kh__wheel_add(&wheel, &first, 1);
    kh__wheel_add(&wheel, &second, 1);
    kh__wheel_remove(&wheel, &second);
    kh__wheel_add(&wheel, &second, 2);
    CU_ASSERT_PTR_EQUAL(take_at(500), &first);
    CU_ASSERT_PTR_EQUAL(take_at(500), &second);
}

static void
test_wheel_take_without_steps_goes_on_later(void)
{
    struct wheel_timer timers[10];
    unsigned steps = 3;
    unsigned taken = 0;
    unsigned i;

    memset(timers, 0, sizeof(timers));
    kh__wheel_init(&wheel, 0);
    for (i = 0; i < 10; i++)
        kh__wheel_add(&wheel, &timers[i], 300);
    while (kh__wheel_take(&wheel, 300, &steps) != NULL)
        taken++;
    CU_ASSERT(taken < 10);
    CU_ASSERT(kh__wheel_next(&wheel) <= 300);
    while (take_at(300) != NULL)
        taken++;
    CU_ASSERT(taken == 10);
}

/* The model: the timers themselves, looked through one by one. */

static struct wheel_timer timers[TIMERS];
static uint64_t due[TIMERS]; /* WHEEL_NEVER: not set. */

static uint64_t
random_bits(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Small and huge alike. */
static uint64_t
random_span(uint64_t *seed)
{
    return random_bits(seed) >> (16 + random_bits(seed) % 48);
}

static uint64_t
model_first(void)
{
    uint64_t first = WHEEL_NEVER;
    size_t i;

    for (i = 0; i < TIMERS; i++)
        first = due[i] < first ? due[i] : first;
    return first;
}

static int
change_one(uint64_t *seed, uint64_t now)
{
    size_t i = random_bits(seed) % TIMERS;
    uint64_t tick = now + random_span(seed);

    if (timers[i].link != NULL)
        kh__wheel_remove(&wheel, &timers[i]);
    due[i] = WHEEL_NEVER;
    if (random_bits(seed) % 4 == 0)
        return 1;
    due[i] = tick > WHEEL_LAST ? WHEEL_LAST : tick;
    kh__wheel_add(&wheel, &timers[i], due[i]);
    return kh__wheel_next(&wheel) <= model_first();
}

/* Advance, in small steps; all that is due must come, and nothing else. */
static int
advance(uint64_t *seed, uint64_t now)
{
    struct wheel_timer *timer;
    unsigned steps;
    size_t i;

    do {
        steps = (unsigned)(random_bits(seed) % 20) + 1;
        while ((timer = kh__wheel_take(&wheel, now, &steps)) != NULL) {
            i = (size_t)(timer - timers);
            if (due[i] > now || timer->link != NULL)
                return 0;
            due[i] = WHEEL_NEVER;
        }
    } while (steps == 0);
    return model_first() > now && kh__wheel_next(&wheel) > now &&
           kh__wheel_next(&wheel) <= model_first();
}

static void
test_wheel_with_random_operations_matches_the_model(void)
{
    uint64_t seed = (uint64_t)time(NULL) * 2654435761u + 1;
    uint64_t now = random_span(&seed) >> 8;
    int right = 1;
    unsigned i;

    printf("seed %llu ", (unsigned long long)seed);
    memset(timers, 0, sizeof(timers));
    for (i = 0; i < TIMERS; i++)
        due[i] = WHEEL_NEVER;
    kh__wheel_init(&wheel, now);
    for (i = 0; right && i < 200000; i++) {
        right = change_one(&seed, now);
        if (right && random_bits(&seed) % 8 == 0) {
            now += random_span(&seed) >> (random_bits(&seed) % 40);
            now = now > WHEEL_LAST ? WHEEL_LAST : now;
            right = advance(&seed, now);
        }
        if (now > WHEEL_LAST / 2) {
            now = WHEEL_LAST / 2 - WHEEL_LAST / 4;
            memset(timers, 0, sizeof(timers));
            memset(due, 0xff, sizeof(due));
            kh__wheel_init(&wheel, now >>= random_bits(&seed) % 40);
        }
    }
    CU_ASSERT(right);
}

static const struct test_case tests[] = {
    TEST(test_wheel_when_empty_has_no_next),
    TEST(test_wheel_take_before_the_tick_gives_nothing),
    TEST(test_wheel_add_of_a_past_tick_comes_up_at_once),
    TEST(test_wheel_remove_of_the_last_due_one_keeps_the_list),
    TEST(test_wheel_take_without_steps_goes_on_later),
    TEST(test_wheel_with_random_operations_matches_the_model),
};

TEST_MAIN("process.host: wheel")
