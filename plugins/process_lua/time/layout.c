/* SPDX-License-Identifier: MIT */
/*
 * Finding the elements of a layout.
 */

#include "time/layout.h"

#include <string.h>

#define Z KL_OFFSET_Z
#define C KL_OFFSET_COLON
#define M KL_OFFSET_MINUTES
#define S KL_OFFSET_SECONDS

const char *const kl__month_names[12] = {"January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October",
    "November", "December"};

const char *const kl__weekday_names[7] = {"Sunday", "Monday", "Tuesday",
    "Wednesday", "Thursday", "Friday", "Saturday"};

/* Longer ones stand before those that they begin with. */
static const struct element {
    const char *text;
    enum kl__element element;
    unsigned form;
} elements[] = {
    {"January", KL_LONG_MONTH, 0},
    {"Jan", KL_MONTH, 0},
    {"Monday", KL_LONG_WEEKDAY, 0},
    {"Mon", KL_WEEKDAY, 0},
    {"MST", KL_ZONE_NAME, 0},
    {"002", KL_ZERO_YDAY, 0},
    {"01", KL_ZERO_MONTH, 0},
    {"02", KL_ZERO_DAY, 0},
    {"03", KL_ZERO_HOUR12, 0},
    {"04", KL_ZERO_MINUTE, 0},
    {"05", KL_ZERO_SECOND, 0},
    {"06", KL_YEAR, 0},
    {"15", KL_HOUR, 0},
    {"1", KL_NUM_MONTH, 0},
    {"2006", KL_LONG_YEAR, 0},
    {"2", KL_DAY, 0},
    {"__2", KL_UNDER_YDAY, 0},
    {"_2", KL_UNDER_DAY, 0},
    {"3", KL_HOUR12, 0},
    {"4", KL_MINUTE, 0},
    {"5", KL_SECOND, 0},
    {"PM", KL_UPPER_PM, 0},
    {"pm", KL_LOWER_PM, 0},
    {"-070000", KL_ZONE_OFFSET, M | S},
    {"-07:00:00", KL_ZONE_OFFSET, C | M | S},
    {"-0700", KL_ZONE_OFFSET, M},
    {"-07:00", KL_ZONE_OFFSET, C | M},
    {"-07", KL_ZONE_OFFSET, 0},
    {"Z070000", KL_ZONE_OFFSET, Z | M | S},
    {"Z07:00:00", KL_ZONE_OFFSET, Z | C | M | S},
    {"Z0700", KL_ZONE_OFFSET, Z | M},
    {"Z07:00", KL_ZONE_OFFSET, Z | C | M},
    {"Z07", KL_ZONE_OFFSET, Z},
};

static int
has_prefix(const char *at, const char *end, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(end - at) >= len && memcmp(at, text, len) == 0;
}

/* In "January" or "Month" the first three letters are no name. */
static int
is_part_of_word(
    const struct element *element, const char *rest, const char *end)
{
    if (element->element != KL_MONTH && element->element != KL_WEEKDAY)
        return 0;
    return rest < end && *rest >= 'a' && *rest <= 'z';
}

static const struct element *
find_element(const char *at, const char *end)
{
    size_t i;

    /* The underscore is plain there. */
    if (has_prefix(at, end, "_2006"))
        return NULL;
    for (i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        const struct element *element = &elements[i];

        if (has_prefix(at, end, element->text) &&
            !is_part_of_word(element, at + strlen(element->text), end))
            return element;
    }
    return NULL;
}

/* Length of a `.000` or `,999`, or 0. No digit may follow. */
static size_t
fraction_len(const char *at, const char *end)
{
    const char *to = at + 1;

    if ((*at != '.' && *at != ',') || to == end || (*to != '0' && *to != '9'))
        return 0;
    while (to < end && *to == at[1])
        to++;
    if (to < end && *to >= '0' && *to <= '9')
        return 0;
    return (size_t)(to - at);
}

struct kl__layout_part
kl__layout_next(const char **at, const char *end)
{
    struct kl__layout_part part = {.plain = *at};
    const char *to;

    for (to = *at; to < end; to++) {
        const struct element *element = find_element(to, end);

        if (element != NULL) {
            part.element = element->element;
            part.form = element->form;
            part.len = strlen(element->text);
            break;
        }
        part.len = fraction_len(to, end);
        if (part.len > 0) {
            part.element = to[1] == '0' ? KL_FRACTION : KL_FRACTION_CUT;
            break;
        }
    }
    part.text = to;
    part.plain_len = (size_t)(to - *at);
    *at = to + part.len;
    return part;
}
