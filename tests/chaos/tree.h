/* SPDX-License-Identifier: MIT */
/*
 * The application of the chaos run: a tree five levels deep.
 */
#ifndef TESTS_CHAOS_TREE_H
#define TESTS_CHAOS_TREE_H

#include <stdio.h>

struct tree {
    long n_children;    /* As many as were asked for, or a few more. */
    long n_supervisors; /* Without the top: with it, as an audit counts. */
};

/* Write its _index.yaml. */
struct tree tree_write(FILE *out, long n_children, unsigned workers);

#endif
