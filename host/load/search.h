/* SPDX-License-Identifier: MIT */
/*
 * Where plugin files are: folders and lists of them, as paths to open.
 */
#ifndef KD_LOAD_SEARCH_H
#define KD_LOAD_SEARCH_H

#include <kindred/status.h>

/* Paths, each from malloc. Zero-initialise it. */
struct kd__search {
    char **paths;
    size_t n;
    size_t cap;
};

void kd__search_fini(struct kd__search *found);

/*
 * Add what a path stands for: a file itself; of a folder the files named
 * `*.so`, in byte order, without those in folders below it. What a folder's
 * name ends in does not make it a file, and hidden files are left out.
 *
 * Returns KD_OK; KD_ENOTFOUND and so on, with the path in the sentence, when
 * it cannot be read; KD_ENOMEM.
 */
kd_status kd__search_path(
    struct kd__search *found, const char *path, kd_error *err);

/*
 * The next part of a colon-separated list, from malloc, or NULL at its end
 * (then *status is KD_OK) and without memory. Empty parts are skipped.
 */
char *kd__search_part(const char **list, kd_status *status);

#endif
