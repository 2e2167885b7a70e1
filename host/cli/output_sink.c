/* SPDX-License-Identifier: MIT */
/*
 * Blocking writes are right here: the library calls this on a thread that has
 * nothing else to do, and bounds what waits for it.
 */

#include "cli/output_sink.h"

#include "cli/complain.h"

#include <string.h>
#include <unistd.h>

void
kd__output_sink_write(
    struct kd__output_sink *output, const char *data, size_t len)
{
    char text[80];
    int failed;

    if (output->is_gone)
        return;
    failed = kd__write_all(STDOUT_FILENO, data, len);
    if (failed == 0)
        return;
    output->is_gone = 1;
    kd__complain("cannot write to stdout, output is dropped from here on: %s",
        strerror_r(failed, text, sizeof(text)));
}
