/* SPDX-License-Identifier: MIT */
/*
 * Whoever spawns chooses the arguments. A kind takes them or refuses with a
 * code; it never crashes, and never leaves half an instance.
 */

#include "rule.h"

static void
run(struct subject *subject)
{
    static const struct {
        const char *bytes;
        size_t len;
    } odd[] = {
        {"\x90", 1},      /* No arguments. */
        {"\x91\xc0", 2},  /* nil */
        {"\x91\xa1x", 3}, /* A string. */
        {"\x93\x01\xc3\xcb\0\0\0\0\0\0\0\0", 12},
        {"\xdd\xff\xff\xff\xff", 5}, /* More than there are bytes. */
        {"\xc1", 1},                 /* No MessagePack. */
        {"\xa1x", 2},                /* No array. */
    };
    kd_error err;
    kd_payload args;
    kd_proc *proc;
    size_t i;

    for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        err = (kd_error)KD_ERROR_INIT;
        args = kd_payload_make(KD_FORMAT_TERM, odd[i].bytes, odd[i].len);
        proc = kd_fake_spawn(subject->fake, subject->entry, &args, &err);
        if (proc != NULL && !is_blocking(subject))
            kd_fake_run(proc, 1000);
    }
}

const struct rule rule_arguments = {"arguments",
    "odd arguments are taken or refused, never fatal", KD_CLASS_WORKER, run};
