/* SPDX-License-Identifier: MIT */
/*
 * Filters of registry.find (semantics B6): keys that say what of an entry is
 * compared, and how.
 */
#ifndef KL_ENTRY_FILTER_H
#define KL_ENTRY_FILTER_H

#include <kindred/kindred.h>
#include <lua.h>

/* How a value is compared; the characters that stand in front of the key. */
enum kl__comparison {
    KL_COMPARE_EQUAL = 0,
    KL_COMPARE_PATTERN = '~',
    KL_COMPARE_CONTAINS = '*',
    KL_COMPARE_BEGINS = '^',
    KL_COMPARE_ENDS = '$'
};

struct kl__filter_key {
    enum kl__comparison comparison;
    const char *field; /* "kind", "name", "ns", "id" or "meta.<key>". */
};

/* Take a key apart. Returns 0 if it is none of the above. */
int kl__filter_read(const char *text, struct kl__filter_key *key);

/*
 * Whether an entry has what a key wants: the value at a positive index of the
 * stack. -1, with a sentence pushed, for a bad pattern.
 */
int kl__filter_match(lua_State *L, const kd_api *api, const kd_entry *entry,
    const struct kl__filter_key *key, int value);

#endif
