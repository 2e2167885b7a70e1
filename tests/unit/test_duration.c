/* SPDX-License-Identifier: MIT */
/*
 * Durations as text (semantics Z1, Z7).
 *
 * The expected values were taken from Go, whose grammar it is. The round trips
 * print their seed; TEST_SEED in the environment gives another.
 */

#include "harness.h"

#include <kindred/duration.h>

#include <inttypes.h>
#include <string.h>

#define ROUNDS 100000

#define MINUTE INT64_C(60000000000)
#define HOUR   (60 * MINUTE)

static const struct {
    const char *text;
    int64_t ns;
} good[] = {
    {"0", 0},
    {"-0", 0},
    {"+0", 0},
    {"0s", 0},
    {"5s", 5000000000},
    {"+5s", 5000000000},
    {"-5s", -5000000000},
    {"1.5h", HOUR + 30 * MINUTE},
    {".5s", 500000000},
    {"1.s", 1000000000},
    {"1h30m", HOUR + 30 * MINUTE},
    {"1h1h", 2 * HOUR},
    {"10ns", 10},
    {"11us", 11000},
    {"12\xc2\xb5s", 12000},
    {"12\xce\xbcs", 12000},
    {"13ms", 13000000},
    {"3.4s5.6ms", 3405600000},
    {"0.100000000000000000000h", 6 * MINUTE},
    {"0.830103483285477580700h", INT64_C(2988372539827)},
    {"0.3333333333333333333h", 20 * MINUTE},
    {"0.9223372036854775807h", INT64_C(3320413933267)},
    {".9999999999999999999999999s", 1000000000},
    {"9223372036854775807ns", INT64_MAX},
    {"-9223372036854775807ns", -INT64_MAX},
    {"-9223372036854775808ns", INT64_MIN},
    {"9223372036.854775807s", INT64_MAX},
    {"-2562047h47m16.854775808s", INT64_MIN},
    {"9223372036854775.807us", INT64_MAX},
};

static const struct {
    const char *text;
    const char *error;
} bad[] = {
    {"", "time: invalid duration \"\""},
    {"-", "time: invalid duration \"-\""},
    {"+", "time: invalid duration \"+\""},
    {".", "time: invalid duration \".\""},
    {".s", "time: invalid duration \".s\""},
    {"-.", "time: invalid duration \"-.\""},
    {"x", "time: invalid duration \"x\""},
    {" 1s", "time: invalid duration \" 1s\""},
    {"--1s", "time: invalid duration \"--1s\""},
    {"5", "time: missing unit in duration \"5\""},
    {"00", "time: missing unit in duration \"00\""},
    {"1h5", "time: missing unit in duration \"1h5\""},
    {"5x", "time: unknown unit \"x\" in duration \"5x\""},
    {"1s ", "time: unknown unit \"s \" in duration \"1s \""},
    {"1h-5m", "time: unknown unit \"h-\" in duration \"1h-5m\""},
    {"1S", "time: unknown unit \"S\" in duration \"1S\""},
    {"1d", "time: unknown unit \"d\" in duration \"1d\""},
    {"1\"\\", "time: unknown unit \"\\\"\\\\\" in duration \"1\\\"\\\\\""},
    {"1\xc2\xb5\n", "time: unknown unit \"\\xc2\\xb5\\x0a\" in duration "
                    "\"1\\xc2\\xb5\\x0a\""},
    {"9223372036854775808ns",
        "time: invalid duration \"9223372036854775808ns\""},
    {"9223372036854775809ns",
        "time: invalid duration \"9223372036854775809ns\""},
    {"-9223372036854775809ns",
        "time: invalid duration \"-9223372036854775809ns\""},
    {"92233720368547758070ns",
        "time: invalid duration \"92233720368547758070ns\""},
    {"2562048h", "time: invalid duration \"2562048h\""},
    {"-2562047h47m16.854775809s",
        "time: invalid duration \"-2562047h47m16.854775809s\""},
    {"9223372036.854775808s",
        "time: invalid duration \"9223372036.854775808s\""},
    {"2562047h2562047h", "time: invalid duration \"2562047h2562047h\""},
};

static const struct {
    int64_t ns;
    const char *text;
} shown[] = {
    {0, "0s"},
    {1, "1ns"},
    {-1, "-1ns"},
    {999, "999ns"},
    {1000, "1\xc2\xb5s"},
    {1500, "1.5\xc2\xb5s"},
    {100000000, "100ms"},
    {2200000, "2.2ms"},
    {999999999, "999.999999ms"},
    {1000000000, "1s"},
    {1500000000, "1.5s"},
    {10 * INT64_C(1000000000), "10s"},
    {-1500000000, "-1.5s"},
    {MINUTE, "1m0s"},
    {5 * MINUTE + 1, "5m0.000000001s"},
    {HOUR, "1h0m0s"},
    {HOUR + 30 * MINUTE, "1h30m0s"},
    {100 * HOUR + 1000000000, "100h0m1s"},
    {INT64_MAX, "2562047h47m16.854775807s"},
    {INT64_MIN, "-2562047h47m16.854775808s"},
};

