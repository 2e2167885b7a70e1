/* SPDX-License-Identifier: MIT */
/*
 * Two runtimes take the plugin at the same time, open an application with its
 * kinds and go again: `init`, `prepare`, `unprepare` and `fini` keep apart what
 * belongs to each. The fake, which keeps nothing, sees whether memory is left.
 */

#include "rule.h"

#include "open.h"

#include <malloc.h>

#define ROUNDS 20

static void
both(struct subject *subject)
{
    kd_runtime *first = NULL, *second = NULL;

    if (open_runtime(subject, &first) == KD_OK &&
        open_runtime(subject, &second) == KD_OK &&
        kd_runtime_free(first, NULL) == KD_OK)
        first = NULL;
    kd_runtime_free(second, NULL);
    kd_runtime_free(first, NULL);
}

static void
init_and_fini(struct subject *subject)
{
    kd_fake *fake = kd_fake_new();
    kd_error err = KD_ERROR_INIT;

    if (kd_fake_add(fake, subject->plugin, &err) != KD_OK)
        broken(subject, "init: %s", err.text);
    if (kd_fake_complaint(fake, 0) != NULL)
        broken(subject, "init: %s", kd_fake_complaint(fake, 0));
    kd_fake_free(fake);
}

static void
run(struct subject *subject)
{
    size_t before = 0, after, i;

    both(subject);
    for (i = 0; i < ROUNDS; i++) {
        if (i == ROUNDS / 2)
            before = mallinfo2().uordblks;
        init_and_fini(subject);
    }
    after = mallinfo2().uordblks;
    if (after >= before + (ROUNDS / 2) * 8)
        broken(subject, "%d times init and fini leave %zu bytes allocated",
            ROUNDS / 2, after - before);
}

const struct rule rule_load = {
    "load", "two runtimes load it, prepare its entries and let it go", 0, run};
