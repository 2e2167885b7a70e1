/* SPDX-License-Identifier: MIT */
/*
 * The terminal: what a process can do that stands for the program itself, as
 * that of `kindred run --exec` does. An optional service of the host:
 *
 *     const kd_terminal *terminal = api->service(api, KD_TERMINAL);
 *
 * Only a process that was spawned with KD_SPAWN_TERMINAL has it; for all
 * others each function says so.
 */
#ifndef KINDRED_EXT_TERMINAL_H
#define KINDRED_EXT_TERMINAL_H

#include <kindred/proc.h>

KD_BEGIN_DECLS

/** The id of the service. */
#define KD_TERMINAL "kindred.terminal/1"

/** Topic of the messages that bring what was read. */
#define KD_TERMINAL_TOPIC "@terminal"

/** kd_terminal::write(): the error output and not the output. */
#define KD_TERMINAL_ERROR ((uint32_t)1)
/** kd_terminal::write(): as KD_PRINT_BEYOND. */
#define KD_TERMINAL_BEYOND ((uint32_t)2)

/** kd_terminal::read(): a line and not whatever there is. */
#define KD_TERMINAL_LINE ((uint32_t)1)

/** The service. Read-only. */
typedef struct kd_terminal {
    uint32_t size; /**< sizeof(kd_terminal) as the host has it. */
    uint32_t reserved;
    /** Whether the process has the terminal. [worker | blocking] */
    uint32_t (*has)(const kd_proc *proc);
    /**
     * What it was spawned with, a term array; none without a terminal. Valid
     * as proc is.
     *
     * [worker | blocking]
     */
    kd_payload (*args)(const kd_proc *proc);
    /**
     * Hand bytes to the output, in one queue with those of kd_proc_print(), or
     * to the error output. Never waits: KD_EFULL as from kd_proc_print().
     *
     * @param flags  KD_TERMINAL_ERROR, KD_TERMINAL_BEYOND.
     * @return KD_OK, KD_EFULL, KD_ENOMEM; KD_EUNAVAIL: no terminal; KD_EGONE;
     *         KD_EINVAL: unknown flags.
     *
     * [worker | blocking]
     */
    kd_status (*write)(
        kd_proc *proc, const char *text, size_t len, uint32_t flags);
    /**
     * Have a piece of the input read. It is answered exactly once, by a
     * KD_MESSAGE_REPLY message with `ref` and the topic KD_TERMINAL_TOPIC:
     * its payload is KD_FORMAT_BYTES, or none at the end of the input. Answers
     * come in the order of the calls. Stopping the runtime ends the input.
     *
     * @param flags  0: at least one byte, and as many as come at once.
     *               KD_TERMINAL_LINE: a line without its end, `\n` or `\r\n`;
     *               the last one needs none. One longer than `most` comes in
     *               pieces.
     * @param most   the most bytes wanted, from 1; 0: as many as the process
     *               may receive in a message, which is the bound anyway.
     * @param ref    out: what the answer says; written only on KD_OK.
     * @return KD_OK; KD_EUNAVAIL: no terminal; KD_ENOMEM, KD_ESYSTEM, KD_EGONE;
     *         KD_EINVAL: unknown flags.
     *
     * [worker | blocking]
     */
    kd_status (*read)(
        kd_proc *proc, uint32_t flags, size_t most, kd_ref *ref, kd_error *err);
} kd_terminal;
KD_ABI_STRUCT(kd_terminal, 40);

KD_END_DECLS

#endif
