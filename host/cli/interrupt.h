/* SPDX-License-Identifier: MIT */
/*
 * SIGINT and SIGTERM: the first asks, the second does not ask.
 */
#ifndef KD_CLI_INTERRUPT_H
#define KD_CLI_INTERRUPT_H

/*
 * Catch both, and ignore SIGPIPE. Before any thread is made, once a program.
 *
 * Returns a descriptor that becomes readable with the first signal, or -1 with
 * errno. A second signal ends the program with status 1 at once.
 */
int kd__interrupt_catch(void);

#endif
