/* SPDX-License-Identifier: MIT */
/*
 * Whether code may be loaded from a path: who could have put it there.
 */
#ifndef KD_LOAD_PATH_TRUST_H
#define KD_LOAD_PATH_TRUST_H

#include <kindred/status.h>

/*
 * The absolute path without links and dots, from malloc.
 *
 * Returns KD_OK; KD_ENOTFOUND, KD_EPERM, KD_EINVAL, KD_ESYSTEM: it cannot be
 * reached; KD_ENOMEM.
 */
kd_status kd__path_resolve(const char *path, char **resolved, kd_error *err);

/*
 * Judge a resolved path to a regular file. Refused is a file, or one in a
 * folder, that others than root and the user may write. A sticky folder
 * counts as not writable, since others cannot replace what is not theirs.
 *
 * Returns KD_OK; KD_EPERM with a sentence that names what is writable;
 * KD_EINVAL: not a file; KD_ESYSTEM, KD_ENOMEM.
 */
kd_status kd__path_trust(const char *resolved, kd_error *err);

#endif
