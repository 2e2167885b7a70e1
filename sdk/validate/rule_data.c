/* SPDX-License-Identifier: MIT */
/*
 * A kind of data checks its entries: with no effects, so that it says the same
 * each time, of entries that are against its table as well, and leaves nothing
 * behind.
 */

#include "rule.h"

#include <malloc.h>
#include <string.h>

#define ROUNDS 20

/* First a kd_check; then what was said to it, in order. */
struct said {
    kd_check pub;
    uint64_t sum;
};

static void
add(const kd_check *check, uint64_t how, const char *text)
{
    struct said *said = (struct said *)(uintptr_t)check;

    said->sum = said->sum * 31 + how;
    for (; text != NULL && *text != '\0'; text++)
        said->sum = said->sum * 31 + (unsigned char)*text;
}

static void
report(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    (void)where;
    (void)file;
    add(check, 1 + line, text);
}

static void
warn(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    (void)where;
    (void)file;
    add(check, 1000000 + line, text);
}

static uint64_t
say(struct subject *subject, void *state)
{
    const kd_data_kind *data = subject->kind->impl;
    struct said said = {{sizeof(kd_check), 0, report, warn}, 0};
    kd_error err = KD_ERROR_INIT;
    kd_status status = data->check(state, subject->entry, &said.pub, &err);

    if (status > 0 || status <= KD_STATUS_LAST_)
        broken(subject, "check returns %d, which is no status", (int)status);
    else if (status != KD_OK)
        broken(subject, "check fails: %s", err.text);
    return said.sum;
}

static void
run(struct subject *subject)
{
    void *state = kd_fake_state(subject->fake, subject->plugin);
    size_t memory = 0, i;
    uint64_t first;

    if (subject->kind->impl == NULL)
        return;
    first = say(subject, state);
    for (i = 0; i < ROUNDS; i++) {
        if (i == ROUNDS / 2)
            memory = mallinfo2().uordblks;
        if (say(subject, state) != first) {
            broken(subject, "check says otherwise when it is asked again");
            return;
        }
    }
    if (mallinfo2().uordblks > memory + ROUNDS * 4)
        broken(subject, "checks leave memory behind");
}

const struct rule rule_data = {
    "data", "a check of data has no effects", KD_CLASS_DATA, run};
