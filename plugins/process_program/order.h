/* SPDX-License-Identifier: MIT */
/*
 * An order: what the guard is to run, as bytes in memory that both share.
 *
 * A head, then strings, each with a NUL at its end: the working directory
 * (empty: the guard's own), the arguments, the environment. Any size is fine,
 * which is why it does not travel in a message.
 */
#ifndef KP_ORDER_H
#define KP_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct kp_order_head {
    uint32_t n_args; /* At least 1. */
    uint32_t n_env;
};

/* Strings point into the bytes it was read from. */
struct kp_order {
    const char *folder;
    char **args; /* Ends in NULL. */
    char **env;  /* Likewise. */
};

/*
 * Read an order. 0; EPROTO: these bytes are none; ENOMEM. The bytes must
 * outlive it.
 */
int kp__order_read(struct kp_order *order, char *data, size_t len);
void kp__order_free(struct kp_order *order);

/* The value of a variable in its environment, or NULL. */
const char *kp__order_env(const struct kp_order *order, const char *name);

#endif
