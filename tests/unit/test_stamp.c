/* SPDX-License-Identifier: MIT */
/*
 * The stamp decides alone, and its sentences name both sides.
 */

#include "harness.h"

#include "load/stamp.h"

#include <stdint.h>
#include <string.h>

static const kd_stamp good = KD_STAMP_INIT;

static void
check_refused(const kd_stamp *stamp, uint16_t major, uint16_t minor,
    kd_status code, const char *sentence)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__stamp_check_for(stamp, major, minor, &err), code);
    CU_ASSERT_EQUAL(err.code, code);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
}

static void
test_stamp_of_these_headers_is_taken(void)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__stamp_check(&good, &err), KD_OK);
    CU_ASSERT_EQUAL(err.code, KD_OK);
    CU_ASSERT_EQUAL(kd__stamp_check(&good, NULL), KD_OK);
}

static void
test_stamp_with_other_magic_is_no_plugin(void)
{
    kd_stamp stamp = good;

    stamp.magic = 0x7f454c46;
    stamp.major = 9;
    check_refused(&stamp, 0, 1, KD_ENOTPLUGIN,
        "not a kindred plugin: its stamp begins with 0x7f454c46, not "
        "0x6b6e6472");
}

static void
test_stamp_of_other_major_is_refused(void)
{
    kd_stamp stamp = good;

    stamp.major = 2;
    stamp.minor = 7;
    check_refused(
        &stamp, 1, 4, KD_EABI, "plugin is built for ABI 2.7, host has 1.4");
    check_refused(
        &stamp, 0, 1, KD_EABI, "plugin is built for ABI 2.7, host has 0.1");
}

static void
test_stamp_goes_by_the_oldest_host(void)
{
    kd_stamp stamp = good;

    stamp.major = 1;
    stamp.minor = 9;
    stamp.min_host_minor = 5;
    CU_ASSERT_EQUAL(kd__stamp_check_for(&stamp, 1, 5, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd__stamp_check_for(&stamp, 1, 12, NULL), KD_OK);
    check_refused(
        &stamp, 1, 3, KD_EABI, "plugin needs host ABI 1.5, host has 1.3");
}

static void
test_stamp_with_reserved_bits_is_refused(void)
{
    kd_stamp stamp = good;

    stamp.reserved = 3;
    check_refused(&stamp, KD_ABI_MAJOR, KD_ABI_MINOR, KD_EPLUGIN,
        "the reserved field of its stamp is 3, not 0");
}

static void
test_stamp_with_impossible_size_is_refused(void)
{
    kd_stamp stamp = good;

    stamp.size = 64;
    check_refused(&stamp, KD_ABI_MAJOR, KD_ABI_MINOR, KD_EPLUGIN,
        "its descriptor has 64 bytes, host needs at least 72");
    stamp.size = 76;
    check_refused(&stamp, KD_ABI_MAJOR, KD_ABI_MINOR, KD_EPLUGIN,
        "the size of its descriptor, 76, is not a multiple of 8");
    stamp.size = 4096;
    CU_ASSERT_EQUAL(kd__stamp_check(&stamp, NULL), KD_OK);
}

/* Whatever the bytes, it answers, and with a sentence when it refuses. */
static void
test_stamp_of_any_bytes_gets_an_answer(void)
{
    uint64_t state = 88172645463325252u;
    kd_stamp stamp;
    int i;

    for (i = 0; i < 100000; i++) {
        unsigned char *bytes = (unsigned char *)&stamp;
        kd_error err = KD_ERROR_INIT;
        size_t at;

        stamp = good;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        at = (size_t)(state % sizeof(stamp));
        bytes[at] = (unsigned char)(state >> 32);
        if (kd__stamp_check(&stamp, &err) == KD_OK)
            continue;
        CU_ASSERT_FATAL(err.text[0] != '\0');
    }
}

static const struct test_case tests[] = {
    TEST(test_stamp_of_these_headers_is_taken),
    TEST(test_stamp_with_other_magic_is_no_plugin),
    TEST(test_stamp_of_other_major_is_refused),
    TEST(test_stamp_goes_by_the_oldest_host),
    TEST(test_stamp_with_reserved_bits_is_refused),
    TEST(test_stamp_with_impossible_size_is_refused),
    TEST(test_stamp_of_any_bytes_gets_an_answer),
};

TEST_MAIN("stamp")
