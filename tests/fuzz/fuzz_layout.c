/* SPDX-License-Identifier: MIT */
/*
 * Time layouts: a line of layout, then a text. What is taken is a time that
 * exists; what is refused says which part of which.
 */

#include "fuzz.h"

#include "process_lua/time/calendar.h"
#include "process_lua/time/layout_parse.h"

#include <string.h>

static int
is_inside(const char *part, size_t len, const char *whole, size_t whole_len)
{
    return part >= whole && part + len <= whole + whole_len;
}

static void
check_parsed(const struct kl__parsed *parsed, const char *text, size_t len)
{
    FUZZ_REQUIRE(parsed->month >= 1 && parsed->month <= 12);
    FUZZ_REQUIRE(parsed->day >= 1 &&
                 parsed->day <= kl__calendar_days(parsed->year, parsed->month));
    FUZZ_REQUIRE(parsed->hour >= 0 && parsed->hour < 24);
    FUZZ_REQUIRE(parsed->minute >= 0 && parsed->minute < 60);
    FUZZ_REQUIRE(parsed->second >= 0 && parsed->second < 60);
    FUZZ_REQUIRE(parsed->nsec >= 0 && parsed->nsec < 1000000000);
    if (parsed->name_len > 0)
        FUZZ_REQUIRE(is_inside(parsed->name, parsed->name_len, text, len));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *layout = (const char *)data;
    const uint8_t *newline = size == 0 ? NULL : memchr(data, '\n', size);
    size_t layout_len = newline == NULL ? size : (size_t)(newline - data);
    const char *text = layout + layout_len + (newline != NULL);
    size_t len = size - (size_t)(text - layout);
    struct kl__parsed parsed;
    struct kl__misfit misfit;

    memset(&misfit, 0, sizeof(misfit));
    if (kl__layout_parse(layout, layout_len, text, len, &parsed, &misfit) == 0)
        check_parsed(&parsed, text, len);
    else if (misfit.problem == NULL)
        FUZZ_REQUIRE(is_inside(misfit.text, misfit.text_len, text, len));
    return 0;
}