#define LEN(table) (sizeof(table) / sizeof((table)[0]))

static void
test_parse_good_then_nanoseconds(void)
{
    size_t i;

    for (i = 0; i < LEN(good); i++) {
        int64_t ns = 42;
        kd_error err = KD_ERROR_INIT;
        kd_status status =
            kd_duration_parse(good[i].text, strlen(good[i].text), &ns, &err);

        if (status != KD_OK || ns != good[i].ns)
            printf("%s: %" PRId64 " %s\n", good[i].text, ns, err.text);
        CU_ASSERT_EQUAL(status, KD_OK);
        CU_ASSERT_EQUAL(ns, good[i].ns);
    }
}

static void
test_parse_bad_then_says_why(void)
{
    size_t i;

    for (i = 0; i < LEN(bad); i++) {
        int64_t ns = 42;
        kd_error err = KD_ERROR_INIT;

        CU_ASSERT_EQUAL(
            kd_duration_parse(bad[i].text, strlen(bad[i].text), &ns, &err),
            KD_EINVAL);
        if (strcmp(err.text, bad[i].error) != 0)
            printf("%s: %s\n", bad[i].text, err.text);
        CU_ASSERT_STRING_EQUAL(err.text, bad[i].error);
        CU_ASSERT_EQUAL(err.code, KD_EINVAL);
        CU_ASSERT_EQUAL(ns, 42);
        CU_ASSERT_EQUAL(
            kd_duration_parse(bad[i].text, strlen(bad[i].text), &ns, NULL),
            KD_EINVAL);
    }
}

static void
test_parse_length_then_reads_no_further(void)
{
    int64_t ns;

    CU_ASSERT_EQUAL(kd_duration_parse("1ms", 2, &ns, NULL), KD_OK);
    CU_ASSERT_EQUAL(ns, MINUTE);
    CU_ASSERT_EQUAL(kd_duration_parse("0\0s", 3, &ns, NULL), KD_EINVAL);
    CU_ASSERT_EQUAL(kd_duration_parse("1s\0", 3, &ns, NULL), KD_EINVAL);
}

static void
test_parse_long_then_sentence_is_cut(void)
{
    char text[1000];
    kd_error err = KD_ERROR_INIT;
    int64_t ns;

    memset(text, 'x', sizeof(text));
    CU_ASSERT_EQUAL(
        kd_duration_parse(text, sizeof(text), &ns, &err), KD_EINVAL);
    CU_ASSERT_EQUAL(strlen(err.text), KD_ERROR_TEXT - 1);
    CU_ASSERT_EQUAL(strncmp(err.text, "time: invalid duration \"xxx", 27), 0);
}

static void
test_format_then_as_go(void)
{
    char text[KD_DURATION_TEXT];
    size_t i;

    for (i = 0; i < LEN(shown); i++) {
        size_t len = kd_duration_format(shown[i].ns, text, sizeof(text));

        CU_ASSERT_STRING_EQUAL(text, shown[i].text);
        CU_ASSERT_EQUAL(len, strlen(shown[i].text));
    }
}

static void
test_format_small_buffer_then_cut(void)
{
    char text[4] = "###";

    CU_ASSERT_EQUAL(kd_duration_format(HOUR, text, sizeof(text)), 6);
    CU_ASSERT_STRING_EQUAL(text, "1h0");
    CU_ASSERT_EQUAL(kd_duration_format(HOUR, text, 1), 6);
    CU_ASSERT_STRING_EQUAL(text, "");
    CU_ASSERT_EQUAL(kd_duration_format(HOUR, NULL, 0), 6);
}

static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void
test_round_trip_random_then_same(void)
{
    const char *seed = getenv("TEST_SEED");
    uint64_t state = seed != NULL ? strtoull(seed, NULL, 10) : 20261123;
    int i;

    state += state == 0 ? 1 : 0;
    printf("seed %" PRIu64 " ", state);
    for (i = 0; i < ROUNDS; i++) {
        /* Of every order of magnitude. */
        uint64_t bits = next_random(&state);
        int64_t ns = (int64_t)(bits >> (next_random(&state) % 64));
        char text[KD_DURATION_TEXT];
        int64_t back = 0;
        size_t len = kd_duration_format(ns, text, sizeof(text));

        if (kd_duration_parse(text, len, &back, NULL) != KD_OK || back != ns) {
            printf("%" PRId64 " is %s\n", ns, text);
            CU_FAIL("no round trip");
        }
    }
}

static const struct test_case tests[] = {
    TEST(test_parse_good_then_nanoseconds),
    TEST(test_parse_bad_then_says_why),
    TEST(test_parse_length_then_reads_no_further),
    TEST(test_parse_long_then_sentence_is_cut),
    TEST(test_format_then_as_go),
    TEST(test_format_small_buffer_then_cut),
    TEST(test_round_trip_random_then_same),
};

TEST_MAIN("duration")
