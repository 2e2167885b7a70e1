/* SPDX-License-Identifier: MIT */
/*
 * Zone files and the rules at their ends, from bytes; and that all zones the
 * system has read as its C library reads them.
 *
 * (semantics Z3)
 */

#include "harness.h"

#include "process_lua/time/zone_file.h"

#include <string.h>
#include <time.h>

#define FILE_ROOM 8192
#define DAY_S     INT64_C(86400)

struct bytes {
    unsigned char data[FILE_ROOM];
    size_t len;
};

static void
put(struct bytes *to, const void *data, size_t len)
{
    memcpy(to->data + to->len, data, len);
    to->len += len;
}

static void
put_number(struct bytes *to, int64_t value, int len)
{
    while (len-- > 0)
        to->data[to->len++] = (unsigned char)((uint64_t)value >> (8 * len));
}

static void
put_kind(struct bytes *to, int offset_s, int is_summer, int name)
{
    put_number(to, offset_s, 4);
    put_number(to, is_summer, 1);
    put_number(to, name, 1);
}

static void
put_head(struct bytes *to, char version, int n_changes, int n_kinds, int chars)
{
    static const char zeros[15 + 3 * 4];

    put(to, "TZif", 4);
    put(to, &version, 1);
    put(to, zeros, sizeof(zeros));
    put_number(to, n_changes, 4);
    put_number(to, n_kinds, 4);
    put_number(to, chars, 4);
}

/* Old time until 1000, summer until 2000, then winter: three names. */
static void
put_block(struct bytes *to, int time_len)
{
    put_number(to, 1000, time_len);
    put_number(to, 2000, time_len);
    put(to, "\1\2", 2);
    put_kind(to, 1800, 0, 0);
    put_kind(to, 7200, 1, 4);
    put_kind(to, 3600, 0, 8);
    put(to, "OLD\0SUM\0WIN", 12);
}

/* With that in both sizes; the small one is to be passed over. */
static struct bytes
make_file(const char *rule)
{
    struct bytes file = {.len = 0};

    put_head(&file, '2', 0, 1, 4);
    put_kind(&file, -3600, 0, 0);
    put(&file, "BAD", 4);
    put_head(&file, '2', 2, 3, 12);
    put_block(&file, 8);
    put(&file, "\n", 1);
    put(&file, rule, strlen(rule));
    put(&file, "\n", 1);
    return file;
}

static void
check_at(const struct kl__zone_file *file, int64_t sec, int offset_s,
    const char *name)
{
    struct kl__zone_period period = kl__zone_file_at(file, sec);

    CU_ASSERT_EQUAL(period.offset_s, offset_s);
    CU_ASSERT_STRING_EQUAL(period.name, name);
}

static void
test_changes_when_asked_then_hold_from_their_second_on(void)
{
    struct bytes bytes = make_file("");
    struct kl__zone_file file;

    CU_ASSERT_PTR_NULL(kl__zone_file_parse(bytes.data, bytes.len, &file));
    check_at(&file, INT64_MIN / 4, 1800, "OLD");
    check_at(&file, 999, 1800, "OLD");
    check_at(&file, 1000, 7200, "SUM");
    check_at(&file, 1999, 7200, "SUM");
    check_at(&file, 2000, 3600, "WIN");
    check_at(&file, INT64_MAX / 4, 3600, "WIN");
}

static void
test_changes_when_a_rule_follows_then_it_holds_after_the_last(void)
{
    struct bytes bytes = make_file("RUL-5");
    struct kl__zone_file file;

    CU_ASSERT_PTR_NULL(kl__zone_file_parse(bytes.data, bytes.len, &file));
    check_at(&file, 1999, 7200, "SUM");
    check_at(&file, 2000, 18000, "RUL");
}

