/* SPDX-License-Identifier: MIT */
/*
 * Durations: any text is refused with a sentence, or comes back as it was from
 * its own formatted form.
 */

#include "fuzz.h"

#include <kindred/duration.h>

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kd_error err = KD_ERROR_INIT;
    char text[KD_DURATION_TEXT];
    int64_t ns;
    int64_t again;
    size_t len;

    if (kd_duration_parse((const char *)data, size, &ns, &err) != KD_OK) {
        FUZZ_REQUIRE(err.text[0] != '\0');
        return 0;
    }
    len = kd_duration_format(ns, text, sizeof(text));
    FUZZ_REQUIRE(len < sizeof(text) && text[len] == '\0');
    FUZZ_REQUIRE(kd_duration_parse(text, len, &again, NULL) == KD_OK);
    FUZZ_REQUIRE(again == ns);
    return 0;
}
