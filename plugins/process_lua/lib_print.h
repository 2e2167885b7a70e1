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

int kl__print(lua_State *L);

/* The output has room again: called on KD_SIGNAL_ROOM of the runtime. */
void kl__print_room(struct kl__process *p);

#endif