static void
test_version_1_when_read_then_times_have_four_bytes(void)
{
    struct bytes bytes = {.len = 0};
    struct kl__zone_file file;

    put_head(&bytes, '\0', 2, 3, 12);
    put_block(&bytes, 4);
    CU_ASSERT_PTR_NULL(kl__zone_file_parse(bytes.data, bytes.len, &file));
    check_at(&file, 999, 1800, "OLD");
    check_at(&file, 1000, 7200, "SUM");
    check_at(&file, 2000, 3600, "WIN");
}

static void
test_first_kind_when_summer_comes_first_then_it_is_none(void)
{
    struct bytes bytes = {.len = 0};
    struct kl__zone_file file;

    put_head(&bytes, '\0', 2, 2, 8);
    put_number(&bytes, 1000, 4);
    put_number(&bytes, 2000, 4);
    put(&bytes, "\0\1", 2);
    put_kind(&bytes, 7200, 1, 0);
    put_kind(&bytes, 3600, 0, 4);
    put(&bytes, "SUM\0WIN", 8);
    CU_ASSERT_PTR_NULL(kl__zone_file_parse(bytes.data, bytes.len, &file));
    check_at(&file, 999, 3600, "WIN");
    check_at(&file, 1000, 7200, "SUM");
}

static void
test_name_when_asked_then_means_what_it_meant(void)
{
    struct bytes bytes = make_file("");
    struct kl__zone_file file;
    int32_t offset_s = 0;

    CU_ASSERT_PTR_NULL(kl__zone_file_parse(bytes.data, bytes.len, &file));
    CU_ASSERT(kl__zone_file_offset(&file, "SUM", 3, 8700, &offset_s));
    CU_ASSERT_EQUAL(offset_s, 7200);
    /* Not at that time, but it is a name. */
    CU_ASSERT(kl__zone_file_offset(&file, "OLD", 3, 99999, &offset_s));
    CU_ASSERT_EQUAL(offset_s, 1800);
    CU_ASSERT(!kl__zone_file_offset(&file, "BAD", 3, 0, &offset_s));
    CU_ASSERT(!kl__zone_file_offset(&file, "SU", 2, 0, &offset_s));
}

static void
check_refused(const struct bytes *bytes, const char *why)
{
    struct kl__zone_file file;
    const char *problem = kl__zone_file_parse(bytes->data, bytes->len, &file);

    CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
    CU_ASSERT_STRING_EQUAL(problem, why);
}

static void
check_spoilt(size_t place, int byte, const char *why)
{
    struct bytes bytes = make_file("RUL-5");

    bytes.data[place] = (unsigned char)byte;
    check_refused(&bytes, why);
}

static void
test_broken_when_parsed_then_says_what_is_wrong(void)
{
    /* The second head, its block and where the kinds are in it. */
    size_t head = 44 + 6 + 4;
    size_t block = head + 44;
    size_t kinds = block + 2 * 9;

    check_spoilt(0, 'X', "it is no zone file");
    check_spoilt(4, '\1', "it has no version");
    check_spoilt(32, 0x7f, "it is too short");
    check_spoilt(head + 1, 'X', "it is no zone file");
    check_spoilt(head + 32, 0x7f, "it is too short");
    check_spoilt(head + 39, 0, "it has no kind of time");
    check_spoilt(kinds, 0x7f, "an offset in it is too large");
    check_spoilt(kinds, 0x80, "an offset in it is too large");
    check_spoilt(kinds + 5, 12, "a kind of time in it has no name");
    check_spoilt(kinds + 18 + 11, 'X', "a name in it has no end");
    check_spoilt(block + 17, 3, "a change in it leads to no kind of time");
    check_spoilt(block + 6, 9, "its changes are not in order");
    check_spoilt(kinds + 30, 'X', "it ends before its rule");
    check_spoilt(kinds + 31, '9', "its rule cannot be read");
    check_spoilt(kinds + 36, 'X', "its rule has no end");
}

