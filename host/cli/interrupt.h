/* SPDX-License-Identifier: MIT */
/*
 * Signals of an operator. SIGINT and SIGTERM: the first asks, the second does
 * not ask. SIGUSR1 wants to know how things stand.
 */
#ifndef KD_CLI_INTERRUPT_H
#define KD_CLI_INTERRUPT_H

/* What is read from the descriptor, a byte for each signal. */
#define KD__INTERRUPT_QUIT 'q'
#define KD__INTERRUPT_TREE 't'

/*
 * Catch them, and ignore SIGPIPE. Before any thread is made, once a program.
 *
 * Returns a descriptor to read them from, or -1 with errno. A second SIGINT or
 * SIGTERM ends the program with status 1 at once.
 */
int kd__interrupt_catch(void);

#endif
