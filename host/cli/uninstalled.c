/* SPDX-License-Identifier: MIT */
/*
 * Lets the command in the build tree find the plugins and the guard beside it.
 *
 * Linked into that one program only. It runs before main() and sets what a
 * user would have to set by hand, so the command itself needs no special case
 * and the installed one has no trace of the build directory.
 */

#include <stdlib.h>

__attribute__((constructor)) static void
use_build_tree(void)
{
    (void)setenv("KINDRED_PLUGIN_PATH", KINDRED_BUILD_PLUGINDIR, 0);
    (void)setenv("KINDRED_GUARD", KINDRED_BUILD_GUARD, 0);
}