/* Each copy is as long as it says, so that a sanitizer sees one byte more. */
static void
parse_exactly(const unsigned char *data, size_t len)
{
    unsigned char *copy = malloc(len > 0 ? len : 1);
    struct kl__zone_file file;
    int64_t sec;

    memcpy(copy, data, len);
    if (kl__zone_file_parse(copy, len, &file) == NULL) {
        for (sec = -3000 * DAY_S; sec < 60000 * DAY_S; sec += 4000 * DAY_S)
            CU_ASSERT_PTR_NOT_NULL(kl__zone_file_at(&file, sec).name);
    }
    free(copy);
}

static void
test_cut_or_changed_when_parsed_then_stays_within_bounds(void)
{
    struct bytes whole = make_file("CET-1CEST,M3.5.0,M10.5.0/3");
    struct kl__zone_file file;
    uint32_t seed = 1;
    size_t i;

    for (i = 0; i < whole.len; i++) {
        parse_exactly(whole.data, i);
        CU_ASSERT_PTR_NOT_NULL(kl__zone_file_parse(whole.data, i, &file));
    }
    for (i = 0; i < 20000; i++) {
        struct bytes bytes = whole;
        int n;

        for (n = 0; n < 3; n++) {
            seed = seed * 1664525 + 1013904223;
            bytes.data[(seed >> 8) % bytes.len] = (unsigned char)(seed >> 24);
        }
        parse_exactly(bytes.data, bytes.len);
    }
}

struct rule_case {
    const char *rule;
    int64_t sec;
    int offset_s;
    const char *name;
};

/* Times are of UTC; 1709164800 is 2024-02-29. */
static const struct rule_case rule_cases[] = {
    {"UTC0", 0, 0, "UTC"},
    {"<-03>3", 0, -10800, "-03"},
    {"<+0330>-3:30", 0, 12600, "+0330"},
    {"ABC-1:02:03", 0, 3723, "ABC"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1711846799, 3600, "CET"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1711846800, 7200, "CEST"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1729990799, 7200, "CEST"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1729990800, 3600, "CET"},
    /* The usual one, if it says no more. */
    {"EST5EDT", 1710053999, -18000, "EST"},
    {"EST5EDT", 1710054000, -14400, "EDT"},
    {"EST5EDT", 1730613599, -14400, "EDT"},
    {"EST5EDT", 1730613600, -18000, "EST"},
    /* Summer over the end of the year. */
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1704067200, 39600, "AEDT"},
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1718000000, 36000, "AEST"},
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1735689599, 39600, "AEDT"},
    /* The hour of winter is the one that is put back. */
    {"IST-1GMT0,M10.5.0,M3.5.0/1", 1704067200, 0, "GMT"},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", 1718000000, 3600, "IST"},
    /* Hours before a day and beyond it. */
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1711846799, -7200, "-02"},
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1711846800, -3600, "-01"},
    {"IST-2IDT,M3.4.4/26,M10.5.0", 1711670399, 7200, "IST"},
    {"IST-2IDT,M3.4.4/26,M10.5.0", 1711670400, 10800, "IDT"},
    /* Days by their number: J60 is always 1 March, 59 may be 29 February. */
    {"AAA0BBB,J60/0,J300/0", 1709251199, 0, "AAA"},
    {"AAA0BBB,J60/0,J300/0", 1709251200, 3600, "BBB"},
    {"AAA0BBB,59/0,299/0", 1709164799, 0, "AAA"},
    {"AAA0BBB,59/0,299/0", 1709164800, 3600, "BBB"},
    /* Always summer, also in the hours around New Year. */
    {"XXX3EDT4,0/0,J365/23", 1704067200, -14400, "EDT"},
    {"XXX3EDT4,0/0,J365/23", 1735690000, -14400, "EDT"},
    {"XXX3EDT4,0/0,J365/23", 1718000000, -14400, "EDT"},
};

