/* SPDX-License-Identifier: MIT */
/*
 * Reads orders. Pure; whatever the bytes are, nothing beyond them is read.
 */

#include "order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is left of the bytes. */
struct rest {
    char *at;
    size_t len;
};

static char *take(struct rest *rest);
static int take_all(struct rest *rest, char **to, size_t count);

int
kp__order_read(struct kp_order *order, char *data, size_t len)
{
    struct kp_order_head head;
    struct rest rest;
    char **strings;

    if (len < sizeof(head))
        return EPROTO;
    memcpy(&head, data, sizeof(head));
    rest.at = data + sizeof(head);
    rest.len = len - sizeof(head);
    /* Each string takes a byte at least: that bounds the memory. */
    if (head.n_args == 0 || (uint64_t)head.n_args + head.n_env + 1 > rest.len)
        return EPROTO;
    strings = calloc((size_t)head.n_args + head.n_env + 2, sizeof(char *));
    if (strings == NULL)
        return ENOMEM;
    order->args = strings;
    order->env = strings + head.n_args + 1;
    order->folder = take(&rest);
    if (order->folder != NULL && take_all(&rest, order->args, head.n_args) &&
        take_all(&rest, order->env, head.n_env) && rest.len == 0)
        return 0;
    free(strings);
    return EPROTO;
}

void
kp__order_free(struct kp_order *order)
{
    free(order->args);
}

const char *
kp__order_env(const struct kp_order *order, const char *name)
{
    size_t len = strlen(name);

    for (char **at = order->env; *at != NULL; at++) {
        if (strncmp(*at, name, len) == 0 && (*at)[len] == '=')
            return *at + len + 1;
    }
    return NULL;
}

/* The next string, or NULL. */
static char *
take(struct rest *rest)
{
    char *text = rest->at;
    char *end = memchr(text, '\0', rest->len);

    if (end == NULL)
        return NULL;
    rest->len -= (size_t)(end + 1 - text);
    rest->at = end + 1;
    return text;
}

static int
take_all(struct rest *rest, char **to, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = take(rest);
        if (to[i] == NULL)
            return 0;
    }
    return 1;
}
