/* SPDX-License-Identifier: MIT */
/*
 * Numbers, durations and sizes, within the bounds their option sets.
 */

#include "entry/quantity.h"

#include <kindred/duration.h>

struct kd__node *
kd__quantity_make(struct kd__check *check, const struct kd__node *raw,
    uint32_t type, int64_t integer, double number)
{
    struct kd__node *node = kd__check_node(check, raw, type);

    if (node == NULL)
        return NULL;
    node->node.integer = integer;
    node->node.number = number;
    return node;
}

static int
is_bounded(const kd_option *option)
{
    return option->min != 0 || option->max != 0;
}

static int
check_bounds(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw, int64_t value)
{
    if (!is_bounded(option) || (value >= option->min && value <= option->max))
        return 1;
    if (value > option->max)
        kd__check_report(
            check, raw, " must be at most %lld", (long long)option->max);
    else if (option->min == 1)
        kd__check_report(check, raw, " must be greater than 0");
    else if (option->min == 0)
        kd__check_report(check, raw, " must be greater than 0, or 0");
    else
        kd__check_report(
            check, raw, " must be at least %lld", (long long)option->min);
    return 0;
}

struct kd__node *
kd__quantity_int(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    if (raw->node.type != KD_NODE_INT)
        return kd__check_expect(check, raw, "an integer");
    if (!check_bounds(check, option, raw, raw->node.integer))
        return NULL;
    return kd__quantity_make(check, raw, KD_NODE_INT, raw->node.integer, 0);
}

struct kd__node *
kd__quantity_float(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    double number = raw->node.number;

    if (raw->node.type == KD_NODE_INT)
        number = (double)raw->node.integer;
    else if (raw->node.type != KD_NODE_FLOAT)
        return kd__check_expect(check, raw, "a number");
    /* Written so that what is no number is refused too. */
    if (is_bounded(option) &&
        !(number >= (double)option->min && number <= (double)option->max)) {
        kd__check_report(check, raw, " must be at least %lld and at most %lld",
            (long long)option->min, (long long)option->max);
        return NULL;
    }
    return kd__quantity_make(check, raw, KD_NODE_FLOAT, 0, number);
}

/* Bounds of durations in words that can be written into the file. */
static int
check_duration(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw, int64_t ns)
{
    char least[KD_DURATION_TEXT], most[KD_DURATION_TEXT];

    if (!is_bounded(option) || (ns >= option->min && ns <= option->max))
        return 1;
    kd_duration_format(option->min, least, sizeof(least));
    kd_duration_format(option->max, most, sizeof(most));
    if (ns < option->min)
        kd__check_report(check, raw, " must be at least %s", least);
    else
        kd__check_report(check, raw, " must be at most %s", most);
    return 0;
}

/* "a duration with a unit like 5s, brutal or infinity". */
static struct kd__node *
expect_duration(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    char words[200] = "a duration with a unit like 5s, ";
    const size_t len = strlen(words);

    if (option->choices == NULL)
        words[len - 2] = '\0';
    else
        kd__value_list_choices(
            option->choices, words + len, sizeof(words) - len);
    return kd__check_expect(check, raw, words);
}

struct kd__node *
kd__quantity_duration(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    const int is_zero = raw->node.type == KD_NODE_INT && raw->node.integer == 0;
    const char *choices = option->choices;
    kd_error err = KD_ERROR_INIT;
    int64_t ns = 0;

    if (raw->node.type != KD_NODE_STRING && !is_zero)
        return expect_duration(check, option, raw);
    if (choices != NULL && !is_zero) {
        if (kd__value_has_choice(choices, raw->node.text, raw->node.len))
            return kd__value_text(check, raw, raw->node.text, raw->node.len);
        if (raw->node.len > 0 &&
            strchr("+-.0123456789", *raw->node.text) == NULL)
            return expect_duration(check, option, raw);
    }
    if (!is_zero &&
        kd_duration_parse(raw->node.text, raw->node.len, &ns, &err) != KD_OK) {
        /* It would say parts of what a variable holds. */
        if (raw->said != NULL)
            return expect_duration(check, option, raw);
        kd__check_report(check, raw, ": %s", err.text);
        return NULL;
    }
    if (!check_duration(check, option, raw, ns))
        return NULL;
    return kd__quantity_make(check, raw, KD_NODE_INT, ns, 0);
}

/* Reads `64 MiB`; 0 when it is no size, -1 when it is beyond 64 bits. */
static int
read_size(const kd_node *node, int64_t *bytes)
{
    static const struct {
        const char *word;
        int shift;
    } units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
    const char *at = node->text;
    size_t i;

    if (*at < '0' || *at > '9' || strlen(at) != node->len)
        return 0;
    for (*bytes = 0; *at >= '0' && *at <= '9'; at++) {
        if (__builtin_mul_overflow(*bytes, 10, bytes) ||
            __builtin_add_overflow(*bytes, *at - '0', bytes))
            return -1;
    }
    at += *at == ' ';
    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(at, units[i].word) == 0)
            return __builtin_mul_overflow(
                       *bytes, (int64_t)1 << units[i].shift, bytes)
                       ? -1
                       : 1;
    }
    return 0;
}

struct kd__node *
kd__quantity_size(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    int64_t bytes = raw->node.integer;
    int found = raw->node.type == KD_NODE_INT;

    if (raw->node.type == KD_NODE_STRING)
        found = read_size(&raw->node, &bytes);
    if (found == 0)
        return kd__check_expect(
            check, raw, "a size in bytes, or like 64 KiB, MiB or GiB");
    if (found < 0) {
        kd__check_report(check, raw, " is a size beyond 64 bits");
        return NULL;
    }
    if (bytes < 0) {
        kd__check_report(check, raw, " must be a size, which is not negative");
        return NULL;
    }
    if (!check_bounds(check, option, raw, bytes))
        return NULL;
    return kd__quantity_make(check, raw, KD_NODE_INT, bytes, 0);
}
