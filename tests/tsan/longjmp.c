/* SPDX-License-Identifier: MIT */
/*
 * Preloaded where ThreadSanitizer runs: shows it the long jumps of liblua.
 *
 * It keeps a call stack of its own, which a long jump must cut back. It sees
 * longjmp(), but not the variant that Debian's fortified liblua calls; after
 * some 65,000 of those its stack is full and it crashes. Compiled without
 * instrumentation, since it is preloaded into everything a test runs.
 */

#include <setjmp.h>

void __longjmp_chk(jmp_buf env, int value);

void
__longjmp_chk(jmp_buf env, int value)
{
    longjmp(env, value);
}
