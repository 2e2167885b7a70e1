/* SPDX-License-Identifier: MIT */
/*
 * Globals that a program reads and nobody sets: mostly a slip of the pen.
 */
#ifndef KL_GLOBALS_H
#define KL_GLOBALS_H

#include <kindred/entry.h>

struct kl__program;

/*
 * Warn of each line that reads a global which is no built-in, module or import
 * of the program and which none of its sources sets or asks for. A program
 * that takes its globals in hand, by _G or _ENV, is not spoken of, nor one that
 * does not compile. What a library lacks is left to those who import it, as
 * they may set it. KD_OK or KD_ENOMEM.
 */
kd_status kl__globals_check(
    const struct kl__program *program, const kd_check *check);

#endif
