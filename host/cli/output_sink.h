/* SPDX-License-Identifier: MIT */
/*
 * Where programs print to: stdout, for as long as somebody reads it.
 */
#ifndef KD_CLI_OUTPUT_SINK_H
#define KD_CLI_OUTPUT_SINK_H

#include <stddef.h>

/* Zero-initialise it. Used by the library's one writer thread. */
struct kd__output_sink {
    int is_gone;
};

/*
 * Write records to stdout, waiting for its reader. When that fails the reason
 * is said once, and all further output is dropped: programs run on.
 */
void kd__output_sink_write(
    struct kd__output_sink *output, const char *data, size_t len);

#endif
