/* SPDX-License-Identifier: MIT */
/*
 * The core schema by hand: libyaml leaves plain scalars to its caller, and the
 * C library's readers of numbers take more than YAML does.
 */

#include "entry/scalar.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#define DIGITS "0123456789"

static int read_word(kd_node *node);
static int is_integer(const char *text, int *base, const char **digits);
static const char *read_integer(kd_node *node, int base, const char *digits);
static int is_float(const char *text);
static const char *read_float(kd_node *node);

const char *
kd__scalar_resolve(kd_node *node)
{
    const char *digits;
    int base;

    node->type = KD_NODE_STRING;
    if (strlen(node->text) != node->len || read_word(node))
        return NULL;
    if (is_integer(node->text, &base, &digits))
        return read_integer(node, base, digits);
    if (is_float(node->text))
        return read_float(node);
    return NULL;
}

static int
read_word(kd_node *node)
{
    static const struct {
        const char *word;
        uint32_t type;
        int64_t integer;
        double number;
    } words[] = {
        {"", KD_NODE_NULL, 0, 0},
        {"~", KD_NODE_NULL, 0, 0},
        {"null", KD_NODE_NULL, 0, 0},
        {"Null", KD_NODE_NULL, 0, 0},
        {"NULL", KD_NODE_NULL, 0, 0},
        {"true", KD_NODE_BOOL, 1, 0},
        {"True", KD_NODE_BOOL, 1, 0},
        {"TRUE", KD_NODE_BOOL, 1, 0},
        {"false", KD_NODE_BOOL, 0, 0},
        {"False", KD_NODE_BOOL, 0, 0},
        {"FALSE", KD_NODE_BOOL, 0, 0},
        {".inf", KD_NODE_FLOAT, 0, (double)INFINITY},
        {".Inf", KD_NODE_FLOAT, 0, (double)INFINITY},
        {".INF", KD_NODE_FLOAT, 0, (double)INFINITY},
        {"+.inf", KD_NODE_FLOAT, 0, (double)INFINITY},
        {"+.Inf", KD_NODE_FLOAT, 0, (double)INFINITY},
        {"+.INF", KD_NODE_FLOAT, 0, (double)INFINITY},
        {"-.inf", KD_NODE_FLOAT, 0, -(double)INFINITY},
        {"-.Inf", KD_NODE_FLOAT, 0, -(double)INFINITY},
        {"-.INF", KD_NODE_FLOAT, 0, -(double)INFINITY},
        {".nan", KD_NODE_FLOAT, 0, (double)NAN},
        {".NaN", KD_NODE_FLOAT, 0, (double)NAN},
        {".NAN", KD_NODE_FLOAT, 0, (double)NAN},
    };
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(node->text, words[i].word) == 0) {
            node->type = words[i].type;
            node->integer = words[i].integer;
            node->number = words[i].number;
            return 1;
        }
    }
    return 0;
}

static int
is_all(const char *text, const char *set)
{
    return *text != '\0' && text[strspn(text, set)] == '\0';
}

/* A sign goes with decimal digits only. */
static int
is_integer(const char *text, int *base, const char **digits)
{
    const char *set = DIGITS;

    *base = 10;
    *digits = text + (*text == '-' || *text == '+');
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
        *base = text[1] == 'x' ? 16 : 8;
        *digits = text + 2;
        set = *base == 16 ? DIGITS "abcdefABCDEF" : "01234567";
    }
    return is_all(*digits, set);
}

static int
digit_value(char digit)
{
    if (digit >= 'a')
        return digit - 'a' + 10;
    return digit >= 'A' ? digit - 'A' + 10 : digit - '0';
}

static const char *
read_integer(kd_node *node, int base, const char *digits)
{
    const int is_negative = node->text[0] == '-';
    int64_t value = 0;

    node->type = KD_NODE_INT;
    for (; *digits != '\0'; digits++) {
        int digit = digit_value(*digits);

        /* Counted downwards: the least value has no positive one. */
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return "an integer beyond 64 bits";
    }
    if (!is_negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return "an integer beyond 64 bits";
    node->integer = value;
    return NULL;
}

static int
is_float(const char *text)
{
    size_t whole, part = 0;

    text += *text == '-' || *text == '+';
    whole = strspn(text, DIGITS);
    text += whole;
    if (*text == '.') {
        part = strspn(++text, DIGITS);
        text += part;
    }
    if (whole + part == 0)
        return 0;
    if (*text != 'e' && *text != 'E')
        return *text == '\0';
    text++;
    text += *text == '-' || *text == '+';
    return is_all(text, DIGITS);
}

/* An embedder's locale may have another decimal point. */
static const char *
read_float(kd_node *node)
{
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    node->type = KD_NODE_FLOAT;
    if (locale == (locale_t)0)
        return "a number that cannot be read: out of memory";
    node->number = strtod_l(node->text, NULL, locale);
    freelocale(locale);
    return isfinite(node->number) ? NULL : "a number beyond a double";
}
