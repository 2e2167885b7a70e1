/* SPDX-License-Identifier: MIT */
/*
 * Short strings that states share.
 *
 * A state has each short string once, in a table of chains. Those that were in
 * an image are shared by all its copies, so nobody may write to them; and they
 * are marked such that the collector passes them by (image_share.c). Lua writes
 * to strings in one other case: when the table has become too small, it makes
 * it longer and hangs each string into another chain. So they are cut off while
 * it does that. What makes this possible:
 *
 * - A new string goes to the head of its chain. Those of the image are the end
 *   of each, and to cut them off, or to take out one before them, is to write
 *   to one of the state's own.
 * - A string is looked for by its text, in whichever chain it should be. So the
 *   chain i of the image may end all those, in a table k times as long, in
 *   which its strings could be: i, i + n, i + 2n, ...
 * - Lua makes the table longer because it is about to make a string. Nothing is
 *   looked for before it asks for memory for that: then they are put back.
 * - It makes the table shorter when it holds less than a quarter of its length.
 *   What it counts is kept above that, so the table stays as long as it was.
 *
 * Lua asks before it hangs strings over: the calls are limit.c's.
 */
#ifndef KL_INTERNED_H
#define KL_INTERNED_H

#include "memory/layout.h"

/* Those of an image; copies keep a pointer to it. */
struct kl__interned {
    unsigned char **hash;      /* Its chains, which nobody changes. */
    int n;                     /* How many strings, */
    int size;                  /* and chains. */
    const unsigned char *from; /* Where all is that copies share: here, */
    size_t len;                /* so many bytes. */
    size_t table;              /* From a state's main thread to its struct. */
};

static inline int
kl__interned_holds(const struct kl__interned *interned, const void *object)
{
    return (uintptr_t)object - (uintptr_t)interned->from < interned->len;
}

/* That of a state, by its main thread. */
struct kl__string_table *kl__interned_table(
    const struct kl__interned *interned, void *thread);

/* Cut the strings of the image off chains that Lua is about to hang over. */
void kl__interned_cut(
    const struct kl__interned *interned, unsigned char **chains, size_t n);
/* Put them back into a table that is now longer than so many chains. */
void kl__interned_join(const struct kl__interned *interned,
    struct kl__string_table *table, int old_size);

#endif
