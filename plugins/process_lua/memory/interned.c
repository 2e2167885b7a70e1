/* SPDX-License-Identifier: MIT */
/*
 * Shared short strings while a table of strings grows: see the header.
 */

#include "memory/interned.h"

static unsigned char **end_of(
    const struct kl__interned *interned, unsigned char **chain);
static int padding(const struct kl__interned *interned, int size);

struct kl__string_table *
kl__interned_table(const struct kl__interned *interned, void *thread)
{
    return (struct kl__string_table *)(void *)((unsigned char *)thread +
                                               interned->table);
}

void
kl__interned_cut(
    const struct kl__interned *interned, unsigned char **chains, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *end_of(interned, &chains[i]) = NULL;
}

void
kl__interned_join(const struct kl__interned *interned,
    struct kl__string_table *table, int old_size)
{
    for (int i = 0; i < table->size; i++)
        *end_of(interned, &table->hash[i]) =
            interned->hash[i & (interned->size - 1)];
    table->n += padding(interned, table->size) - padding(interned, old_size);
}

/* Where the state's own strings of a chain end. */
static unsigned char **
end_of(const struct kl__interned *interned, unsigned char **chain)
{
    while (*chain != NULL && !kl__interned_holds(interned, *chain))
        chain = (unsigned char **)(void *)*chain + KL_STRING_CHAIN;
    return chain;
}

/* So much more is counted than there is in a table of this size. */
static int
padding(const struct kl__interned *interned, int size)
{
    return size / 4 > interned->n ? size / 4 - interned->n : 0;
}