static void
test_rule_when_asked_then_says_what_holds(void)
{
    size_t i;

    for (i = 0; i < sizeof(rule_cases) / sizeof(rule_cases[0]); i++) {
        const struct rule_case *c = &rule_cases[i];
        struct kl__zone_period period;
        struct kl__zone_rule rule;
        int status = kl__zone_rule_parse(c->rule, strlen(c->rule), &rule);

        CU_ASSERT_EQUAL_FATAL(status, 0);
        period = kl__zone_rule_at(&rule, c->sec);
        CU_ASSERT_EQUAL(period.offset_s, c->offset_s);
        CU_ASSERT_STRING_EQUAL(period.name, c->name);
    }
}

static void
test_rule_when_bad_then_is_refused(void)
{
    static const char *const bad[] = {"", "C", "CE1", "CET", "CET-", "CET-1x",
        "CET-168", "CET-1:60", "CET-1:00:60", "<CET-1", "CET-1<CEST",
        "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CE",
        "CET-1CEST,M3.5.0,M10.5.0/", "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,J366,J1",
        "CET-1CEST,366,1", "CET-99999999999999999999",
        "<ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF>0"};
    struct kl__zone_rule rule;
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CU_ASSERT_EQUAL(kl__zone_rule_parse(bad[i], strlen(bad[i]), &rule), -1);
}

static int
load(const char *name, struct bytes *bytes)
{
    char path[256];
    FILE *from;

    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
    from = fopen(path, "rb");
    if (from == NULL)
        return 0;
    bytes->len = fread(bytes->data, 1, sizeof(bytes->data), from);
    fclose(from);
    return 1;
}

/* Counts where the C library thinks otherwise, from 1800 to 2290. */
static int
count_misfits(const struct kl__zone_file *file)
{
    int misfits = 0;
    time_t sec;

    for (sec = -62000 * DAY_S; sec < 117000 * DAY_S; sec += 5 * DAY_S + 4567) {
        struct kl__zone_period period = kl__zone_file_at(file, sec);
        struct tm tm;

        if (localtime_r(&sec, &tm) == NULL ||
            period.offset_s != (int32_t)tm.tm_gmtoff ||
            strcmp(period.name, tm.tm_zone) != 0)
            misfits++;
    }
    return misfits;
}

/* The ones with a history, in all corners of the format. */
static void
test_zones_of_the_system_when_asked_then_are_as_its_library_says(void)
{
    static const char *const names[] = {"Europe/Berlin", "Europe/Dublin",
        "Europe/London", "America/New_York", "America/Sao_Paulo",
        "America/Nuuk", "Africa/Casablanca", "Africa/Monrovia", "Asia/Kolkata",
        "Asia/Tehran", "Asia/Tokyo", "Asia/Jerusalem", "Australia/Lord_Howe",
        "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham",
        "Antarctica/Troll", "Etc/GMT+5", "Etc/UTC"};
    static struct bytes bytes;
    struct kl__zone_file file;
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!load(names[i], &bytes))
            continue;
        CU_ASSERT_PTR_NULL_FATAL(
            kl__zone_file_parse(bytes.data, bytes.len, &file));
        setenv("TZ", names[i], 1);
        tzset();
        CU_ASSERT_EQUAL(count_misfits(&file), 0);
    }
    unsetenv("TZ");
    tzset();
}

static const struct test_case tests[] = {
    TEST(test_changes_when_asked_then_hold_from_their_second_on),
    TEST(test_changes_when_a_rule_follows_then_it_holds_after_the_last),
    TEST(test_version_1_when_read_then_times_have_four_bytes),
    TEST(test_first_kind_when_summer_comes_first_then_it_is_none),
    TEST(test_name_when_asked_then_means_what_it_meant),
    TEST(test_broken_when_parsed_then_says_what_is_wrong),
    TEST(test_cut_or_changed_when_parsed_then_stays_within_bounds),
    TEST(test_rule_when_asked_then_says_what_holds),
    TEST(test_rule_when_bad_then_is_refused),
    TEST(test_zones_of_the_system_when_asked_then_are_as_its_library_says),
};

TEST_MAIN("zone_file")
