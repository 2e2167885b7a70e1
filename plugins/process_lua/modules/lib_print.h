/* SPDX-License-Identifier: MIT */
/*
 * The function `print`: one record a call, handed to the program's output.
 */
#ifndef KL_LIB_PRINT_H
#define KL_LIB_PRINT_H

#include <lua.h>

struct kl__process;
struct kl__task;

/* Tasks that wait until the output has room, linked like the ready ones. */
struct kl__print {
    struct kl__task *first;
    struct kl__task *last;
};

/* Where a record goes; the latter two are the terminal's, which is ours then.
 */
enum kl__output { KL_OUTPUT_RECORD, KL_OUTPUT_TERMINAL, KL_OUTPUT_ERROR };

int kl__print(lua_State *L);

/* Replace the arguments by one string: their texts, TABs, a newline. */
void kl__print_join(lua_State *L);

/*
 * Hand the only value on the stack, a string, on; the task waits while there is
 * no room. Returns the number of results: none, or for the terminal true.
 */
int kl__print_to(lua_State *L, enum kl__output to);

/* The output has room again: called on KD_SIGNAL_ROOM of the runtime. */
void kl__print_room(struct kl__process *p);

#endif
