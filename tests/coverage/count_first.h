/* SPDX-License-Identifier: MIT */
/*
 * Before every source of a build with --enable-coverage: writes down what was
 * counted before an exec or _exit() would lose it. That is what the program or
 * plugin itself has counted that calls it, not what others in the process have.
 *
 * _exit() may be called from a signal's handler, where writing files is wrong;
 * a build that only counts can live with that.
 */

#include <unistd.h>

void __gcov_dump(void);

/* gcc knows this one, and writes the counts first; it knows the plain name
 * only in GNU's C. */
#define execve(path, args, env) __builtin_execve(path, args, env)

#define _exit(status) (__gcov_dump(), _exit(status))
