/* SPDX-License-Identifier: MIT */
/*
 * Patterns of the events bus against names (semantics B5).
 */

#include "harness.h"
#include "process_lua/events/event_pattern.h"

#include <string.h>

static int
match(const char *pattern, const char *text)
{
    return kl__event_pattern_match(
        pattern, strlen(pattern), text, strlen(text));
}

static void
check(const char *pattern, const char *yes[], const char *no[])
{
    for (; *yes != NULL; yes++) {
        if (!match(pattern, *yes))
            printf("    %s does not match %s\n", pattern, *yes);
        CU_ASSERT_TRUE(match(pattern, *yes));
    }
    for (; *no != NULL; no++) {
        if (match(pattern, *no))
            printf("    %s matches %s\n", pattern, *no);
        CU_ASSERT_FALSE(match(pattern, *no));
    }
}

#define LIST(...)                                                              \
    (const char *[])                                                           \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }
#define NONE                                                                   \
    (const char *[])                                                           \
    {                                                                          \
        NULL                                                                   \
    }

static void
test_pattern_when_a_word_then_only_itself(void)
{
    check("a.b", LIST("a.b"), LIST("a", "a.b.c", "a.B", "", "a.", "a..b"));
    check("", LIST(""), LIST("a", "."));
    check("a*", LIST("a*"), LIST("ab", "a"));
    check("a.(b", LIST("a.(b"), LIST("a.b"));
}

static void
test_pattern_when_a_star_then_one_segment(void)
{
    check("*", LIST("a", ""), LIST("a.b", "."));
    check("a.*", LIST("a.b", "a."), LIST("a", "a.b.c", "b.a"));
    check("*.b.*", LIST("a.b.c"), LIST("a.b", "b.b", "a.c.b"));
}

static void
test_pattern_when_two_stars_then_any_number(void)
{
    check("**", LIST("", "a", "a.b", "..."), NONE);
    check("a.**", LIST("a", "a.b", "a.b.c"), LIST("b", "ab", "b.a"));
    check("**.c", LIST("c", "b.c", "a.b.c", "c.c"), LIST("c.d", "d", ""));
    check("a.**.z", LIST("a.z", "a.b.z", "a.z.z", "a.b.z.c.z"),
        LIST("a", "z", "a.z.b"));
    check("**.b.**.d.**", LIST("b.d", "a.b.b.c.d.e", "b.d.b.d"),
        LIST("d.b", "b", "a.b.c"));
    check("**.**", LIST("", "a", "a.b.c"), NONE);
}

static void
test_pattern_when_in_parentheses_then_either(void)
{
    check("(a|b)", LIST("a", "b"), LIST("c", "a|b", "(a|b)", ""));
    check("x.(a|bc|).y", LIST("x.a.y", "x.bc.y", "x..y"),
        LIST("x.b.y", "x.c.y", "x.a", "x.a.b.y"));
    check("**.(on|off)", LIST("on", "a.b.off"), LIST("on.a", "a.onoff"));
    check("()", LIST(""), LIST("a"));
}

/* The time is the product of the lengths at most: this ends at once. */
static void
test_pattern_when_perverse_then_ends_soon(void)
{
    char pattern[3001], text[20001];

    for (int i = 0; i < 3000; i += 3)
        memcpy(pattern + i, "**.", 3);
    pattern[2999] = 'z';
    memcpy(pattern + 2996, "*.z", 4);
    for (int i = 0; i < 20000; i += 2)
        memcpy(text + i, "a.", 2);
    text[19999] = '\0';
    CU_ASSERT_FALSE(match(pattern, text));
}

static void
test_pattern_when_asked_then_says_whether_it_is_a_word(void)
{
    CU_ASSERT_TRUE(kl__event_pattern_is_word("a.b", 3));
    CU_ASSERT_FALSE(kl__event_pattern_is_word("a.*", 3));
    CU_ASSERT_FALSE(kl__event_pattern_is_word("(a)", 3));
}

static void
check_is(const char *pattern, const char *why)
{
    const char *got = kl__event_pattern_check(pattern, strlen(pattern));

    CU_ASSERT_EQUAL(got == NULL, why == NULL);
    if (got != NULL && why != NULL)
        CU_ASSERT_STRING_EQUAL(got, why);
}

static void
test_pattern_when_malformed_then_says_why(void)
{
    static const char whole[] = "* and ** stand for whole segments";
    static const char enclose[] = "( and ) enclose a whole segment";

    check_is("a.*.**.(b|c|).d", NULL);
    check_is("", NULL);
    check_is("(a)", NULL);
    check_is("a*", whole);
    check_is("***", whole);
    check_is("ok.*x", whole);
    check_is("(", enclose);
    check_is("a.b)", enclose);
    check_is("(a)b", enclose);
    check_is("(a.b)", enclose);
    check_is("(a)(b)", "only words stand between ( and )");
    check_is("(**|a)", "only words stand between ( and )");
    check_is("a|b", "| stands between ( and )");
}

static const struct test_case tests[] = {
    TEST(test_pattern_when_a_word_then_only_itself),
    TEST(test_pattern_when_a_star_then_one_segment),
    TEST(test_pattern_when_two_stars_then_any_number),
    TEST(test_pattern_when_in_parentheses_then_either),
    TEST(test_pattern_when_perverse_then_ends_soon),
    TEST(test_pattern_when_malformed_then_says_why),
    TEST(test_pattern_when_asked_then_says_whether_it_is_a_word),
};

TEST_MAIN("event_pattern")
